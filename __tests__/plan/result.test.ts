// The one writer: the target as read, with the copied sections replaced.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { TARGET_LISTS, type Definition } from '../../src/definition/definition.ts';
import { sameMeaning } from '../../src/definition/equality.ts';
import {
  SECTIONS,
  changedSections,
  sectionOf,
  targetsOf,
  withoutTargets,
  type Section,
} from '../../src/definition/sections.ts';
import { toJson, type JsonObject } from '../../src/json.ts';
import { bodyOf, resultOf, type Copy } from '../../src/plan/result.ts';
import { definition as anyDefinition, definitionPair } from '../definition/arbitrary-meaning.ts';
import { buckets, definition, inList, json, rule, treatment, without } from '../definition/samples.ts';
import { itemOf } from './samples.ts';

const copy = (source: Definition, target: Definition | undefined, members: Partial<Copy> = {}): Definition =>
  resultOf({ source, target, targetFlag: 'clients', sections: SECTIONS, killState: 'keep', ...members });

const allBut = (...sections: readonly Section[]): readonly Section[] =>
  SECTIONS.filter((section) => !sections.includes(section));

/** A source and a target that differ in every section. */
const source = definition({
  treatments: [treatment('on', { description: 'new', keys: ['s1'] }), treatment('off', { segments: ['s2'] })],
  defaultTreatment: 'on',
  baselineTreatment: 'on',
  trafficAllocation: 100,
  rules: [rule(inList('plan', 'pro'))],
  defaultRule: buckets({ on: 100 }),
});
const target = definition({
  treatments: [treatment('off', { keys: ['t1'], configurations: '{}' }), treatment('on', { keys: ['t2'] })],
  baselineTreatment: 'off',
  trafficAllocation: 50,
  rules: [rule(inList('plan', 'free'))],
});

describe('with all sections', () => {
  test("every section is the source's", () => {
    expect(changedSections(copy(source, target), source)).toEqual([]);
  });

  test("everything else stays the target's", () => {
    const from = definition({
      id: 'i1',
      name: 'a',
      environment: { id: 'e1' },
      flagSets: [1],
      xown: 'source',
      xnew: true,
    });
    const to = definition({
      id: 'i2',
      name: 'b',
      environment: { id: 'e2' },
      flagSets: [2],
      xown: json('1.0'),
      impressionsDisabled: true,
    });
    const others = without(
      copy(from, to),
      'treatments',
      'defaultTreatment',
      'defaultRule',
      'rules',
      'killed',
    );

    expect(toJson(others)).toBe(
      '{"id":"i2","name":"b","environment":{"id":"e2"},"flagSets":[2],"xown":1.0,"impressionsDisabled":true}',
    );
  });

  test('what the source lacks, the target loses', () => {
    const from = definition({ treatments: [treatment('on'), treatment('off', { xcolor: 1 })], rules: null });
    const to = definition({
      treatments: [
        treatment('on', { description: 'x', configurations: '{}', xown: 2 }),
        treatment('gone'),
        treatment('off'),
      ],
      rules: [rule(inList('a', 'b'))],
    });

    expect(copy(from, to)).toMatchObject({
      treatments: [{ name: 'on' }, { name: 'off', xcolor: 1 }],
      rules: [],
    });
    expect(toJson(copy(from, to).treatments)).toBe('[{"name":"on"},{"name":"off","xcolor":1}]');
  });

  test('individual targets that the target loses leave an empty list, those nobody has leave none', () => {
    const from = definition({
      treatments: [treatment('on', { segments: ['s'], largeSegments: [], ruleBasedSegments: null })],
    });
    const to = definition({
      treatments: [treatment('on', { keys: ['k'], ruleBasedSegments: ['r'], segments: ['x'], xown: 1 })],
    });

    expect(copy(from, to).treatments).toEqual([
      { name: 'on', keys: [], segments: ['s'], largeSegments: [], ruleBasedSegments: [] },
    ]);
    expect(copy(from, definition({ treatments: [treatment('on', { keys: [] })] })).treatments).toEqual([
      { name: 'on', segments: ['s'], largeSegments: [] },
    ]);
  });

  test('the order of treatments and the text of numbers arrive as they are', () => {
    const from = definition({
      treatments: json(
        '[{"name":"z","configurations":"{ \\"a\\": 1.0 }","xn":9007199254740993},{"name":"a"}]',
      ),
      rules: json(
        '[{"buckets":[{"treatment":"z","size":1e2}],"condition":{"matchers":[{"type":"NEW","number":1.0,"__proto__":{"q":-0}}]},"xr":[null]}]',
      ),
    });
    const result = copy(from, target);

    expect(toJson(result.treatments)).toBe(toJson(from.treatments));
    expect(toJson(result.rules ?? [])).toBe(toJson(from.rules ?? []));
  });
});

