// Audiences in words: who they are, what becomes of them, and how many change.
import { describe, expect, test } from '@jest/globals';
import { impactOf, type Audience } from '../../src/impact/impact.ts';
import { PLAIN, audienceSentence, fateWords } from '../../src/plan/audience-words.ts';
import { definition, inSegment, inSplit, matcher, rule, treatment } from '../definition/samples.ts';
import { spoken, targetAudiencesOf } from '../impact/spoken.ts';
import type { Json } from '../../src/json.ts';

/** Sentences without the backticks around names. */
const sentence = (audience: Audience): string => audienceSentence(audience, PLAIN).replaceAll('`', '');

const sentences = (
  [before, after]: readonly [string, string],
  [rulesBefore, rulesAfter]: readonly [string, string] = ['none', 'none'],
): readonly string[] =>
  impactOf(spoken(before, rulesBefore), spoken(after, rulesAfter)).audiences.map(sentence);

describe('everyone else', () => {
  test.each([
    ['off 100', 'off 100', 'unchanged, off'],
    ['on 10, off 90', 'on 10, off 90', 'unchanged, on 10 %, off 90 %'],
    ['off 100', 'on 100', 'off → on; all of them change'],
    ['off 100', 'on 10, off 90', 'on 0 % → on 10 %; 10 % of them change'],
    ['on 10, off 90', 'on 100', 'on 10 % → on 100 %; 90 % of them change'],
    ['on 10, off 90', 'killed, off', 'off 90 % → off 100 %; 10 % of them change'],
    [
      'on 20, beta 30, off 50',
      'on 30, beta 30, off 40',
      'on 20 %, beta 30 %, off 50 % → on 30 %, beta 30 %, off 40 %; 20 % of them change',
    ],
    [
      'on 10, off 90',
      'off 90, on 10',
      'on 10 %, off 90 % → off 90 %, on 10 %; 20 % of them change, only because of the order of the treatments',
    ],
    [
      'on 10, off 90',
      'off 70, on 30',
      'on 10 % → on 30 %; 40 % of them change, 20 % only because of the order of the treatments',
    ],
    [
      'on 50, off 50; 33 % of traffic, else off',
      'on 25, off 75; 67 % of traffic, else off',
      'on 16.5 % → on 16.75 %; 16.75 % of them change',
    ],
  ])('%s, then %s: %s', (before, after, words) => {
    expect(sentences([before, after])).toEqual([`Everyone else: ${words}.`]);
  });
});

test('rules are audiences by what their users have, in the order in which they are asked', () => {
  expect(
    sentences(
      ['off 100', 'off 100'],
      ['plan in [pro, team] → on 10, off 90', 'plan in [pro, team] → on 100; in segment qa → beta 100'],
    ),
  ).toEqual([
    'Users with plan in [pro, team]: on 10 % → on 100 %; 90 % of them change.',
    'Users in segment qa: off → beta; all of them change.',
    'Everyone else: unchanged, off.',
  ]);
});

test('users of two rules, who may not exist, are told as such', () => {
  const [first] = sentences(
    ['off 100', 'off 100'],
    [
      'plan in [pro] → on 100; country in [DE] → off 100',
      'country in [DE] → off 100; plan in [pro] → on 100',
    ],
  ).filter((words) => words.includes('also'));
  expect(first).toBe(
    'Users with country in [DE], also with plan in [pro], if there are any: on → off; all of them change.',
  );
});

test('of many rules that users may meet as well, the first are named and the others counted', () => {
  const many = ['a', 'b', 'c', 'd', 'e'].map((name) => rule(inSegment(name)));
  const first = rule(inSegment('first'), { off: 100 });
  const [audience] = impactOf(
    definition({ rules: [...many, first] }),
    definition({ rules: [first, ...many] }),
  ).audiences.filter(({ who: { kind }, certainty }) => kind === 'rule' && certainty === 'at-most');
  expect(audience && sentence(audience)).toBe(
    'Users in segment first, also in segment a or in segment b or in segment c or of 2 more rules, if there are any: on → off; all of them change.',
  );
});

/** Who meets the only rule of a definition. */
const who = (...matchers: readonly Json[]): string => {
  const value = definition({ rules: [rule(matchers)] });
  const [audience] = impactOf(value, value).audiences;
  return audience === undefined ? '' : sentence(audience).replace(/: unchanged.*$/u, '');
};

