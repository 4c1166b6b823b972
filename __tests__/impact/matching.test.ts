// Which values meet which matcher.
import { describe, expect, test } from '@jest/globals';
import { asksValue, meeting } from '../../src/impact/matching.ts';
import type { Json } from '../../src/json.ts';
import { MATCHER_TYPES } from '../arbitrary.ts';
import { json, matcher } from '../definition/samples.ts';

const of = (type: string, members: string) => matcher(type, json(members) as Record<string, Json>);

const time = (text: string): number => Date.parse(text);
const DAY = time('2024-02-29T13:14:15.016Z');
const between = (from: string, to: string) => `{"between":{"from":${time(from)},"to":${time(to)}}}`;

/** `[type, members, values that meet it, values that do not]` */
const DECIDED: readonly (readonly [string, string, readonly Json[], readonly Json[]])[] = [
  ['IN_LIST_STRING', '{"strings":["pro","team"]}', ['pro', 'team'], ['Pro', 'pro ', 'p', '']],
  ['IN_LIST_STRING', '{"strings":[]}', [], ['pro']],
  ['STARTS_WITH_STRING', '{"strings":["pro","x"]}', ['pro', 'pro-plus', 'x'], ['a-pro', 'PRO', '']],
  ['STARTS_WITH_STRING', '{"strings":[""]}', ['a'], ['']],
  ['ENDS_WITH_STRING', '{"strings":["@a.example","x"]}', ['me@a.example', 'x'], ['@a.example.org', 'X']],
  ['CONTAINS_STRING', '{"strings":["ro","x"]}', ['pro', 'ro', 'axa'], ['r-o', 'RO']],
  ['MATCHES_STRING', '{"string":"^p.o$"}', ['pro'], ['pr', 'a pro']],
  ['MATCHES_STRING', '{"string":"r"}', ['pro'], ['pp']],
  [
    'EQUAL_SET',
    '{"strings":["a","b"]}',
    [
      ['a', 'b'],
      ['b', 'a', 'a'],
    ],
    [['a'], ['a', 'b', 'c'], ['a', 'c'], []],
  ],
  ['ANY_OF_SET', '{"strings":["a","b"]}', [['a'], ['b', 'c']], [['c'], []]],
  [
    'ALL_OF_SET',
    '{"strings":["a","b"]}',
    [
      ['a', 'b'],
      ['c', 'b', 'a'],
    ],
    [['a'], ['a', 'c'], []],
  ],
  ['PART_OF_SET', '{"strings":["a","b"]}', [['a'], ['b', 'a']], [['a', 'c'], ['c'], []]],
  ['BOOLEAN', '{"bool":true}', [true], [false]],
  ['BOOLEAN', '{"bool":false}', [false], [true]],
  ['EQUAL_NUMBER', '{"number":5}', [5, json('5.0')], [4, 6, -5]],
  ['EQUAL_NUMBER', '{"number":0}', [0, json('-0')], [1]],
  ['LESS_THAN_OR_EQUAL_NUMBER', '{"number":5}', [5, -7], [6]],
  ['GREATER_THAN_OR_EQUAL_NUMBER', '{"number":5}', [5, 700], [4]],
  ['BETWEEN_NUMBER', '{"between":{"from":2,"to":4}}', [2, 3, 4], [1, 5]],
  ['BETWEEN_NUMBER', '{"between":{"from":4,"to":2}}', [], [2, 3, 4]],
  [
    'ON_DATE',
    `{"date":${DAY}}`,
    [time('2024-02-29'), time('2024-02-29T23:59:59.999Z')],
    [time('2024-02-28T23:59:59.999Z'), time('2024-03-01')],
  ],
  [
    'ON_OR_AFTER_DATE',
    `{"date":${DAY}}`,
    [time('2024-02-29T13:14Z'), time('2030-01-01')],
    [time('2024-02-29T13:13:59.999Z')],
  ],
  [
    'ON_OR_BEFORE_DATE',
    `{"date":${DAY}}`,
    [time('2024-02-29T13:14:59.999Z'), -1],
    [time('2024-02-29T13:15Z')],
  ],
  [
    'BETWEEN_DATE',
    between('2024-02-29T13:14:15Z', '2024-02-29T14:14:15Z'),
    [time('2024-02-29T13:14Z'), time('2024-02-29T14:14:59.999Z')],
    [time('2024-02-29T13:13:59Z'), time('2024-02-29T14:15Z')],
  ],
  [
    'EQUAL_TO_SEMVER',
    '{"string":"1.2.3"}',
    ['1.2.3', '01.2.3'],
    ['1.2.4', '1.2.3-a', '1.2.3+b', '1.2', 'x', ''],
  ],
  ['EQUAL_TO_SEMVER', '{"string":"1.2.3-rc.1+b"}', ['1.2.3-rc.01+b'], ['1.2.3-rc.1', '1.2.3-rc.1+c']],
  ['EQUAL_TO_SEMVER', '{"string":"x"}', [], ['x', '1.2.3']],
  ['IN_LIST_SEMVER', '{"strings":["1.2.3","2.0.0-a"]}', ['1.2.3', '2.0.0-a'], ['2.0.0', '1.2.3-a']],
  ['IN_LIST_SEMVER', '{"string":"1.2.3"}', ['1.2.3'], ['2.0.0']],
  [
    'GREATER_THAN_OR_EQUAL_TO_SEMVER',
    '{"string":"1.10.0-rc.2"}',
    [
      '1.10.0-rc.2',
      '1.10.0-rc.2+b',
      '1.10.0-rc.10',
      '1.10.0-rc.2.1',
      '1.10.0-rd',
      '1.10.0',
      '1.10.1',
      '2.0.0',
      '10.0.0',
    ],
    ['1.10.0-rc.1', '1.10.0-rc', '1.10.0-9', '1.9.9', '0.99.99', '1.10', '1.10.0-', '1.10.0+'],
  ],
  ['GREATER_THAN_OR_EQUAL_TO_SEMVER', '{"string":"1.0.0"}', ['1.0.0', '1.0.0+b'], ['1.0.0-rc']],
  ['LESS_THAN_OR_EQUAL_TO_SEMVER', '{"string":"1.0.0"}', ['1.0.0', '1.0.0-z', '0.9.0'], ['1.0.1', 'x']],
  ['LESS_THAN_OR_EQUAL_TO_SEMVER', '{"string":"x"}', [], ['1.0.0']],
  [
    'BETWEEN_SEMVER',
    '{"between":{"from":"1.0.0","to":"2.0.0"}}',
    ['1.0.0', '1.5.0', '2.0.0', '2.0.0-a'],
    ['0.9.9', '2.0.1', '1.0.0-a'],
  ],
];

