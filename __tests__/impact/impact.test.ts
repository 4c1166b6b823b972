// Audiences of single changes: individual targets, kill states, configurations, order, everybody's rules.
import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../../src/definition/definition.ts';
import { impactOf } from '../../src/impact/impact.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { definition, inList, inSegment, inSplit, matcher, rule, treatment } from '../definition/samples.ts';
import { bucketsOf, everyAudience, shareWords, spoken, transitionWords, whoWords } from './spoken.ts';

/** A line an audience: who, before, after, who changes, certainty. */
const lines = (before: Definition | undefined, after: Definition): readonly string[] =>
  everyAudience(before, after).map((audience) => {
    const { before: old, after: current, transitions, moved, certainty } = audience;
    const served = `${shareWords(old)} -> ${shareWords(current)}`;
    return [whoWords(audience), served, transitionWords(transitions), moved, certainty].join(' | ');
  });

/** `off` for everyone; `on` and `off` have these members. */
const targeting = (on: JsonObject, off: JsonObject = {}, more: JsonObject = {}): Definition =>
  definition({ treatments: [treatment('on', on), treatment('off', off)], ...more });

const rules = (...list: readonly Json[]): JsonObject => ({ rules: list });

describe('individual targets', () => {
  test('in the order of the result, and those who are none any more after them', () => {
    expect(
      lines(
        targeting({ keys: ['a', 'gone'] }, { segments: ['s'] }),
        targeting(
          { segments: ['s'], largeSegments: ['s'] },
          { keys: ['new', 'a'], ruleBasedSegments: ['r'] },
        ),
      ),
    ).toEqual([
      'segments s | off 100 % -> on 100 % | off → on 100 % | 10000 | exact',
      'largeSegments s | off 100 % -> on 100 % | off → on 100 % | 10000 | exact',
      'key new | off 100 % -> off 100 % | nobody | 0 | exact',
      'key a | on 100 % -> off 100 % | on → off 100 % | 10000 | exact',
      'ruleBasedSegments r | off 100 % -> off 100 % | nobody | 0 | exact',
      'key gone | on 100 % -> unknown | nobody | 10000 | at-most',
      'everyone else | off 100 % -> off 100 % | nobody | 0 | exact',
    ]);
  });

  test('count for neither the largest shift nor a reshuffle', () => {
    const impact = impactOf(targeting({ keys: ['a'] }), targeting({}, { keys: ['a'] }));
    expect([impact.largestShift, impact.reshuffle]).toEqual([0, false]);
  });

  test('a target of two treatments gets the first', () => {
    const both = targeting({ keys: ['a'], segments: ['s'] }, { keys: ['a', 'b'], segments: ['s'] });
    expect(lines(both, both)).toEqual([
      'key a | on 100 % -> on 100 % | nobody | 0 | exact',
      'segments s | on 100 % -> on 100 % | nobody | 0 | exact',
      'key b | off 100 % -> off 100 % | nobody | 0 | exact',
      'everyone else | off 100 % -> off 100 % | nobody | 0 | exact',
    ]);
  });

  test.each<readonly [string, JsonObject, string, string | undefined]>([
    ['no rules', {}, 'off 100 %', undefined],
    [
      'a rule that asks for an attribute',
      rules(rule(inList('plan', 'pro'))),
      'unknown',
      'It depends on the attribute `plan` of the user.',
    ],
    ['a rule for the key', rules(rule(matcher('IN_LIST_STRING', { strings: ['a'] }))), 'on 100 %', undefined],
    [
      'a rule for another key',
      rules(rule(matcher('IN_LIST_STRING', { strings: ['b'] }))),
      'off 100 %',
      undefined,
    ],
    ['a rule that serves the same', rules(rule(inList('plan', 'pro'), { off: 100 })), 'off 100 %', undefined],
    [
      'a rule that serves the same before one that does not',
      rules(
        rule(inSegment('one'), { off: 100 }),
        rule(inSegment('two')),
        rule(inSegment('three'), { on: 100 }),
      ),
      'unknown',
      'It depends on who is in segment `two`.',
    ],
    [
      'a rule that asks another flag',
      rules(rule(inSplit('parent', 'on'))),
      'unknown',
      'It depends on what flag `parent` serves.',
    ],
    ['a killed flag', { killed: true, ...rules(rule(inSegment('one'))) }, 'off 100 %', undefined],
  ])('a key that becomes a target, before that served by %s', (_what, members, served, why) => {
    const [audience] = everyAudience(definition(members), targeting({ keys: ['a'] }, {}, members));
    const isKilled = members['killed'] === true;
    expect(shareWords(audience?.before)).toBe(served);
    expect(audience?.why).toBe(why);
    expect(audience?.who.kind).toBe(isKilled ? 'everyone-else' : 'key');
  });

  test('where what is served before is not known, the most that may change counts', () => {
    const before = definition(rules(rule(inSegment('one'), { on: 40, off: 60 })));
    const [audience] = everyAudience(before, targeting({}, { keys: ['a'] }));
    expect(audience).toMatchObject({
      before: 'unknown',
      transitions: [],
      moved: 4000,
      certainty: 'at-most',
      spared: 0,
    });
  });

  test('a segment that is no target any more is served by a rule for it', () => {
    const after = definition(rules(rule(inSegment('s'), { on: 30, off: 70 })));
    expect(lines(targeting({ segments: ['s'] }), after)[0]).toBe(
      'segments s | on 100 % -> on 30 %, off 70 % | on → off 70 % | 7000 | exact',
    );
    expect(lines(targeting({ largeSegments: ['s'] }), after)[0]).toBe(
      'largeSegments s | on 100 % -> unknown | nobody | 10000 | at-most',
    );
  });

  test('of a created definition are served what they are', () => {
    expect(lines(undefined, targeting({ keys: ['a'] }))).toEqual([
      'key a | undefined -> on 100 % | nobody | 0 | exact',
      'everyone else | undefined -> off 100 % | nobody | 0 | exact',
    ]);
  });
});

