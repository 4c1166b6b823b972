// Overrides: which of them hold for an item, what they make of its source, and which do not fit what was read.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Definition } from '../../src/definition/definition.ts';
import { SECTIONS, type Section } from '../../src/definition/sections.ts';
import { toJson, type JsonObject } from '../../src/json.ts';
import { draftOf } from '../../src/plan/make-plan.ts';
import { overriddenParts } from '../../src/plan/overridden.ts';
import {
  idleSegments,
  overridden,
  overrideFor,
  overrideProblems,
  type Override,
  type ScopedOverride,
} from '../../src/plan/overrides.ts';
import { definition as anyDefinition, definitionPair } from '../definition/arbitrary-meaning.ts';
import {
  buckets,
  definition,
  inList,
  inSegment,
  json,
  matcher,
  rule,
  treatment,
} from '../definition/samples.ts';
import { itemOf, place, reading, wish } from './samples.ts';

const override = (members: Partial<ScopedOverride> = {}): ScopedOverride => ({
  rules: new Map(),
  segments: new Map(),
  ...members,
});

const NOTHING = override();

/** Allocations tell overrides apart here. */
const allocating = (trafficAllocation: number, members: Partial<ScopedOverride> = {}): ScopedOverride =>
  override({ trafficAllocation, ...members });

describe('the override that holds', () => {
  const general = allocating(1);
  const forEnvironment = allocating(2, { environment: 'Production' });
  const forFlag = allocating(3, { flag: 'clients' });
  const forBoth = allocating(4, { environment: 'Production', flag: 'clients' });
  const elsewhere = [
    allocating(5, { environment: 'QA' }),
    allocating(6, { flag: 'other' }),
    allocating(7, { environment: 'QA', flag: 'clients' }),
    allocating(8, { environment: 'Production', flag: 'other' }),
  ];

  test.each<[string, readonly ScopedOverride[], number | undefined]>([
    ['none where none is for the item', elsewhere, undefined],
    ['the general one', [general], 1],
    ['that of the environment before the general one', [general, forEnvironment], 2],
    ['that of the flag before that of the environment', [general, forEnvironment, forFlag], 3],
    ['that of both before all others', [general, forEnvironment, forFlag, forBoth], 4],
  ])('is %s, in whatever order they are given', (_what, holding, allocation) => {
    for (const given of [[...holding, ...elsewhere], [...elsewhere, ...holding].toReversed()]) {
      expect(overrideFor(given, reading()).trafficAllocation).toBe(allocation);
    }
  });

  test('is for an environment by its name, its id, and the id its definitions have, in either case', () => {
    const target = place('Production', { environment: { id: 'p1', name: 'Production', ownId: 'own1' } });

    for (const environment of ['Production', 'p1', 'P1', 'own1', 'OWN1'])
      expect(overrideFor([allocating(1, { environment })], reading({ target })).trafficAllocation).toBe(1);
    for (const environment of ['production', 'Staging', 'staging'])
      expect(
        overrideFor([allocating(1, { environment })], reading({ target })).trafficAllocation,
      ).toBeUndefined();
  });

  test("is for a flag by the source's name, whatever the copy is called", () => {
    const target = place('Production', { flag: 'copy' });

    expect(overrideFor([allocating(1, { flag: 'clients' })], reading({ target })).trafficAllocation).toBe(1);
    expect(
      overrideFor([allocating(1, { flag: 'copy' })], reading({ target })).trafficAllocation,
    ).toBeUndefined();
  });

  test('replaces the default rule whole, rules by position, and segments by old name', () => {
    const wide = override({
      defaultRule: buckets({ on: 1, off: 99 }),
      rules: new Map([
        [1, buckets({ on: 1, off: 99 })],
        [2, buckets({ on: 2, off: 98 })],
      ]),
      segments: new Map([
        ['a', 'wide'],
        ['b', 'wide'],
      ]),
    });
    const narrow = override({
      ...{ flag: 'clients', defaultRule: buckets({ off: 100 }) },
      rules: new Map([[2, buckets({ on: 3, off: 97 })]]),
      segments: new Map([['b', 'narrow']]),
    });

    expect(overrideFor([narrow, wide], reading())).toEqual({
      defaultRule: buckets({ off: 100 }),
      trafficAllocation: undefined,
      rules: new Map([
        [1, buckets({ on: 1, off: 99 })],
        [2, buckets({ on: 3, off: 97 })],
      ]),
      segments: new Map([
        ['a', 'wide'],
        ['b', 'narrow'],
      ]),
    });
  });

  test('of any set is what the narrowest of those for the item says', () => {
    const names = fc.option(fc.constantFrom('Production', 'QA'), { nil: undefined });
    const flags = fc.option(fc.constantFrom('clients', 'other'), { nil: undefined });
    const scopes = fc.uniqueArray(fc.record({ environment: names, flag: flags }), {
      selector: ({ environment, flag }) => `${environment} ${flag}`,
    });
    fc.assert(
      fc.property(
        scopes,
        fc.constantFrom('Production', 'QA'),
        fc.constantFrom('clients', 'other'),
        (all, environment, flag) => {
          const given = all.map((scope, at) =>
            allocating(at, {
              ...(scope.environment !== undefined && { environment: scope.environment }),
              ...(scope.flag !== undefined && { flag: scope.flag }),
            }),
          );
          const item = reading({ source: place('Staging', { flag }), target: place(environment, { flag }) });
          const inOrder: readonly (readonly [string | undefined, string | undefined])[] = [
            [environment, flag],
            [undefined, flag],
            [environment, undefined],
            [undefined, undefined],
          ];
          const [expected] = inOrder.flatMap(
            ([wanted, wantedFlag]) =>
              given.find((each) => each.environment === wanted && each.flag === wantedFlag)
                ?.trafficAllocation ?? [],
          );

          expect(overrideFor(given, item).trafficAllocation).toBe(expected);
        },
      ),
    );
  });
});

