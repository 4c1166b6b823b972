// Carries out all items of a plan: parents first, several at a time, read back together, and as a failure wants it.
import { Failure, asFailure, type FailureReason } from '../failure.ts';
import { groups } from '../plan/groups.ts';
import { inSteps, predecessorsOf } from '../plan/order.ts';
import type { ItemResult } from '../plan/outcome.ts';
import type { Item } from '../plan/plan.ts';
import type { ItemRun, Stage } from './item-run.ts';
import type { EnvironmentReader } from './ports.ts';
import { labelOf } from './writer.ts';

/** Items that are carried out at the same time. */
const MOST_AT_ONCE = 8;

export type OnFailure = 'stop' | 'continue' | 'restore';

export interface ExecuteAllOptions {
  readonly start: (item: Item, stoppedBy: () => FailureReason | undefined) => ItemRun;
  readonly readerOf: (item: Item) => EnvironmentReader;
  /** `continue`: a failure keeps no other item from being written. */
  readonly onFailure: OnFailure;
  readonly cancelled: AbortSignal;
  /** Told of an item whose write has ended, one way or the other. */
  readonly written: (item: Item) => void;
  /** Told when written targets are about to be read back. */
  readonly readingBack: () => void;
  /** Told of every item that has ended, or that will not be attempted because of a parent. */
  readonly ended: (result: ItemResult) => void;
}

/** How all items ended. */
export interface Executed {
  /** The failure of the item that failed first in time. */
  readonly failure: Failure | undefined;
  /** The runs of the items whose writing began, in the order in which it did. */
  readonly runs: readonly ItemRun[];
}

const BLOCKING: ReadonlySet<string> = new Set(['refused', 'failed', 'pending-approval', 'not-attempted']);

/** Works on values, a bounded number of them at a time, in their order. */
export async function inOrder<T>(values: readonly T[], work: (value: T) => Promise<void>): Promise<void> {
  const queue = values.values();
  const worker = async (): Promise<void> => {
    for (const value of queue) await work(value);
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, worker));
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });

/** Items by environment, and in the order of the pages they were read from, so that one page serves several. */
function byPage(items: readonly Item[], readerOf: ExecuteAllOptions['readerOf']): readonly Item[] {
  const page = (item: Item): number => readerOf(item).pageOf(item.target.flag) ?? Number.POSITIVE_INFINITY;
  return groups(items, ({ target }) => target.environment.id).flatMap((there) =>
    there.toSorted((left, right) => (page(left) === page(right) ? 0 : page(left) - page(right))),
  );
}

interface Settling {
  readonly readerOf: ExecuteAllOptions['readerOf'];
  /** Told of every run that went a step further. */
  readonly stepped: (run: ItemRun) => void;
  /** Why no further write may start, if that is so. */
  readonly objection: () => Failure | undefined;
}

/** Reads targets back and has them compared, environment by environment. */
async function proveAll(runs: readonly ItemRun[], { readerOf, stepped }: Settling): Promise<void> {
  await Promise.all(
    groups(runs, ({ item }) => item.target.environment.id).map(async (there) => {
      const flags = there.map(({ item }) => item.target.flag);
      const found = await readerOf(there[0].item).read(flags, { begun: true }).catch(asFailure);
      await inOrder(there, async (run) => {
        // A page that cannot be read says nothing of the targets on it.
        const singly = found instanceof Failure;
        await run.prove(singly ? await run.readAgain().catch(asFailure) : found.get(run.item.target.flag));
        stepped(run);
      });
    }),
  );
}

/** Reads back what was written, restores what was killed for its write only, and reads that back. */
export async function settle(runs: readonly ItemRun[], options: Settling): Promise<void> {
  const at = (stage: Stage): readonly ItemRun[] => runs.filter((run) => run.stage === stage);
  await proveAll(at('unproven'), options);
  await inOrder(at('to-restore'), async (run) => {
    const failure = options.objection();
    const label = labelOf(run.item);
    await (failure === undefined
      ? run.restore()
      : run.leave(new Failure(failure.reason, `Another item failed, so ${label} was left killed.`)));
    options.stepped(run);
  });
  await proveAll(at('unproven'), options);
}

