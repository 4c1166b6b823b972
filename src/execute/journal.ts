// The journal of a run: the plan file, kept current so that whatever ends the run, the disk says how far it got.
import type { Json } from '../json.ts';
import { asFailure } from '../failure.ts';
import type { ItemResult } from '../plan/outcome.ts';
import { planFileToJson, type PlanFileFacts, type Progress } from '../plan/plan-file.ts';
import type { Item } from '../plan/plan.ts';

export interface Journal {
  readonly path: string;
  /** Makes an item's progress durable; what is on disk is always whole. */
  readonly record: (item: Item, progress: Progress) => Promise<void>;
  /** Resolves when all that was recorded is on disk. */
  readonly settled: () => Promise<void>;
}

/**
 * Writes the plan file for the first time.
 * @param options.save replaces the file; resolves to its path when the content is on disk
 * @throws Failure when it cannot be written
 */
export async function openJournal(
  facts: PlanFileFacts,
  options: {
    readonly results: readonly ItemResult[];
    readonly save: (content: Json) => Promise<string>;
    readonly warn: (message: string) => void;
  },
): Promise<Journal> {
  const { results, save, warn } = options;
  const progress = new Map<Item, Progress>(
    results.map(({ item, outcome, written }) => [item, { state: 'planned', outcome, written }]),
  );
  const path = await save(planFileToJson(facts, progress));
  let writing: Promise<unknown> = Promise.resolve();
  let waiting: Promise<unknown> | undefined;

  /** Writes once for all that wait while a write is under way: what is recorded meanwhile goes with the next. */
  function write(): Promise<unknown> {
    waiting ??= writing
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        return (writing = save(planFileToJson(facts, progress)));
      });
    return waiting;
  }

  return {
    path,
    async record(item, state) {
      progress.set(item, state);
      try {
        await write();
      } catch (error) {
        // Before a write this stops it; after one, what is written must still be read back and told.
        if (state.state === 'started') throw error;
        warn(`The plan file is behind: ${asFailure(error).message}`);
      }
    },

    async settled() {
      await (waiting ?? writing).catch(() => undefined);
    },
  };
}
