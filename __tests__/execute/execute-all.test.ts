// All items of a plan: what is carried out, in which order, and what a failure keeps from being written.
import { describe, expect, test } from '@jest/globals';
import { executeAll, type OnFailure } from '../../src/execute/execute-all.ts';
import type { ItemRun, Stage } from '../../src/execute/item-run.ts';
import type { EnvironmentReader } from '../../src/execute/ports.ts';
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

type Fate = Partial<ItemResult> & { readonly outcome: Outcome };

/** A run whose write takes a turn and then ends as it is fated to, or is still to be read back. */
function fated(item: Item, fate: Fate | undefined, told: (what: string) => void): ItemRun {
  let stage: Stage = 'planned';
  let result = ended(item, 'not-attempted');
  const end = (): void => {
    stage = 'ended';
    result = ended(item, fate?.outcome ?? 'updated', { written: 'yes', ...fate });
  };
  const step = async (what: string, next: () => void): Promise<void> => {
    told(`${what} ${nameOf(item)}`);
    await turn();
    next();
  };
  return {
    item,
    get stage() {
      return stage;
    },
    get result() {
      return result;
    },
    state: {
      ...{ written: 'yes', definitionWritten: 'yes', expected: undefined, exact: false, warnings: [] },
      ...{ readBack: undefined, residual: undefined },
    },
    isOurs: () => false,
    readAgain: () => Promise.resolve(undefined),
    write: () =>
      step('write', () => {
        if (fate === undefined) stage = 'unproven';
        else if (fate.outcome === 'pending-approval') stage = 'waiting';
        else end();
      }),
    prove: () => step('prove', end),
    restore: () => step('restore', end),
    decide: () => step('decide', end),
    leave: () => step('leave', end),
  };
}

const READER: EnvironmentReader = {
  read: () => Promise.resolve(new Map()),
  pageOf: () => undefined,
  cost: () => 0,
};

interface Played {
  readonly started: readonly string[];
  readonly steps: readonly string[];
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
    reader = READER,
  }: {
    readonly fates?: Readonly<Record<string, Fate>>;
    readonly onFailure?: OnFailure;
    readonly blocked?: readonly ItemResult[];
    readonly reader?: EnvironmentReader;
  } = {},
): Promise<Played> {
  const steps: string[] = [];
  const results: ItemResult[] = [];
  const { failure } = await executeAll(
    items,
    {
      onFailure,
      cancelled: new AbortController().signal,
      readerOf: () => reader,
      start: (item) => fated(item, fates[nameOf(item)], (what) => steps.push(what)),
      written: () => undefined,
      readingBack: () => undefined,
      ended: (result) => void results.push(result),
    },
    blocked,
  );
  const outcomes = Object.fromEntries(results.map(({ item, outcome }) => [nameOf(item), outcome]));
  const started = steps.filter((step) => step.startsWith('write ')).map((step) => step.slice(6));
  return { started, steps, outcomes, reason: failure?.reason, results };
}

const FAILED = { outcome: 'failed', reason: 'network', message: 'No answer.' } as const;

describe('the order', () => {
  test('is parents first', async () => {
    const { started } = await play(itemsOf({ child: ['parent'], parent: ['root'], root: [], other: [] }));

    expect(started.indexOf('root')).toBeLessThan(started.indexOf('parent'));
    expect(started.indexOf('parent')).toBeLessThan(started.indexOf('child'));
    expect(started).toHaveLength(4);
  });

  test('is that of the pages on which they were found', async () => {
    const pages = new Map([
      ['b', 50],
      ['c', 0],
      ['d', 50],
    ]);
    const reader = { ...READER, pageOf: (flag: string) => pages.get(flag) };

    expect((await play(itemsOf({ a: [], b: [], c: [], d: [] }), { reader })).started).toEqual([
      ...['c', 'b', 'd', 'a'],
    ]);
  });

  test('lets the first write of an environment be answered before its others start, and not those elsewhere', async () => {
    const { steps } = await play([...itemsOf({ a: [], b: [] }), ...itemsOf({ c: [] }, 'Canary')], {
      fates: { a: FAILED },
    });

    expect(steps).toEqual(['write a', 'write c', 'prove c']);
  });

  test('reads back what was written only after all writes', async () => {
    const { steps } = await play(itemsOf({ child: ['parent'], parent: [], other: [] }));

    expect(steps.map((step) => step.split(' ')[0])).toEqual([
      ...['write', 'write', 'write', 'prove', 'prove', 'prove'],
    ]);
  });

  test('decides first on what later items lean on, with what was written before that read back', async () => {
    const { steps } = await play(itemsOf({ child: ['parent'], parent: [], other: [], asking: [] }), {
      fates: { parent: { outcome: 'pending-approval' }, asking: { outcome: 'pending-approval' } },
    });

    expect(steps).toEqual([
      ...['write parent', 'write other', 'write asking', 'prove other', 'decide parent', 'decide asking'],
    ]);
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

  test.each<[string, Fate, string]>([
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
