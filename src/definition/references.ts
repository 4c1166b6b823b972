// What a definition leans on in its environment: segments, and other flags through IN_SPLIT rules.
import { isJsonObject, type Json } from '../json.ts';
import type { Definition, Matcher, TargetList } from './definition.ts';

export const SEGMENT_KINDS = ['standard', 'large', 'rule-based'] as const;
export type SegmentKind = (typeof SEGMENT_KINDS)[number];

/** A segment that a definition names. */
export interface SegmentReference {
  readonly kind: SegmentKind;
  /** `false` where the API may use the same matcher for every kind (`IN_SEGMENT`). */
  readonly isKindSure: boolean;
  readonly name: string;
  /** Where it is named: `rule 2`, ``treatment `on` ``. */
  readonly place: string;
}

/** Another flag that decides a rule, and which of its treatments it is asked for. */
export interface Dependency {
  readonly flag: string;
  readonly treatments: readonly string[];
  readonly place: string;
}

const LISTS = [
  ['segments', 'standard'],
  ['largeSegments', 'large'],
  ['ruleBasedSegments', 'rule-based'],
] as const satisfies readonly (readonly [TargetList, SegmentKind])[];

/** The lists of individual targets that name segments. */
export const SEGMENT_LISTS = LISTS.map(([list]) => list);
export type SegmentList = (typeof SEGMENT_LISTS)[number];

/** The first is documented (docs.split.io/reference/matcher-type); the others are what SDKs call them. */
const MATCHERS: ReadonlyMap<string, SegmentKind> = new Map([
  ['IN_SEGMENT', 'standard'],
  ['IN_LARGE_SEGMENT', 'large'],
  ['IN_RULE_BASED_SEGMENT', 'rule-based'],
]);

/** All matchers of all rules, each with the place of its rule. */
const matchersOf = (
  definition: Definition,
): readonly { readonly matcher: Matcher; readonly place: string }[] =>
  (definition.rules ?? []).flatMap(({ condition }, position) =>
    condition.matchers.map((matcher) => ({ matcher, place: `rule ${position + 1}` })),
  );

/** Every segment that a definition names in its individual targets and rules. */
export function segmentReferences(definition: Definition): readonly SegmentReference[] {
  const targeted = definition.treatments.flatMap((treatment) =>
    LISTS.flatMap(([list, kind]) =>
      (treatment[list] ?? []).map((name) => ({
        kind,
        name,
        isKindSure: true,
        place: `treatment \`${treatment.name}\``,
      })),
    ),
  );
  const matched = matchersOf(definition).flatMap(({ matcher: { type, string }, place }) => {
    const kind = MATCHERS.get(type);
    if (kind === undefined || typeof string !== 'string') return [];
    return [{ kind, name: string, isKindSure: kind !== 'standard', place }];
  });
  return [...targeted, ...matched];
}

/**
 * The same definition with its segments under other names, in individual targets and rules. A list that would come to
 * name a segment twice names it once.
 */
export function renameSegments(definition: Definition, nameOf: (name: string) => string): Definition {
  const { treatments, rules } = definition;
  const renamed = (names: readonly string[]): readonly string[] =>
    names.some((name) => nameOf(name) !== name) ? [...new Set(names.map(nameOf))] : names;
  const renamedMatcher = (matcher: Matcher): Matcher =>
    MATCHERS.has(matcher.type) && typeof matcher['string'] === 'string'
      ? { ...matcher, string: nameOf(matcher['string']) }
      : matcher;
  return {
    ...definition,
    treatments: treatments.map((treatment) => ({
      ...treatment,
      ...Object.fromEntries(
        SEGMENT_LISTS.flatMap((list) => (treatment[list] ? [[list, renamed(treatment[list])]] : [])),
      ),
    })),
    ...(rules && {
      rules: rules.map((rule) => ({
        ...rule,
        condition: { ...rule.condition, matchers: rule.condition.matchers.map(renamedMatcher) },
      })),
    }),
  };
}

const texts = (value: Json | undefined): readonly string[] => {
  if (Array.isArray(value)) return value.filter((element: Json) => typeof element === 'string');
  return typeof value === 'string' ? [value] : [];
};

/** Every flag that the IN_SPLIT rules of a definition ask for; `depends` is read in both of its forms. */
export const dependenciesOf = (definition: Definition): readonly Dependency[] =>
  matchersOf(definition).flatMap(({ matcher: { type, depends }, place }) => {
    if (type !== 'IN_SPLIT' || !isJsonObject(depends) || typeof depends['splitName'] !== 'string') return [];
    const treatments = [...new Set([...texts(depends['treatments']), ...texts(depends['treatment'])])];
    return [{ flag: depends['splitName'], treatments, place }];
  });
