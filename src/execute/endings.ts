// How an item ends that failed: as an outcome, in words, and in the plan file.
import { Failure } from '../failure.ts';
import type { Outcome, Written } from '../plan/outcome.ts';
import type { ChangeRequest } from './ports.ts';

/** The failure of an item that was not begun, since another one had failed. */
export class NotBegun extends Failure {}

/** What the message of an item that failed says of its target. */
export const ABOUT_WRITTEN = {
  no: 'Nothing was written.',
  unknown: 'Whether the write took effect is not known; look at the target before you run again.',
  yes: 'The target was changed; the plan file holds its old definition.',
} as const;

/** What the plan file says of an item that failed: a write of unknown outcome stays started. */
export const STATE_AFTER = { no: 'planned', unknown: 'started', yes: 'written' } as const satisfies Record<
  Written,
  string
>;

/** The same where it was to be put back. */
export const ABOUT_PUT_BACK: Readonly<Record<Written, string>> = {
  no: 'It is left as this run wrote it; the plan file holds its old definition.',
  unknown: 'Whether it was put back is not known; look at the target before you run again.',
  yes: 'Look at the target before you run again; the plan file holds its old definition.',
};

/** How an item that failed ends; a change request that is still open goes on without this run. */
export function outcomeAfter(
  failure: Failure,
  written: Written,
  request: ChangeRequest | undefined,
): Outcome {
  const { reason } = failure;
  if (request !== undefined && written === 'no' && reason !== 'approval-rejected') return 'pending-approval';
  const isBegun = reason !== 'cancelled' && !(failure instanceof NotBegun);
  return isBegun || written !== 'no' ? 'failed' : 'not-attempted';
}
