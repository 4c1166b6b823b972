// The way back from what a run wrote.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Definition } from '../../src/definition/definition.ts';
import { canonical, withoutBookkeeping } from '../../src/definition/equality.ts';
import { SECTIONS } from '../../src/definition/sections.ts';
import { check } from '../../src/plan/checks.ts';
import { inverseOf } from '../../src/plan/inverse.ts';
import { isAtResult, mayBeWritten, rollbackOf } from '../../src/plan/rollback.ts';
import type { SavedItem } from '../../src/plan/saved-plan.ts';
import { definition as anyDefinition } from '../definition/arbitrary-meaning.ts';
import { buckets, definition, inList, rule, treatment } from '../definition/samples.ts';
import { candidate, itemOf, place } from './samples.ts';

const BEFORE = definition();
const RESULT = definition({ rules: [rule(inList('plan', 'pro'))], trafficAllocation: 50 });

const saved = (members: Partial<SavedItem> = {}): SavedItem => ({
  source: place('Staging'),
  target: place('Production'),
  sourceDefinition: RESULT,
  before: definition({ trafficAllocation: 100 }),
  result: RESULT,
  readBack: undefined,
  state: 'confirmed',
  ...members,
});

const OLD = definition({ trafficAllocation: 100 });

const meaning = (value: Definition | undefined): string | undefined =>
  value && canonical(withoutBookkeeping({ ...value, killed: value.killed === true }));

describe('an item', () => {
  test.each([
    ['planned', false],
    ['restored', false],
    ['started', true],
    ['requested', true],
    ['written', true],
    ['confirmed', true],
  ] as const)('that is %s may have been written: %s', (state, written) => {
    expect(mayBeWritten(saved({ state }))).toBe(written);
  });

  test('that the run changed goes back', () => {
    const way = rollbackOf(saved(), RESULT);

    expect(meaning(way.result)).toBe(meaning(OLD));
    expect(way).toMatchObject({
      before: RESULT,
      changed: ['traffic-allocation', 'rules'],
      killChange: undefined,
    });
  });

  test('that is back already needs nothing', () => {
    expect(rollbackOf(saved(), OLD)).toMatchObject({ changed: [], before: OLD });
  });

  test('of which a part is back goes back in the rest', () => {
    const half = { ...RESULT, trafficAllocation: 100 };

    expect(rollbackOf(saved(), half).changed).toEqual(['rules']);
  });

  test('keeps what others changed elsewhere since', () => {
    const live = { ...RESULT, defaultRule: buckets({ on: 100 }), impressionsDisabled: true };

    expect(rollbackOf(saved(), live).result).toMatchObject({
      ...{ defaultRule: buckets({ on: 100 }), impressionsDisabled: true, rules: [], trafficAllocation: 100 },
    });
  });

  test.each<[string, Partial<SavedItem>]>([
    ['with a read-back', { readBack: RESULT }],
    ['without one', {}],
  ])('that somebody changed since is left, %s', (_what, members) => {
    const theirs = { ...RESULT, trafficAllocation: 10 };
    const way = rollbackOf(saved(members), theirs);

    expect(way).toMatchObject({
      changed: [],
      conflict: { sections: ['traffic-allocation'], ours: RESULT, theirs },
    });
  });

  test('that the API decorated is not changed since, with a read-back or without one', () => {
    const live = definition({ ...RESULT, rules: [{ ...rule(inList('plan', 'pro')), xserver: 1 }] });

    expect(rollbackOf(saved(), live).conflict).toBeUndefined();
    expect(rollbackOf(saved({ readBack: live }), live).conflict).toBeUndefined();
    expect(rollbackOf(saved({ readBack: RESULT }), live).conflict?.sections).toEqual(['rules']);
  });

  test('that has no definition any more is left', () => {
    expect(rollbackOf(saved(), undefined)).toMatchObject({
      changed: [],
      conflict: { sections: SECTIONS, theirs: undefined },
    });
  });

  test.each([
    // Before the run, after it, and now: what is meant then.
    [false, false, true, true],
    [false, true, true, false],
    [false, true, false, false],
    [true, false, false, true],
    [true, false, true, true],
    [true, true, false, false],
  ])('whose kill state was %s, became %s and is %s is to be %s', (was, became, is, meant) => {
    const item = saved({ before: { ...OLD, killed: was }, result: { ...RESULT, killed: became } });

    expect(rollbackOf(item, { ...RESULT, killed: is }).result.killed === true).toBe(meant);
  });

  test('keeps what the API cannot unset, and says so', () => {
    const { baselineTreatment: _baseline, trafficAllocation: _allocation, ...bare } = definition();
    const before = bare as Definition;
    const result = { ...before, baselineTreatment: 'on', trafficAllocation: 5 };
    const way = rollbackOf(saved({ before, result }), result);

    expect(way).toMatchObject({ changed: [], keptUnset: ['baseline-treatment', 'traffic-allocation'] });
  });
});

describe('a definition that the run created', () => {
  const created = saved({ before: undefined });

  test('is removed, killed or not', () => {
    for (const killed of [false, true]) {
      expect(rollbackOf(created, { ...RESULT, killed })).toMatchObject({ removes: true });
    }
    expect(
      rollbackOf(saved({ before: undefined, readBack: RESULT }), { ...RESULT, killed: true }).removes,
    ).toBe(true);
    expect(rollbackOf(created, RESULT).changed.length).toBeGreaterThan(0);
  });

  test('is left where it was changed since', () => {
    const live = { ...RESULT, trafficAllocation: 7 };

    expect(rollbackOf(created, live).conflict?.sections).toEqual(['traffic-allocation']);
    const other = { ...RESULT, xother: 1 };
    expect(rollbackOf(saved({ before: undefined, readBack: RESULT }), other).conflict?.sections).toEqual(
      SECTIONS,
    );
  });

  test('and that is to be neither there nor gone needs nothing', () => {
    expect(rollbackOf(saved({ before: undefined, result: undefined }), RESULT).changed).toEqual([]);
  });

  test('is gone already where there is none', () => {
    expect(rollbackOf(created, undefined)).toMatchObject({ changed: [], before: undefined });
  });
});

