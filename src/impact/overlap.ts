// What is known of the users of two conditions: one holds the other, nobody meets both, or neither is known.
import type { Matcher, Rule } from '../definition/definition.ts';
import { canonical } from '../definition/equality.ts';
import { isJsonObject, toJson, type Json, type JsonObject } from '../json.ts';
import { intervalOf, isUnknown, meeting, stringsOf, type Verdict } from './matching.ts';

/** A matcher of a condition, apart from its `negate`. */
interface Part {
  readonly matcher: Matcher;
  /** Equal for matchers that ask the same. */
  readonly text: string;
  readonly isNegated: boolean;
  /** The attribute it asks; only parts that ask the same one can be known to hold each other. */
  readonly attribute: string;
  readonly meets: (value: Json | undefined) => Verdict;
}

/** A condition, prepared for comparison. */
export interface Condition {
  /** Equal for conditions that the same users meet by what they say. */
  readonly text: string;
  /** Parts that must all be met; none where that is not how the condition reads. */
  readonly parts: readonly Part[];
}

const isText = (element: Json): element is string => typeof element === 'string';

/** A list in one order, each element once; anything but texts stays as it is. */
const asSet = (value: Json | undefined): Json | undefined =>
  Array.isArray(value) && value.every(isText) ? [...new Set<string>(value)].toSorted() : value;

/** A matcher whose lists are in one order: which of several strings comes first makes no difference. */
function normal(matcher: Matcher): Matcher {
  const { strings, depends } = matcher;
  const members: JsonObject = isJsonObject(depends)
    ? { depends: { ...depends, treatments: asSet(depends['treatments']) } }
    : {};
  return { ...matcher, ...members, strings: asSet(strings) };
}

export function conditionOf({ condition }: Rule): Condition {
  const parts = condition.matchers.map((matcher): Part => {
    const { negate, ...asked } = normal(matcher);
    // Most conditions are never compared.
    let meets: ReturnType<typeof meeting> | undefined;
    return {
      matcher,
      text: canonical(asked),
      isNegated: negate === true,
      attribute: toJson(matcher['attribute'] ?? null),
      meets: (value) => (meets ??= meeting(matcher))(value),
    };
  });
  const { matchers: _matchers, ...rest } = condition;
  const matchers = [...new Set(parts.map(({ text, isNegated }) => `${isNegated ? 'not ' : ''}${text}`))];
  return {
    text: `${canonical(rest)} ${matchers.toSorted().join(' ')}`,
    parts: canonical(rest) === '{}' ? parts : [],
  };
}

type Relation = 'within' | 'apart' | undefined;

/** Types that ask for a text: of users with one of these texts, it is known whether they meet the other matcher. */
const ASKS_TEXT = new Set(['IN_LIST_STRING', 'STARTS_WITH_STRING', 'ENDS_WITH_STRING', 'CONTAINS_STRING']);

function relationOfTexts({ matcher: left }: Part, { matcher: right, meets }: Part): Relation {
  const texts = left.type === 'IN_LIST_STRING' ? stringsOf(left) : undefined;
  if (texts === undefined || !ASKS_TEXT.has(right.type)) return undefined;
  const verdicts = texts.map(meets);
  if (verdicts.some(isUnknown)) return undefined;
  if (!verdicts.includes(false)) return 'within';
  return verdicts.includes(true) ? undefined : 'apart';
}

function relationOfIntervals(left: Matcher, right: Matcher): Relation {
  const [one, other] = [intervalOf(left), intervalOf(right)];
  if (one === undefined || one.family !== other?.family) return undefined;
  if (one.low > other.high || other.low > one.high) return 'apart';
  return other.low <= one.low && one.high <= other.high ? 'within' : undefined;
}

/** What a matcher may say for it to be compared by its values; anything else might change what it asks. */
const KNOWN = new Set([
  'type',
  'attribute',
  'negate',
  'strings',
  'string',
  'bool',
  'number',
  'date',
  'between',
]);

const isOpposite = (left: Matcher, right: Matcher): boolean =>
  left.type === 'BOOLEAN' && right.type === 'BOOLEAN' && left['bool'] === (right['bool'] === false);

const isPlain = ({ matcher }: Part): boolean => Object.keys(matcher).every((member) => KNOWN.has(member));

/** A part that is met by some texts and no other; of two for the same attribute it is known whether they share users. */
export interface TextList {
  readonly attribute: string;
  readonly texts: readonly string[];
}

/** What is asked by lists of texts, and the attributes of which something else is asked. */
export function listsOf({ parts }: Condition): {
  readonly lists: readonly TextList[];
  readonly others: readonly string[];
} {
  const split = parts.map((part): { readonly list: TextList } | { readonly other: string } => {
    const { matcher, attribute, isNegated } = part;
    const texts = matcher.type === 'IN_LIST_STRING' ? (stringsOf(matcher) ?? []) : [];
    const isList = texts.length > 0 && !isNegated && isPlain(part);
    return isList ? { list: { attribute, texts } } : { other: attribute };
  });
  return {
    lists: split.flatMap((one) => ('list' in one ? [one.list] : [])),
    others: split.flatMap((one) => ('other' in one ? [one.other] : [])),
  };
}

/** Users who meet `left`, its `negate` left out: whether all of them, or none, meet `right`. */
function relationOf(left: Part, right: Part): Relation {
  if (left.text === right.text) return 'within';
  if (left.attribute !== right.attribute || !isPlain(left) || !isPlain(right)) return undefined;
  return (
    relationOfTexts(left, right) ??
    relationOfIntervals(left.matcher, right.matcher) ??
    (isOpposite(left.matcher, right.matcher) ? 'apart' : undefined)
  );
}

function isWithin(left: Part, right: Part): boolean {
  if (right.matcher.type === 'ALL_KEYS' && !right.isNegated) return true;
  if (left.isNegated) return right.isNegated && relationOf(right, left) === 'within';
  return relationOf(left, right) === (right.isNegated ? 'apart' : 'within');
}

const isApart = (left: Part, right: Part): boolean =>
  isWithin(left, { ...right, isNegated: !right.isNegated });

/** Whether it is known that who meets `left` meets `right`. */
export const implies = (left: Condition, right: Condition): boolean =>
  left.text === right.text ||
  (right.parts.length > 0 && right.parts.every((part) => left.parts.some((other) => isWithin(other, part))));

/** Whether it is known that nobody meets both. */
export const excludes = (left: Condition, right: Condition): boolean =>
  left.parts.some((part) => right.parts.some((other) => isApart(part, other) || isApart(other, part)));
