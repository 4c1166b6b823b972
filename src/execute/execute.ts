// Carries out one item: directly, or through the target's approval, and says how it ended.
import { asFailure, type FailureReason } from '../failure.ts';
import type { ItemResult, Outcome, Written } from '../plan/outcome.ts';
import type { Item } from '../plan/plan.ts';
import type { Progress } from '../plan/plan-file.ts';
import { decisionOn, operationFor } from '../plan/change-request.ts';
import { awaitDecision, fileRequest, type ApprovalOptions } from './approval.ts';
import type { ChangeRequest } from './ports.ts';
import { createWriter, type Writer, type WriterOptions } from './writer.ts';

export interface ExecuteOptions extends WriterOptions, ApprovalOptions {
  readonly onApprovalRequired: 'request' | 'fail';
  /** Ids of the environments that asked for approval in this run; their other items do not try without. */
  readonly approvalsRequired: Set<string>;
  /** Called when the target has answered a write, one way or the other. */
  readonly answered: () => void;
}

const ABOUT_WRITTEN: Readonly<Record<Written, string>> = {
  no: 'Nothing was written.',
  unknown: 'Whether the write took effect is not known; look at the target before you run again.',
  yes: 'The target was changed; the plan file holds its old definition.',
};

/** What the plan file says of an item that failed: a write of unknown outcome stays started. */
const STATE_AFTER = { no: 'planned', unknown: 'started', yes: 'written' } as const satisfies Record<
  Written,
  string
>;

const writesDefinition = ({ changed }: Item): boolean => changed.some((part) => part !== 'kill-state');

/** Kill before the write, restore after the read-back. */
async function writeDirectly(item: Item, writer: Writer): Promise<void> {
  const { killChange, before, result } = item;
  if (killChange === 'kill' && before !== undefined) await writer.kill();
  if (writesDefinition(item)) await writer.write();
  if (writesDefinition(item) || killChange === 'kill') {
    await writer.prove(killChange === 'restore' || result.killed === true);
  }
  if (killChange === 'restore') {
    await writer.restore();
    await writer.prove(false);
  }
}

/** How an item that failed ends; a change request that is still open goes on without this run. */
function outcomeAfter(reason: FailureReason, written: Written, request: ChangeRequest | undefined): Outcome {
  if (request !== undefined && written === 'no' && reason !== 'approval-rejected') return 'pending-approval';
  return reason === 'cancelled' && written === 'no' ? 'not-attempted' : 'failed';
}

/**
 * Writes an item that differs, and proves it by reading back; where the target requires approval, files a
 * change request instead. Never throws: how the item ended is in the result.
 */
export async function execute(item: Item, options: ExecuteOptions): Promise<ItemResult> {
  const { record, onApprovalRequired, approvalsRequired } = options;
  const { before, killChange, target } = item;
  const writer = createWriter(item, options);
  const environment = target.environment.id;
  let request = item.openRequest;
  let notRequested: Item['killChange'];
  /** Whether a change request may be filed though nothing tells so. */
  let filingInDoubt = false;
  const inDoubt = (): void => {
    filingInDoubt = true;
  };

  /** Whether it was written; otherwise the target requires approval. */
  async function isWrittenDirectly(): Promise<boolean> {
    if (request !== undefined || approvalsRequired.has(environment)) return false;
    try {
      await writeDirectly(item, writer);
      return true;
    } catch (error) {
      const asks = asFailure(error).reason === 'approval-required' && writer.state.definitionWritten === 'no';
      if (!asks || onApprovalRequired === 'fail') throw error;
      approvalsRequired.add(environment);
      return false;
    }
  }

  /** Whether the change request was published; otherwise it waits for its decision. */
  async function isWrittenByRequest(): Promise<boolean> {
    const killed = writer.state.expected?.killed === true;
    request ??= await fileRequest(item, { ...options, killed, begin: () => writer.begin(), inDoubt });
    await record({ state: 'requested', changeRequestId: request.id });
    // An object takes one request at a time, so a change of kill state beside the definition is left.
    const asked = operationFor(item) === 'UPDATE' ? killed : item.result.killed === true;
    if (asked !== (item.result.killed === true)) notRequested = killChange;
    request = await awaitDecision(request, item, options);
    if (decisionOn(request) !== 'published') return false;
    writer.wasWritten();
    await writer.prove(asked);
    return true;
  }

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

  try {
    const isDirect = await isWrittenDirectly();
    options.answered();
    const isWritten = isDirect || (await isWrittenByRequest());
    const { written, warnings } = writer.state;
    const done = before === undefined ? 'created' : 'updated';
    const outcome: Outcome = isWritten ? done : 'pending-approval';
    await record({ state: isWritten ? 'confirmed' : 'requested', ...progress(outcome) });
    return { item, outcome, written, warnings, ...known() };
  } catch (error) {
    const { reason, message } = asFailure(error);
    const { written } = writer.state;
    const outcome = filingInDoubt ? 'failed' : outcomeAfter(reason, written, request);
    const stopped = filingInDoubt && written === 'no' ? 'started' : STATE_AFTER[written];
    const state = outcome === 'pending-approval' ? 'requested' : stopped;
    await record({ state, ...progress(outcome) }).catch((lost: unknown) =>
      writer.warn(asFailure(lost).message),
    );
    return {
      ...{ item, outcome, written, reason, message: `${message} ${ABOUT_WRITTEN[written]}` },
      warnings: writer.state.warnings,
      ...known(),
    };
  }
}