describe('what the source does not have', () => {
  const bare = definition(without(source, 'baselineTreatment', 'trafficAllocation'));

  test.each([
    ['absent', bare],
    ['null', definition({ ...bare, baselineTreatment: null, trafficAllocation: null })],
  ])("a baseline treatment and a traffic allocation that are %s stay the target's", (_what, from) => {
    expect(copy(from, target)).toMatchObject({ baselineTreatment: 'off', trafficAllocation: 50 });
  });

  test('and the target neither, is not there', () => {
    const result = copy(bare, definition(without(target, 'baselineTreatment', 'trafficAllocation')));

    expect(Object.keys(result)).not.toContain('baselineTreatment');
    expect(Object.keys(result)).not.toContain('trafficAllocation');
  });

  test('a traffic allocation of 0 is one', () => {
    expect(copy(definition({ trafficAllocation: 0 }), target).trafficAllocation).toBe(0);
  });
});

describe('with one section', () => {
  test.each(SECTIONS)('%s alone changes nothing else', (section) => {
    const result = copy(source, target, { sections: [section] });

    expect(sameMeaning(sectionOf(result, section), sectionOf(source, section))).toBe(true);
    expect(changedSections(target, result)).toEqual([section]);
  });

  test.each(SECTIONS)('all but %s leave it as the target has it', (section) => {
    const result = copy(source, target, { sections: allBut(section) });

    expect(sameMeaning(sectionOf(result, section), sectionOf(target, section))).toBe(true);
    expect(changedSections(source, result)).toEqual([section]);
  });

  test('none leave the target as it is', () => {
    expect(changedSections(target, copy(source, target, { sections: [] }))).toEqual([]);
  });
});

describe('individual targets', () => {
  const from = definition({
    treatments: [treatment('new', { keys: ['n'] }), treatment('on', { keys: ['s'] })],
  });
  const to = definition({
    treatments: [treatment('on', { keys: ['t'] }), treatment('old', { keys: ['o'] })],
  });

  test('are matched by the name of the treatment, not by its place', () => {
    expect(copy(from, to, { sections: ['individual-targets'] }).treatments).toEqual([
      { name: 'on', keys: ['s'] },
      { name: 'old', keys: [] },
    ]);
  });

  test('left out: stay with their treatment, and a new treatment starts without any', () => {
    expect(copy(from, to, { sections: allBut('individual-targets') }).treatments).toEqual([
      { name: 'new' },
      { name: 'on', keys: ['t'] },
    ]);
  });
});

describe('the kill state', () => {
  const state = (killed: boolean | null | undefined) => definition(killed === undefined ? {} : { killed });

  test.each([
    ['keep', true, false, false],
    ['keep', false, true, true],
    ['keep', true, undefined, false],
    ['keep', true, null, false],
    ['copy', true, false, true],
    ['copy', false, true, false],
    ['copy', undefined, true, false],
    ['copy', null, true, false],
  ] as const)('%s: source %s, target %s gives %s', (killState, from, to, killed) => {
    expect(copy(state(from), state(to), { killState }).killed).toBe(killed);
  });

  test("of a new definition is live, unless the source's is wanted", () => {
    expect(copy(state(true), undefined).killed).toBe(false);
    expect(copy(state(true), undefined, { killState: 'copy' }).killed).toBe(true);
    expect(copy(state(false), undefined, { killState: 'copy' }).killed).toBe(false);
  });
});

describe('where the target has no definition', () => {
  test('it is created from the sections of the source, under the name of the target flag', () => {
    const from = definition({ ...source, id: 'i', name: 'x', flagSets: [1], xown: 1 });

    expect(copy(from, undefined, { targetFlag: 'other' })).toEqual({
      ...source,
      name: 'other',
      killed: false,
    });
  });

  test('excluded sections come from the source all the same, but for individual targets', () => {
    const result = copy(source, undefined, { sections: [] });

    expect(changedSections(result, source)).toEqual(['individual-targets']);
    expect(result.treatments).toEqual([{ name: 'on', description: 'new' }, { name: 'off' }]);
    expect(changedSections(copy(source, undefined, { sections: ['individual-targets'] }), source)).toEqual(
      [],
    );
  });

  test('what the source does not have is not there', () => {
    expect(copy(definition({ rules: null, baselineTreatment: null }), undefined)).toEqual({
      ...definition(),
      name: 'clients',
      killed: false,
      rules: [],
    });
  });
});