/** A source with everything that can be overridden. */
const source = definition({
  treatments: [
    treatment('on', { keys: ['a'], segments: ['a', 'b'], largeSegments: ['a'], ruleBasedSegments: ['c'] }),
    treatment('off', { segments: null }),
  ],
  trafficAllocation: 100,
  rules: [
    {
      ...rule([inSegment('a'), matcher('IN_LARGE_SEGMENT', { string: 'a', negate: true })], { on: 100 }),
      xnote: json('1.0'),
    },
    rule([matcher('IN_RULE_BASED_SEGMENT', { string: 'c' }), inList('a', 'a')], { on: 50, off: 50 }),
    rule(matcher('IN_SEGMENT', { string: 7 })),
  ],
});

describe('what overrides make of a source', () => {
  test('is another default rule and traffic allocation', () => {
    expect(
      overridden(source, override({ defaultRule: buckets({ on: 10, off: 90 }), trafficAllocation: 50 })),
    ).toEqual({ ...source, defaultRule: buckets({ on: 10, off: 90 }), trafficAllocation: 50 });
  });

  test('is other percentages of rules, which keep their condition and all other members', () => {
    const rules = new Map([[1, buckets({ off: 100 })]]);

    expect(overridden(source, override({ rules }))).toEqual({
      ...source,
      rules: source.rules?.map((each, at) => (at === 0 ? { ...each, buckets: buckets({ off: 100 }) } : each)),
    });
  });

  test('is other segments, in matchers of every kind and in individual targets, but no other text', () => {
    const segments = new Map([
      ['a', 'A'],
      ['c', 'C'],
      ['on', 'x'],
    ]);

    expect(overridden(source, override({ segments }))).toEqual({
      ...source,
      treatments: [
        treatment('on', {
          keys: ['a'],
          segments: ['A', 'b'],
          largeSegments: ['A'],
          ruleBasedSegments: ['C'],
        }),
        treatment('off', { segments: null }),
      ],
      rules: [
        {
          ...rule([inSegment('A'), matcher('IN_LARGE_SEGMENT', { string: 'A', negate: true })], { on: 100 }),
          xnote: json('1.0'),
        },
        rule([matcher('IN_RULE_BASED_SEGMENT', { string: 'C' }), inList('a', 'a')], { on: 50, off: 50 }),
        rule(matcher('IN_SEGMENT', { string: 7 })),
      ],
    });
  });

  test.each([
    ['two that change places', { a: 'b', b: 'a' }, ['b', 'a']],
    ['one that becomes another of the list, which is named once', { a: 'b' }, ['b']],
    ['two that become one', { a: 'x', b: 'x' }, ['x']],
  ])('renames %s', (_what, names, segments) => {
    const renamed = overridden(source, override({ segments: new Map(Object.entries(names)) }));

    expect(renamed.treatments[0]?.segments).toEqual(segments);
  });

  test('leaves a list as it is, doubles and all, where no name of it changes', () => {
    const doubled = definition({ treatments: [treatment('on', { segments: ['a', 'a'] }), treatment('off')] });

    expect(overridden(doubled, override({ segments: new Map([['b', 'c']]) }))).toEqual(doubled);
  });

  test('is nothing where a source has no rules', () => {
    const bare = definition({ rules: null });
    const members = { rules: new Map([[1, buckets({ on: 100 })]]), segments: new Map([['a', 'b']]) };

    expect(overridden(bare, override(members))).toEqual(bare);
  });

  test('of nothing is the source to the byte, whatever it is', () => {
    fc.assert(
      fc.property(anyDefinition(), (any) => {
        expect(toJson(overridden(any, NOTHING))).toBe(toJson(any));
        const idle = override({ segments: new Map([['no such segment', 'x']]) });
        expect(toJson(overridden(any, idle))).toBe(toJson(any));
      }),
    );
  });
});

