import { describe, expect, test } from '@jest/globals';
import { parseJson, toJson, type Json } from '../../src/json.ts';
import { conditionSentence } from '../../src/plan/condition-words.ts';
import { code } from '../../src/report/markdown.ts';
import { MATCHER_TYPES } from '../arbitrary.ts';
import { minimal, numbered } from '../report/samples.ts';

/** The sentence for a condition written as JSON text, so that big numbers can be in it. */
function sentence(condition: string | Json): string {
  const text = typeof condition === 'string' ? condition : toJson(condition);
  const rules = parseJson(`[{"condition":${text},"buckets":[]}]`);
  const [rule] = minimal({ rules }).rules ?? [];
  if (rule === undefined) throw new Error('There is no rule.');
  return conditionSentence(rule, code);
}

const ofMatcher = (matcher: Json): string => sentence({ matchers: [matcher] });
const texts = { attribute: 'plan', strings: ['pro', 'team'] };
const single = { attribute: 'plan', strings: ['pro'] };
const amount = { attribute: 'seats', number: -5 };
const day = { attribute: 'since', date: 1704067200000 };
const version = { attribute: 'app', string: '1.2.3' };

describe('Each matcher type is a sentence, and so is its opposite', () => {
  const rows: readonly (readonly [type: string, members: Record<string, Json>, yes: string, no: string])[] = [
    ['ALL_KEYS', {}, 'everyone', 'no one'],
    ['IN_SEGMENT', { string: 'qa' }, 'in segment `qa`', 'not in segment `qa`'],
    ['IN_LARGE_SEGMENT', { string: 'qa' }, 'in large segment `qa`', 'not in large segment `qa`'],
    [
      'IN_RULE_BASED_SEGMENT',
      { string: 'qa' },
      'in rule-based segment `qa`',
      'not in rule-based segment `qa`',
    ],
    [
      'IN_SPLIT',
      { depends: { splitName: 'parent', treatments: ['on', 'v2'] } },
      'flag `parent` serves `on` or `v2`',
      'flag `parent` does not serve `on` or `v2`',
    ],
    [
      'IN_SPLIT',
      { depends: { splitName: 'parent', treatment: 'on' } },
      'flag `parent` serves `on`',
      'flag `parent` does not serve `on`',
    ],
    ['IN_LIST_STRING', texts, '`plan` is in [`pro`, `team`]', '`plan` is not in [`pro`, `team`]'],
    ['IN_LIST_STRING', { strings: ['u-1'] }, 'user key is in [`u-1`]', 'user key is not in [`u-1`]'],
    ['STARTS_WITH_STRING', single, '`plan` starts with `pro`', '`plan` does not start with `pro`'],
    [
      'ENDS_WITH_STRING',
      texts,
      '`plan` ends with any of [`pro`, `team`]',
      '`plan` does not end with any of [`pro`, `team`]',
    ],
    ['CONTAINS_STRING', single, '`plan` contains `pro`', '`plan` does not contain `pro`'],
    [
      'CONTAINS_STRING',
      { strings: [] },
      'user key contains any of []',
      'user key does not contain any of []',
    ],
    [
      'MATCHES_STRING',
      { string: '^a|b$' },
      'user key matches <code>^a&#124;b$</code>',
      'user key does not match <code>^a&#124;b$</code>',
    ],
    [
      'EQUAL_SET',
      texts,
      '`plan` is exactly the set [`pro`, `team`]',
      '`plan` is not exactly the set [`pro`, `team`]',
    ],
    ['ANY_OF_SET', texts, '`plan` has any of [`pro`, `team`]', '`plan` has none of [`pro`, `team`]'],
    ['ALL_OF_SET', texts, '`plan` has all of [`pro`, `team`]', '`plan` does not have all of [`pro`, `team`]'],
    ['PART_OF_SET', texts, '`plan` is part of [`pro`, `team`]', '`plan` is not part of [`pro`, `team`]'],
    ['BOOLEAN', { attribute: 'vip', bool: false }, '`vip` is false', '`vip` is not false'],
    ['EQUAL_NUMBER', amount, '`seats` is -5', '`seats` is not -5'],
    ['LESS_THAN_OR_EQUAL_NUMBER', amount, '`seats` is at most -5', '`seats` is not at most -5'],
    ['GREATER_THAN_OR_EQUAL_NUMBER', amount, '`seats` is at least -5', '`seats` is not at least -5'],
    [
      'BETWEEN_NUMBER',
      { attribute: 'seats', between: { from: 1, to: 9 } },
      '`seats` is between 1 and 9',
      '`seats` is not between 1 and 9',
    ],
    ['ON_DATE', day, '`since` is on 2024-01-01', '`since` is not on 2024-01-01'],
    ['ON_OR_AFTER_DATE', day, '`since` is on or after 2024-01-01', '`since` is not on or after 2024-01-01'],
    [
      'ON_OR_BEFORE_DATE',
      day,
      '`since` is on or before 2024-01-01',
      '`since` is not on or before 2024-01-01',
    ],
    [
      'BETWEEN_DATE',
      { attribute: 'since', between: { from: 1704067200000, to: 1704103800000 } },
      '`since` is between 2024-01-01 and 2024-01-01T10:10:00Z',
      '`since` is not between 2024-01-01 and 2024-01-01T10:10:00Z',
    ],
    ['EQUAL_TO_SEMVER', version, '`app` is version `1.2.3`', '`app` is not version `1.2.3`'],
    [
      'GREATER_THAN_OR_EQUAL_TO_SEMVER',
      version,
      '`app` is at least version `1.2.3`',
      '`app` is not at least version `1.2.3`',
    ],
    [
      'LESS_THAN_OR_EQUAL_TO_SEMVER',
      version,
      '`app` is at most version `1.2.3`',
      '`app` is not at most version `1.2.3`',
    ],
    [
      'BETWEEN_SEMVER',
      { attribute: 'app', between: { from: '1.0.0', to: '2.0.0' } },
      '`app` is between versions `1.0.0` and `2.0.0`',
      '`app` is not between versions `1.0.0` and `2.0.0`',
    ],
    ['IN_LIST_SEMVER', version, '`app` is version `1.2.3`', '`app` is not version `1.2.3`'],
    [
      'IN_LIST_SEMVER',
      { attribute: 'app', strings: ['1.0.0', '2.0.0'] },
      '`app` is version any of [`1.0.0`, `2.0.0`]',
      '`app` is not version any of [`1.0.0`, `2.0.0`]',
    ],
  ];

  test.each(rows)('%s %j', (type, members, yes, no) => {
    expect(ofMatcher({ type, ...members })).toBe(yes);
    expect(ofMatcher({ type, ...members, negate: false })).toBe(yes);
    expect(ofMatcher({ type, ...members, negate: true })).toBe(no);
  });

  test('none is left out', () => {
    expect(new Set(rows.map(([type]) => type))).toEqual(new Set(MATCHER_TYPES));
  });
});

