// A request until it is settled: attempts, pauses between them, and what a write in doubt has done.
import pLimit from 'p-limit';
import type { Clock, ReadOptions as ReadsBegun, Settle, Written } from '../execute/ports.ts';
import { Failure } from '../failure.ts';
import {
  createAttempt,
  isSuccess,
  type Answer,
  type HttpOptions,
  type HttpRequest,
  type Lost,
} from './http.ts';
import { isTransient, leavesDoubt, waitBeforeRetry } from './retry.ts';

/** Time and chance. */
export interface ClockAndChance extends Clock {
  /** A number from 0 to 1. */
  readonly random: () => number;
}

/** The two moments of a cancelled job: nothing new starts after `cancelled`; what has begun ends by `timeUp`. */
export interface Cancellation {
  readonly cancelled: AbortSignal;
  readonly timeUp: AbortSignal;
}

/** Counts over all clients of a run. */
export interface Traffic {
  requests: number;
  retries: number;
}

export interface ExchangeOptions extends HttpOptions, Cancellation {
  /** Further attempts at one request. */
  readonly maxRetries: number;
  readonly clock: ClockAndChance;
  readonly traffic: Traffic;
  readonly debug: (line: string) => void;
  /** Shared by all clients of a run. */
  readonly turns: Turns;
}

/** The turns of all requests of a run. */
export interface Turns {
  /** Sends a request as soon as fewer than a bounded number of others are under way and nothing holds them back. */
  readonly take: <T>(send: () => Promise<T>, stop: AbortSignal) => Promise<T>;
  /** Holds every request back for this long: the limit is everybody's, so one 429 speaks to all. */
  readonly hold: (milliseconds: number) => void;
}

/** As many requests as are under way at the same time: the limit is the organisation's, and short. */
const MOST_AT_ONCE = 8;

export function createTurns({ now, sleep }: Clock): Turns {
  const limit = pLimit(MOST_AT_ONCE);
  let heldUntil = Number.NEGATIVE_INFINITY;
  return {
    take: (send, stop) =>
      limit(async () => {
        while (now() < heldUntil && !stop.aborted) await sleep(heldUntil - now(), stop);
        return send();
      }),
    hold(milliseconds) {
      heldUntil = Math.max(heldUntil, now() + milliseconds);
    },
  };
}

/** How a request ended; `written` says what a write did. */
export type Ended =
  | { readonly answer: Answer; readonly written: Written }
  | { readonly failure: Failure; readonly written: Written };

/** A longer wait is not worth a runner's time; the windows of this API are seconds long. */
const LONGEST_WAIT_MILLISECONDS = 300_000;

/** After a longer pause the target may be another one than was read, so a write looks again first. */
const FRESH_MILLISECONDS = 5000;

const endedWith = (ended: Answer | Lost, written: Written): Ended =>
  ended.status === undefined ? { failure: ended.failure, written } : { answer: ended, written };

export interface ReadOptions extends ReadsBegun {
  /** Not tried again when it fails. */
  readonly once?: boolean | undefined;
}

/** The two ways to talk to the API: reading, and writing. */
export type Exchange = ReturnType<typeof createExchange>;

export function createExchange(options: ExchangeOptions) {
  const { maxRetries, clock, traffic, cancelled, timeUp, debug, turns } = options;
  const attemptOnce = createAttempt(options);

  /**
   * @param request.begun part of a write under way: ended by `timeUp`, not by `cancelled`
   * @param settle says what an attempt in doubt has done; without one nothing is in doubt
   */
  async function exchange(request: HttpRequest & ReadOptions, settle?: Settle): Promise<Ended> {
    let doubted = false;
    for (let attempt = 1; ; attempt += 1) {
      if (cancelled.aborted && (attempt > 1 || !request.begun)) {
        return {
          failure: new Failure('cancelled', `Did not ${request.purpose}: the job was cancelled.`),
          written: 'no',
        };
      }
      if (attempt > 1) traffic.retries += 1;
      traffic.requests += 1;
      const stop = request.begun ? timeUp : cancelled;
      const ended = await turns.take(() => attemptOnce(request, stop), stop);
      debug(`${request.method} ${request.path}: ${ended.status ?? ended.failure.message}`);
      if (ended.status !== undefined && isSuccess(ended)) return { answer: ended, written: 'yes' };
      if (ended.status === undefined && ended.final) return endedWith(ended, ended.sent ? 'unknown' : 'no');

      const wait = waitBeforeRetry(ended, { attempt, random: clock.random(), now: clock.now() });
      const isTooLong = wait > LONGEST_WAIT_MILLISECONDS;
      const last = !isTransient(ended) || attempt > maxRetries || request.once === true || isTooLong;
      if (ended.status === 429 && !isTooLong) turns.hold(wait);
      if (!last) await clock.sleep(wait, cancelled);
      const inDoubt = leavesDoubt(ended) && (ended.status !== undefined || ended.sent);
      // A refusal after a doubt may only say that the earlier attempt took effect late.
      const looks = inDoubt || (doubted && !isTransient(ended)) || (!last && wait > FRESH_MILLISECONDS);
      const written = settle && looks ? await settle() : 'no';
      if (last || written !== 'no') return endedWith(ended, written);
      doubted ||= inDoubt;
    }
  }

  return {
    /** @throws Failure where no answer arrives; answers of any status are returned. */
    async read(request: HttpRequest, readOptions?: ReadOptions): Promise<Answer & { readonly at: number }> {
      const ended = await exchange({ ...request, ...readOptions });
      if ('failure' in ended) throw ended.failure;
      return { ...ended.answer, at: clock.now() };
    },

    /** Sends a write, and sends it again only after `settle` has shown that it did not happen. */
    async write(request: HttpRequest, settle: Settle): Promise<Ended> {
      try {
        return await exchange({ ...request, begun: true }, settle);
      } catch (error) {
        if (error instanceof Failure) return { failure: error, written: 'unknown' };
        throw error;
      }
    },
  };
}
