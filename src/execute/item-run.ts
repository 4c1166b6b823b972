// One item under way, step by step: directly, or through the target's approval, and how it ended.
import type { Definition } from '../definition/definition.ts';
import { Failure, asFailure } from '../failure.ts';
import type { ItemResult, Outcome, Written } from '../plan/outcome.ts';
import type { Item } from '../plan/plan.ts';
import { verify } from '../plan/verification.ts';
import type { Progress } from '../plan/plan-file.ts';
import { decisionOn, operationFor } from '../plan/change-request.ts';
import { awaitDecision, fileRequest, type ApprovalOptions } from './approval.ts';
import { ABOUT_WRITTEN, outcomeAfter, STATE_AFTER } from './endings.ts';
import type { Sighting } from './ports.ts';
import { createWriter, labelOf, type Writer, type WriterOptions } from './writer.ts';

export interface ItemRunOptions extends WriterOptions, ApprovalOptions {
  readonly onApprovalRequired: 'request' | 'fail';
  /** Ids of the environments that asked for approval in this run; their other items do not try without. */
  readonly approvalsRequired: Set<string>;
  /** The run undoes another one: what is written then is restored. */
  readonly isUndo?: boolean;
  /** What a failure says of the target. */
  readonly aboutWritten?: Readonly<Record<Written, string>>;
}

/**
 * What an item needs next: to be written, to be read back, to be restored after that (its kill state), a decision
 * on its change request, or nothing.
 */
export type Stage = 'planned' | 'unproven' | 'to-restore' | 'waiting' | 'ended';

const writesDefinition = ({ changed }: Item): boolean => changed.some((part) => part !== 'kill-state');

