// A request until it is settled: attempts, pauses between them, and what a write in doubt has done.
import {
  FRESH_MILLISECONDS,
  type ReadOptions as ReadsBegun,
  type Settle,
  type Written,
} from '../execute/ports.ts';
import { Failure } from '../failure.ts';
import {
  createAttempt,
  isSuccess,
  type Answer,
  type HttpOptions,
  type HttpRequest,
  type Lost,
} from './http.ts';
import { isTransient, leavesDoubt } from './retry.ts';
import { LONGEST_WAIT_MILLISECONDS, type ClockAndChance, type Traffic, type Turns } from './turns.ts';

/** The two moments of a cancelled job: nothing new starts after `cancelled`; what has begun ends by `timeUp`. */
export interface Cancellation {
  readonly cancelled: AbortSignal;
  readonly timeUp: AbortSignal;
}

export interface ExchangeOptions extends HttpOptions, Cancellation {
  /** Further attempts at one request. */
  readonly maxRetries: number;
  readonly clock: ClockAndChance;
  readonly traffic: Traffic;
  readonly debug: (line: string) => void;
  /** Called after each request ended, and before each wait begins. */
  readonly tick: () => void;
  /** Told how many more requests a list takes, as soon as that is known. */
  readonly expect: (requests: number) => void;
  /** Shared by all clients of a run. */
  readonly turns: Turns;
}

/** A write that could only have been sent later than was allowed; it was not sent. */
interface Late {
  readonly late: true;
  readonly written: 'no';
}

/** An answer, and when the request for it was sent: milliseconds since the epoch. */
export type DatedAnswer = Answer & { readonly at: number };

/** How a request ended; `written` says what a write did. */
export type Ended =
  | { readonly answer: DatedAnswer; readonly written: Written }
  | { readonly failure: Failure; readonly written: Written }
  | Late;

const endedWith = (ended: Answer | Lost, written: Written, at: number): Ended =>
  ended.status === undefined ? { failure: ended.failure, written } : { answer: { ...ended, at }, written };

export interface ReadOptions extends ReadsBegun {
  /** Not tried again when it fails. */
  readonly once?: boolean | undefined;
}

/** What a write knows of its target. */
interface Target {
  /** Says what an attempt in doubt has done. */
  readonly settle: Settle;
  /** Milliseconds since the epoch: later than that nothing is sent. */
  readonly notAfter: number;
}

/** The failure of a request that the rate limit kept from being sent. */
export const heldBack = (purpose: string): Failure =>
  new Failure(
    'rate-limited',
    `Did not ${purpose}: the API's rate limit lets too little through. Run again later; the limit is shared by everyone in the organisation.`,
  );

/** The two ways to talk to the API: reading, and writing. */
export type Exchange = ReturnType<typeof createExchange>;

export function createExchange(options: ExchangeOptions) {
  const { maxRetries, clock, traffic, cancelled, timeUp, debug, tick, turns } = options;
  const attemptOnce = createAttempt(options);

  async function send(request: HttpRequest, attempt: number, stop: AbortSignal): Promise<Answer | Lost> {
    if (attempt > 1) traffic.retries += 1;
    traffic.requests += 1;
    const ended = await attemptOnce(request, stop);
    debug(`${request.method} ${request.path}: ${ended.status ?? ended.failure.message}`);
    tick();
    return ended;
  }

  /**
   * @param request.begun part of a write under way: ended by `timeUp`, not by `cancelled`
   * @param target without one nothing is in doubt, and nothing is late
   */
  async function exchange(request: HttpRequest & ReadOptions, target?: Target): Promise<Ended> {
    const { begun = false, once = false, method, purpose } = request;
    const mostRetries = once ? 0 : maxRetries;
    let notAfter = target?.notAfter ?? Number.POSITIVE_INFINITY;
    let doubted = false;
    for (let attempt = 1; ; attempt += 1) {
      // A write that was not sent when the job is cancelled has not begun; nor has another attempt.
      const goesOn = begun && attempt === 1 && (method === 'GET' || cancelled.aborted);
      const sent = await turns(() => send(request, attempt, begun ? timeUp : cancelled), {
        stop: goesOn ? timeUp : cancelled,
        attempt,
        notAfter,
        tick,
      });
      if (sent === 'late') return { late: true, written: 'no' };
      if (sent === 'too-long') return { failure: heldBack(purpose), written: 'no' };
      if (sent === 'stopped') {
        const failure = new Failure('cancelled', `Did not ${purpose}: the job was cancelled.`);
        return { failure, written: 'no' };
      }
      const { ended, wait, sentAt } = sent;
      if (isSuccess(ended)) return endedWith(ended, 'yes', sentAt);
      if (ended.status === undefined && ended.final) {
        return endedWith(ended, ended.sent ? 'unknown' : 'no', sentAt);
      }

      const last = !isTransient(ended) || attempt > mostRetries || wait > LONGEST_WAIT_MILLISECONDS;
      // After a 429 everybody waits, which the turns see to.
      if (!last && ended.status !== 429) {
        tick();
        await clock.sleep(wait, cancelled);
      }
      const inDoubt = leavesDoubt(ended) && (ended.status !== undefined || ended.sent);
      // A refusal after a doubt may only say that the earlier attempt took effect late.
      const looks = inDoubt || (doubted && !isTransient(ended));
      const written = target && looks ? await target.settle() : 'no';
      if (last || written !== 'no') return endedWith(ended, written, sentAt);
      // Looked at a moment ago, the target is what it was.
      if (target && looks) notAfter = clock.now() + FRESH_MILLISECONDS;
      doubted ||= inDoubt;
    }
  }

  return {
    /** @throws Failure where no answer arrives; answers of any status are returned. */
    async read(request: HttpRequest, readOptions?: ReadOptions): Promise<DatedAnswer> {
      const ended = await exchange({ ...request, ...readOptions });
      if ('answer' in ended) return ended.answer;
      throw 'failure' in ended ? ended.failure : heldBack(request.purpose);
    },

    /**
     * Sends a write, and sends it again only after `settle` has shown that it did not happen.
     * @param notAfter milliseconds since the epoch: a write that could only be sent later ends as late, not sent
     */
    async write(request: HttpRequest, settle: Settle, notAfter = Number.POSITIVE_INFINITY): Promise<Ended> {
      try {
        return await exchange({ ...request, begun: true }, { settle, notAfter });
      } catch (error) {
        if (error instanceof Failure) return { failure: error, written: 'unknown' };
        throw error;
      }
    },
  };
}
