// All items of a plan: what is carried out, in which order, and what a failure keeps from being written.
import { describe, expect, test } from '@jest/globals';
import { executeAll } from '../../src/execute/execute-all.ts';
import type { ItemResult, Outcome } from '../../src/plan/outcome.ts';
import type { Item } from '../../src/plan/plan.ts';
import { definition, inSplit, rule } from '../definition/samples.ts';
import { place, planFor, reading } from '../plan/samples.ts';

/** An item for each flag; the value names the flags its rules ask. */
function itemsOf(parents: Readonly<Record<string, readonly string[]>>, environment = 'Production'): Item[] {
  const readings = Object.entries(parents).map(([flag, asked]) =>
    reading({
      source: place('Staging', { flag }),
      target: place(environment, { flag }),
      sourceDefinition: definition({ rules: asked.map((parent) => rule(inSplit(parent, 'on'))) }),
      before: definition({ trafficAllocation: 1 }),
    }),
  );
  return [...planFor(readings).items];
}

const ended = (item: Item, outcome: Outcome, members: Partial<ItemResult> = {}): ItemResult => ({
  ...{ item, outcome, written: 'no', warnings: [] },
  ...members,
});

const nameOf = ({ target }: Item): string => target.flag;

/** Lets everything that can go on go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Played {
  readonly started: readonly string[];
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly reason: string | undefined;
  readonly results: readonly ItemResult[];
}

async function play(
  items: readonly Item[],
  {
    fates = {},
    onFailure = 'stop',
    blocked = [],
  }: {
    readonly fates?: Readonly<Record<string, Partial<ItemResult> & { readonly outcome: Outcome }>>;
    readonly onFailure?: 'stop' | 'continue';
    readonly blocked?: readonly ItemResult[];
  } = {},
): Promise<Played> {
  const started: string[] = [];
  const results: ItemResult[] = [];
  const failure = await executeAll(
    items,
    {
      onFailure,
      async execute(item, answered) {
        started.push(nameOf(item));
        await turn();
        if (fates[nameOf(item)] === undefined) answered();
        const fate = fates[nameOf(item)] ?? { outcome: 'updated', written: 'yes' };
        return ended(item, fate.outcome, fate);
      },
      ended: (result) => void results.push(result),
    },
    blocked,
  );
  const outcomes = Object.fromEntries(results.map(({ item, outcome }) => [nameOf(item), outcome]));
  return { started, outcomes, reason: failure?.reason, results };
}

const FAILED = { outcome: 'failed', reason: 'network', message: 'No answer.' } as const;

describe('the order', () => {
  test('is parents first', async () => {
    const { started } = await play(itemsOf({ child: ['parent'], parent: ['root'], root: [], other: [] }));

    expect(started.indexOf('root')).toBeLessThan(started.indexOf('parent'));
    expect(started.indexOf('parent')).toBeLessThan(started.indexOf('child'));
    expect(started).toHaveLength(4);
  });

  test('lets one item of an environment be answered before its others start, and not those elsewhere', async () => {
    const waiting: (() => void)[] = [];
    const started: string[] = [];
    const items = [...itemsOf({ a: [], b: [] }), ...itemsOf({ c: [] }, 'Canary')];
    const run = executeAll(items, {
      onFailure: 'stop',
      execute: (item, answered) => {
        started.push(nameOf(item));
        return new Promise((resolve) => {
          waiting.push(() => resolve(ended(item, 'updated')));
          if (nameOf(item) === 'a') waiting.unshift(answered);
        });
      },
      ended: () => undefined,
    });
    await turn();
    expect(started).toEqual(['a', 'c']);
    waiting.shift()?.();
    await turn();
    expect(started).toEqual(['a', 'c', 'b']);
    for (const go of waiting) go();
    expect(await run).toBeUndefined();
  });
});

describe('after a failure', () => {
  const many = itemsOf(Object.fromEntries(Array.from({ length: 30 }, (_, number) => [`f${number}`, []])));

  test('no other item starts where the run is to stop', async () => {
    const { started, reason } = await play(many, { fates: { f0: FAILED } });

    expect(started).toEqual(['f0']);
    expect(reason).toBe('network');
  });

  test('every other item is written where the run is to go on', async () => {
    const { outcomes, reason } = await play(many, {
      fates: { f0: FAILED, f9: FAILED },
      onFailure: 'continue',
    });

    expect(Object.values(outcomes).filter((outcome) => outcome === 'updated')).toHaveLength(28);
    expect(reason).toBe('network');
  });

  test('the first in time names the run', async () => {
    const fates = { f0: FAILED, f1: { ...FAILED, reason: 'permission' } } as const;

    expect((await play(many, { fates, onFailure: 'continue' })).reason).toBe('network');
  });

  test('that is a cancelled job, the run has failed though nothing was attempted', async () => {
    const cancelled = { outcome: 'not-attempted', reason: 'cancelled', message: 'Cancelled.' } as const;

    expect((await play(many, { fates: { f0: cancelled } })).reason).toBe('cancelled');
  });
});

describe('an item whose parent in this run', () => {
  const items = itemsOf({ parent: [], child: ['parent'], grandchild: ['child'], stranger: ['elsewhere'] });

  test.each<[string, Partial<ItemResult> & { readonly outcome: Outcome }, string]>([
    ['failed', FAILED, 'failed'],
    ['waits for approval', { outcome: 'pending-approval' }, 'pending approval'],
  ])('%s is not attempted, nor are those that ask it', async (_what, fate, words) => {
    const { outcomes, results } = await play(items, { fates: { parent: fate }, onFailure: 'continue' });

    expect(outcomes).toEqual({
      ...{ parent: fate.outcome, child: 'not-attempted', grandchild: 'not-attempted', stranger: 'updated' },
    });
    const child = results.find(({ item }) => nameOf(item) === 'child');
    expect(child?.message).toBe(`Its rules ask flag \`parent\`, which this run did not write: ${words}.`);
  });

  test('was refused is not attempted', async () => {
    const [parent, ...others] = items;
    const refused = parent === undefined ? [] : [ended(parent, 'refused', { reason: 'checks-failed' })];
    const { outcomes, reason } = await play(others, { blocked: refused, onFailure: 'continue' });

    expect(outcomes).toEqual({
      ...{ child: 'not-attempted', grandchild: 'not-attempted', stranger: 'updated' },
    });
    expect(reason).toBeUndefined();
  });

  test('was written is written', async () => {
    const { outcomes } = await play(items);

    expect(new Set(Object.values(outcomes))).toEqual(new Set(['updated']));
  });
});