/**
 * @param items what is to be written
 * @param blocked results of items that will not be written, since a check refused them
 */
export async function executeAll(
  items: readonly Item[],
  { start, readerOf, onFailure, cancelled, written, readingBack, ended }: ExecuteAllOptions,
  blocked: readonly ItemResult[] = [],
): Promise<Executed> {
  const outcomes = new Map(blocked.map((result) => [result.item, result]));
  const predecessors = predecessorsOf([...items, ...outcomes.keys()]);
  const runs = new Map<Item, ItemRun>();
  let first: Failure | undefined;

  /** Where the first write to an environment shows that it requires approval, the others need not try. */
  const firstWrites = new Map<string, Promise<void>>();

  function end(result: ItemResult): void {
    outcomes.set(result.item, result);
    ended(result);
    if (result.reason !== undefined) first ??= new Failure(result.reason, result.message ?? '');
  }

  function stepped(run: ItemRun): void {
    if (run.stage === 'ended') end(run.result);
  }

  const isStopped = (): boolean => first !== undefined && onFailure !== 'continue';

  /** What keeps an item from being written: a parent that was not. */
  function blockedBy(item: Item): { readonly parent: Item; readonly outcome: string } | undefined {
    for (const parent of predecessors(item)) {
      const run = runs.get(parent);
      // One that is still to be read back is written.
      const isWritten = run !== undefined && run.stage !== 'ended' && run.stage !== 'waiting';
      const outcome = outcomes.get(parent)?.outcome ?? 'not-attempted';
      if (!isWritten && BLOCKING.has(outcome)) return { parent, outcome };
    }
    return undefined;
  }

  async function write(item: Item): Promise<void> {
    if (isStopped()) return;
    const blocking = blockedBy(item);
    if (blocking !== undefined) {
      const { parent, outcome } = blocking;
      const message = `${item.removes === true ? 'It is asked by' : 'Its rules ask'} flag \`${parent.target.flag}\`, which this run did not write: ${outcome.replace('-', ' ')}.`;
      end({ item, outcome: 'not-attempted', written: 'no', message, warnings: [] });
      return;
    }
    const { id } = item.target.environment;
    const before = firstWrites.get(id);
    if (before !== undefined) {
      await before;
      if (isStopped()) return;
    }
    const run = start(item, () => (isStopped() ? first?.reason : undefined));
    runs.set(item, run);
    const writing = run.write();
    if (before === undefined) firstWrites.set(id, writing);
    await writing;
    written(item);
    stepped(run);
  }

  function proven(): Promise<void> {
    readingBack();
    const objection = (): Failure | undefined => (isStopped() ? first : undefined);
    return settle([...runs.values()], { readerOf, stepped, objection });
  }

  const decided = async (waiting: readonly ItemRun[]): Promise<void> => {
    await Promise.all(
      waiting.map(async (run) => {
        await run.decide();
        stepped(run);
      }),
    );
  };

  const waitingRuns = (): readonly ItemRun[] => [...runs.values()].filter(({ stage }) => stage === 'waiting');

  const steps = inSteps(items);
  for (const [number, step] of steps.entries()) {
    const writing = inOrder(byPage(step, readerOf), write);
    await Promise.race([writing, aborted(cancelled)]);
    // What is still under way may take all the time that is left; what was written is read back beside it.
    if (cancelled.aborted) await proven();
    await writing;
    // Only what later items lean on is waited for before these are written.
    const later = steps.slice(number + 1).flat();
    const leanedOn = waitingRuns().filter(({ item }) =>
      later.some((child) => predecessors(child).includes(item)),
    );
    if (leanedOn.length === 0) continue;
    await proven();
    await decided(leanedOn);
  }
  await proven();
  await decided(waitingRuns());
  return { failure: first, runs: [...runs.values()] };
}
