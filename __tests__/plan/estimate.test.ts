// What applying a plan takes.
import { describe, expect, test } from '@jest/globals';
import { estimateOf } from '../../src/plan/estimate.ts';
import { definition } from '../definition/samples.ts';
import { place, planFor, reading, wish } from './samples.ts';

const differing = (flag: string, environment = 'Production', members = {}) =>
  reading({
    source: place('Staging', { flag }),
    target: place(environment, { flag }),
    sourceDefinition: definition({ trafficAllocation: 1, ...members }),
    before: definition(),
  });

const named = (amount: number): string[] => Array.from({ length: amount }, (_, number) => `f${number}`);

const singly = (items: readonly unknown[]): number => items.length;

describe('the estimate', () => {
  test('is none where nothing differs', () => {
    expect(estimateOf(planFor([reading()]), { cost: singly })).toBeUndefined();
  });

  test('counts a write and a read-back of each item, and no time for what one window holds', () => {
    const plan = planFor([differing('a'), differing('b'), reading({ target: place('QA') })]);

    expect(estimateOf(plan, { cost: singly })).toEqual({
      requests: 4,
      milliseconds: 0,
      limit: { requests: 20, milliseconds: 10_000 },
      reserve: 0.25,
    });
  });

  test('leaves a quarter of each window to others, and counts a second look at what does not fit into one', () => {
    const plan = planFor(named(40).map((flag) => differing(flag)));

    // 40 writes, 4 pages to read back, 4 pages to look at again: 48 requests, 15 in each 10 s.
    expect(estimateOf(plan, { cost: () => 4 })).toMatchObject({ requests: 48, milliseconds: 30_000 });
  });

  test('goes by the limit that is known, and by each environment', () => {
    const plan = planFor(
      [...named(8), ...named(8)].map((flag, at) => differing(flag, at < 8 ? 'QA' : 'Dev')),
    );
    const limit = { requests: 10, milliseconds: 2000 };

    // 16 writes, twice 2 pages in each of two environments: 24 requests, 7 in each 2 s.
    expect(estimateOf(plan, { cost: () => 2, limit })).toEqual({
      ...{ requests: 24, milliseconds: 6000, limit },
      reserve: 0.25,
    });
  });

  test('counts the kill or restore of a flag, and what a restore is read back for', () => {
    const killed = differing('a', 'Production', { killed: true });
    const restored = { ...differing('b'), before: definition({ killed: true }) };
    const only = reading({ sourceDefinition: definition({ killed: true }), before: definition() });
    const requests = (readings: readonly ReturnType<typeof reading>[]) =>
      estimateOf(planFor(readings, wish({ killState: 'copy' })), { cost: singly })?.requests;

    expect(requests([killed])).toBe(3);
    expect(requests([restored])).toBe(4);
    expect(requests([only])).toBe(2);
  });

  test('takes all of a window where nothing is left to others', () => {
    const plan = planFor(named(40).map((flag) => differing(flag)));

    // The same 48 requests, 20 in each 10 s.
    expect(estimateOf(plan, { cost: () => 4, reserve: 0 })).toMatchObject({
      ...{ requests: 48, milliseconds: 20_000, reserve: 0 },
    });
  });

  test('takes a limit of one request for what it is', () => {
    const plan = planFor([differing('a')]);

    expect(estimateOf(plan, { cost: singly, limit: { requests: 1, milliseconds: 1000 } })).toMatchObject({
      requests: 3,
      milliseconds: 2000,
    });
  });
});
