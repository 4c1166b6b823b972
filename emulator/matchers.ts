// The matcher types the API knows, and what a condition of each must carry.
import { isJsonObject, isRawNumber, type Json, type JsonObject } from '../src/json.ts';

interface MatcherType {
  /** The member that holds what is compared with; none for ALL_KEYS. */
  readonly value: 'string' | 'strings' | 'bool' | 'number' | 'date' | 'between' | 'depends' | undefined;
  readonly needsAttribute: boolean;
  readonly semver: boolean;
}

const kinds = (
  types: readonly string[],
  value: MatcherType['value'],
  { needsAttribute = true, semver = false } = {},
): readonly (readonly [string, MatcherType])[] =>
  types.map((type) => [type, { value, needsAttribute, semver }] as const);

/** Types by name (docs.split.io/reference/matcher-type; semver types as Harness's pipeline schema lists them). */
const TYPES: ReadonlyMap<string, MatcherType> = new Map([
  ...kinds(['ALL_KEYS'], undefined, { needsAttribute: false }),
  ...kinds(['IN_SEGMENT', 'IN_LARGE_SEGMENT', 'IN_RULE_BASED_SEGMENT', 'MATCHES_STRING'], 'string', {
    needsAttribute: false,
  }),
  ...kinds(['IN_SPLIT'], 'depends', { needsAttribute: false }),
  ...kinds(['IN_LIST_STRING', 'STARTS_WITH_STRING', 'ENDS_WITH_STRING', 'CONTAINS_STRING'], 'strings', {
    needsAttribute: false,
  }),
  ...kinds(['EQUAL_SET', 'ANY_OF_SET', 'ALL_OF_SET', 'PART_OF_SET'], 'strings'),
  ...kinds(['BOOLEAN'], 'bool'),
  ...kinds(['EQUAL_NUMBER', 'LESS_THAN_OR_EQUAL_NUMBER', 'GREATER_THAN_OR_EQUAL_NUMBER'], 'number'),
  ...kinds(['BETWEEN_NUMBER', 'BETWEEN_DATE'], 'between'),
  ...kinds(['ON_DATE', 'ON_OR_AFTER_DATE', 'ON_OR_BEFORE_DATE'], 'date'),
  ...kinds(['EQUAL_TO_SEMVER', 'GREATER_THAN_OR_EQUAL_TO_SEMVER', 'LESS_THAN_OR_EQUAL_TO_SEMVER'], 'string', {
    semver: true,
  }),
  ...kinds(['BETWEEN_SEMVER'], 'between', { semver: true }),
  ...kinds(['IN_LIST_SEMVER'], 'strings', { semver: true }),
]);

/** Every type name the emulator accepts. */
export const MATCHER_TYPES: readonly string[] = [...TYPES.keys()];

/** A number of parsed JSON, also one kept as text; NaN for anything else. */
export const numberOf = (value: Json | undefined): number =>
  isRawNumber(value) ? Number(value.rawJSON) : typeof value === 'number' ? value : Number.NaN;

/** The texts of a list; nothing for what is no list. */
export const textsOf = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** The flag an IN_SPLIT condition asks about, and the treatments it asks for, in either form of `depends`. */
export interface Dependency {
  readonly flag: string;
  readonly treatments: readonly string[];
}

export function dependencyOf(matcher: JsonObject): Dependency | undefined {
  const depends = matcher['depends'];
  if (!isJsonObject(depends) || typeof depends['splitName'] !== 'string') return undefined;
  const one = depends['treatment'];
  const treatments = [...textsOf(depends['treatments']), ...(typeof one === 'string' ? [one] : [])];
  return treatments.length === 0 ? undefined : { flag: depends['splitName'], treatments };
}

function hasValue(matcher: JsonObject, { value, semver }: MatcherType): boolean {
  if (value === undefined) return true;
  const given = matcher[value];
  switch (value) {
    case 'string':
      return typeof given === 'string' && given !== '';
    case 'strings':
      return textsOf(given).length > 0;
    case 'bool':
      return typeof given === 'boolean';
    case 'number':
    case 'date':
      return Number.isInteger(numberOf(given));
    case 'between': {
      const ends = isJsonObject(given) ? [given['from'], given['to']] : [undefined];
      return ends.every((end) => (semver ? typeof end === 'string' : Number.isInteger(numberOf(end))));
    }
    case 'depends':
      return dependencyOf(matcher) !== undefined;
  }
}

/** What is wrong with a condition, as the API might put it; undefined when nothing is. */
export function matcherProblem(matcher: JsonObject): string | undefined {
  const name = String(matcher['type']);
  const type = TYPES.get(name);
  if (type === undefined) return `Unknown matcher type ${name}`;
  if (!hasValue(matcher, type)) return `Matcher ${name} needs a valid ${type.value}`;
  if ((type.needsAttribute || type.semver) && typeof matcher['attribute'] !== 'string')
    return `Matcher ${name} needs an attribute`;
  return undefined;
}
