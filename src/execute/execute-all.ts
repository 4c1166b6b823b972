// Carries out all items of a plan: parents first, several at a time, and stops where the user wants it to.
import { Failure } from '../failure.ts';
import { parentsAmong, inSteps } from '../plan/order.ts';
import type { ItemResult } from '../plan/outcome.ts';
import type { Item } from '../plan/plan.ts';

/** Items that are carried out at the same time. */
const MOST_AT_ONCE = 8;

export interface ExecuteAllOptions {
  /** Carries out one item; calls `answered` when its target has answered a write, one way or the other. */
  readonly execute: (item: Item, answered: () => void) => Promise<ItemResult>;
  /** `continue`: a failure keeps no other item from being written. */
  readonly onFailure: 'stop' | 'continue';
  /** Told of every item that has ended, or that will not be attempted because of a parent. */
  readonly ended: (result: ItemResult) => void;
}

const BLOCKING: ReadonlySet<string> = new Set(['refused', 'failed', 'pending-approval', 'not-attempted']);

/**
 * @param items what is to be written
 * @param blocked results of items that will not be written, since a check refused them
 * @returns the failure of the item that failed first in time
 */
export async function executeAll(
  items: readonly Item[],
  { execute, onFailure, ended }: ExecuteAllOptions,
  blocked: readonly ItemResult[] = [],
): Promise<Failure | undefined> {
  const outcomes = new Map(blocked.map((result) => [result.item, result]));
  const all = [...items, ...outcomes.keys()];
  let first: Failure | undefined;

  /** Where the first write to an environment shows that it requires approval, the others need not try. */
  const firstAnswers = new Map<string, Promise<void>>();

  function end(result: ItemResult): void {
    outcomes.set(result.item, result);
    ended(result);
    if (result.reason === undefined) return;
    first ??= new Failure(result.reason, result.message ?? '');
  }

  async function carryOut(item: Item): Promise<void> {
    if (first !== undefined && onFailure === 'stop') return;
    const parent = parentsAmong(item, all).find((other) =>
      BLOCKING.has(outcomes.get(other)?.outcome ?? 'not-attempted'),
    );
    if (parent !== undefined) {
      const outcome = outcomes.get(parent)?.outcome ?? 'not-attempted';
      const message = `Its rules ask flag \`${parent.target.flag}\`, which this run did not write: ${outcome.replace('-', ' ')}.`;
      end({ item, outcome: 'not-attempted', written: 'no', message, warnings: [] });
      return;
    }
    const { id } = item.target.environment;
    const answer = firstAnswers.get(id);
    if (answer !== undefined) {
      await answer;
      if (first !== undefined && onFailure === 'stop') return;
    }
    let answered = (): void => undefined;
    if (answer === undefined) firstAnswers.set(id, new Promise((resolve) => (answered = resolve)));
    try {
      end(await execute(item, answered));
    } finally {
      answered();
    }
  }

  for (const step of inSteps(items)) {
    const queue = step.values();
    const worker = async (): Promise<void> => {
      for (const item of queue) await carryOut(item);
    };
    await Promise.all(Array.from({ length: MOST_AT_ONCE }, worker));
  }
  return first;
}