const draft = (
  from: Definition,
  before: Definition | undefined,
  overrides: readonly ScopedOverride[],
  sections: readonly Section[] = SECTIONS,
) => draftOf(reading({ sourceDefinition: from, before }), wish({ overrides, sections }));

describe('the plan', () => {
  test('with overrides of nothing is the plan without, whatever is copied', () => {
    fc.assert(
      fc.property(definitionPair(), ([from, before]) => {
        const idle = [NOTHING, allocating(1, { flag: 'other' })];

        expect(draft(from, before, idle)).toEqual(draft(from, before, []));
      }),
    );
  });

  test('means the copy with everything overridden that is named, and keeps the source as read', () => {
    const { result, sourceDefinition } = draft(source, definition(), [
      override({ defaultRule: buckets({ on: 10, off: 90 }) }),
    ]);

    expect(result.defaultRule).toEqual(buckets({ on: 10, off: 90 }));
    expect(result.rules).toEqual(source.rules);
    expect(sourceDefinition).toEqual(source);
  });

  test('sets a traffic allocation that the source does not have', () => {
    expect(draft(definition(), definition(), [allocating(5)]).result.trafficAllocation).toBe(5);
  });

  test('renames nothing that the target keeps', () => {
    const before = definition({
      treatments: [treatment('on', { segments: ['a'] }), treatment('off')],
      rules: [rule(inSegment('a'))],
    });
    const renaming = [override({ segments: new Map([['a', 'A']]) })];

    expect(draft(source, before, renaming, ['rules']).result).toMatchObject({
      treatments: [{ segments: ['a'] }, {}],
      rules: [{ condition: { matchers: [{ string: 'A' }, { string: 'A' }] } }, {}, {}],
    });
    expect(draft(source, before, renaming, ['individual-targets']).result).toMatchObject({
      treatments: [{ segments: ['A', 'b'] }, {}],
      rules: [{ condition: { matchers: [{ string: 'a' }] } }],
    });
  });

  test('of a new definition is overridden, too', () => {
    expect(draft(source, undefined, [allocating(5)]).result.trafficAllocation).toBe(5);
  });

  test('writes nothing where overrides make the source what the target is', () => {
    const before = definition({ trafficAllocation: 5 });

    expect(draft(definition({ trafficAllocation: 100 }), before, [allocating(5)]).changed).toEqual([]);
  });

  test('finds a treatment that the result does not have', () => {
    const item = itemOf(source, definition(), {
      overrides: [override({ rules: new Map([[2, buckets({ gone: 100 })]]) })],
    });

    expect(item.findings[0]).toMatchObject({ code: 'structure', place: 'rule 2', severity: 'error' });
    expect(item.findings[0]?.message).toContain('`gone`');
  });
});

