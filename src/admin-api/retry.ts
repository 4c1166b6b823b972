// When a request is worth another attempt, and how long to wait before it. Pure: clock and chance are passed in.

/** What an attempt ended with: an answer, or no answer at all. */
export interface Attempt {
  /** `undefined`: no answer arrived. */
  readonly status: number | undefined;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether the same request may well get another answer later. */
export const isTransient = ({ status }: Attempt): boolean =>
  status === undefined || status === 408 || status === 429 || status >= 500;

const isRedirect = ({ status }: Attempt): boolean => status !== undefined && status >= 300 && status < 400;

/** 429 says that the request was not carried out; any other transient end, and a redirect, leaves a write in doubt. */
export const leavesDoubt = (attempt: Attempt): boolean =>
  (isTransient(attempt) && attempt.status !== 429) || isRedirect(attempt);

const FIRST_BACKOFF_MILLISECONDS = 500;
const LONGEST_BACKOFF_MILLISECONDS = 30_000;

/**
 * The seconds to wait are in these headers; the larger one counts
 * (docs.split.io/reference/rate-limiting).
 */
const RESET_HEADERS = ['x-ratelimit-reset-seconds-org', 'x-ratelimit-reset-seconds-ip'] as const;
const REMAINING_HEADERS = ['x-ratelimit-remaining-org', 'x-ratelimit-remaining-ip'] as const;

/** What an answer says of the rate limit: the larger reset and the smaller remainder of organisation and address. */
export interface LimitWords {
  /** Requests left in the window. */
  readonly remaining: number | undefined;
  /** Milliseconds until the window ends. */
  readonly reset: number | undefined;
}

/** The number in a header's text; `undefined` when it is not a plain decimal one. */
const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;

/** `Retry-After` holds seconds or an HTTP date (RFC 9110, section 10.2.3). */
function retryAfterMilliseconds(text: string | undefined, now: number): number | undefined {
  const plain = numberOf(text);
  if (plain !== undefined) return plain * 1000;
  const date = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? undefined : date - now;
}

const numbersIn = ({ headers }: Attempt, names: readonly string[]): number[] =>
  names.map((name) => numberOf(headers[name])).filter((number) => number !== undefined);

export function limitWords(attempt: Attempt): LimitWords {
  const remaining = numbersIn(attempt, REMAINING_HEADERS);
  const reset = Math.max(0, ...numbersIn(attempt, RESET_HEADERS)) * 1000;
  return {
    remaining: remaining.length > 0 ? Math.min(...remaining) : undefined,
    reset: reset > 0 ? reset : undefined,
  };
}

/**
 * Milliseconds to wait before the next attempt: what the server asked for, else exponential backoff with
 * jitter.
 * @param options.attempt number of attempts made so far, from 1
 * @param options.random a number from 0 to 1
 * @param options.now milliseconds since the epoch
 */
export function waitBeforeRetry(
  ended: Attempt,
  { attempt, random, now }: { readonly attempt: number; readonly random: number; readonly now: number },
): number {
  const asked = limitWords(ended).reset ?? retryAfterMilliseconds(ended.headers['retry-after'], now);
  if (asked !== undefined && asked > 0) return asked;
  const backoff = Math.min(LONGEST_BACKOFF_MILLISECONDS, FIRST_BACKOFF_MILLISECONDS * 2 ** (attempt - 1));
  return backoff * (0.5 + random / 2);
}
