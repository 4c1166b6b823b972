// How items and runs end: the outcomes, and the status that follows from them.
import type { Difference } from '../definition/difference.ts';
import type { Definition } from '../definition/definition.ts';
import type { Failure, FailureReason } from '../failure.ts';
import { operationFor } from './change-request.ts';
import { differs, errorsOf, type Item } from './plan.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { ChangeRequest } from './surroundings.ts';

export type Outcome =
  | 'unchanged'
  | 'would-create'
  | 'would-update'
  | 'created'
  | 'updated'
  | 'pending-approval'
  | 'restored'
  | 'refused'
  | 'failed'
  | 'not-attempted';

/** How far the writing of an item got. `unknown`: a write was sent and nothing tells whether it took effect. */
export type Written = 'no' | 'unknown' | 'yes';

/** How one item ended. */
export interface ItemResult {
  readonly item: Item;
  readonly outcome: Outcome;
  /** Whether the target is left other than it was read. */
  readonly written: Written;
  /** Why the item failed, was refused or was not attempted. */
  readonly reason?: FailureReason;
  /** The sentence that goes with `reason`. */
  readonly message?: string;
  /** The target as read back after the write, where that was possible. */
  readonly readBack?: Definition;
  /** What the read-back still lacks of the result; only with `verification-failed`. */
  readonly residual?: readonly Difference[];
  /** The change request that asks for this item's result, where one was filed or found. */
  readonly request?: ChangeRequest;
  /** A change of kill state that is still to be made, since a change request cannot ask for it as well. */
  readonly notRequested?: Item['killChange'];
  /** Whether the kill state was changed though the definition was not, or not yet. */
  readonly killStateAlone?: true;
  /** Things to know that are no failure: members the server changed or added on its own. */
  readonly warnings: readonly string[];
}

export type Mode = 'plan' | 'apply' | 'rollback';

export type Status =
  'partial' | 'refused' | 'failed' | 'pending-approval' | 'unchanged' | 'planned' | 'applied' | 'rolled-back';

const STATUS_OF_MODE = { plan: 'planned', apply: 'applied', rollback: 'rolled-back' } as const;

/** The run's status: the first that holds. `failed` promises that nothing is left written. */
export function statusOf(run: {
  readonly mode: Mode;
  readonly results: readonly ItemResult[];
  readonly failed: boolean;
  /** Whether a check refused an item, or the plan as a whole. */
  readonly refused: boolean;
}): Status {
  const { mode, results, failed, refused } = run;
  const some = (test: (result: ItemResult) => boolean): boolean => results.some(test);
  if (failed && some((result) => result.written !== 'no')) return 'partial';
  if (failed && refused) return 'refused';
  if (failed) return 'failed';
  if (some((result) => result.outcome === 'pending-approval')) return 'pending-approval';
  if (results.every((result) => result.outcome === 'unchanged')) return 'unchanged';
  return STATUS_OF_MODE[mode];
}

/** Why a run with these errors fails: some of them have a reason of their own. */
export function reasonOf(errors: readonly Finding[]): FailureReason {
  const are = (code: FindingCode): boolean =>
    errors.every((error) => error.code === code && !error.unverified);
  if (are('changed-since')) return 'target-changed';
  return are('change-pending') ? 'pending-change' : 'checks-failed';
}

/** Whether a change of kill state is beside what the one change request can ask for. */
const leavesKillState = (item: Item): boolean =>
  item.killChange !== undefined && operationFor(item) === 'UPDATE';

/** How an item ends if nothing is written from here on. */
export function outlook(item: Item, mode: Mode): ItemResult {
  const { openRequest } = item;
  const end = {
    ...({ item, written: 'no', warnings: [] } as const),
    ...(openRequest && { request: openRequest }),
    ...(openRequest && leavesKillState(item) && { notRequested: item.killChange }),
  } as const;
  const errors = errorsOf(item);
  if (errors.length > 0) {
    const message = errors.map(({ place, message: what, fix }) => `${place}: ${what} ${fix}`).join(' ');
    return { ...end, outcome: 'refused', reason: reasonOf(errors), message };
  }
  if (!differs(item)) return { ...end, outcome: 'unchanged' };
  if (mode !== 'plan') return { ...end, outcome: 'not-attempted' };
  return { ...end, outcome: item.before === undefined ? 'would-create' : 'would-update' };
}

/** The same results, where those that were not attempted say which failure kept them from it. */
export const withCause = (
  results: readonly ItemResult[],
  failure: Failure | undefined,
): readonly ItemResult[] =>
  results.map((result) => {
    if (failure === undefined || result.outcome !== 'not-attempted' || result.reason !== undefined)
      return result;
    return { ...result, reason: failure.reason, message: failure.message };
  });

/** After a failure what was restored is not what was meant, but then the run is not in effect anyway. */
const IN_EFFECT: ReadonlySet<Outcome> = new Set(['unchanged', 'created', 'updated', 'restored']);

/** Whether every target now serves what was meant. */
export const isInEffect = (results: readonly ItemResult[]): boolean =>
  results.length > 0 &&
  results.every(({ outcome, notRequested }) => IN_EFFECT.has(outcome) && notRequested === undefined);