describe('what does not fit', () => {
  const items = [
    reading({ sourceDefinition: source }),
    reading({ sourceDefinition: source, target: place('QA') }),
  ];
  const at = (position: number, members: Partial<ScopedOverride> = {}): ScopedOverride =>
    override({ rules: new Map([[position, buckets({ on: 100 })]]), ...members });

  test.each<[string, readonly ScopedOverride[], readonly string[]]>([
    ['nothing of no overrides', [], []],
    [
      'nothing of those that are for the items',
      [at(3), at(1, { environment: 'QA' }), at(2, { flag: 'clients' })],
      [],
    ],
    [
      'a rule that the source does not have, in every environment',
      [at(4)],
      [
        '`overrides` sets rule 4 of flag `clients` for Production, but in Staging it has 3 rules.',
        '`overrides` sets rule 4 of flag `clients` for QA, but in Staging it has 3 rules.',
      ],
    ],
    [
      'a rule in one environment only',
      [at(9, { environment: 'qa' })],
      ['`overrides` sets rule 9 of flag `clients` for QA, but in Staging it has 3 rules.'],
    ],
    [
      'an environment that is no target',
      [allocating(1, { environment: 'Staging' })],
      [
        '`overrides` is for environment `Staging`, which this run does not copy to; it copies to `Production`, `QA`.',
      ],
    ],
    [
      'a flag that is not selected',
      [allocating(1, { flag: 'other' }), allocating(2, { flag: 'other', environment: 'QA' })],
      ['`overrides` is for flag `other`, which this run does not copy; it copies `clients`.'],
    ],
    [
      'an environment by its name and by its id',
      [allocating(1, { environment: 'QA' }), allocating(2, { environment: 'qa' })],
      ['`overrides` names one environment twice, as `QA` and as `qa`; name it once.'],
    ],
  ])('is %s', (_what, overrides, problems) => {
    expect(overrideProblems(overrides, items)).toEqual(problems);
  });

  test('is any rule where the source has none, or one less', () => {
    const [none, one] = [null, [rule(inSegment('a'))]].map((rules) =>
      overrideProblems([at(2)], [reading({ sourceDefinition: definition({ rules }) })]),
    );

    expect(none?.[0]).toContain('it has 0 rules');
    expect(one?.[0]).toContain('it has 1 rule.');
  });

  test('is no rule of an environment and a flag that are different overrides', () => {
    const both = [allocating(1, { environment: 'QA' }), allocating(2, { flag: 'clients' })];

    expect(overrideProblems(both, items)).toEqual([]);
  });
});

describe('segments that overrides rename and nothing names', () => {
  const renaming = (names: JsonObject, members: Partial<ScopedOverride> = {}): ScopedOverride =>
    override({ segments: new Map(Object.entries(names as Record<string, string>)), ...members });
  const inRule = definition({ rules: [rule(inSegment('r'))] });
  const asTarget = definition({ treatments: [treatment('on', { largeSegments: ['t'] }), treatment('off')] });
  const items = [reading({ sourceDefinition: inRule }), reading({ sourceDefinition: asTarget })];

  test.each<[string, readonly ScopedOverride[], readonly Section[], readonly string[]]>([
    ['are none of no overrides', [], SECTIONS, []],
    ['are none that some item names', [renaming({ r: 'x', t: 'y' })], SECTIONS, []],
    ['are those that no item names', [renaming({ r: 'x', z: 'y', k: 'j' })], SECTIONS, ['z', 'k']],
    ['are those of a section that is left out', [renaming({ r: 'x', t: 'y' })], ['rules'], ['t']],
    [
      'are those of the other section that is left out',
      [renaming({ r: 'x', t: 'y' })],
      ['individual-targets'],
      ['r'],
    ],
    [
      'are those that only items name which the override is not for',
      [renaming({ r: 'x' }, { flag: 'other' })],
      SECTIONS,
      ['r'],
    ],
  ])('%s', (_what, overrides, sections, idle) => {
    expect(idleSegments(overrides, items, sections)).toEqual(idle);
  });

  test('are none of the rules of a definition that is created', () => {
    const created = reading({ sourceDefinition: inRule, before: undefined });

    expect(idleSegments([renaming({ r: 'x' })], [created], ['treatments'])).toEqual([]);
    expect(
      idleSegments([renaming({ t: 'x' })], [{ ...created, sourceDefinition: asTarget }], ['rules']),
    ).toEqual(['t']);
  });

  test('are none where a source has no rules', () => {
    const bare = reading({ sourceDefinition: definition({ rules: null }) });

    expect(idleSegments([renaming({ r: 'x' })], [bare], SECTIONS)).toEqual(['r']);
  });
});

