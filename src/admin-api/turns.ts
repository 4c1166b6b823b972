// Whose turn it is to send: in the order of asking, at the pace of the rate limit, few at a time. One per run.
import pLimit from 'p-limit';
import type { Clock } from '../execute/ports.ts';
import type { Pace } from './pace.ts';
import { limitWords, waitBeforeRetry, type Attempt } from './retry.ts';

/** Time and chance. */
export interface ClockAndChance extends Clock {
  /** A number from 0 to 1. */
  readonly random: () => number;
}

/** Counts over all clients of a run. */
export interface Traffic {
  requests: number;
  retries: number;
  /** Time during which the pace held requests back, however many they were. */
  waitedMilliseconds: number;
}

export interface Turn {
  /** Ends the waiting at once. */
  readonly stop: AbortSignal;
  /** Number of this attempt at the request, from 1. */
  readonly attempt: number;
  /** Milliseconds since the epoch: later than that the request is not sent. */
  readonly notAfter?: number;
  /** Called before a wait begins: once for all who share it. */
  readonly tick: () => void;
}

/** How an attempt ended, sent at a moment (milliseconds since the epoch); `wait` are the milliseconds before another, which after a 429 pass for everybody. */
export interface Sent<T> {
  readonly ended: T;
  readonly sentAt: number;
  readonly wait: number;
}

/** Why nothing was sent. */
export type Unsent = 'stopped' | 'late' | 'too-long';

/** Sends as soon as it may; `send` does not throw. */
export type Turns = <T extends Attempt>(send: () => Promise<T>, turn: Turn) => Promise<Sent<T> | Unsent>;

/** As many requests as are under way at the same time: the limit is the organisation's, and short. */
const MOST_AT_ONCE = 8;

/** A longer wait is not worth a runner's time; the windows of this API are seconds long. */
export const LONGEST_WAIT_MILLISECONDS = 300_000;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

export function createTurns({
  pace,
  clock,
  traffic,
}: {
  readonly pace: Pace;
  readonly clock: ClockAndChance;
  readonly traffic: Traffic;
}): Turns {
  const slots = pLimit(MOST_AT_ONCE);
  let rest: { readonly until: number; readonly over: Promise<void>; readonly end: () => void } | undefined;

  /** All who wait share one rest, so that no two waits add up. */
  function sharedRest(wait: number, tick: () => void): Promise<void> {
    if (rest === undefined) {
      tick();
      const from = clock.now();
      const news = new AbortController();
      const slept = Number.isFinite(wait) ? clock.sleep(wait, news.signal) : aborted(news.signal);
      const over = slept.finally(() => {
        traffic.waitedMilliseconds += clock.now() - from;
        rest = undefined;
      });
      rest = { until: from + wait, over, end: () => news.abort() };
    }
    return rest.over;
  }

  /** Milliseconds until the request may be sent, as far as is known by now, or why it may not be sent at all. */
  function verdict({ stop, notAfter = Number.POSITIVE_INFINITY }: Turn, now: number): number | Unsent {
    const wait = pace.wait(now);
    if (stop.aborted) return 'stopped';
    // Nobody knows when an infinite one ends; it is looked at again then.
    const least = Number.isFinite(wait) ? wait : 0;
    if (now + least > notAfter) return 'late';
    return least > LONGEST_WAIT_MILLISECONDS ? 'too-long' : wait;
  }

  /**
   * Waits until the request may be sent, and counts it as sent.
   * @param admit called in that moment
   * @returns the moment, or why it may not
   */
  async function admission(turn: Turn, admit: () => void): Promise<number | Unsent> {
    for (;;) {
      const now = clock.now();
      const wait = verdict(turn, now);
      if (typeof wait === 'string') return wait;
      if (wait <= 0) {
        pace.sent(now);
        admit();
        return now;
      }
      await sharedRest(wait, turn.tick);
    }
  }

  /** Tells the pace how an attempt ended. @returns milliseconds before another */
  function tell(ended: Attempt, attempt: number, sentAt: number): number {
    const now = clock.now();
    const isRefused = ended.status === 429;
    const wait = waitBeforeRetry(ended, {
      // Another request than the one before may be the next to be refused.
      attempt: isRefused ? Math.max(attempt, pace.refusals() + 1) : attempt,
      random: clock.random(),
      now,
    });
    const words = limitWords(ended);
    if (isRefused) pace.refused(words, wait, { sentAt, now });
    else pace.ended(words, { sentAt, now });
    // Whoever rests asks again only where the answer has become another one.
    if (rest !== undefined && now + pace.wait(now) !== rest.until) rest.end();
    return wait;
  }

  return async (send, turn) => {
    const { stop, attempt } = turn;
    const known = verdict(turn, clock.now());
    if (typeof known === 'string') return known;
    let isAdmitted = false;
    let onStop = (): void => undefined;
    // Those who queue do not wait for those before them to end.
    const stopped = new Promise<'stopped'>((resolve) => {
      onStop = () => {
        rest?.end();
        if (!isAdmitted) resolve('stopped');
      };
    });
    stop.addEventListener('abort', onStop);
    const sent = slots(async () => {
      const sentAt = await admission(turn, () => (isAdmitted = true));
      if (typeof sentAt === 'string') return sentAt;
      const ended = await send();
      return { ended, sentAt, wait: tell(ended, attempt, sentAt) };
    });
    return Promise.race([sent, stopped]).finally(() => stop.removeEventListener('abort', onStop));
  };
}