/** An item on its way. None of its steps throws: a failure ends it, and how it ended is in `result`. */
export function createItemRun(item: Item, options: ItemRunOptions) {
  const { record, onApprovalRequired, approvalsRequired, isUndo, aboutWritten = ABOUT_WRITTEN } = options;
  const { before, killChange, target, removes = false } = item;
  const writer = createWriter(item, options);
  const environment = target.environment.id;
  const resultKilled = item.result.killed === true;
  let stage: Stage = 'planned';
  let result: ItemResult = { item, outcome: 'not-attempted', written: 'no', warnings: [] };
  let request = item.openRequest;
  let notRequested: Item['killChange'];
  /** The kill state that the target is meant to have at this moment. */
  let killed = killChange === 'restore' || resultKilled;
  /** Whether a change request may be filed though nothing tells so. */
  let filingInDoubt = false;
  const inDoubt = (): void => {
    filingInDoubt = true;
  };

  const known = (): Partial<ItemResult> => {
    const { readBack, residual, written, definitionWritten } = writer.state;
    const killStateAlone =
      killChange !== undefined && written === 'yes' && definitionWritten === 'no' && writesDefinition(item);
    return {
      ...(killStateAlone && { killStateAlone }),
      ...(readBack && { readBack }),
      ...(residual && { residual }),
      ...(request && { request }),
      ...(notRequested && { notRequested }),
    };
  };

  const progress = (outcome: Outcome): Omit<Progress, 'state'> => {
    const { written, readBack } = writer.state;
    return {
      ...{ outcome, written },
      ...(request && { changeRequestId: request.id }),
      ...(readBack && { readBack }),
    };
  };

  async function succeed(outcome: Outcome): Promise<void> {
    const { written, warnings } = writer.state;
    await record({ state: outcome === 'pending-approval' ? 'requested' : 'confirmed', ...progress(outcome) });
    stage = 'ended';
    result = { item, outcome, written, warnings, ...known() };
  }

  async function endWith(error: unknown): Promise<void> {
    const failure = asFailure(error);
    const { reason, message } = failure;
    const { written } = writer.state;
    const outcome = filingInDoubt ? 'failed' : outcomeAfter(failure, written, request);
    const stopped = filingInDoubt && written === 'no' ? 'started' : STATE_AFTER[written];
    const state = outcome === 'pending-approval' ? 'requested' : stopped;
    try {
      await record({ state, ...progress(outcome) });
    } catch (lost) {
      writer.warn(asFailure(lost).message);
    }
    stage = 'ended';
    result = {
      ...{ item, outcome, written, reason, message: `${message} ${aboutWritten[written]}` },
      warnings: writer.state.warnings,
      ...known(),
    };
  }

  async function unlessItFails(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      await endWith(error);
    }
  }

  /** Kill before the write, restore after the read-back. @returns whether it was read back already */
  async function writeDirectly(): Promise<boolean> {
    if (removes) {
      await writer.remove();
      return false;
    }
    if (killChange === 'kill' && before !== undefined) await writer.kill();
    if (writesDefinition(item)) return writer.write(killed);
    if (killChange === 'restore') await restore();
    return false;
  }

  async function restore(): Promise<void> {
    await writer.restore();
    killed = false;
  }

  /** How it was written; otherwise the target requires approval. */
  async function triedDirectly(): Promise<'proven' | 'unproven' | 'requires approval'> {
    if (request !== undefined || approvalsRequired.has(environment)) return 'requires approval';
    try {
      return (await writeDirectly()) ? 'proven' : 'unproven';
    } catch (error) {
      const asks = asFailure(error).reason === 'approval-required' && writer.state.definitionWritten === 'no';
      if (!asks || onApprovalRequired === 'fail') throw error;
      approvalsRequired.add(environment);
      return 'requires approval';
    }
  }

  async function file(): Promise<void> {
    const isKilled = writer.state.expected?.killed === true;
    request ??= await fileRequest(item, {
      ...options,
      killed: isKilled,
      begin: () => writer.begin(),
      inDoubt,
    });
    await record({ state: 'requested', changeRequestId: request.id });
    // An object takes one request at a time, so a change of kill state beside the definition is left.
    killed = operationFor(item) === 'UPDATE' ? isKilled : resultKilled;
    if (killed !== resultKilled) notRequested = killChange;
  }

  /** Nobody waits for these to be on disk; a file that is behind is told at the end. */
  function note(progress: Progress): void {
    record(progress).catch((lost: unknown) => writer.warn(asFailure(lost).message));
  }

  async function goOn(): Promise<void> {
    if (killed !== resultKilled && notRequested === undefined) stage = 'to-restore';
    else if (isUndo === true) await succeed('restored');
    else await succeed(before === undefined ? 'created' : 'updated');
  }

  async function proven(sighting: Sighting | undefined): Promise<void> {
    if (!removes) await writer.prove(sighting, killed);
    else if (sighting !== undefined) {
      throw new Failure('verification-failed', `${labelOf(item)} was removed, but it is still there.`);
    }
    await goOn();
  }

  return {
    item,
    get stage(): Stage {
      return stage;
    },
    /** How it ended, or how it would if nothing else happened. */
    get result(): ItemResult {
      return result;
    },
    get state(): Writer['state'] {
      return writer.state;
    },
    /** Whether this is what the run left there, as far as the API has shown. */
    isOurs(live: Definition): boolean {
      if (writer.isLeft(live)) return true;
      const { asMeant, warnings } = verify(live, { item, copied: options.copied, killed });
      return asMeant && warnings.length === 0;
    },
    /** @throws Failure */
    readAgain: writer.readAgain,

    /** Writes the item; where the target requires approval, files a change request instead. */
    write: (): Promise<void> =>
      unlessItFails(async () => {
        const tried = await triedDirectly();
        if (tried === 'requires approval') {
          await file();
          stage = 'waiting';
          return;
        }
        stage = 'unproven';
        note({ state: 'written' });
        if (tried === 'proven') await goOn();
      }),

    /** Takes what the target is now, or why that could not be read, and compares it with what was meant. */
    prove: (sighting: Sighting | undefined | Failure): Promise<void> =>
      unlessItFails(async () => {
        if (sighting instanceof Failure) throw sighting;
        await proven(sighting);
      }),

    restore: (): Promise<void> =>
      unlessItFails(async () => {
        await restore();
        stage = 'unproven';
      }),

    /** Waits for the decision on the change request, and reads back what was published. */
    decide: (): Promise<void> =>
      unlessItFails(async () => {
        if (request === undefined) return;
        request = await awaitDecision(request, item, options);
        if (decisionOn(request) !== 'published') {
          await succeed('pending-approval');
          return;
        }
        writer.wasWritten();
        note({ state: 'written' });
        await proven(await writer.readAgain());
      }),

    /** Ends an item that is half done. */
    leave: endWith,
  };
}

export type ItemRun = ReturnType<typeof createItemRun>;
