// Whether a value meets a matcher: yes, no, or why that cannot be said.
import { toNumber, type Matcher } from '../definition/definition.ts';
import { isJsonObject, isRawNumber, type Json } from '../json.ts';
import { compareVersions, versionOf } from './semver.ts';

/** `unknown` completes a sentence that begins with "It depends on". */
export interface Unknown {
  readonly unknown: string;
}

export type Verdict = boolean | Unknown;

export const isUnknown = (verdict: Verdict): verdict is Unknown => typeof verdict === 'object';

export const not = (verdict: Verdict): Verdict => (isUnknown(verdict) ? verdict : !verdict);

/** All of them: one that is not met decides, whatever is unknown of the others. */
export const all = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes(false) ? false : (verdicts.find(isUnknown) ?? true);

/** How a matcher's type reads its own members; `undefined` where they are not of the documented shape. */
type Test = (matcher: Matcher) => ((value: Json) => Verdict) | undefined;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The time at which the minute or day of another begins, in UTC: times are compared by these. */
export const floorTo = (time: number, unit: number): number => Math.floor(time / unit) * unit;

/** The strings of a matcher; some types have one under another name. */
export function stringsOf({ strings, string }: Matcher): readonly string[] | undefined {
  const value: Json | undefined = strings ?? (typeof string === 'string' ? [string] : undefined);
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((element: Json) => typeof element === 'string');
  return texts.length === value.length ? texts : undefined;
}

