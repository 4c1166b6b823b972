// How fast requests may follow each other, learned from what the API says of its rate limit. Pure: time is passed in.
import { RESERVE, type Limit } from '../execute/ports.ts';
import type { LimitWords } from './retry.ts';

/** When a request was sent, and when its end is told. */
interface Moments {
  readonly sentAt: number;
  readonly now: number;
}

export interface Pace extends Limit {
  /** Milliseconds until another request may be sent, as far as is known by now; infinite: until another one ends. */
  readonly wait: (now: number) => number;
  /** Counts a request that is sent now. Each is to be followed by its end. */
  readonly sent: (now: number) => void;
  /** Takes in the end of a request that no 429 ended. */
  readonly ended: (words: LimitWords, moments: Moments) => void;
  /** Takes in a 429, and the milliseconds to wait because of it. */
  readonly refused: (words: LimitWords, pause: number, moments: Moments) => void;
  /** 429s in a row: the first, and those of the one request sent after a pause. */
  readonly refusals: () => number;
}

/** Windows without a 429 after which a learned capacity grows by one. */
const QUIET_WINDOWS = 5;

/** How far a first 429 without a reset looks back for the requests that filled the window. */
const LOOK_BACK_MILLISECONDS = 10_000;

/** Resets are whole seconds, rounded up; windows are taken to be whole seconds long. */
const SECOND = 1000;

/** A window of the API begins when its first request arrives there, which is later than that was sent. */
const TRAVEL_MILLISECONDS = 100;

interface Window {
  /** When the first request was sent in it. */
  readonly start: number;
  /** The earliest that was heard, or a guess. */
  readonly end: number;
  /** The least that was heard to be left, or the capacity; less one for every answer since that said nothing. */
  readonly remaining: number;
  /** Requests sent in it that have not ended. */
  readonly underWay: number;
  /** Whether an answer said what is left, and when it ends. */
  readonly isHeard: boolean;
}

/**
 * Paces requests. Where answers carry what is left of the window, it stops before the limit. Where only a 429
 * does, or nothing, it takes no limit for granted until the first 429, keeps within what the time before that one
 * held, and grows by one request after five windows without another. After every 429 one request goes ahead.
 */
export function createPace(): Pace {
  let reserve = RESERVE;
  /** What a window holds, as far as that is known, and how long it is. */
  let capacity = Number.POSITIVE_INFINITY;
  let length = 0;
  let longestReset = 0;
  /** Whether answers other than a 429 say what is left: then nothing has to be learned. */
  let isTold = false;
  let quietWindows = 0;
  /** When those that no 429 ended were sent, to learn from. */
  const passed: number[] = [];
  let pausedUntil = Number.NEGATIVE_INFINITY;
  /** After a 429: that the next request goes ahead of all others, or when it was sent. */
  let ahead: 'next' | number | undefined;
  let refusals = 0;
  let window = opened(Number.NEGATIVE_INFINITY);

  function opened(start: number): Window {
    const end = start + length + (isTold || length === 0 ? 0 : TRAVEL_MILLISECONDS);
    return { start, end, remaining: capacity, underWay: 0, isHeard: false };
  }

  const isOfWindow = (sentAt: number): boolean => sentAt >= window.start;

  function leave(sentAt: number): void {
    if (isOfWindow(sentAt)) window = { ...window, underWay: window.underWay - 1 };
  }

  /** Takes the time up to the request that passed again for the window that was full. */
  function learn(nextStart: number): void {
    const held = passed.filter(isOfWindow).length;
    // A window that others filled says nothing of its size, nor does one say that it is far smaller than before.
    if (held === 0) return;
    capacity = Number.isFinite(capacity) ? Math.max(held, Math.floor(capacity / 2)) : held;
    const seconds = Math.floor((nextStart - window.start) / SECOND);
    length = Math.max(SECOND, longestReset, seconds * SECOND);
  }

  function hear(remaining: number, end: number, sentAt: number): void {
    isTold = true;
    // Out of order, the first of several answers may say less than the window held.
    capacity = Math.max(Number.isFinite(capacity) ? capacity : 0, remaining + 1);
    length = longestReset;
    // An answer that was under way when the window ended speaks of the one before.
    if (!isOfWindow(sentAt)) return;
    window = {
      ...window,
      end: window.isHeard ? Math.min(window.end, end) : end,
      remaining: window.isHeard ? Math.min(window.remaining, remaining) : remaining,
      isHeard: true,
    };
  }

  return {
    refusals: () => refusals,
    useAll: () => void (reserve = 0),
    known: () => (Number.isFinite(capacity) ? { requests: capacity, milliseconds: length } : undefined),

    wait(now) {
      if (now < pausedUntil) return pausedUntil - now;
      if (ahead !== undefined) return ahead === 'next' ? 0 : Number.POSITIVE_INFINITY;
      const left = window.remaining - window.underWay;
      return now >= window.end || left > Math.ceil(capacity * reserve) ? 0 : window.end - now;
    },

    sent(now) {
      if (ahead === 'next') ahead = now;
      else if (Number.isFinite(capacity) && now >= window.end) {
        quietWindows += 1;
        if (!isTold && quietWindows % QUIET_WINDOWS === 0) capacity += 1;
        window = opened(now);
      }
      window = { ...window, underWay: window.underWay + 1 };
    },

    ended({ remaining, reset }, { sentAt, now }) {
      leave(sentAt);
      if (sentAt === ahead) {
        if (!isTold) learn(sentAt);
        window = opened(sentAt);
        ahead = undefined;
        refusals = 0;
        quietWindows = 0;
      }
      if (remaining !== undefined && reset !== undefined) {
        longestReset = Math.max(longestReset, reset);
        hear(remaining, now + reset, sentAt);
        return;
      }
      if (!isTold) passed.push(sentAt);
      if (isOfWindow(sentAt)) window = { ...window, remaining: window.remaining - 1 };
    },

    refused({ reset }, pause, { sentAt, now }) {
      leave(sentAt);
      longestReset = Math.max(longestReset, reset ?? 0);
      // What was under way when the pause began says the same of the same window, unless it names a longer one.
      const isSame = sentAt < pausedUntil && sentAt + pause - SECOND <= pausedUntil;
      if (!isSame) pausedUntil = Math.max(pausedUntil, now + pause);
      if (sentAt === ahead) refusals += 1;
      else if (ahead !== undefined || !isOfWindow(sentAt)) return;
      else {
        refusals = 1;
        const recent = passed.filter((moment) => moment > now - (reset ?? LOOK_BACK_MILLISECONDS));
        if (!Number.isFinite(capacity)) window = { ...window, start: Math.min(now, ...recent) };
      }
      ahead = 'next';
    },
  };
}