describe('What is not as documented is shown as raw JSON', () => {
  test.each([
    [{ type: 'NEW_ONE', attribute: 'a', number: 1 }, '`NEW_ONE` with `{"attribute":"a","number":1}`'],
    [{ type: 'NEW_ONE' }, '`NEW_ONE`'],
    [{ type: 'toString' }, '`toString`'],
    [{ type: 'IN_SEGMENT', string: 5 }, '`IN_SEGMENT` with `{"string":5}`'],
    [{ type: 'IN_SEGMENT' }, '`IN_SEGMENT`'],
    [{ type: 'IN_SEGMENT', string: 'a', attribute: 'b' }, 'in segment `a` with `{"attribute":"b"}`'],
    [{ type: 'IN_SEGMENT', string: 'a', negate: 'yes' }, 'in segment `a` with `{"negate":"yes"}`'],
    [{ type: 'IN_SEGMENT', string: 'a', x: null, y: [] }, 'in segment `a`'],
    [{ type: 'IN_LIST_STRING', strings: ['a', 1] }, '`IN_LIST_STRING` with `{"strings":["a",1]}`'],
    [
      { type: 'IN_LIST_STRING', attribute: 1, strings: ['a'] },
      '`IN_LIST_STRING` with `{"attribute":1,"strings":["a"]}`',
    ],
    [{ type: 'IN_LIST_STRING', attribute: null, strings: ['a'] }, 'user key is in [`a`]'],
    [{ type: 'BOOLEAN', attribute: 'a', bool: 'true' }, '`BOOLEAN` with `{"attribute":"a","bool":"true"}`'],
    [
      { type: 'EQUAL_NUMBER', attribute: 'a', number: '1' },
      '`EQUAL_NUMBER` with `{"attribute":"a","number":"1"}`',
    ],
    [{ type: 'ON_DATE', attribute: 'a', date: '1' }, '`ON_DATE` with `{"attribute":"a","date":"1"}`'],
    [{ type: 'ON_DATE', attribute: 'a', date: 9e15 }, '`a` is on 9000000000000000'],
    [{ type: 'ON_DATE', attribute: 'a', date: 1704067200001 }, '`a` is on 2024-01-01T00:00:00.001Z'],
    [{ type: 'BETWEEN_NUMBER', between: { from: 1 } }, '`BETWEEN_NUMBER` with `{"between":{"from":1}}`'],
    [
      { type: 'BETWEEN_NUMBER', between: { from: 1, to: 'x' } },
      '`BETWEEN_NUMBER` with `{"between":{"from":1,"to":"x"}}`',
    ],
    [
      { type: 'BETWEEN_NUMBER', between: { from: 'x', to: 1 } },
      '`BETWEEN_NUMBER` with `{"between":{"from":"x","to":1}}`',
    ],
    [
      { type: 'BETWEEN_NUMBER', between: { from: 1, to: 2, step: 3 } },
      '`BETWEEN_NUMBER` with `{"between":{"from":1,"to":2,"step":3}}`',
    ],
    [{ type: 'BETWEEN_NUMBER', between: 4 }, '`BETWEEN_NUMBER` with `{"between":4}`'],
    [{ type: 'IN_SPLIT', depends: 'x' }, '`IN_SPLIT` with `{"depends":"x"}`'],
    [
      { type: 'IN_SPLIT', depends: { splitName: 'p', treatments: ['on'], treatment: 'on' } },
      '`IN_SPLIT` with `{"depends":{"splitName":"p","treatments":["on"],"treatment":"on"}}`',
    ],
    [
      { type: 'IN_SPLIT', depends: { splitName: 'p', treatments: [] } },
      '`IN_SPLIT` with `{"depends":{"splitName":"p","treatments":[]}}`',
    ],
    [
      { type: 'IN_SPLIT', depends: { splitName: 1, treatment: 'on' } },
      '`IN_SPLIT` with `{"depends":{"splitName":1,"treatment":"on"}}`',
    ],
  ])('%j', (matcher, words) => {
    expect(ofMatcher(matcher)).toBe(words);
  });
});

