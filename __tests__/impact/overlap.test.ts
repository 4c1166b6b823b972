// What is known of the users of two conditions.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseDefinition, type Matcher, type Rule } from '../../src/definition/definition.ts';
import { conditionOf, excludes, implies } from '../../src/impact/overlap.ts';
import { meetsRule } from '../../src/impact/walk.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { definition, inList, inSegment, inSplit, matcher, rule } from '../definition/samples.ts';
import { matcher as anyMatcher, USERS } from './arbitrary-change.ts';

const ruleOf = (matchers: Json, more: JsonObject = {}): Rule => {
  const { condition, buckets } = rule(matchers);
  const [parsed] =
    parseDefinition(definition({ rules: [{ condition: { ...condition, ...more }, buckets }] })).rules ?? [];
  if (parsed === undefined) throw new Error('There is a rule.');
  return parsed;
};

const conditionOfAll = (matchers: Json, more?: JsonObject) => conditionOf(ruleOf(matchers, more));

const not = (value: Matcher): Matcher => ({ ...value, negate: true });
const age = (type: string, number: number) => matcher(type, { attribute: 'age', number });
const most = (number: number) => age('LESS_THAN_OR_EQUAL_NUMBER', number);
const least = (number: number) => age('GREATER_THAN_OR_EQUAL_NUMBER', number);
const exactly = (number: number) => age('EQUAL_NUMBER', number);
const flag = (bool: Json, more: JsonObject = {}) => matcher('BOOLEAN', { attribute: 'beta', bool, ...more });
const starts = (...strings: readonly string[]) =>
  matcher('STARTS_WITH_STRING', { attribute: 'plan', strings });
const date = (type: string, members: JsonObject) => matcher(type, { attribute: 'age', ...members });
const EVERYONE = matcher('ALL_KEYS');

test.each<readonly [string, Json, Json]>([
  ['the same', inSegment('qa'), inSegment('qa')],
  ['strings in another order', inList('plan', 'a', 'b'), inList('plan', 'b', 'a', 'b')],
  [
    'matchers in another order',
    [inSegment('a'), inSegment('b')],
    [inSegment('b'), inSegment('a'), inSegment('a')],
  ],
  ['treatments of another flag in another order', inSplit('f', 'a', 'b'), inSplit('f', 'b', 'a')],
  [
    'one treatment of another flag',
    inSplit('f', 'a'),
    matcher('IN_SPLIT', { depends: { splitName: 'f', treatment: 'a' } }),
  ],
  ['no negate and negate false', inSegment('a'), { ...inSegment('a'), negate: false }],
])('one condition: %s', (_what, left, right) => {
  expect(conditionOfAll(left).text).toBe(conditionOfAll(right).text);
});

test.each<readonly [string, Json, Json, JsonObject?]>([
  ['negated', inSegment('a'), not(inSegment('a'))],
  ['another attribute', inList('a', 'x'), inList('b', 'x')],
  ['another string', inList('a', 'x'), inList('a', 'y')],
  ['another combiner', inSegment('a'), inSegment('a'), { combiner: 'OR' }],
  ['an unknown member', inSegment('a'), inSegment('a'), { xnew: 1 }],
])('two conditions: %s', (_what, left, right, more = {}) => {
  expect(conditionOfAll(left).text).not.toBe(conditionOfAll(right, more).text);
});

/** `[inner, outer]`: who meets the first meets the second, and not the other way round. */
const NESTED: readonly (readonly [Json, Json])[] = [
  [inList('plan', 'pro'), inList('plan', 'pro', 'team')],
  [[inList('plan', 'pro'), inSegment('qa')], inSegment('qa')],
  [
    [inList('plan', 'pro'), inSegment('qa')],
    [inSegment('qa'), inList('plan', 'pro', 'team')],
  ],
  [inList('plan', 'pro', 'pro-plus'), starts('x', 'pro')],
  [inList('plan', 'pro'), matcher('ENDS_WITH_STRING', { attribute: 'plan', strings: ['o'] })],
  [inList('plan', 'pro'), matcher('CONTAINS_STRING', { attribute: 'plan', strings: ['r'] })],
  [matcher('IN_LIST_STRING', { strings: ['k'] }), matcher('IN_LIST_STRING', { strings: ['k', 'l'] })],
  [inList('plan', 'pro'), not(inList('plan', 'team'))],
  [not(inList('plan', 'pro', 'team')), not(inList('plan', 'team'))],
  [exactly(5), most(5)],
  [exactly(5), least(5)],
  [exactly(4), not(least(5))],
  [most(4), most(5)],
  [least(5), not(most(4))],
  [
    date('BETWEEN_NUMBER', { between: { from: 2, to: 3 } }),
    date('BETWEEN_NUMBER', { between: { from: 2, to: 4 } }),
  ],
  [date('ON_DATE', { date: 0 }), date('ON_OR_BEFORE_DATE', { date: 86_400_000 })],
  [flag(true), not(flag(false))],
  [inSegment('qa'), EVERYONE],
  [not(inSegment('qa')), EVERYONE],
];

