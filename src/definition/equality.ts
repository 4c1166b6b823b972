// Equality by meaning: two values mean the same exactly when their canonical texts are equal.
import { isJsonObject, isRawNumber, type Json, type JsonObject } from '../json.ts';
import { TARGET_LISTS, type Definition } from './definition.ts';

/** Members whose array order carries no meaning. */
const SETS: ReadonlySet<string> = new Set(TARGET_LISTS);

/**
 * Members that say who stores a definition and when, not what it serves. They never count in a comparison
 * and are no part of a fingerprint.
 */
export const BOOKKEEPING = [
  'id',
  'creationTime',
  'lastUpdateTime',
  'lastTrafficReceivedAt',
  'changeNumber',
  'openChangeRequestId',
] as const;

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** One text for all spellings of a decimal number: `1`, `1.0` and `10e-1` are the same. */
const canonicalNumber = (text: string): string =>
  text.replace(
    NUMBER,
    (_text, sign: string, whole: string, fraction: string = '', exponent: string = '0') => {
      const digits = `${whole}${fraction}`.replace(/^0+/, '');
      const significant = digits.replace(/0+$/, '');
      if (significant === '') return '0';
      const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
      return `${sign}${significant}${power === 0n ? '' : `e${power}`}`;
    },
  );

const isDefault = (member: string, value: Json): boolean =>
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (member === 'negate' && value === false) ||
  (member === 'description' && value === '') ||
  (member === 'combiner' && value === 'AND');

/** `depends.treatment: x` is the older spelling of `treatments: [x]`; both are seen in the API. */
function withTreatmentList(depends: JsonObject): JsonObject {
  const { treatment, ...rest } = depends;
  if (typeof treatment !== 'string') return depends;
  const list = rest['treatments'] ?? [];
  const sameOrNone = canonical(list) === '[]' || canonical(list) === canonical([treatment]);
  return sameOrNone ? { ...rest, treatments: [treatment] } : depends;
}

function canonicalMember(member: string, value: Json): string {
  if (member === 'depends' && isJsonObject(value)) return canonical(withTreatmentList(value));
  if (SETS.has(member) && Array.isArray(value)) {
    return `[${[...new Set(value.map((element: Json) => canonical(element)))].toSorted().join(',')}]`;
  }
  return canonical(value);
}

/**
 * The normal form of a JSON value, as text. Members that are absent, `null`, `[]`, `negate: false`, an empty
 * `description` or a `combiner` of `AND` leave no trace; member order does not count; array order does, but
 * for individual targets; array elements count as they are.
 */
export function canonical(value: Json): string {
  if (typeof value === 'number') return canonicalNumber(String(value));
  if (isRawNumber(value)) return canonicalNumber(value.rawJSON);
  if (Array.isArray(value)) return `[${value.map((element: Json) => canonical(element)).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted()
    .flatMap((member) => {
      const content = value[member];
      if (content === undefined || isDefault(member, content)) return [];
      return [`${JSON.stringify(member)}:${canonicalMember(member, content)}`];
    });
  return `{${members.join(',')}}`;
}

/** Whether two values are spelled alike, which most that are compared are: no text has to be made to find that out. */
function isSpelledAlike(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    const others: readonly Json[] = right;
    return (
      left.length === others.length && left.every((element: Json, at) => isSpelledAlike(element, others[at]))
    );
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const names = Object.keys(right);
  const own = Object.keys(left);
  return (
    own.length === names.length &&
    own.every((name, at) => name === names[at] && isSpelledAlike(left[name], right[name]))
  );
}

/** Whether two values mean the same; `undefined` is an absent member, so it equals `null` and `[]`. */
export function sameMeaning(left: Json | undefined, right: Json | undefined): boolean {
  return isSpelledAlike(left, right) || canonical({ value: left }) === canonical({ value: right });
}

/** A definition without its {@link BOOKKEEPING}: what `plan-stale`, `target-changed` and fingerprints compare. */
export function withoutBookkeeping(definition: JsonObject): JsonObject {
  const dropped: ReadonlySet<string> = new Set(BOOKKEEPING);
  return Object.fromEntries(Object.entries(definition).filter(([member]) => !dropped.has(member)));
}

/** One value for two that are spelled alike, the other for two that are not. */
const oneOf = <T extends Json | undefined>(own: T, others: T): T =>
  isSpelledAlike(own, others) ? others : own;

/**
 * The same definition to the letter, of which the parts that another one has, too, are not held twice: in a large
 * plan most are.
 */
export function sharing(definition: Definition, other: Definition): Definition {
  const { treatments, rules, defaultRule } = definition;
  return {
    ...definition,
    treatments: oneOf(treatments, other.treatments),
    ...(rules != null && { rules: oneOf(rules, other.rules ?? rules) }),
    defaultRule: oneOf(defaultRule, other.defaultRule),
  };
}
