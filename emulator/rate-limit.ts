// The rate limit: so many requests in a fixed window, for the organisation and the address alike.

/** How many requests, and how a refusal looks. */
export interface RateLimit {
  /** Requests let through in a window. */
  readonly limit: number;
  readonly windowSeconds: number;
  /** When answers say how much is left; default on-429. */
  readonly headers?: 'always' | 'on-429' | 'never';
  /** Body of a 429; the real one is not documented. Default empty. */
  readonly body?: 'empty' | 'json' | 'html';
}

/** What the limit has to say to one request. */
export interface Passage {
  readonly headers: Readonly<Record<string, string>>;
  /** The body of the 429 the request gets; undefined when it may pass. */
  readonly refusal: { readonly type: string; readonly body: string } | undefined;
}

/** Counts one request at every call. */
export type Limiter = () => Passage;

/** Bodies of a 429; clients are not to read them. */
const BODIES = {
  empty: { type: 'text/plain', body: '' },
  json: { type: 'application/json', body: '{"code":429,"message":"TOO_MANY_REQUESTS"}' },
  html: { type: 'text/html', body: '<html><body>Too Many Requests</body></html>' },
};

/** Headers as docs.split.io/reference/rate-limiting names them. */
const headersFor = (remaining: number, resetSeconds: number): Record<string, string> => ({
  'X-RateLimit-Remaining-Org': String(remaining),
  'X-RateLimit-Remaining-IP': String(remaining),
  'X-RateLimit-Reset-Seconds-Org': String(resetSeconds),
  'X-RateLimit-Reset-Seconds-IP': String(resetSeconds),
});

/** A window opens with the first request after the last one ended. `now` is in ms. */
export function rateLimiter(
  { limit, windowSeconds, headers = 'on-429', body = 'empty' }: RateLimit,
  now: () => number,
): Limiter {
  let opened = Number.NEGATIVE_INFINITY;
  let used = 0;
  return () => {
    const at = now();
    if (at >= opened + windowSeconds * 1000) {
      opened = at;
      used = 0;
    }
    const allowed = used < limit;
    if (allowed) used += 1;
    const resetSeconds = Math.ceil((opened + windowSeconds * 1000 - at) / 1000);
    const shows = headers === 'always' || (headers === 'on-429' && !allowed);
    return {
      headers: shows ? headersFor(limit - used, resetSeconds) : {},
      refusal: allowed ? undefined : BODIES[body],
    };
  };
}
