// Asks the Admin API, with one key or another, at the pace of its rate limit.
import { setTimeout as wait } from 'node:timers/promises';
import { authorization } from '../../src/admin-api/client.ts';
import { createExchange, heldBack, type Cancellation } from '../../src/admin-api/exchange.ts';
import { createDispatcher, type HttpRequest } from '../../src/admin-api/http.ts';
import { createPace } from '../../src/admin-api/pace.ts';
import { createTurns, type ClockAndChance, type Traffic, type Turns } from '../../src/admin-api/turns.ts';
import { Failure } from '../../src/failure.ts';
import { parseJson, toJson, type Json } from '../../src/json.ts';
import { VERSION } from '../../src/version.ts';

/** An answer of any status. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** `undefined` where the body is not JSON. */
  readonly body: Json | undefined;
}

/** `path` is below the base URL. @throws Failure where no answer comes */
export type Ask = (method: HttpRequest['method'], path: string, body?: Json) => Promise<Reply>;

export interface Connection {
  readonly withKey: (key: string, until: Cancellation) => Ask;
  readonly traffic: Readonly<Traffic>;
  /** The first refusal by the rate limit, if there was one. */
  readonly refusal: () => Reply | undefined;
  readonly close: () => Promise<void>;
}

const TIMEOUT_MILLISECONDS = 30_000;
const MAX_RETRIES = 4;
const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];

const ownClock: ClockAndChance = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: async (milliseconds, signal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
};

function jsonOf(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

const nothing = (): void => undefined;

/** @param keys what is taken out of every text */
export function connect(
  apiUrl: string,
  keys: readonly string[],
  clock: ClockAndChance = ownClock,
): Connection {
  const redact = (text: string): string =>
    keys.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  const replyOf = ({ status, headers, text: told }: Omit<Reply, 'body'>): Reply => {
    const text = redact(told);
    return { status, headers, text, body: jsonOf(text) };
  };
  const dispatcher = createDispatcher({
    useProxy: PROXY_VARIABLES.some((variable) => process.env[variable]),
    connectTimeoutMilliseconds: TIMEOUT_MILLISECONDS,
  });
  const traffic: Traffic = { requests: 0, retries: 0, waitedMilliseconds: 0 };
  const turns = createTurns({ pace: createPace(), clock, traffic });
  let refusal: Reply | undefined;
  const watched: Turns = async (send, turn) =>
    turns(async () => {
      const ended = await send();
      if (ended.status === 429)
        refusal ??= replyOf({
          status: 429,
          headers: ended.headers,
          text: 'text' in ended ? String(ended.text) : '',
        });
      return ended;
    }, turn);

  const withKey = (key: string, until: Cancellation): Ask => {
    const exchange = createExchange({
      ...until,
      dispatcher,
      apiUrl,
      headers: { ...authorization(key), 'user-agent': `promote-split-flags-probe/${VERSION}` },
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      maxRetries: MAX_RETRIES,
      clock,
      traffic,
      turns: watched,
      redact,
      debug: nothing,
      tick: nothing,
      expect: nothing,
    });
    return async (method, path, body) => {
      const [place] = path.split('?');
      const purpose = `${method} ${place}`;
      if (until.cancelled.aborted) throw new Failure('cancelled', `Did not ${purpose}: stopped.`);
      const request = { method, path, purpose, ...(body !== undefined && { body: toJson(body) }) };
      if (method === 'GET') return replyOf(await exchange.read(request));
      // All but a creation may be sent again: what they have done already, they do again.
      const ended = await exchange.write(request, async () => (method === 'POST' ? 'unknown' : 'no'));
      if ('answer' in ended) return replyOf(ended.answer);
      throw 'failure' in ended ? ended.failure : heldBack(purpose);
    };
  };

  return { withKey, traffic, refusal: () => refusal, close: async () => dispatcher.destroy() };
}

export const isOk = ({ status }: Reply): boolean => status >= 200 && status < 300;