describe('kill states', () => {
  const half = rules(rule(inList('plan', 'pro'), { on: 50, off: 50 }));

  test('killed on both sides: everyone is one audience', () => {
    const killed = targeting({ keys: ['a'] }, {}, { killed: true, ...half });
    expect(lines(killed, { ...killed, defaultTreatment: 'on' })).toEqual([
      'everyone else | off 100 % -> on 100 % | off → on 100 % | 10000 | exact',
    ]);
  });

  test('killing and restoring change what rules and targets served', () => {
    const live = targeting({ keys: ['a'] }, {}, half);
    const killed = { ...live, killed: true };
    expect(lines(live, killed)).toEqual([
      'key a | on 100 % -> off 100 % | on → off 100 % | 10000 | exact',
      'plan in [pro] | on 50 %, off 50 % -> off 100 % | on → off 50 % | 5000 | exact',
      'everyone else | off 100 % -> off 100 % | nobody | 0 | exact',
    ]);
    expect(lines(killed, live)).toEqual([
      'key a | off 100 % -> on 100 % | off → on 100 % | 10000 | exact',
      'plan in [pro] | off 100 % -> on 50 %, off 50 % | off → on 50 % | 5000 | exact',
      'everyone else | off 100 % -> off 100 % | nobody | 0 | exact',
    ]);
  });
});

describe('configurations', () => {
  const configured = (configurations: Json | undefined, buckets: string): Definition =>
    definition({
      treatments: [treatment('on', configurations === undefined ? {} : { configurations }), treatment('off')],
      defaultRule: bucketsOf(buckets),
    });

  test('another one is a line of its own and moves nobody', () => {
    const impact = impactOf(configured('{"a":1}', 'on 30, off 70'), configured('{"a":2}', 'on 30, off 70'));
    expect(impact.audiences.map(({ transitions }) => transitions)).toEqual([
      [{ from: 'on', to: 'on', share: 3000 }],
    ]);
    expect([impact.largestShift, impact.audiences[0]?.moved]).toEqual([0, 0]);
  });

  test('only of those who keep the treatment', () => {
    const impact = impactOf(configured('{"a":1}', 'on 30, off 70'), configured('{"a":2}', 'on 50, off 50'));
    expect(transitionWords(impact.audiences[0]?.transitions ?? [])).toBe('on → on 30 %, off → on 20 %');
    expect(impact.largestShift).toBe(20);
  });

  test.each([
    [undefined, null],
    [undefined, ''],
    ['{}', '{}'],
  ])('%j and %j are the same', (left, right) => {
    expect(
      impactOf(configured(left, 'on 100'), configured(right, 'on 100')).audiences[0]?.transitions,
    ).toEqual([]);
  });

  test('a treatment that is only on one side has no other one', () => {
    const before = { ...configured('{"a":1}', 'on 100'), treatments: [treatment('off')] };
    expect(impactOf(before, configured('{"a":1}', 'on 100')).audiences[0]?.transitions).toEqual([]);
  });
});

describe('a reshuffle', () => {
  test('says how many the order alone moves', () => {
    const impact = impactOf(spoken('on 10, off 90'), spoken('off 70, on 30'));
    expect(impact.audiences.map(({ moved, spared }) => [moved, spared])).toEqual([[4000, 2000]]);
  });

  test('is found in a rule', () => {
    const [before, after] = ['on 10, off 90', 'off 90, on 10'].map((sizes) => `plan in [pro] → ${sizes}`);
    const impact = impactOf(spoken('off 100', before), spoken('off 100', after));
    expect([impact.reshuffle, impact.largestShift]).toEqual([true, 20]);
  });

  test('an empty bucket has a place in the order', () => {
    const impact = impactOf(spoken('on 0, off 50, beta 50'), spoken('on 10, off 40, beta 50'));
    expect(impact.reshuffle).toBe(false);
    expect(
      impactOf(spoken('beta 0, on 50, off 50'), spoken('on 50, off 40, beta 10')).audiences[0]?.spared,
    ).toBe(0);
  });

  test('is not told of users of whom nobody knows whether there are any', () => {
    const [one, other] = ['plan in [pro] → on 10, off 90', 'country in [DE] → off 90, on 10'];
    const impact = impactOf(spoken('off 100', `${one}; ${other}`), spoken('off 100', `${other}; ${one}`));
    expect(impact.audiences.map(({ certainty, moved, spared }) => [certainty, moved, spared])).toEqual([
      ['exact', 0, 0],
      ['at-most', 2000, 0],
      ['exact', 0, 0],
      ['exact', 0, 0],
    ]);
    expect([impact.reshuffle, impact.largestShift]).toEqual([false, 20]);
  });
});

