// Differences: what happened to treatments, targets, values and rules, said once and said exactly.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Definition, Rule, Treatment } from '../../src/definition/definition.ts';
import {
  countTargets,
  differencesOf,
  sectionOfDifference,
  type Difference,
} from '../../src/definition/difference.ts';
import { canonical, sameMeaning } from '../../src/definition/equality.ts';
import { SECTIONS, changedSections, withoutTargets } from '../../src/definition/sections.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { definition as anyDefinition, definitionPair, respelledDefinition } from './arbitrary-meaning.ts';
import { buckets, definition, inList, json, matcher, rule, treatment } from './samples.ts';

const between = (before: JsonObject, after: JsonObject): readonly Difference[] =>
  differencesOf(definition(before), definition(after));

describe('treatments', () => {
  const [on, off, beta] = [treatment('on'), treatment('off'), treatment('beta')];

  test.each<[string, Json, Json, readonly Difference[]]>([
    ['nothing changed', [on, off], [on, off], []],
    ['one is new', [on, off], [on, beta, off], [{ kind: 'treatment-added', at: 1, treatment: beta }]],
    ['one is gone', [on, beta, off], [on, off], [{ kind: 'treatment-removed', at: 1, treatment: beta }]],
    [
      'one moved',
      [on, off, beta],
      [beta, on, off],
      [{ kind: 'treatment-moved', from: 2, to: 0, name: 'beta' }],
    ],
    [
      'one was renamed',
      [on, off],
      [on, beta],
      [
        { kind: 'treatment-removed', at: 1, treatment: off },
        { kind: 'treatment-added', at: 1, treatment: beta },
      ],
    ],
    [
      'a description is new',
      [on, off],
      [on, treatment('off', { description: 'none' })],
      [{ kind: 'treatment-changed', name: 'off', member: 'description', before: undefined, after: 'none' }],
    ],
    [
      'a configuration changed by a space, and a member is gone',
      [treatment('on', { configurations: '{}', xcolor: { a: 1 } })],
      [treatment('on', { configurations: '{ }' })],
      [
        { kind: 'treatment-changed', name: 'on', member: 'configurations', before: '{}', after: '{ }' },
        { kind: 'treatment-changed', name: 'on', member: 'xcolor', before: { a: 1 }, after: undefined },
      ],
    ],
    [
      'an empty configuration is not none',
      [treatment('on')],
      [treatment('on', { configurations: '' })],
      [{ kind: 'treatment-changed', name: 'on', member: 'configurations', before: undefined, after: '' }],
    ],
    ['an empty description is none', [on], [treatment('on', { description: '' })], []],
    [
      'null and an empty list are none',
      [treatment('on', { xa: null, xb: [] })],
      [treatment('on', { description: null })],
      [],
    ],
    [
      'one moved and changed',
      [on, off],
      [off, treatment('on', { description: 'x' })],
      [
        { kind: 'treatment-moved', from: 0, to: 1, name: 'on' },
        { kind: 'treatment-changed', name: 'on', member: 'description', before: undefined, after: 'x' },
      ],
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(between({ treatments: before }, { treatments: after })).toEqual(expected);
  });

  // An absent member named like one that every object inherits is taken for that one today.
  test.each([
    ['constructor', '1'],
    ['toString', '"x"'],
  ])('a member named %s is new', (member, value) => {
    const after = json(`[{"name":"on","${member}":${value}}]`);

    expect(between({ treatments: [on] }, { treatments: after })).toEqual([
      { kind: 'treatment-changed', name: 'on', member, before: undefined, after: json(value) },
    ]);
  });

  test('a member named __proto__ is new', () => {
    expect(
      between({ treatments: [on] }, { treatments: json('[{"name":"on","__proto__":{}}]') }),
    ).toHaveLength(1);
  });
});

describe('individual targets', () => {
  const changed = (
    treatmentName: string,
    list: string,
    added: readonly string[],
    removed: readonly string[],
  ) => ({
    kind: 'targets-changed',
    ...{ treatment: treatmentName, list, added, removed },
  });

  test.each<[string, JsonObject, JsonObject, readonly object[]]>([
    [
      'some are new and some are gone',
      { keys: ['a', 'b'] },
      { keys: ['c', 'b', 'd'] },
      [changed('on', 'keys', ['c', 'd'], ['a'])],
    ],
    [
      'in every list',
      { keys: ['a'], largeSegments: ['b'] },
      { segments: ['c'], ruleBasedSegments: ['d'] },
      [
        changed('on', 'keys', [], ['a']),
        changed('on', 'segments', ['c'], []),
        changed('on', 'largeSegments', [], ['b']),
        changed('on', 'ruleBasedSegments', ['d'], []),
      ],
    ],
    ['another order is none', { keys: ['a', 'b'] }, { keys: ['b', 'a'] }, []],
    ['naming one twice is none', { keys: ['a'] }, { keys: ['a', 'a'] }, []],
    ['null and an empty list are none', { keys: null, segments: [] }, { largeSegments: null }, []],
    ['one named twice is new once', {}, { keys: ['a', 'a'] }, [changed('on', 'keys', ['a'], [])]],
  ])('%s', (_what, before, after, expected) => {
    expect(
      between({ treatments: [treatment('on', before)] }, { treatments: [treatment('on', after)] }),
    ).toEqual(expected);
  });

  test('come with a new treatment and go with a lost one', () => {
    const [gone, added] = [treatment('old', { keys: ['a'] }), treatment('new', { segments: ['b'] })];

    expect(between({ treatments: [gone] }, { treatments: [added] })).toEqual([
      { kind: 'treatment-removed', at: 0, treatment: gone },
      changed('old', 'keys', [], ['a']),
      { kind: 'treatment-added', at: 0, treatment: added },
      changed('new', 'segments', ['b'], []),
    ]);
  });

  test('are counted over all lists and treatments, and nothing else is', () => {
    const differences = between(
      { treatments: [treatment('on', { keys: ['a', 'b'], segments: ['s'] }), treatment('off')] },
      {
        treatments: [treatment('on', { keys: ['c', 'd', 'e'] }), treatment('new', { keys: ['f'] })],
        defaultTreatment: 'on',
      },
    );

    expect(countTargets(differences)).toEqual({ added: 4, removed: 3 });
    expect(countTargets([])).toEqual({ added: 0, removed: 0 });
  });
});

describe('single values', () => {
  test.each<[string, JsonObject, JsonObject, readonly Difference[]]>([
    [
      'default treatment',
      { defaultTreatment: 'on' },
      { defaultTreatment: 'off' },
      [{ kind: 'value-changed', section: 'default-treatment', before: 'on', after: 'off' }],
    ],
    [
      'a new baseline treatment',
      {},
      { baselineTreatment: 'off' },
      [{ kind: 'value-changed', section: 'baseline-treatment', before: undefined, after: 'off' }],
    ],
    [
      'a lost baseline treatment',
      { baselineTreatment: 'off' },
      { baselineTreatment: null },
      [{ kind: 'value-changed', section: 'baseline-treatment', before: 'off', after: null }],
    ],
    [
      'traffic allocation',
      { trafficAllocation: 100 },
      { trafficAllocation: 0 },
      [{ kind: 'value-changed', section: 'traffic-allocation', before: 100, after: 0 }],
    ],
    ['the same traffic allocation', { trafficAllocation: 100 }, { trafficAllocation: json('100.0') }, []],
    ['null for none', { baselineTreatment: null }, { trafficAllocation: null }, []],
    [
      'default rule',
      { defaultRule: buckets({ on: 50, off: 50 }) },
      { defaultRule: buckets({ off: 50, on: 50 }) },
      [
        {
          kind: 'default-rule-changed',
          before: buckets({ on: 50, off: 50 }),
          after: buckets({ off: 50, on: 50 }),
        },
      ],
    ],
    [
      'the same default rule',
      { defaultRule: [{ treatment: 'on', size: 100 }] },
      { defaultRule: [{ size: json('1e2'), treatment: 'on', xnote: null }] },
      [],
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(between(before, after)).toEqual(expected);
  });
});

describe('rules', () => {
  const pro = rule(inList('plan', 'pro'));
  const beta = rule(matcher('IN_SEGMENT', { string: 'beta' }));
  const since = rule(matcher('ON_DATE', { attribute: 'since', date: 1 }));

  const changed = (from: number, to: number, before: Json, after: Json, parts: readonly string[]) => ({
    kind: 'rule-changed',
    ...{ from, to, before, after, parts },
  });

  test.each<[string, readonly Json[] | null, readonly Json[] | null, readonly object[]]>([
    ['nothing changed', [pro, beta], [pro, beta], []],
    ['none and null', [], null, []],
    ['one is new', [pro, since], [pro, beta, since], [{ kind: 'rule-added', at: 1, rule: beta }]],
    ['the first is new', null, [beta], [{ kind: 'rule-added', at: 0, rule: beta }]],
    ['one is gone', [pro, beta, since], [pro, since], [{ kind: 'rule-removed', at: 1, rule: beta }]],
    [
      'one moved',
      [pro, beta, since],
      [since, pro, beta],
      [{ kind: 'rule-moved', from: 2, to: 0, rule: since }],
    ],
    [
      'one was spelled otherwise',
      [pro],
      [{ ...pro, xnote: null, condition: { matchers: pro.condition.matchers } }],
      [],
    ],
    [
      'one serves others',
      [pro],
      [rule(inList('plan', 'pro'), { on: 10, off: 90 })],
      [changed(0, 0, pro, rule(inList('plan', 'pro'), { on: 10, off: 90 }), ['buckets'])],
    ],
    [
      'one asks for other values',
      [pro],
      [rule(inList('plan', 'team'))],
      [changed(0, 0, pro, rule(inList('plan', 'team')), ['condition'])],
    ],
    [
      'one asks for other values and serves others',
      [pro],
      [rule(inList('plan', 'team'), { off: 100 })],
      [changed(0, 0, pro, rule(inList('plan', 'team'), { off: 100 }), ['condition', 'buckets'])],
    ],
    [
      'one has another member we do not know',
      [pro],
      [{ ...pro, xnote: 'x' }],
      [changed(0, 0, pro, { ...pro, xnote: 'x' }, ['other'])],
    ],
    [
      'one is combined otherwise',
      [pro],
      [{ ...pro, condition: { ...pro.condition, combiner: 'OR' } }],
      [changed(0, 0, pro, { ...pro, condition: { ...pro.condition, combiner: 'OR' } }, ['condition'])],
    ],
    [
      'one that asks about something else is another one',
      [pro],
      [rule(inList('country', 'pro'))],
      [
        { kind: 'rule-removed', at: 0, rule: pro },
        { kind: 'rule-added', at: 0, rule: rule(inList('country', 'pro')) },
      ],
    ],
    [
      'one that is negated is the same one, edited',
      [pro],
      [rule({ ...inList('plan', 'pro'), negate: true })],
      [
        {
          kind: 'rule-changed',
          from: 0,
          to: 0,
          before: pro,
          after: rule({ ...inList('plan', 'pro'), negate: true }),
          parts: ['condition'],
        },
      ],
    ],
    [
      'one whose matcher is of another type is another one',
      [pro],
      [rule({ ...inList('plan', 'pro'), type: 'STARTS_WITH_STRING' })],
      [
        { kind: 'rule-removed', at: 0, rule: pro },
        { kind: 'rule-added', at: 0, rule: rule({ ...inList('plan', 'pro'), type: 'STARTS_WITH_STRING' }) },
      ],
    ],
    [
      'one moved and changed',
      [pro, beta, since],
      [beta, since, rule(inList('plan', 'pro'), { off: 100 })],
      [
        { kind: 'rule-moved', from: 0, to: 2, rule: rule(inList('plan', 'pro'), { off: 100 }) },
        changed(0, 2, pro, rule(inList('plan', 'pro'), { off: 100 }), ['buckets']),
      ],
    ],
    [
      'the same condition before the same subject',
      [rule(inList('plan', 'a')), rule(inList('plan', 'b'))],
      [rule(inList('plan', 'b'), { off: 100 }), rule(inList('plan', 'c'))],
      [
        { kind: 'rule-moved', from: 0, to: 1, rule: rule(inList('plan', 'c')) },
        changed(0, 1, rule(inList('plan', 'a')), rule(inList('plan', 'c')), ['condition']),
        changed(1, 0, rule(inList('plan', 'b')), rule(inList('plan', 'b'), { off: 100 }), ['buckets']),
      ],
    ],
    [
      'the same rule before the same condition',
      [rule(inList('plan', 'a')), rule(inList('plan', 'a'), { off: 100 })],
      [rule(inList('plan', 'a'), { off: 100 })],
      [{ kind: 'rule-removed', at: 0, rule: rule(inList('plan', 'a')) }],
    ],
  ])('%s', (_what, before, after, expected) => {
    expect(between({ rules: before }, { rules: after })).toEqual(expected);
  });
});

test('a definition that was not there is new in everything it holds', () => {
  const after = definition({
    treatments: [treatment('on', { keys: ['a'] })],
    rules: [rule(inList('a', 'b'))],
    trafficAllocation: 100,
    baselineTreatment: null,
  });

  expect(differencesOf(undefined, after)).toEqual([
    { kind: 'treatment-added', at: 0, treatment: treatment('on', { keys: ['a'] }) },
    { kind: 'targets-changed', treatment: 'on', list: 'keys', added: ['a'], removed: [] },
    { kind: 'value-changed', section: 'default-treatment', before: undefined, after: 'off' },
    { kind: 'value-changed', section: 'traffic-allocation', before: undefined, after: 100 },
    { kind: 'rule-added', at: 0, rule: rule(inList('a', 'b')) },
    { kind: 'default-rule-changed', before: [], after: buckets({ off: 100 }) },
  ]);
});

/** Carries differences out on the definition they start from, as a reader of them would. */
function applied(before: Definition, differences: readonly Difference[], after: Definition): Definition {
  const of = <K extends Difference['kind']>(kind: K) =>
    differences.filter(
      (difference): difference is Extract<Difference, { kind: K }> => difference.kind === kind,
    );
  const removedTreatments = new Set(of('treatment-removed').map(({ at }) => at));
  const movedNames = new Set(of('treatment-moved').map(({ name }) => name));
  const kept = before.treatments
    .filter((_, at) => !removedTreatments.has(at))
    .map((treatment): Treatment => {
      const members: Record<string, Json | undefined> = { ...treatment };
      for (const change of of('treatment-changed'))
        if (change.name === treatment.name) members[change.member] = change.after;
      for (const change of of('targets-changed')) {
        if (change.treatment !== treatment.name) continue;
        const gone = new Set(change.removed);
        members[change.list] = [
          ...(treatment[change.list] ?? []).filter((target) => !gone.has(target)),
          ...change.added,
        ];
      }
      return { ...members, name: treatment.name };
    });
  const treatments = kept.filter(({ name }) => !movedNames.has(name));
  const placed = [
    ...of('treatment-added').map(({ at, treatment }) => ({ at, value: treatment })),
    ...of('treatment-moved').map(({ to, name }) => ({
      at: to,
      value: kept.find((treatment) => treatment.name === name) ?? treatment('?'),
    })),
  ];
  for (const { at, value } of placed.toSorted((left, right) => left.at - right.at))
    treatments.splice(at, 0, value);

  const gone = new Set(of('rule-removed').map(({ at }) => at));
  const moved = new Map(of('rule-moved').map(({ from, to }) => [from, to]));
  const edited = new Map(of('rule-changed').map(({ from, after: rule }) => [from, rule]));
  const old = (before.rules ?? []).map((rule, from) => ({ from, rule: edited.get(from) ?? rule }));
  const rules: Rule[] = old.filter(({ from }) => !gone.has(from) && !moved.has(from)).map(({ rule }) => rule);
  const placedRules = [
    ...of('rule-added').map(({ at, rule }) => ({ at, rule })),
    ...old.flatMap(({ from, rule }) => (moved.has(from) ? [{ at: moved.get(from) ?? 0, rule }] : [])),
  ];
  for (const { at, rule } of placedRules.toSorted((left, right) => left.at - right.at))
    rules.splice(at, 0, rule);

  const value = (section: string, otherwise: Json | undefined): Json | undefined => {
    const change = of('value-changed').find((difference) => difference.section === section);
    return change ? change.after : otherwise;
  };
  return {
    ...after,
    treatments,
    rules,
    defaultTreatment: value('default-treatment', before.defaultTreatment) as string,
    baselineTreatment: value('baseline-treatment', before.baselineTreatment) as string,
    trafficAllocation: value('traffic-allocation', before.trafficAllocation) as number,
    defaultRule: of('default-rule-changed')[0]?.after ?? before.defaultRule,
  };
}

describe('laws', () => {
  test('there are differences exactly when some section changed', () => {
    fc.assert(
      fc.property(definitionPair(), ([before, after]) => {
        expect(differencesOf(before, after).length > 0).toBe(changedSections(before, after).length > 0);
      }),
      { numRuns: 200 },
    );
  });

  test('they are in the sections that changed, and in no other', () => {
    fc.assert(
      fc.property(definitionPair(), ([before, after]) => {
        const sections = new Set(differencesOf(before, after).map(sectionOfDifference));

        expect(SECTIONS.filter((section) => sections.has(section))).toEqual(changedSections(before, after));
      }),
    );
  });

  test('there are none to the same in another spelling', () => {
    fc.assert(
      fc.property(anyDefinition(), (value) => {
        expect(differencesOf(value, respelledDefinition(value))).toEqual([]);
      }),
    );
  });

  test('carried out on what was, they give what is', () => {
    fc.assert(
      fc.property(definitionPair(), ([before, after]) => {
        expect(changedSections(applied(before, differencesOf(before, after), after), after)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('every member that differs is told, none that does not', () => {
    fc.assert(
      fc.property(definitionPair(), ([before, after]) => {
        for (const difference of differencesOf(before, after)) {
          if (difference.kind === 'treatment-changed') {
            expect(canonical({ [difference.member]: difference.before })).not.toBe(
              canonical({ [difference.member]: difference.after }),
            );
            expect(withoutTargets({ name: '', [difference.member]: 1 })).toHaveProperty([difference.member]);
          } else if (difference.kind === 'targets-changed') {
            expect(difference.added.length + difference.removed.length).toBeGreaterThan(0);
            expect(difference.added.filter((target) => difference.removed.includes(target))).toEqual([]);
          } else if (difference.kind === 'rule-changed') {
            expect(difference.parts.length).toBeGreaterThan(0);
            expect(sameMeaning(difference.before, difference.after)).toBe(false);
          }
        }
      }),
    );
  });
});
