// How fast requests may follow each other, against the emulator's rate limit in simulated time.
import { describe, expect, test } from '@jest/globals';
import { rateLimiter, type RateLimit } from '../../emulator/rate-limit.ts';
import { createPace, type Pace } from '../../src/admin-api/pace.ts';
import { limitWords, type LimitWords } from '../../src/admin-api/retry.ts';

const NOTHING: LimitWords = { remaining: undefined, reset: undefined };

interface Simulation extends RateLimit {
  readonly pace: Pace;
  readonly until: number;
  /** Milliseconds from sending to the server, and back, of the nth request. */
  readonly latency?: (number: number) => number;
  /** Moments at which others send one request. */
  readonly others?: readonly number[];
}

/** Eight at once, as fast as the pace lets them: when requests passed, and when they were refused. */
function simulate({ pace, until, latency = () => 15, others = [], ...rateLimit }: Simulation) {
  let now = 0;
  const limit = rateLimiter(rateLimit, () => now);
  const events: { at: number; run: () => void }[] = others.map((at) => ({ at, run: limit }));
  const [passed, refused]: [number[], number[]] = [[], []];
  const isFree = (): boolean => count - passed.length - refused.length < 8;
  let count = 0;
  const send = (sentAt: number): void => {
    const delay = latency((count += 1));
    pace.sent(sentAt);
    const arrive = (): void => {
      const { headers, refusal } = limit();
      const arrived = now;
      const status = refusal === undefined ? 200 : 429;
      const lower = Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]),
      );
      const words = limitWords({ status, headers: lower });
      const end = (): void => {
        const moments = { sentAt, now };
        (refusal === undefined ? passed : refused).push(arrived);
        if (refusal === undefined) pace.ended(words, moments);
        else pace.refused(words, words.reset ?? 375 * 2 ** pace.refusals(), moments);
      };
      events.push({ at: now + delay, run: end });
    };
    events.push({ at: now + delay, run: arrive });
  };
  while (now < until) {
    while (isFree() && pace.wait(now) <= 0) send(now);
    events.sort((one, other) => one.at - other.at);
    const next = Math.min(events[0]?.at ?? until, isFree() ? now + pace.wait(now) : until);
    now = Math.max(now, Math.min(next, until));
    while (events[0] !== undefined && events[0].at <= now) events.shift()?.run();
  }
  return { passed, refused };
}

/** Answers come back in another order than they were sent. */
const uneven = (number: number): number => 5 + ((number * 37) % 60);

describe('a minute of as many requests as may be', () => {
  test.each<[string, Omit<Simulation, 'pace' | 'until'>, number, number]>([
    ['told by every answer', { limit: 20, windowSeconds: 2, headers: 'always' }, 440, 0],
    ['told by every answer, ten seconds', { limit: 20, windowSeconds: 10, headers: 'always' }, 90, 0],
    ['told out of order', { limit: 20, windowSeconds: 2, headers: 'always', latency: uneven }, 420, 0],
    ['told by a 429 only', { limit: 20, windowSeconds: 2, headers: 'on-429' }, 400, 8],
    ['told by a 429 only, ten seconds', { limit: 20, windowSeconds: 10, headers: 'on-429' }, 85, 8],
    [
      'told by a 429 only, out of order',
      { limit: 20, windowSeconds: 2, headers: 'on-429', latency: uneven },
      390,
      8,
    ],
    ['told by nothing', { limit: 20, windowSeconds: 2, headers: 'never' }, 380, 12],
    ['told by nothing, ten seconds', { limit: 20, windowSeconds: 10, headers: 'never' }, 60, 14],
    ['a small limit that is told', { limit: 5, windowSeconds: 2, headers: 'always' }, 80, 8],
    ['a limit of one', { limit: 1, windowSeconds: 2, headers: 'always' }, 25, 8],
  ])('where the limit is %s', (_what, limit, least, most) => {
    const { passed, refused } = simulate({ ...limit, pace: createPace(), until: 60_000 });
    expect({ passed: passed.length >= least ? 'enough' : passed.length }).toEqual({ passed: 'enough' });
    expect({ refused: refused.length <= most ? 'few' : refused.length }).toEqual({ refused: 'few' });
  });

  test('uses all of every window where nothing is left to others', () => {
    const pace = createPace();
    pace.useAll();
    const { passed, refused } = simulate({
      limit: 20,
      windowSeconds: 2,
      headers: 'always',
      pace,
      until: 60_000,
    });
    expect(refused).toEqual([]);
    expect(passed.length).toBeGreaterThanOrEqual(570);
  });

  test('leaves others their half where answers tell', () => {
    const others = Array.from({ length: 300 }, (_, number) => number * 200);
    const pace = createPace();
    const { passed, refused } = simulate({
      limit: 20,
      windowSeconds: 2,
      headers: 'always',
      pace,
      others,
      until: 60_000,
    });
    expect(refused.length).toBeLessThanOrEqual(3);
    expect(passed.length).toBeGreaterThanOrEqual(150);
  });
});