describe('rules', () => {
  const everyone = matcher('ALL_KEYS');

  test('where everybody meets one, there is no one else', () => {
    expect(lines(definition(rules(rule(everyone, { off: 100 }))), definition(rules(rule(everyone))))).toEqual(
      [' in segment undefined | off 100 % -> on 100 % | off → on 100 % | 10000 | exact'.trim()],
    );
  });

  test('below one that everybody meets, nobody is left', () => {
    const after = definition(rules(rule(everyone), rule(inSegment('s'))));
    expect(impactOf(definition(), after).audiences.map(({ who }) => who.kind)).toEqual(['rule']);
  });

  test('a second one with the same condition serves nobody', () => {
    const twice = definition(rules(rule(inSegment('s')), rule(inSegment('s'), { off: 100 })));
    expect(lines(twice, twice)).toEqual([
      'in segment s | on 100 % -> on 100 % | nobody | 0 | exact',
      'everyone else | off 100 % -> off 100 % | nobody | 0 | exact',
    ]);
  });

  test('one that moved above a wider one takes its users', () => {
    const [narrow, wide] = ['plan in [pro] → on 100', 'plan in [pro, team] → off 100'];
    const [before, after] = [
      spoken('off 100', `${wide}; ${narrow}`),
      spoken('off 100', `${narrow}; ${wide}`),
    ];
    expect(lines(before, after)).toEqual([
      'plan in [pro] | off 100 % -> on 100 % | off → on 100 % | 10000 | exact',
      'plan in [pro, team] | off 100 % -> off 100 % | nobody | 0 | exact',
      'everyone else | off 100 % -> off 100 % | nobody | 0 | exact',
    ]);
  });

  test('one that is taken away comes after those that stay, and the boundary of an interval counts', () => {
    const age = (type: string, number: number) => matcher(type, { attribute: 'age', number });
    const before = definition(rules(rule(age('LESS_THAN_OR_EQUAL_NUMBER', 5)), rule(inSegment('s'))));
    const after = definition(rules(rule(age('GREATER_THAN_OR_EQUAL_NUMBER', 5), { off: 100 })));
    const { audiences } = impactOf(before, after);
    expect(audiences.map(({ who, moved, certainty }) => [who.kind, moved, certainty])).toEqual([
      // Users of either rule that was there before, and of the one that is there now.
      ['rule', 10_000, 'at-most'],
      ['rule', 0, 'exact'],
      ['rule', 10_000, 'exact'],
      ['rule', 10_000, 'exact'],
      ['everyone-else', 0, 'exact'],
    ]);
    expect(audiences[0]?.why).toBe('It cannot be known whether any users meet both conditions.');
  });

  test('long lists are compared in good time', () => {
    const list = (from: number) =>
      rule(inList('id', ...Array.from({ length: 3000 }, (_, at) => `account-${from + at}`)));
    const lists = Array.from({ length: 30 }, (_, at) => list(3000 * at));
    const impact = impactOf(definition(rules(...lists)), definition(rules(...lists.toReversed())));
    // Lists without a common string are apart: whichever comes first, the same one serves.
    expect(impact.audiences.map(({ certainty }) => certainty)).toEqual(Array(31).fill('exact'));
    expect(impact.largestShift).toBe(0);
  });

  test('more audiences than a function takes arguments are compared', () => {
    // Each of 1,500 rules before may share users with each after, and 100 outcomes tell them apart.
    const list = (side: string) =>
      Array.from({ length: 1500 }, (_, at) =>
        rule(inSegment(`${side}${at}`), { on: at % 100, off: 100 - (at % 100) }),
      );
    const { audiences, largestShift, mostMoved } = impactOf(
      definition(rules(...list('before'))),
      definition(rules(...list('after'))),
    );
    expect(audiences.length).toBeGreaterThan(130_000);
    expect([largestShift, mostMoved?.moved]).toEqual([99, 9900]);
  });

  test('a hundred that are turned round are compared in good time', () => {
    const list = Array.from({ length: 100 }, (_, at) => rule(inSegment(`s${at}`), { on: at, off: 100 - at }));
    const impact = impactOf(definition(rules(...list)), definition(rules(...list.toReversed())));
    expect(impact.audiences.filter(({ certainty }) => certainty === 'at-most')).toHaveLength((100 * 99) / 2);
    expect(impact.largestShift).toBe(99);
  });
});
