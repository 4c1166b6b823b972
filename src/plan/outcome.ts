// How items and runs end: the outcomes, and the status that follows from them.
import type { Difference } from '../definition/difference.ts';
import type { Definition } from '../definition/definition.ts';
import type { Failure, FailureReason } from '../failure.ts';
import { differs, isRefused, type Item } from './plan.ts';

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
  /** Things to know that are no failure: members the server changed or added on its own. */
  readonly warnings: readonly string[];
}

export type Mode = 'plan' | 'apply';

export type Status =
  'partial' | 'refused' | 'failed' | 'pending-approval' | 'unchanged' | 'planned' | 'applied';

/** The run's status: the first that holds. `failed` promises that nothing is left written. */
export function statusOf(run: {
  readonly mode: Mode;
  readonly results: readonly ItemResult[];
  readonly failed: boolean;
}): Status {
  const { mode, results, failed } = run;
  const some = (test: (result: ItemResult) => boolean): boolean => results.some(test);
  if (failed && some((result) => result.written !== 'no')) return 'partial';
  if (failed && some((result) => result.outcome === 'refused')) return 'refused';
  if (failed) return 'failed';
  if (some((result) => result.outcome === 'pending-approval')) return 'pending-approval';
  if (results.every((result) => result.outcome === 'unchanged')) return 'unchanged';
  return mode === 'plan' ? 'planned' : 'applied';
}

/** How an item ends if nothing is written from here on. */
export function outlook(item: Item, mode: Mode): ItemResult {
  const end = { item, written: 'no', warnings: [] } as const;
  if (isRefused(item)) {
    const message = item.findings.map((finding) => `${finding.message} ${finding.fix}`).join(' ');
    return { ...end, outcome: 'refused', reason: 'checks-failed', message };
  }
  if (!differs(item)) return { ...end, outcome: 'unchanged' };
  if (mode === 'apply') return { ...end, outcome: 'not-attempted' };
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

const IN_EFFECT: ReadonlySet<Outcome> = new Set(['unchanged', 'created', 'updated']);

/** Whether every target now serves what was meant. */
export const isInEffect = (results: readonly ItemResult[]): boolean =>
  results.length > 0 && results.every((result) => IN_EFFECT.has(result.outcome));