/** Sends so many requests at a moment that all pass without a word, as far as the pace lets them. */
function pass(pace: Pace, now: number, most = 99): number {
  let sent = 0;
  for (; sent < most && pace.wait(now) === 0; sent += 1) pace.sent(now);
  for (let number = 0; number < sent; number += 1) pace.ended(NOTHING, { sentAt: now, now });
  return sent;
}

function refuse(pace: Pace, now: number, reset: number): void {
  pace.sent(now);
  pace.refused({ remaining: 0, reset }, reset, { sentAt: now, now });
}

describe('a learned limit', () => {
  function learned(): Pace {
    const pace = createPace();
    expect(pass(pace, 0, 20)).toBe(20);
    refuse(pace, 500, 2000);
    expect(pace.wait(500)).toBe(2000);
    expect(pass(pace, 2500, 1)).toBe(1);
    return pace;
  }

  test('is what passed before the 429, less a quarter', () => {
    const pace = learned();
    expect(pass(pace, 2600)).toBe(14);
    // A window begins when its first request arrives, so it ends a little later than it seems.
    expect(pace.wait(2600)).toBe(2000);
    expect(pass(pace, 4600)).toBe(15);
  });

  test('grows by one after five windows without a 429', () => {
    const pace = learned();
    pass(pace, 2600);
    const windows = Array.from({ length: 15 }, (_, number) => pass(pace, 4600 + number * 2100));
    expect(windows).toEqual([15, 15, 15, 15, 15, 15, 15, 15, 15, 16, 16, 16, 16, 16, 17]);
  });

  test('counts the windows anew after another 429', () => {
    const pace = learned();
    pass(pace, 2600);
    for (let number = 0; number < 4; number += 1) pass(pace, 4600 + number * 2100);
    refuse(pace, 11_000, 2000);
    const capacities = Array.from({ length: 6 }, (_, number) => {
      pass(pace, 13_000 + number * 2100);
      return pace.known()?.requests;
    });
    expect(capacities).toEqual([15, 15, 15, 15, 15, 16]);
  });

  test.each([
    [15, 11],
    [12, 9],
    [3, 7],
  ])('is halved at most by a second 429, after %d requests', (held, next) => {
    const pace = learned();
    pass(pace, 2600, held - 1);
    refuse(pace, 3000, 1000);
    expect(pass(pace, 4000, 1)).toBe(1);
    expect(pass(pace, 4000)).toBe(next - 1);
    // No window is taken to be shorter than the longest reset.
    expect(pace.known()?.milliseconds).toBe(2000);
  });

  test('is all used where nothing is left to others', () => {
    const pace = learned();
    pass(pace, 2600);
    expect(pace.wait(2600)).toBe(2000);
    pace.useAll();
    expect(pass(pace, 2600)).toBe(5);
    expect(pass(pace, 4600)).toBe(20);
  });

  test('is known, with the length of a window', () => {
    expect(createPace().known()).toBeUndefined();
    const pace = learned();
    expect(pace.known()).toEqual({ requests: 20, milliseconds: 2000 });
  });

  test('is what passed no longer ago than the window can have begun', () => {
    const pace = createPace();
    pass(pace, 0, 5);
    pass(pace, 9000, 20);
    refuse(pace, 9500, 2000);
    pass(pace, 11_500, 1);
    expect(pace.known()).toEqual({ requests: 20, milliseconds: 2000 });
  });

  test('is not learned from a window that others filled', () => {
    const pace = createPace();
    refuse(pace, 0, 1000);
    expect(pass(pace, 1000, 1)).toBe(1);
    expect(pass(pace, 1000, 50)).toBe(50);
  });
});

