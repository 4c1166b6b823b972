// The order of writes.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Json } from '../../src/json.ts';
import { draftOf } from '../../src/plan/make-plan.ts';
import { inSteps, predecessorsOf } from '../../src/plan/order.ts';
import { targetKey, type Draft } from '../../src/plan/plan.ts';
import { definition, inSplit, matcher, rule } from '../definition/samples.ts';
import { place, reading, wish } from './samples.ts';

/** Of some items, those that have to come before one. */
const parentsAmong = <T extends Draft>(item: T, items: readonly T[]): readonly T[] =>
  predecessorsOf([...items.filter((other) => targetKey(other) !== targetKey(item)), item])(item);

/** The draft of a flag whose rules hold these matchers. */
const asking = (flag: string, matchers: readonly Json[], environment = 'Production'): Draft =>
  draftOf(
    reading({
      ...{ source: place('Staging', { flag }), target: place(environment, { flag }) },
      ...{ sourceDefinition: definition({ rules: matchers.map((each) => rule(each)) }), before: undefined },
    }),
    wish(),
  );

/** The draft of a flag that asks these flags. */
const child = (flag: string, parents: readonly string[] = [], environment?: string): Draft =>
  asking(
    flag,
    parents.map((parent) => inSplit(parent, 'on')),
    environment,
  );

const nameOf = ({ target }: Draft): string =>
  target.environment.name === 'Production' ? target.flag : `${target.flag}@${target.environment.name}`;

const stepsOf = (items: readonly Draft[]): readonly (readonly string[])[] =>
  inSteps(items).map((step) => step.map(nameOf));

describe('Items are written', () => {
  test.each<[string, readonly Draft[], readonly (readonly string[])[]]>([
    ['in no step where there are none', [], []],
    ['in one step, in their order, where none asks another', [child('b'), child('a')], [['b', 'a']]],
    ['after the flag they ask', [child('a', ['b']), child('b')], [['b'], ['a']]],
    [
      'without a step more where the parent comes first anyway',
      [child('b'), child('a', ['b'])],
      [['b'], ['a']],
    ],
    [
      'after parents of several levels',
      [child('a', ['b']), child('b', ['c']), child('c', ['d']), child('d')],
      [['d'], ['c'], ['b'], ['a']],
    ],
    [
      'after the last of several parents',
      [child('a', ['b', 'c']), child('b'), child('c', ['b']), child('x')],
      [['b', 'x'], ['c'], ['a']],
    ],
    [
      'after a parent that several ask',
      [child('a', ['c']), child('b', ['c']), child('c')],
      [['c'], ['a', 'b']],
    ],
    ['at once where the flag they ask is no item', [child('a', ['elsewhere']), child('b')], [['a', 'b']]],
    ['at once where they ask only themselves', [child('a', ['a']), child('b', ['a'])], [['a'], ['b']]],
    ['all in one step where they ask each other', [child('a', ['b']), child('b', ['a'])], [['a', 'b']]],
    [
      'in the last step where they belong to a cycle of several',
      [child('a', ['b']), child('b', ['c']), child('c', ['a']), child('x', ['y']), child('y')],
      [['y'], ['x'], ['a', 'b', 'c']],
    ],
    [
      'by name whatever it is',
      [child('constructor', ['__proto__']), child('__proto__')],
      [['__proto__'], ['constructor']],
    ],
  ])('%s', (_what, items, steps) => {
    expect(stepsOf(items)).toEqual(steps);
  });

  test.each<[string, Json, boolean]>([
    ['asks for treatments', { splitName: 'b', treatments: ['on'] }, true],
    ['asks for one treatment', { splitName: 'b', treatment: 'on' }, true],
    ['asks for no treatment', { splitName: 'b' }, true],
    ['asks another flag', { splitName: 'c', treatments: ['on'] }, false],
    ['names the flag otherwise', { name: 'b', treatments: ['on'] }, false],
  ])('after a flag or not where a rule %s', (_what, depends, waits) => {
    const items = [asking('a', [matcher('IN_SPLIT', { depends })]), child('b')];
    expect(stepsOf(items)).toEqual(waits ? [['b'], ['a']] : [['a', 'b']]);
  });

  test('after a parent that only a later rule asks', () => {
    const items = [asking('a', [matcher('IN_SEGMENT', { string: 'b' }), inSplit('b', 'on')]), child('b')];
    expect(stepsOf(items)).toEqual([['b'], ['a']]);
  });

  test('as parents by their name in the target, not in the source', () => {
    const renamed = draftOf(
      reading({
        ...{ source: place('Staging', { flag: 'x' }), target: place('Production', { flag: 'b' }) },
        before: undefined,
      }),
      wish(),
    );
    expect(stepsOf([child('a', ['b']), renamed])).toEqual([['b'], ['a']]);
    expect(stepsOf([child('a', ['x']), renamed])).toEqual([['a', 'b']]);
  });

  test('in each environment for itself', () => {
    expect(stepsOf([child('a', ['b']), child('b', [], 'Dev')])).toEqual([['a', 'b@Dev']]);
    expect(
      stepsOf([child('a', ['b'], 'Dev'), child('a', ['b']), child('b'), child('b', ['a', 'c'], 'Dev')]),
    ).toEqual([['b'], ['a'], ['a@Dev', 'b@Dev']]);
  });
});