describe('a definition that a rollback removed', () => {
  const removed = saved({ before: OLD, result: undefined });

  test('is created again', () => {
    expect(rollbackOf(removed, undefined)).toMatchObject({ before: undefined, result: OLD });
  });

  test('needs nothing where it is back, and is left where another one is', () => {
    expect(rollbackOf(removed, OLD)).toMatchObject({ changed: [], before: OLD });
    expect(rollbackOf(removed, OLD).conflict).toBeUndefined();
    expect(rollbackOf(removed, RESULT)).toMatchObject({ changed: [], conflict: { theirs: RESULT } });
  });

  test('that was to be changed by then has nothing to compare with', () => {
    expect(rollbackOf(saved({ result: undefined, readBack: RESULT }), RESULT).conflict).toBeDefined();
  });
});

describe('a target', () => {
  test('is at the result whatever the API added, and not where anything else is', () => {
    expect(isAtResult({ ...RESULT, changeNumber: 5, xserver: 1 }, saved())).toBe(true);
    expect(isAtResult({ ...RESULT, killed: true }, saved())).toBe(false);
    expect(isAtResult({ ...RESULT, trafficAllocation: 1 }, saved())).toBe(false);
    expect(isAtResult(undefined, saved())).toBe(false);
    expect(isAtResult(undefined, saved({ result: undefined }))).toBe(true);
  });

  test('is as it was or back to it, for any two definitions', () => {
    fc.assert(
      fc.property(anyDefinition(), anyDefinition(), (before, source) => {
        const { result, changed } = itemOf(source, before);
        const way = rollbackOf(saved({ before, result }), result);
        const kept = new Set(way.keptUnset);

        expect(way.conflict).toBeUndefined();
        if (kept.size === 0) expect(meaning(way.result)).toBe(meaning(before));
        expect(rollbackOf(saved({ before, result }), before)).toMatchObject({ changed: [] });
        expect(way.changed.every((part) => changed.includes(part))).toBe(true);
      }),
    );
  });
});

describe('the checks on a rollback', () => {
  const wanted = { mode: 'rollback' } as const;
  const found = (sight: Parameters<typeof candidate>[1]) =>
    check(candidate({}, { wanted, ...sight })).map(({ code, place: where, message }) => [
      code,
      where,
      message,
    ]);

  test('find nothing where nothing is to be done', () => {
    expect(found({})).toEqual([]);
  });

  test('name each section that was changed since', () => {
    const conflict = { sections: ['default-rule', 'rules'] as const, old: OLD, ours: RESULT, theirs: BEFORE };

    expect(found({ conflict })).toEqual([
      [
        'changed-since',
        'default rule',
        'Somebody changed it in Production after the run that is to be undone.',
      ],
      ['changed-since', 'rules', 'Somebody changed it in Production after the run that is to be undone.'],
    ]);
  });

  test('name a definition that went away or came back', () => {
    const conflict = { sections: SECTIONS, old: OLD, ours: RESULT, theirs: RESULT };

    expect(found({ conflict: { ...conflict, theirs: undefined } })).toEqual([
      ['changed-since', 'definition', 'The definition in Production was removed since the run.'],
    ]);
    expect(found({ conflict: { ...conflict, ours: undefined } })).toEqual([
      [
        'changed-since',
        'definition',
        'The flag was added to Production again since the run removed its definition.',
      ],
    ]);
  });

  test('warn of what stays, since it cannot be unset', () => {
    expect(found({ keptUnset: ['baseline-treatment'] })).toEqual([
      [
        'cannot-be-unset',
        'baseline treatment',
        'Before the run Production had none, and the API shows no way to unset it.',
      ],
    ]);
  });
});

describe('the inverse of an item', () => {
  test('puts back what was there', () => {
    const inverse = inverseOf(itemOf(RESULT, OLD), { live: RESULT, readAt: 7 });

    expect(inverse).toMatchObject({ before: RESULT, result: OLD, readAt: 7, removes: false });
    expect(inverse.changed).toEqual(['traffic-allocation', 'rules']);
  });

  test('of a creation removes it', () => {
    expect(inverseOf(itemOf(RESULT, undefined), { live: RESULT, readAt: 7 })).toMatchObject({
      removes: true,
      result: RESULT,
    });
  });
});

test('treatments that a run took away come back with their individual targets', () => {
  const before = definition({
    treatments: [treatment('on', { keys: ['ada'] }), treatment('off'), treatment('old', { keys: ['bob'] })],
  });
  const { result } = itemOf(definition(), before);

  expect(meaning(rollbackOf(saved({ before, result }), result).result)).toBe(meaning(before));
});

test('individual targets that somebody gave a treatment of the run since are not lost with it', () => {
  const { result } = itemOf(
    definition({ treatments: [treatment('on'), treatment('off'), treatment('beta')] }),
    OLD,
  );
  const live = {
    ...result,
    treatments: [treatment('on'), treatment('off'), treatment('beta', { keys: ['eve'] })],
  };

  expect(rollbackOf(saved({ before: OLD, result }), live).conflict?.sections).toEqual(['individual-targets']);
  expect(rollbackOf(saved({ before: OLD, result }), result).conflict).toBeUndefined();
});