test.each<readonly [string, readonly Json[]]>([
  ['Everyone', [matcher('ALL_KEYS')]],
  ['Users of any kind and in segment qa', [matcher('ALL_KEYS'), inSegment('qa')]],
  ['Users with key in [u-1]', [matcher('IN_LIST_STRING', { strings: ['u-1'] })]],
  [
    'Users with plan not in [pro]',
    [matcher('IN_LIST_STRING', { attribute: 'plan', strings: ['pro'], negate: true })],
  ],
  [
    'Users with seats at least 5 and age between 1 and 9',
    [
      matcher('GREATER_THAN_OR_EQUAL_NUMBER', { attribute: 'seats', number: 5 }),
      matcher('BETWEEN_NUMBER', { attribute: 'age', between: { from: 1, to: 9 } }),
    ],
  ],
  [
    'Users whose seats is 5 and whose mail does not end with @a.example',
    [
      matcher('EQUAL_NUMBER', { attribute: 'seats', number: 5 }),
      matcher('ENDS_WITH_STRING', { attribute: 'mail', strings: ['@a.example'], negate: true }),
    ],
  ],
  ['Users whose beta is not true', [matcher('BOOLEAN', { attribute: 'beta', bool: true, negate: true })]],
  ['Users not in large segment big', [matcher('IN_LARGE_SEGMENT', { string: 'big', negate: true })]],
  ['Users for whom flag parent serves on', [inSplit('parent', 'on')]],
  ['Users for whom NEW_TYPE with {"string":"x"} holds', [matcher('NEW_TYPE', { string: 'x' })]],
  ['Users without a condition', []],
])('%s', (words, matchers) => {
  expect(who(...matchers)).toBe(words);
});

test('a combiner that is no AND joins the matchers, and what it is not known to mean is not hidden', () => {
  const nobody = matcher('ALL_KEYS', { negate: true });
  const matchers = [inSegment('a'), inSegment('b'), nobody];
  const value = definition({
    rules: [{ ...rule([]), condition: { combiner: 'OR', matchers, more: 1 } }],
  });
  expect(impactOf(value, value).audiences.map(sentence)[0]).toBe(
    'Users in segment a or in segment b or of no kind with {"more":1}: unchanged, on.',
  );
});

test('a definition that is new is told by what it serves instead of control', () => {
  expect(impactOf(undefined, spoken('on 10, off 90')).audiences.map(sentence)).toEqual([
    'Everyone else: control → on 10 %, off 90 %.',
  ]);
});

describe('individual targets', () => {
  const targets = (on: Json, off: Json = {}, rules: readonly Json[] = []) =>
    definition({
      treatments: [treatment('on', { ...(on as object) }), treatment('off', { ...(off as object) })],
      rules,
    });

  test('are told one by one, without a share where it is one user', () => {
    expect(
      targetAudiencesOf(
        targets({ keys: ['ada'], segments: ['qa'], largeSegments: ['big'] }),
        targets({}, { keys: ['ada'], segments: ['qa'], largeSegments: ['big'], ruleBasedSegments: ['r'] }),
      ).map(sentence),
    ).toEqual([
      'User ada: on → off.',
      'Members of segment qa: on → off; all of them change.',
      'Members of large segment big: on → off; all of them change.',
      'Members of rule-based segment r: not known → off; up to all of them change; it depends on who is in segment qa.',
    ]);
  });

  test('of which it cannot be known what they are served say what that depends on', () => {
    const asked = [rule(inSegment('staff'), { on: 40, off: 60 })];
    expect(
      targetAudiencesOf(targets({}, {}, asked), targets({}, { keys: ['ada'], segments: ['qa'] }, asked)).map(
        sentence,
      ),
    ).toEqual([
      'User ada: not known → off; it depends on who is in segment staff.',
      'Members of segment qa: not known → off; up to 40 % of them change; it depends on who is in segment staff.',
    ]);
  });
});

describe('dynamic configurations', () => {
  const configured = (text: string, sizes: Readonly<Record<string, number>>) =>
    definition({
      treatments: [treatment('on', { configurations: text }), treatment('off'), treatment('beta')],
      defaultRule: Object.entries(sizes).map(([name, size]) => ({ treatment: name, size })),
    });
  const [audience] = impactOf(
    configured('1', { on: 30, off: 70 }),
    configured('2', { on: 40, beta: 10, off: 50 }),
  ).audiences;

  test('are told beside the shares, and left to the table beside one', () => {
    expect(audience && fateWords(audience, PLAIN, { brief: false }).replaceAll('`', '')).toBe(
      'on 30 %, off 70 % → on 40 %, beta 10 %, off 50 %; 20 % of them change; on with another configuration: 30 %',
    );
    expect(audience && fateWords(audience, PLAIN, { brief: true })).toBe('20 % of them change');
  });

  test('that alone change move nobody', () => {
    const [only] = impactOf(configured('1', { on: 100 }), configured('2', { on: 100 })).audiences;
    expect(only && sentence(only)).toBe('Everyone else: unchanged, on; on with another configuration: all.');
  });
});

test('a name cannot end its quotation early, and a long one is cut', () => {
  expect(PLAIN.show('a`b')).toBe("`a'b`");
  expect(PLAIN.show('x'.repeat(90))).toBe(`\`${'x'.repeat(79)}…\``);
  expect(PLAIN.show('😀'.repeat(80))).toBe(`\`${'😀'.repeat(80)}\``);
});