/** Nobody meets both. */
const APART: readonly (readonly [Json, Json])[] = [
  [inList('plan', 'pro'), inList('plan', 'team', 'free')],
  [
    [inList('plan', 'pro'), inSegment('qa')],
    [inSegment('staff'), inList('plan', 'team')],
  ],
  [inSegment('qa'), not(inSegment('qa'))],
  [inSplit('f', 'a'), not(inSplit('f', 'a'))],
  [inList('plan', 'pro'), not(inList('plan', 'pro', 'team'))],
  [inList('plan', 'pro'), starts('t')],
  [exactly(5), exactly(6)],
  [most(4), least(5)],
  [exactly(5), not(most(6))],
  [date('ON_DATE', { date: 0 }), date('ON_OR_AFTER_DATE', { date: 86_400_000 })],
  [flag(true), flag(false)],
  [inSegment('qa'), not(EVERYONE)],
];

/** Some may meet both, and some only one. */
const UNKNOWN: readonly (readonly [Json, Json, JsonObject?])[] = [
  [inList('plan', 'pro'), inList('country', 'DE')],
  [inList('plan', 'pro', 'team'), inList('plan', 'team', 'free')],
  [inList('plan', 'pro', 'team'), starts('t')],
  [starts('pro'), starts('p')],
  [inSegment('a'), inSegment('b')],
  [inSegment('a'), matcher('IN_LARGE_SEGMENT', { string: 'a' })],
  [not(inSegment('a')), not(inSegment('b'))],
  [not(inList('plan', 'pro')), not(inList('plan', 'team'))],
  [most(5), least(5)],
  [exactly(5), date('ON_DATE', { date: 5 })],
  [most(5), flag(true)],
  [flag(true), flag('false')],
  [flag(true), flag(false, { xnew: 1 })],
  [flag(false), matcher('EQUAL_NUMBER', { attribute: 'beta', number: 1 })],
  [age('EQUAL_NUMBER', 2 ** 53), age('EQUAL_NUMBER', 2 ** 53 + 2)],
  [inSplit('f', 'a'), inSplit('f', 'b')],
  [matcher('IN_LIST_STRING', { attribute: 'plan', strings: [1] }), inList('plan', 'pro')],
  [inList('plan', 'pro'), matcher('MATCHES_STRING', { attribute: 'plan', string: 'pro' })],
  [inList('plan', 'pro'), matcher('STARTS_WITH_STRING', { attribute: 'plan', strings: 'p' })],
  [inList('plan', 'pro'), inList('plan', 'team'), { combiner: 'OR' }],
  [inList('plan', 'pro'), inList('plan', 'team'), { xnew: 1 }],
  [inSegment('a'), []],
];

describe('relations', () => {
  test.each(NESTED)('%j is within %j', (left, right) => {
    const [inner, outer] = [conditionOfAll(left), conditionOfAll(right)];
    expect([implies(inner, outer), implies(outer, inner), excludes(inner, outer)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each(APART)('nobody meets %j and %j', (left, right) => {
    const [one, other] = [conditionOfAll(left), conditionOfAll(right)];
    expect([excludes(one, other), excludes(other, one)]).toEqual([true, true]);
  });

  test.each(UNKNOWN)('nothing is known of %j and %j', (left, right, more = {}) => {
    const [one, other] = [conditionOfAll(left), conditionOfAll(right, more)];
    expect([implies(one, other), implies(other, one), excludes(one, other), excludes(other, one)]).toEqual([
      ...[false, false],
      ...[false, false],
    ]);
  });
});

/** Each set of attributes once. */
const ATTRIBUTES = USERS.filter(({ key, segments }) => key === 'carl' && segments.length === 0).map(
  ({ attributes }) => attributes,
);

test('what is said to be known holds for every user', () => {
  const matchers = fc.array(anyMatcher(), { minLength: 1, maxLength: 2 });
  fc.assert(
    fc.property(matchers, matchers, (left, right) => {
      const [one, other] = [ruleOf(left), ruleOf(right)];
      const isImplied = implies(conditionOf(one), conditionOf(other));
      const isExcluded = excludes(conditionOf(one), conditionOf(other));
      const met = ATTRIBUTES.map((attributes) => {
        const subject = { kind: 'attributes', attributes } as const;
        return [meetsRule(one, subject), meetsRule(other, subject)];
      });
      if (isImplied) expect(met.filter(([inner, outer]) => inner === true && outer === false)).toEqual([]);
      if (isExcluded) expect(met.filter(([inner, outer]) => inner === true && outer === true)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