describe('what was overridden, found in the result', () => {
  const found = (
    held: Partial<Override>,
    {
      from = source,
      before = definition(),
      sections = SECTIONS,
    }: { from?: Definition; before?: Definition | undefined; sections?: readonly Section[] } = {},
  ) =>
    overriddenParts(draft(from, before, [override(held)], sections), { copied: sections, killState: 'keep' });
  const renamed = (names: Readonly<Record<string, string>>) => new Map(Object.entries(names));

  test('is nothing of a plain copy, whatever is copied', () => {
    fc.assert(
      fc.property(definitionPair(), ([from, before]) => {
        expect(overriddenParts(draft(from, before, []), { copied: SECTIONS, killState: 'keep' })).toEqual([]);
      }),
    );
  });

  test('is nothing where overrides say what the source says, or are not copied', () => {
    expect(found({ trafficAllocation: 100, defaultRule: buckets({ off: 100 }) })).toEqual([]);
    expect(found({ trafficAllocation: 1 }, { sections: ['rules'] })).toEqual([]);
  });

  test('is the sections that were overridden', () => {
    expect(found({ trafficAllocation: 1, defaultRule: buckets({ on: 100 }) })).toEqual([
      { part: 'default-rule' },
      { part: 'traffic-allocation' },
    ]);
  });

  test('is each rule, with the rule of the target that asks the same', () => {
    const [first, second] = source.rules ?? [];
    const rules = new Map([
      [1, buckets({ off: 100 })],
      [2, buckets({ off: 100 })],
      [3, buckets({ on: 100 })],
    ]);
    const there = { ...second, buckets: buckets({ on: 1, off: 99 }) };

    expect(found({ rules }, { before: definition({ rules: [there] }) })).toEqual([
      {
        part: 'rule',
        position: 1,
        source: first,
        after: { ...first, buckets: buckets({ off: 100 }) },
        before: undefined,
      },
      {
        part: 'rule',
        position: 2,
        source: second,
        after: { ...second, buckets: buckets({ off: 100 }) },
        before: there,
      },
    ]);
    expect(found({ rules }, { before: undefined })).toMatchObject([
      { before: undefined },
      { before: undefined },
    ]);
  });

  test('is each segment once, as a target only where no rule names it', () => {
    expect(found({ segments: renamed({ a: 'A', b: 'B' }) })).toEqual([
      { part: 'segment', from: ['a'], to: ['A'], isTarget: false },
      { part: 'segment', from: ['b'], to: ['B'], isTarget: true },
    ]);
  });

  test('is a list of segments that came to be fewer as a whole', () => {
    const from = definition({
      treatments: [treatment('on', { segments: ['a', 'b', 'c'] }), treatment('off')],
    });

    expect(found({ segments: renamed({ a: 'x', b: 'x', c: 'y' }) }, { from })).toEqual([
      { part: 'segment', from: ['a', 'b', 'c'], to: ['x', 'y'], isTarget: true },
    ]);
    expect(found({ segments: renamed({ a: 'b' }) }, { from })).toEqual([
      { part: 'segment', from: ['a'], to: [], isTarget: true },
    ]);
  });

  test('is nothing of an item that is equal already, where there is nothing to show', () => {
    const before = definition({ trafficAllocation: 5 });

    expect(found({ trafficAllocation: 5 }, { from: definition({ trafficAllocation: 9 }), before })).toEqual(
      [],
    );
  });

  test('is nothing of rules that a result does not have', () => {
    const item = draft(source, definition(), [NOTHING]);

    for (const rules of [null, source.rules?.slice(0, 1) ?? null]) {
      const result = { ...item.result, rules };
      expect(overriddenParts({ ...item, result }, { copied: SECTIONS, killState: 'keep' })).toEqual([]);
    }
  });
});
