// The way through the target's approval: one change request, filed or found, and the wait for its decision.
import { Failure, asFailure } from '../failure.ts';
import type { Audit } from '../plan/audit.ts';
import { asksFor, decisionOn, operationFor, proposedKillState } from '../plan/change-request.ts';
import type { Item } from '../plan/plan.ts';
import { requestBodyOf } from '../plan/result.ts';
import type { AdminApi, ChangeRequest, Clock, Written } from './ports.ts';
import { labelOf } from './writer.ts';

export interface ApprovalOptions {
  readonly api: AdminApi;
  readonly audit: Audit;
  /** E-mail addresses; empty where the environment says who may approve. */
  readonly approvers: readonly string[];
  /** 0: do not wait. */
  readonly waitForApprovalMilliseconds: number;
  readonly clock: Clock;
  readonly cancelled: AbortSignal;
  /** Writes a line to the log while the run goes on. */
  readonly say: (line: string) => void;
}

/** The id of the flag's rollout status; without one that can be read, the request is tried all the same. */
async function rolloutStatusOf({ target }: Item, api: AdminApi): Promise<string | undefined> {
  try {
    return (await api.flag(target))?.rolloutStatus;
  } catch (error) {
    if (asFailure(error).reason === 'cancelled') throw error;
    return undefined;
  }
}

/**
 * Files the change request for an item; where one that asks for exactly this is open by now, that one it is.
 * @param options.killed the target's kill state at this moment
 * @param options.inDoubt called where it may be filed though this fails
 * @param options.begin makes it durable that the request is about to be sent
 * @throws Failure where none could be filed
 */
export async function fileRequest(
  item: Item,
  options: ApprovalOptions & {
    readonly killed: boolean;
    readonly begin: () => Promise<void>;
    readonly inDoubt: () => void;
  },
): Promise<ChangeRequest> {
  const { api, audit, approvers, killed, begin } = options;
  const operation = operationFor(item);
  // Documented as required but to kill, though the vendor's own tools treat it as optional.
  const rolloutStatus = operation === 'KILL' ? undefined : await rolloutStatusOf(item, api);
  const body = requestBodyOf(item, audit, {
    ...{ operation, approvers, rolloutStatus },
    killed: proposedKillState(item, killed),
  });
  // Part of a write under way: it goes on for a moment after the run was cancelled.
  const ours = async (): Promise<ChangeRequest | undefined> =>
    (await api.openChangeRequests(item.target, { begun: true })).find((request) =>
      asksFor(request, item, killed),
    );
  let found: ChangeRequest | undefined;
  const look = async (): Promise<Written> => {
    const seen = await ours().catch(asFailure);
    if (seen instanceof Failure) return 'unknown';
    found = seen;
    return seen === undefined ? 'no' : 'yes';
  };
  await begin();
  const answer = await api.submitChangeRequest(item.target, body, look);
  if (answer.written === 'yes') {
    const filed = answer.request ?? found ?? (await ours().catch(() => undefined));
    if (filed !== undefined) return filed;
    options.inDoubt();
    throw new Failure(
      'api-error',
      `The change request for ${labelOf(item)} was accepted, but the API does not say which it is. Look at the open change requests before you run again.`,
    );
  }
  const { failure } = answer;
  // Somebody filed one since the target was read; it may ask for the same.
  if (failure.reason === 'pending-change' && (await look()) === 'yes' && found !== undefined) return found;
  if (answer.written === 'unknown') options.inDoubt();
  const doubt =
    answer.written === 'unknown'
      ? ' Whether the change request was filed is not known; look at the open ones before you run again.'
      : '';
  const restricted =
    failure.message.includes('answered 400') && approvers.length > 0
      ? ` Where ${item.target.environment.name} itself says who may approve, \`approvers\` must be empty.`
      : '';
  throw new Failure(failure.reason, `${failure.message}${restricted}${doubt}`, { cause: failure });
}

const FIRST_PAUSE_MILLISECONDS = 2000;
const LONGEST_PAUSE_MILLISECONDS = 30_000;
const GROWTH = 1.5;

/** A look that fails for one of these says nothing of the next one. */
const PASSING: ReadonlySet<string> = new Set(['network', 'api-error', 'rate-limited']);

/**
 * Waits until a change request is decided, with pauses that grow from 2 to 30 seconds.
 * @returns the request as published; still open where the run does not wait
 * @throws Failure `approval-rejected`, `approval-timeout` or `cancelled`
 */
export async function awaitDecision(
  request: ChangeRequest,
  item: Item,
  options: ApprovalOptions,
): Promise<ChangeRequest> {
  const { api, clock, waitForApprovalMilliseconds: wait, cancelled } = options;
  const what = `Change request \`${request.id}\` for ${labelOf(item)}`;
  const end = clock.now() + wait;
  if (wait > 0)
    options.say(`${what} waits for approval; looking for its decision for ${wait / 60_000} minutes.`);
  const isCancelled = (): boolean => cancelled.aborted;
  const stopped = (): Failure =>
    new Failure('cancelled', `The job was cancelled while it waited. ${what} stays open.`);
  let current = request;
  let lost: Failure | undefined;
  for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(pause * GROWTH, LONGEST_PAUSE_MILLISECONDS)) {
    const decision = decisionOn(current);
    if (decision === 'rejected') {
      const { user, comment } = current.decided ?? {};
      const decider = `${user ? ` by ${user}` : ''}${comment ? ` ("${comment}")` : ''}`;
      const word = current.status === 'WITHDRAWN' ? 'withdrawn' : 'rejected';
      throw new Failure(
        'approval-rejected',
        `${what} was ${word}${decider}. Settle with those who decided it what is to change, then run again.`,
      );
    }
    if (decision === 'published' || wait === 0) return current;
    const left = end - clock.now();
    if (left <= 0 && lost !== undefined) {
      throw new Failure(
        lost.reason,
        `Whether ${what.replace('Change', 'change')} was decided could not be read: ${lost.message} Look at it before you run again.`,
        { cause: lost },
      );
    }
    if (left <= 0) {
      throw new Failure(
        'approval-timeout',
        `${what} was not decided within ${wait / 60_000} minutes (its status is ${current.status}). It stays open: have it decided, and run again to see that the target is as meant.`,
      );
    }
    await clock.sleep(Math.min(pause, left), cancelled);
    if (isCancelled()) throw stopped();
    try {
      current = await api.changeRequest(request.id);
      lost = undefined;
    } catch (error) {
      if (isCancelled()) throw stopped();
      lost = asFailure(error);
      if (!PASSING.has(lost.reason)) throw error;
    }
  }
}