describe('The parents of an item among others', () => {
  const items = [child('c'), child('b'), child('a', ['b', 'c', 'd', 'a']), child('b', [], 'Dev')];

  test.each<[string, Draft, readonly string[]]>([
    [
      'are those it asks, in the order in which it does, itself not counted',
      child('a', ['b', 'a', 'c']),
      ['b', 'c'],
    ],
    ['are one even if several rules ask it', child('a', ['b', 'b']), ['b']],
    ['are those of its environment', child('a', ['b', 'c'], 'Dev'), ['b@Dev']],
    ['are none where it asks none', child('a'), []],
    ['are none where it asks what is no item', child('a', ['z']), []],
  ])('%s', (_what, item, parents) => {
    expect(parentsAmong(item, items).map(nameOf)).toEqual(parents);
  });

  test('are the very items given, and only the next level', () => {
    const [a, b, c] = [child('a', ['b']), child('b', ['c']), child('c')];
    const [parent, ...others] = parentsAmong(a, [a, b, c]);
    expect(parent).toBe(b);
    expect(others).toEqual([]);
  });
});

describe('For any flags that ask each other', () => {
  /** Items `f0`, `f1`… in two environments; `pick` says which of all flags one may ask. */
  const items = (pick: (index: number, size: number) => readonly number[]): fc.Arbitrary<readonly Draft[]> =>
    fc.integer({ min: 1, max: 7 }).chain((size) =>
      fc
        .tuple(
          ...Array.from({ length: 2 * size }, (_, position) =>
            fc.subarray([...pick(Math.floor(position / 2), size)]).map((parents) =>
              child(
                `f${Math.floor(position / 2)}`,
                parents.map((parent) => `f${parent}`),
                position % 2 === 0 ? 'Production' : 'Dev',
              ),
            ),
          ),
        )
        .chain((made) => fc.shuffledSubarray(made)),
    );
  const anyone = items((_index, size) => Array.from({ length: size }, (_, other) => other));
  const noCycle = items((index) => Array.from({ length: index }, (_, other) => other));

  test('every item is written exactly once, and no step is empty', () => {
    fc.assert(
      fc.property(anyone, (drafts) => {
        const steps = inSteps(drafts);
        expect(new Set(steps.flat())).toEqual(new Set(drafts));
        expect(steps.flat()).toHaveLength(drafts.length);
        expect(steps.every((step) => step.length > 0)).toBe(true);
      }),
    );
  });

  const stepOf = (steps: readonly (readonly Draft[])[], item: Draft): number =>
    steps.findIndex((step) => step.includes(item));

  test('every item comes after its parents, where there is no cycle', () => {
    fc.assert(
      fc.property(noCycle, (drafts) => {
        const steps = inSteps(drafts);
        for (const item of drafts) {
          for (const parent of parentsAmong(item, drafts)) {
            expect(stepOf(steps, parent)).toBeLessThan(stepOf(steps, item));
          }
        }
      }),
    );
  });

  test('only items of the last step may come with their parents', () => {
    fc.assert(
      fc.property(anyone, (drafts) => {
        const steps = inSteps(drafts);
        for (const step of steps.slice(0, -1)) {
          expect(step.flatMap((item) => parentsAmong(item, step))).toEqual([]);
        }
      }),
    );
  });
});

describe('A definition that is to be removed', () => {
  const removed = (draft: Draft): Draft => ({ ...draft, before: draft.result, removes: true });
  const asked = (draft: Draft): Draft => ({ ...draft, before: draft.result, result: definition() });

  test('goes after the flags that ask it today, and is no parent of those that will', () => {
    expect(stepsOf([removed(child('a')), asked(child('b', ['a']))])).toEqual([['b'], ['a']]);
    expect(stepsOf([removed(child('a')), { ...child('b', ['a']), before: undefined }])).toEqual([['a', 'b']]);
  });

  test('is the only one that those which ask it today come before', () => {
    expect(stepsOf([child('a'), asked(child('b', ['a']))])).toEqual([['a', 'b']]);
  });

  test('goes after another one that asks it', () => {
    expect(stepsOf([removed(child('a')), removed(child('b', ['a']))])).toEqual([['b'], ['a']]);
  });
});
