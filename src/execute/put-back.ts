// After a failure: puts back what the run wrote, newest first, where it is still what the run wrote.
import { SECTIONS } from '../definition/sections.ts';
import { Failure, asFailure } from '../failure.ts';
import { inverseOf } from '../plan/inverse.ts';
import type { ItemResult } from '../plan/outcome.ts';
import type { Item } from '../plan/plan.ts';
import type { Progress } from '../plan/plan-file.ts';
import { isSame } from '../plan/verification.ts';
import { settle, type ExecuteAllOptions } from './execute-all.ts';
import { ABOUT_PUT_BACK } from './endings.ts';
import { createItemRun, type ItemRun, type ItemRunOptions } from './item-run.ts';
import { createLooks } from './looks.ts';
import { FRESH_MILLISECONDS, type Sighting } from './ports.ts';

export interface PutBackOptions {
  readonly optionsOf: (item: Item) => ItemRunOptions;
  readonly readerOf: ExecuteAllOptions['readerOf'];
  /** Told how each of them ended in the end. */
  readonly ended: (result: ItemResult) => void;
  /** Told of each that was tried. */
  readonly tried: () => void;
}

const since = ({ message }: ItemResult): string => message ?? 'It was written.';

function restored(result: ItemResult, how: string): ItemResult {
  const { item, warnings, reason } = result;
  const message = `${since(result)} ${how}`;
  return { item, outcome: 'restored', written: 'no', warnings, ...(reason && { reason }), message };
}

function notRestored(result: ItemResult, why: Failure, written = result.written): ItemResult {
  const message = `${since(result)} It could not be put back: ${why.message}`;
  return { ...result, written, outcome: 'failed', reason: result.reason ?? why.reason, message };
}

/** What the plan file says of it in the end. */
function progressOf({ outcome, written, readBack, request }: ItemResult): Progress {
  const left = written === 'unknown' ? 'started' : 'written';
  return {
    ...{ state: outcome === 'restored' ? 'restored' : left, outcome, written },
    ...(request && { changeRequestId: request.id }),
    ...(readBack && { readBack }),
  };
}

/** @param runs what the run wrote, or may have written, in the order in which it did */
export async function putBack(runs: readonly ItemRun[], options: PutBackOptions): Promise<void> {
  const { optionsOf, readerOf, tried } = options;
  const newestFirst = runs.filter(({ state }) => state.written !== 'no').toReversed();
  const looks = createLooks(
    newestFirst.map(({ item }) => item),
    readerOf,
  );
  const undoing = new Map<ItemRun, ItemRun>();

  function ended(result: ItemResult): void {
    // A file that is behind was told already.
    optionsOf(result.item)
      .record(progressOf(result))
      .catch(() => undefined);
    options.ended(result);
  }

  function start(run: ItemRun, { definition, at }: Sighting): ItemRun {
    const { item } = run;
    const own = optionsOf(item);
    return createItemRun(inverseOf(item, { live: definition, readAt: at }), {
      ...own,
      copied: SECTIONS,
      audit: { ...own.audit, title: `Undo: ${own.audit.title}` },
      onApprovalRequired: 'fail',
      approvalsRequired: new Set(),
      aboutWritten: ABOUT_PUT_BACK,
      look: (moment) => looks.look(item, moment),
      // How it ended is recorded with the outcome of the item itself.
      record: (progress) => (progress.state === 'started' ? own.record(progress) : Promise.resolve()),
    });
  }

  async function undo(run: ItemRun): Promise<void> {
    const { item, result } = run;
    const { clock, cancelled } = optionsOf(item);
    const live = cancelled.aborted
      ? new Failure('cancelled', 'the job was cancelled.')
      : await looks.look(item, clock.now() - FRESH_MILLISECONDS).catch(asFailure);
    if (live instanceof Failure) {
      ended(notRestored(result, live));
    } else if (isSame(live?.definition, item.before)) {
      ended(restored(result, 'It is as it was before.'));
    } else if (live === undefined || !run.isOurs(live.definition)) {
      ended(
        notRestored(
          result,
          new Failure('target-changed', 'it is no longer what this run wrote, so it was left as it is.'),
        ),
      );
    } else {
      const back = start(run, live);
      undoing.set(back, run);
      await back.write();
      stepped(back);
    }
    looks.done(item);
  }

  function stepped(back: ItemRun): void {
    const run = undoing.get(back);
    if (back.stage !== 'ended' || run === undefined) return;
    const { reason, message, written, warnings } = back.result;
    // What lies outside the sections is only warned of, but is part of what was there before.
    const isBack = isSame(back.state.readBack, run.item.before);
    const failure =
      reason !== undefined
        ? new Failure(reason, message ?? '')
        : isBack
          ? undefined
          : new Failure('verification-failed', `not all of it came back. ${warnings.join(' ')}`.trim());
    ended(
      failure === undefined
        ? restored(run.result, 'It was put back.')
        : notRestored(run.result, failure, written === 'unknown' ? written : run.result.written),
    );
  }

  for (const run of newestFirst) {
    await undo(run);
    tried();
  }
  await settle([...undoing.keys()], { readerOf, stepped, objection: () => undefined });
}