/** An integer that every SDK holds exactly. */
export function integerOf(value: Json | undefined): number | undefined {
  if (typeof value !== 'number' && !isRawNumber(value)) return undefined;
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

const MISFIT: Unknown = { unknown: 'how an SDK takes a value of another type than the rule asks for' };

const onText =
  (test: (matcher: Matcher) => ((text: string) => Verdict) | undefined): Test =>
  (matcher) => {
    const meets = test(matcher);
    return meets && ((value) => (typeof value === 'string' ? value !== '' && meets(value) : MISFIT));
  };

const anyString = (meets: (text: string, string: string) => boolean): Test =>
  onText((matcher) => {
    const strings = stringsOf(matcher);
    return strings && ((text) => strings.some((string) => meets(text, string)));
  });

/** Lists may be long, and are asked about every string of other lists. */
const inList: Test = onText((matcher) => {
  const strings = new Set(stringsOf(matcher));
  return stringsOf(matcher) && ((text) => strings.has(text));
});

const isWithin = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean =>
  [...part].every((element) => whole.has(element));

const onSet = (meets: (has: ReadonlySet<string>, asked: ReadonlySet<string>) => boolean): Test => {
  return (matcher) => {
    const asked = stringsOf(matcher);
    return (
      asked &&
      ((value) => {
        const has = Array.isArray(value) ? stringsOf({ type: '', strings: value }) : undefined;
        return has === undefined ? MISFIT : has.length > 0 && meets(new Set(has), new Set(asked));
      })
    );
  };
};

/** The values from `low` to `high` that a matcher of numbers or times lets in, ends included. */
export interface Interval {
  readonly family: 'number' | 'time';
  readonly low: number;
  readonly high: number;
}

type Ends = readonly [low: number | undefined, high: number | undefined];

const INTERVALS: ReadonlyMap<string, (matcher: Matcher) => Ends> = (() => {
  const number = ({ number }: Matcher): number | undefined => integerOf(number);
  const from = (value: Json | undefined, unit: number): number | undefined => {
    const time = integerOf(value);
    return time === undefined ? undefined : floorTo(time, unit);
  };
  const to = (value: Json | undefined, unit: number): number | undefined => {
    const start = from(value, unit);
    return start === undefined ? undefined : start + unit - 1;
  };
  const ends = ({ between }: Matcher): readonly [Json | undefined, Json | undefined] =>
    isJsonObject(between) ? [between['from'], between['to']] : [undefined, undefined];
  return new Map<string, (matcher: Matcher) => Ends>([
    ['EQUAL_NUMBER', (matcher) => [number(matcher), number(matcher)]],
    ['LESS_THAN_OR_EQUAL_NUMBER', (matcher) => [-Infinity, number(matcher)]],
    ['GREATER_THAN_OR_EQUAL_NUMBER', (matcher) => [number(matcher), Infinity]],
    ['BETWEEN_NUMBER', (matcher) => [integerOf(ends(matcher)[0]), integerOf(ends(matcher)[1])]],
    ['ON_DATE', ({ date }) => [from(date, DAY), to(date, DAY)]],
    ['ON_OR_AFTER_DATE', ({ date }) => [from(date, MINUTE), Infinity]],
    ['ON_OR_BEFORE_DATE', ({ date }) => [-Infinity, to(date, MINUTE)]],
    ['BETWEEN_DATE', (matcher) => [from(ends(matcher)[0], MINUTE), to(ends(matcher)[1], MINUTE)]],
  ]);
})();

/** The interval of a matcher of numbers or times; `undefined` for any other, and where it cannot be read. */
export function intervalOf(matcher: Matcher): Interval | undefined {
  const [low, high] = INTERVALS.get(matcher.type)?.(matcher) ?? [];
  if (low === undefined || high === undefined) return undefined;
  return { family: matcher.type.endsWith('_DATE') ? 'time' : 'number', low, high };
}

const onNumber: Test = (matcher) => {
  const interval = intervalOf(matcher);
  return (
    interval &&
    ((value) => {
      const number = integerOf(value);
      return number === undefined ? MISFIT : interval.low <= number && number <= interval.high;
    })
  );
};

/** A text that is no version is met by no matcher of versions, whichever side it is on. */
const onVersion = (
  meets: (order: number) => boolean,
  { string }: Matcher,
): ((text: string) => boolean) | undefined => {
  if (typeof string !== 'string') return undefined;
  const asked = versionOf(string);
  return (text) => {
    const version = versionOf(text);
    return asked !== undefined && version !== undefined && meets(compareVersions(version, asked));
  };
};

const isSameVersion = (left: string, right: string): boolean => {
  const version = versionOf(left);
  return version !== undefined && version.text === versionOf(right)?.text;
};

const PATTERN: Unknown = { unknown: 'a pattern that cannot be read here' };
const SLOW_PATTERN: Unknown = { unknown: 'a pattern that could take too long to try' };

/** Steps that trying a pattern may take at most: far below a second. */
const MOST_STEPS = 1e7;

/**
 * More steps than trying a pattern on a text can take; patterns come from flags, and some take years.
 * `Infinity` where a group is repeated: how often that backtracks is not counted here.
 */
function stepsOf(source: string, text: string): number {
  const bare = source.replaceAll(/\\[^]/g, 'x');
  if (/\)[*+?{]/.test(bare)) return Infinity;
  const repeats = bare.match(/[*+?{]/g)?.length ?? 0;
  const alternatives = bare.match(/\|/g)?.length ?? 0;
  // It is tried from every place of the text.
  return (text.length + 1) ** (repeats + 1) * 2 ** alternatives;
}

function patternOf(source: string): (text: string) => Verdict {
  try {
    const pattern = new RegExp(source);
    return (text) => (stepsOf(source, text) <= MOST_STEPS ? pattern.test(text) : SLOW_PATTERN);
  } catch {
    return () => PATTERN;
  }
}

const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['IN_LIST_STRING', inList],
  ['STARTS_WITH_STRING', anyString((text, string) => text.startsWith(string))],
  ['ENDS_WITH_STRING', anyString((text, string) => text.endsWith(string))],
  ['CONTAINS_STRING', anyString((text, string) => text.includes(string))],
  ['MATCHES_STRING', onText(({ string }) => (typeof string === 'string' ? patternOf(string) : undefined))],
  ['EQUAL_SET', onSet((has, asked) => has.size === asked.size && isWithin(has, asked))],
  ['ANY_OF_SET', onSet((has, asked) => [...has].some((element) => asked.has(element)))],
  ['ALL_OF_SET', onSet((has, asked) => isWithin(asked, has))],
  ['PART_OF_SET', onSet(isWithin)],
  [
    'BOOLEAN',
    ({ bool }) =>
      typeof bool === 'boolean'
        ? (value) => (typeof value === 'boolean' ? value === bool : MISFIT)
        : undefined,
  ],
  ...[...INTERVALS.keys()].map((type) => [type, onNumber] as const),
  ['EQUAL_TO_SEMVER', anyString(isSameVersion)],
  ['IN_LIST_SEMVER', anyString(isSameVersion)],
  ['GREATER_THAN_OR_EQUAL_TO_SEMVER', onText((matcher) => onVersion((order) => order >= 0, matcher))],
  ['LESS_THAN_OR_EQUAL_TO_SEMVER', onText((matcher) => onVersion((order) => order <= 0, matcher))],
  [
    'BETWEEN_SEMVER',
    onText(({ between }) => {
      if (!isJsonObject(between)) return undefined;
      const from = onVersion((order) => order >= 0, { type: '', string: between['from'] });
      const to = onVersion((order) => order <= 0, { type: '', string: between['to'] });
      return from && to && ((text) => from(text) && to(text));
    }),
  ],
]);

/** Whether a type of matcher asks the key or an attribute, and nothing else. */
export const asksValue = (type: string): boolean => TESTS.has(type);

/**
 * Whether values meet a matcher, its `negate` left out. One that is not there meets none.
 * Only for a matcher that {@link asksValue}.
 */
export function meeting(matcher: Matcher): (value: Json | undefined) => Verdict {
  const test = TESTS.get(matcher.type)?.(matcher);
  if (test === undefined) return () => ({ unknown: `a matcher \`${matcher.type}\` that cannot be read` });
  return (value) => (value == null ? false : test(value));
}