describe('A condition', () => {
  const qa = { type: 'IN_SEGMENT', string: 'qa' };
  const pro = { type: 'IN_LIST_STRING', attribute: 'plan', strings: ['pro'] };

  test('joins its matchers', () => {
    expect(sentence({ combiner: 'AND', matchers: [pro, qa] })).toBe(
      '`plan` is in [`pro`] and in segment `qa`',
    );
    expect(sentence({ matchers: [pro, qa] })).toBe('`plan` is in [`pro`] and in segment `qa`');
    expect(sentence({ combiner: 'OR', matchers: [pro, qa] })).toBe('`plan` is in [`pro`] or in segment `qa`');
    expect(sentence({ combiner: '*', matchers: [pro, qa] })).toBe('`plan` is in [`pro`] `*` in segment `qa`');
    expect(sentence({ matchers: [] })).toBe('no condition');
  });

  test('shows members that nobody knows', () => {
    expect(sentence({ matchers: [qa], combiner: 1, x: 2 })).toBe(
      'in segment `qa` with `{"combiner":1,"x":2}`',
    );
  });

  test('counts what is too long to read', () => {
    const list = { type: 'IN_LIST_STRING', strings: numbered('u', 1, 57) };
    expect(ofMatcher(list)).toBe(
      'user key is in [`u-1`, `u-2`, `u-3`, `u-4`, `u-5`, `u-6`, `u-7`, `u-8`, `u-9`, `u-10` and 47 more]',
    );
    const matchers = Array.from({ length: 20 }, () => qa);
    expect(sentence({ matchers })).toBe(matchers.map(() => 'in segment `qa`').join(' and '));
    expect(sentence({ matchers: [...matchers, qa] })).toBe(
      `${matchers.map(() => 'in segment `qa`').join(' and ')} and 1 more condition`,
    );
  });

  test('shows integers beyond what a number holds as they came', () => {
    expect(sentence('{"matchers":[{"type":"EQUAL_NUMBER","attribute":"n","number":9007199254740993}]}')).toBe(
      '`n` is `9007199254740993`',
    );
    expect(sentence('{"matchers":[{"type":"ON_DATE","attribute":"n","date":9007199254740993}]}')).toBe(
      '`n` is on `9007199254740993`',
    );
  });
});