describe.each(DECIDED)('%s %s', (type, members, met, unmet) => {
  const asked = of(type, members);

  test('is met by some', () => {
    expect(met.filter((value) => meeting(asked)(value) !== true)).toEqual([]);
  });

  test('is not met by others, nor by none', () => {
    expect([...unmet, null, undefined].filter((value) => meeting(asked)(value) !== false)).toEqual([]);
  });
});

const MISFIT = { unknown: 'how an SDK takes a value of another type than the rule asks for' };

test.each<readonly [string, string, readonly Json[]]>([
  ['IN_LIST_STRING', '{"strings":["5"]}', [5, true, ['5'], {}]],
  ['MATCHES_STRING', '{"string":"5"}', [5]],
  ['EQUAL_TO_SEMVER', '{"string":"1.0.0"}', [1]],
  ['ANY_OF_SET', '{"strings":["a"]}', ['a', [1], {}]],
  ['BOOLEAN', '{"bool":true}', ['true', 1]],
  ['EQUAL_NUMBER', '{"number":5}', ['5', 5.5, json('9007199254740993'), true]],
  ['ON_DATE', '{"date":5}', ['5', '1970-01-01']],
])('whether a value of another type meets %s is not known', (type, members, values) => {
  for (const value of values) expect(meeting(of(type, members))(value)).toEqual(MISFIT);
});

test.each([
  ['IN_LIST_STRING', '{}'],
  ['IN_LIST_STRING', '{"strings":"a"}'],
  ['IN_LIST_STRING', '{"strings":["a",1]}'],
  ['MATCHES_STRING', '{"strings":["a"]}'],
  ['ANY_OF_SET', '{"strings":[null]}'],
  ['BOOLEAN', '{"bool":"true"}'],
  ['EQUAL_NUMBER', '{"number":"5"}'],
  ['EQUAL_NUMBER', '{"number":9007199254740993}'],
  ['EQUAL_NUMBER', '{"number":1.5}'],
  ['BETWEEN_NUMBER', '{"between":{"from":1}}'],
  ['BETWEEN_NUMBER', '{"between":[1,2]}'],
  ['ON_DATE', '{"number":5}'],
  ['ON_OR_BEFORE_DATE', '{}'],
  ['GREATER_THAN_OR_EQUAL_TO_SEMVER', '{"string":1}'],
  ['BETWEEN_SEMVER', '{"between":{"from":"1.0.0"}}'],
  ['BETWEEN_SEMVER', '{"between":{"to":"1.0.0"}}'],
  ['BETWEEN_SEMVER', '{"between":"1.0.0"}'],
])('%s %s cannot be read', (type, members) => {
  expect(meeting(of(type, members))('a')).toEqual({
    unknown: `a matcher \`${type}\` that cannot be read`,
  });
});

test('a pattern of another dialect cannot be read', () => {
  expect(meeting(of('MATCHES_STRING', '{"string":"(?i)a++"}'))('a')).toEqual({
    unknown: 'a pattern that cannot be read here',
  });
});

describe('a pattern that a flag brings', () => {
  const meets = (pattern: string, text: string) =>
    meeting(matcher('MATCHES_STRING', { string: pattern }))(text);
  const SLOW = { unknown: 'a pattern that could take too long to try' };

  test.each([
    ['^(pro|team|enterprise)$', 'team', true],
    ['^[a-z.]+@example\\.com$', 'ada.lovelace@example.com', true],
    ['^\\d{3}-\\d{4}$', '555-012', false],
    ['\\(a\\)', '(a)', true],
  ])('%s is tried on %s', (pattern, text, met) => {
    expect(meets(pattern, text)).toBe(met);
  });

  test.each([
    ['^(a+)+$', 'a'.repeat(40)],
    ['^(?:a|a)*b', 'a'.repeat(40)],
    ['a*a*a*a*a*b', 'a'.repeat(200)],
    [`${'(a|a)'.repeat(40)}b`, 'a'.repeat(40)],
  ])('%s would take years, and is not tried', (pattern, text) => {
    expect(meets(pattern, text)).toEqual(SLOW);
  });
});

test('all documented types are asked of a value, but those of everybody, segments and other flags', () => {
  expect(MATCHER_TYPES.filter((type) => !asksValue(type))).toEqual([
    'ALL_KEYS',
    'IN_SEGMENT',
    'IN_LARGE_SEGMENT',
    'IN_RULE_BASED_SEGMENT',
    'IN_SPLIT',
  ]);
});