describe('the body of a write', () => {
  const audit = { title: 'T', comment: 'C' };

  test('is the whole result but for the members that only the server sets, with title and comment', () => {
    const readOnly: JsonObject = {
      ...{ id: 'i', creationTime: 1, lastUpdateTime: 2, lastTrafficReceivedAt: 3, changeNumber: 4 },
      ...{ openChangeRequestId: '5', environment: { id: 'e' }, trafficType: { id: 't' } },
    };
    const kept = { name: 'clients', flagSets: [{ id: 'fs' }], impressionsDisabled: true, xown: json('1.0') };
    const before = definition({
      ...readOnly,
      ...kept,
      trafficAllocation: 7,
      baselineTreatment: 'off',
      rules: [],
    });

    expect(bodyOf(itemOf(definition(), before), audit)).toEqual({
      ...kept,
      ...{
        treatments: [treatment('on'), treatment('off')],
        defaultTreatment: 'off',
        baselineTreatment: 'off',
      },
      ...{ trafficAllocation: 7, rules: [], defaultRule: buckets({ off: 100 }), killed: false },
      ...audit,
    });
  });

  test("has the run's title and comment, whatever the definition calls by these names", () => {
    expect(bodyOf(itemOf(definition(), definition({ title: 'x', comment: 'y' })), audit)).toMatchObject(
      audit,
    );
  });

  test.each([
    ['keep', true, true, true],
    ['keep', true, false, false],
    ['keep', false, true, true],
    ['copy', true, false, true],
    ['copy', true, true, true],
    ['copy', false, true, true],
    ['copy', false, false, false],
  ] as const)('with %s: source %s and target %s are written as %s', (killState, from, to, killed) => {
    const item = itemOf(definition({ killed: from }), definition({ killed: to }), { killState });

    expect(bodyOf(item, audit)['killed']).toBe(killed);
  });
});

describe('laws', () => {
  const sectionSets = () => fc.subarray([...SECTIONS]);

  /** What a section of the result has to hold. */
  const meant = (section: Section, from: Definition, to: Definition, copied: readonly Section[]) => {
    const [owner, other] = copied.includes(section) ? [from, to] : [to, undefined];
    if (section === 'baseline-treatment') return owner.baselineTreatment ?? other?.baselineTreatment;
    if (section === 'traffic-allocation') return owner.trafficAllocation ?? other?.trafficAllocation;
    if (section !== 'individual-targets') return sectionOf(owner, section);
    // Targets stand under a treatment; those of a treatment the result lacks have no place in it.
    const names = new Set((copied.includes('treatments') ? from : to).treatments.map(({ name }) => name));
    return sectionOf(
      { ...owner, treatments: owner.treatments.filter(({ name }) => names.has(name)) },
      section,
    );
  };

  test("every section is the source's where it is copied, else the target's", () => {
    fc.assert(
      fc.property(definitionPair(), sectionSets(), ([from, to], sections) => {
        const result = copy(from, to, { sections });

        for (const section of SECTIONS) {
          expect(sameMeaning(sectionOf(result, section), meant(section, from, to, sections))).toBe(true);
        }
      }),
    );
  });

  test('what is copied twice changes nothing the second time', () => {
    fc.assert(
      fc.property(
        definitionPair(),
        sectionSets(),
        fc.constantFrom('keep', 'copy'),
        ([from, to], sections, killState) => {
          const once = copy(from, to, { sections, killState });

          expect(sameMeaning(copy(from, once, { sections, killState }), once)).toBe(true);
        },
      ),
    );
  });

  test('a copy of equals changes nothing', () => {
    fc.assert(
      fc.property(anyDefinition(), sectionSets(), (value, sections) => {
        expect(changedSections(value, copy(value, value, { sections }))).toEqual([]);
      }),
    );
  });

  test("nothing unknown is lost: copied members arrive, the target's own stay, text for text", () => {
    const owned = (value: Definition) =>
      toJson(
        without(
          value,
          'killed',
          'treatments',
          'defaultTreatment',
          'baselineTreatment',
          'trafficAllocation',
          'rules',
          'defaultRule',
        ),
      );
    const bare = (value: Definition) => toJson(value.treatments.map(withoutTargets));
    fc.assert(
      fc.property(definitionPair(), ([from, to]) => {
        const result = copy(from, to);

        expect(bare(result)).toBe(bare(from));
        expect(toJson(result.rules ?? [])).toBe(toJson(from.rules ?? []));
        expect(toJson(result.defaultRule)).toBe(toJson(from.defaultRule));
        expect(owned(result)).toBe(owned(to));
        for (const [position, after] of result.treatments.entries()) {
          const lists = Object.entries(targetsOf(after)).filter(
            ([, targets]) => (targets as readonly string[]).length > 0,
          );
          const wanted = from.treatments[position];
          for (const [list, targets] of lists) expect(targets).toBe(wanted?.[list]);
          expect(lists).toHaveLength(TARGET_LISTS.filter((list) => (wanted?.[list]?.length ?? 0) > 0).length);
        }
      }),
    );
  });
});