describe('after a 429', () => {
  test('one request goes ahead, and another refusal counts', () => {
    const pace = createPace();
    pass(pace, 0, 4);
    refuse(pace, 100, 1000);
    expect([pace.refusals(), pace.wait(100), pace.wait(1100)]).toEqual([1, 1000, 0]);
    pace.sent(1100);
    expect(pace.wait(1100)).toBe(Number.POSITIVE_INFINITY);
    pace.refused(NOTHING, 500, { sentAt: 1100, now: 1120 });
    expect([pace.refusals(), pace.wait(1120)]).toEqual([2, 500]);
    pass(pace, 1620, 1);
    expect(pace.refusals()).toBe(0);
  });

  test('those that were under way add no wait of their own, unless they name a longer one', () => {
    const pace = createPace();
    for (let number = 0; number < 3; number += 1) pace.sent(0);
    pace.refused({ remaining: 0, reset: 2000 }, 2000, { sentAt: 0, now: 100 });
    pace.refused({ remaining: 0, reset: 2000 }, 2000, { sentAt: 0, now: 300 });
    expect(pace.wait(300)).toBe(1800);
    pace.refused({ remaining: 0, reset: 9000 }, 9000, { sentAt: 0, now: 300 });
    expect(pace.wait(300)).toBe(9000);
  });

  test('what was sent before says nothing of the window after', () => {
    const pace = createPace();
    for (const now of [0, 1, 2, 3]) pace.sent(now);
    pace.ended({ remaining: 9, reset: 1000 }, { sentAt: 0, now: 10 });
    pace.refused({ remaining: 0, reset: 1000 }, 1000, { sentAt: 3, now: 20 });
    pass(pace, 1020, 1);
    pace.ended({ remaining: 0, reset: 1000 }, { sentAt: 1, now: 1030 });
    pace.refused({ remaining: 0, reset: 100 }, 100, { sentAt: 2, now: 1030 });
    expect(pace.wait(1030)).toBe(0);
    pace.sent(1030);
    expect(pace.wait(1030)).toBe(0);
  });
});

describe('what answers tell', () => {
  test('is known', () => {
    const pace = createPace();
    for (const [now, remaining] of [
      [0, 19],
      [100, 18],
    ] as const) {
      pace.sent(now);
      pace.ended({ remaining, reset: 10_000 }, { sentAt: now, now });
    }
    expect(pace.known()).toEqual({ requests: 20, milliseconds: 10_000 });
  });

  test('is the least of what is told out of order', () => {
    const pace = createPace();
    for (const now of [0, 1, 2]) pace.sent(now);
    pace.ended({ remaining: 2, reset: 1000 }, { sentAt: 2, now: 10 });
    pace.ended({ remaining: 9, reset: 2000 }, { sentAt: 0, now: 11 });
    expect(pace.wait(11)).toBe(999);
    pace.ended({ remaining: 8, reset: 500 }, { sentAt: 1, now: 12 });
    expect(pace.wait(12)).toBe(500);
  });

  test('is not learned once more from a 429', () => {
    const pace = createPace();
    pass(pace, 0, 1);
    pace.sent(0);
    pace.ended({ remaining: 9, reset: 2000 }, { sentAt: 0, now: 10 });
    refuse(pace, 20, 2000);
    pass(pace, 2020, 1);
    expect(pace.known()).toEqual({ requests: 10, milliseconds: 2000 });
  });

  test('counts with what is under way, and with answers that say nothing', () => {
    const pace = createPace();
    for (const now of [0, 1, 2, 3]) pace.sent(now);
    // Three quarters of eight are six: two more beside those under way, or those that ended without a word.
    pace.ended({ remaining: 7, reset: 1000 }, { sentAt: 0, now: 4 });
    expect(pace.wait(4)).toBe(0);
    pace.ended(NOTHING, { sentAt: 1, now: 5 });
    pace.sent(5);
    expect(pace.wait(5)).toBe(0);
    pace.sent(5);
    expect(pace.wait(5)).toBe(999);
  });
});

test('a word without the other is none', () => {
  const pace = createPace();
  pace.sent(0);
  pace.ended({ remaining: 0, reset: undefined }, { sentAt: 0, now: 1 });
  expect(pace.wait(1)).toBe(0);
});
