// Keeps the plan file current: how far each item got is on disk before anything else happens.
import { asFailure } from '../failure.ts';
import type { ItemResult } from '../plan/outcome.ts';
import type { Item } from '../plan/plan.ts';
import { planFilePieces, stateText, type PlanFileFacts, type Progress } from '../plan/plan-file.ts';

/** The file that a journal writes; of its pieces every second one is a slot. */
export interface JournalFile {
  readonly replace: (pieces: Iterable<string>) => Promise<void>;
  readonly overwrite: (slots: ReadonlyMap<number, string>) => Promise<void>;
}

/** The plan file of a run under way. */
export interface Journal {
  /** Makes the state of an item durable, and the change request it asks by; what is on disk is always whole. */
  readonly record: (item: Item, progress: Progress) => Promise<void>;
  /** Makes all that was recorded durable. */
  readonly settled: () => Promise<void>;
}

/**
 * Writes the plan file for the first time.
 * @throws Failure when it cannot be written
 */
export async function openJournal(
  facts: PlanFileFacts,
  options: {
    readonly results: readonly ItemResult[];
    readonly file: JournalFile;
    readonly warn: (message: string) => void;
  },
): Promise<Journal> {
  const { results, file, warn } = options;
  const progress = new Map<Item, Progress>(
    results.map(({ item, outcome, written }) => [item, { state: 'planned', outcome, written }]),
  );
  const slotOf = new Map(facts.plan.items.map((item, slot) => [item, slot]));
  let writing: Promise<unknown> = Promise.resolve();
  let waiting: Promise<unknown> | undefined;
  /** What is to be written next: states in their slots, or all of it. */
  let slots = new Map<number, string>();
  let isWhole = false;
  let isBehind = false;

  function writeNow(): Promise<void> {
    const states = slots;
    slots = new Map();
    if (!isWhole) return states.size === 0 ? Promise.resolve() : file.overwrite(states);
    isWhole = false;
    isBehind = false;
    return file.replace(planFilePieces(facts, progress));
  }

  /** Writes once for all that wait while a write is under way: what is recorded meanwhile goes with the next. */
  function write(): Promise<unknown> {
    waiting ??= writing
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        return (writing = writeNow());
      });
    return waiting;
  }

  const warnBehind = (error: unknown): void => warn(`The plan file is behind: ${asFailure(error).message}`);

  await file.replace(planFilePieces(facts, progress));

  return {
    async record(item, state) {
      progress.set(item, state);
      slots.set(slotOf.get(item) ?? 0, stateText(state));
      isBehind = true;
      // Without its id nobody finds the change request again; everything else can wait for the end.
      if (state.state === 'requested') isWhole = true;
      try {
        await write();
      } catch (error) {
        // Before a write this stops it; after one, what is written must still be read back and told.
        if (state.state === 'started') throw error;
        warnBehind(error);
      }
    },

    async settled() {
      if (!isBehind) return;
      isWhole = true;
      await write().catch(warnBehind);
    },
  };
}
