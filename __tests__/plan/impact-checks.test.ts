// Checks on what a change does to users.
import { describe, expect, test } from '@jest/globals';
import { check } from '../../src/plan/checks.ts';
import { linesOf } from '../../src/plan/expectations.ts';
import { expectationsHold, impactOn, orderMovesNobody, shiftIsWithin } from '../../src/plan/impact-checks.ts';
import { spoken } from '../impact/spoken.ts';
import { candidate, itemOf, type Sight } from './samples.ts';

const from = (
  [before, after]: readonly [string, string],
  [rulesBefore, rulesAfter]: readonly [string, string] = ['none', 'none'],
  sight: Sight = {},
) => candidate({ sourceDefinition: spoken(after, rulesAfter), before: spoken(before, rulesBefore) }, sight);

describe('the limit on shifts', () => {
  test.each([
    [undefined, 0],
    [90, 0],
    [100, 0],
    [89.99, 1],
    [0, 1],
  ])('of %s percent finds %d where 90 % change', (maxShift, amount) => {
    expect(shiftIsWithin(from(['on 10, off 90', 'on 100'], undefined, { maxShift }))).toHaveLength(amount);
  });

  test.each(['0.29', '8.25', '16.75', '57.01'])('of %s percent lets through just that', (text) => {
    // Shares of ten thousand, as percent, are not what a product of floating point numbers gives.
    const maxShift = Number(text);
    const impact = impactOn(from(['off 100', 'on 100']));
    const audiences = impact.audiences.map((audience) => ({
      ...audience,
      moved: Math.round(maxShift * 100),
    }));
    const seen = from(['off 100', 'on 100'], undefined, { maxShift, impact: { ...impact, audiences } });
    expect(shiftIsWithin(seen)).toEqual([]);
  });

  test('names the audience that changes most, how, and how many others are over it', () => {
    const rules = ['plan in [pro] → on 10, off 90', 'plan in [pro] → on 100'] as const;
    expect(shiftIsWithin(from(['off 100', 'on 40, off 60'], rules, { maxShift: 25 }))).toEqual([
      {
        code: 'shift-over-limit',
        severity: 'error',
        place: 'who changes',
        message:
          '90 % of users with `plan` in [`pro`] would get another treatment (`off` → `on` 90 %), and `max-shift` is 25. 1 more audience is over it.',
        fix: 'Promote in smaller steps, for instance with `overrides`, or raise `max-shift` if this is meant.',
      },
    ]);
  });

  test('does not hold for a definition that is created, nor for individual targets', () => {
    const target = (list: Readonly<Record<string, readonly string[]>>) => ({
      ...spoken('off 100'),
      treatments: [{ name: 'on', ...list }, { name: 'off' }],
    });
    const seen = { maxShift: 0 };
    expect(shiftIsWithin(candidate({ before: undefined }, seen))).toEqual([]);
    expect(
      shiftIsWithin(candidate({ sourceDefinition: target({ keys: ['ada'] }), before: target({}) }, seen)),
    ).toEqual([]);
  });

  test('holds for a rollback, too, which is checked for nothing else of this kind', () => {
    const seen = {
      maxShift: 0,
      wanted: { mode: 'rollback' },
      expect: linesOf('a -> beta').map(({ line }) => line),
    } as const;
    expect(check(from(['on 10, off 90', 'off 90, on 10'], undefined, seen)).map(({ code }) => code)).toEqual([
      'shift-over-limit',
      'expectation-failed',
    ]);
  });
});

describe('the order of treatments', () => {
  test('that moves users is a warning that says how many, and how many would move without it', () => {
    expect(orderMovesNobody(from(['on 10, off 90', 'off 70, on 30']))).toEqual([
      {
        code: 'reshuffle',
        severity: 'warning',
        place: 'who changes',
        message:
          '20 % of everyone else would get another treatment only because the percentages stand in another order than in Production; the same percentages in its order would move 20 %.',
        fix: 'Give the treatments of that rule the same order in the source, or set the percentages in the order you want with `overrides`.',
      },
    ]);
  });

  test('that moves users of several audiences is told once', () => {
    const rules = ['plan in [pro] → on 50, off 50', 'plan in [pro] → off 50, on 50'] as const;
    const [found, ...more] = orderMovesNobody(from(['on 10, off 90', 'off 90, on 10'], rules));
    expect(more).toEqual([]);
    expect(found?.message).toContain('100 % of users with `plan` in [`pro`]');
    expect(found?.message).toContain('The same holds for 1 more audience.');
  });

  test('that moves nobody is none', () => {
    expect(orderMovesNobody(from(['on 10, off 90', 'on 20, off 80']))).toEqual([]);
  });
});

test('what is expected of a definition that is removed is expected of SDKs without one', () => {
  const lines = linesOf('everyone-else -> control').map(({ line }) => line);
  expect(expectationsHold(from(['on 100', 'on 100'], undefined, { removes: true, expect: lines }))).toEqual(
    [],
  );
  expect(expectationsHold(from(['on 100', 'on 100'], undefined, { expect: lines }))).toHaveLength(1);
});

test('an item has its largest shift, and whether it is a reshuffle; a new one has no shift', () => {
  const movement = (before: string | undefined, after: string) => {
    const { largestShift, reshuffle } = itemOf(
      spoken(after),
      before === undefined ? undefined : spoken(before),
    );
    return [largestShift, reshuffle];
  };
  expect(movement('on 10, off 90', 'off 70, on 30')).toEqual([40, true]);
  expect(
    movement('on 50, off 50; 33 % of traffic, else off', 'on 25, off 75; 67 % of traffic, else off'),
  ).toEqual([16.75, false]);
  expect(movement('on 100', 'on 100')).toEqual([0, false]);
  expect(movement(undefined, 'on 100')).toEqual([undefined, false]);
});

test('an unchanged item is checked for what is expected, and for no shift', () => {
  const lines = linesOf('everyone-else -> off').map(({ line }) => line);
  const seen = { maxShift: 0, expect: lines };
  expect(check(from(['on 100', 'on 100'], undefined, seen)).map(({ code }) => code)).toEqual([
    'expectation-failed',
  ]);
});
