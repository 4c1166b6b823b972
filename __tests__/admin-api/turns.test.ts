// The client at the pace of the rate limit, with a simulated clock that the emulator shares.
import { describe, expect, test } from '@jest/globals';
import type { RateLimit } from '../../emulator/rate-limit.ts';
import { createPace } from '../../src/admin-api/pace.ts';
import type { Attempt } from '../../src/admin-api/retry.ts';
import { createTurns, type Turn } from '../../src/admin-api/turns.ts';
import type { Client } from '../in-process.ts';
import { simulatedClock } from '../simulated-clock.ts';
import { failureOf, settledBy, withClient } from './with-client.ts';

const LIMIT = { limit: 20, windowSeconds: 2 };

/** Three quarters of it. */
const PER_MILLISECOND = (0.75 * 20) / 2000;

/** A hundred reads at once; when the 429s came, by window, and how long it all took. */
async function hundredReads(
  rateLimit: RateLimit,
  others?: (clock: ReturnType<typeof simulatedClock>, ask: () => Promise<number>) => Promise<void>,
) {
  let client: Client | undefined;
  let theirs = 0;
  const clock = simulatedClock(() => theirs === 0 && client?.traffic.requests === client?.debugged.length);
  const told = { refused: [] as number[], milliseconds: 0 };
  try {
    await withClient(
      async (ours, emulator, place) => {
        client = ours;
        // The other client sends one at a time, and counts what passed.
        const other = others?.(clock, async () => {
          theirs += 1;
          const path = `/splits/ws/${place.workspace.id}/clients/environments/Staging`;
          const { status } = await fetch(emulator.apiUrl + path, {
            headers: { authorization: 'Bearer a-key' },
          });
          theirs -= 1;
          return status === 200 ? 1 : 0;
        });
        const found = await Promise.all(Array.from({ length: 100 }, () => ours.api.definition(place)));
        expect(found.every((definition) => definition !== undefined)).toBe(true);
        told.milliseconds = clock.elapsed();
        await other;
        told.refused = emulator.requests
          .filter(({ status, headers }) => status === 429 && headers['user-agent'] === 'test')
          .map(({ at }) => Math.floor(at / 2000));
      },
      { rateLimit, now: clock.now, client: { clock } },
    );
  } finally {
    clock.stop();
  }
  return told;
}

describe('a hundred reads at once', () => {
  test('trip no limit that answers tell, and use three quarters of it', async () => {
    const { refused, milliseconds } = await hundredReads({ ...LIMIT, headers: 'always' });
    expect(refused.length).toBeLessThanOrEqual(1);
    expect(milliseconds).toBeLessThanOrEqual((1.15 * 100) / PER_MILLISECOND);
  });

  test('learn from the first 429 where only that one tells', async () => {
    const { refused, milliseconds } = await hundredReads({ ...LIMIT, headers: 'on-429' });
    expect(refused.length).toBeLessThanOrEqual(8);
    expect(refused.every((window) => window === 0)).toBe(true);
    expect(milliseconds).toBeLessThanOrEqual((1.15 * 100) / PER_MILLISECOND);
  });

  test('try one at a time where nothing tells when the window ends', async () => {
    const { refused, milliseconds } = await hundredReads({ ...LIMIT, headers: 'never' });
    expect(refused.length).toBeLessThanOrEqual(8 + 3);
    expect(milliseconds).toBeLessThanOrEqual(18_000);
  });

  test.each(['always', 'on-429'] as const)(
    'get on beside another client that uses half of the limit (headers: %s)',
    async (headers) => {
      let theirs = 0;
      const { refused } = await hundredReads({ ...LIMIT, headers }, async (clock, ask) => {
        for (; theirs < 60; theirs += await ask()) await clock.sleep(200, new AbortController().signal);
      });
      expect(theirs).toBe(60);
      if (headers === 'always') expect(refused.length).toBeLessThanOrEqual(3);
      else expect(refused.length).toBeLessThanOrEqual(8 * 3);
    },
  );
});

describe('waits', () => {
  const headers = { 'X-RateLimit-Reset-Seconds-Org': '7' };

  test('of several refused requests are one', () =>
    withClient(async ({ api, pauses, traffic }, emulator, place) => {
      emulator.fault({ times: 8, answer: { status: 429, headers, body: '' } });
      await Promise.all(Array.from({ length: 20 }, () => api.definition(place)));
      expect(pauses).toEqual([7000]);
      expect(traffic).toEqual({ requests: 28, retries: 8, waitedMilliseconds: 7000 });
    }));

  test('end at once when the job is cancelled, for all who queue', () => {
    let client: Client | undefined;
    return withClient(
      async (ours, emulator, place) => {
        client = ours;
        emulator.fault({ times: 99, answer: { status: 429, headers, body: '' } });
        const reads = Array.from({ length: 30 }, () => failureOf(ours.api.definition(place)));
        const write = ours.api.kill(
          place,
          { title: 't', comment: 'c' },
          settledBy(() => Promise.resolve('no')),
        );
        const reasons = (await Promise.all(reads)).map(({ reason }) => reason);
        expect(new Set(reasons)).toEqual(new Set(['cancelled']));
        expect(await write).toMatchObject({ written: 'no', failure: { reason: 'cancelled' } });
        expect(emulator.requests.length).toBeLessThanOrEqual(8);
      },
      {
        client: {
          clock: {
            now: () => 0,
            // The wait would never end.
            sleep: (_milliseconds, signal) =>
              new Promise((resolve) => {
                signal.addEventListener('abort', () => resolve());
                client?.cancel.abort();
              }),
          },
        },
      },
    );
  });

  test('longer than five minutes fail everything that would have to wait', () =>
    withClient(async ({ api, pauses }, emulator, place) => {
      emulator.fault({ answer: { status: 429, headers: { 'Retry-After': '301' }, body: '' } });
      expect((await failureOf(api.definition(place))).reason).toBe('rate-limited');
      const next = await failureOf(api.definition(place));
      expect(next.reason).toBe('rate-limited');
      expect(next.message).toContain('lets too little through');
      expect(pauses).toEqual([]);
      expect(emulator.requests).toHaveLength(1);
    }));
});

/** Turns with a clock that only the test moves; every request ends when the test says how. */
function handTurned() {
  let time = 0;
  const sleeps: number[] = [];
  const signals: AbortSignal[] = [];
  const sent: ((ended: Attempt) => void)[] = [];
  let awake = (): void => undefined;
  const traffic = { requests: 0, retries: 0, waitedMilliseconds: 0 };
  const clock = {
    now: () => time,
    random: () => 0.5,
    sleep: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        sleeps.push(milliseconds);
        signals.push(signal);
        signal.addEventListener('abort', () => resolve());
        awake = resolve;
      }),
  };
  const turns = createTurns({ pace: createPace(), clock, traffic });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    ...{ sleeps, signals, sent, traffic, settled },
    ask: (turn: Partial<Turn> = {}) =>
      turns(() => new Promise<Attempt>((resolve) => sent.push(resolve)), {
        ...{ stop: new AbortController().signal, attempt: 1, tick: () => undefined, ...turn },
      }),
    /** Moves the clock, and wakes whoever sleeps. */
    moveTo: async (moment: number): Promise<void> => {
      time = moment;
      awake();
      await settled();
    },
    /** Ends the nth request that was sent. */
    end: async (number: number, status: number, reset?: number): Promise<void> => {
      const headers: Record<string, string> =
        reset === undefined ? {} : { 'x-ratelimit-reset-seconds-org': String(reset) };
      sent[number]?.({ status, headers });
      await settled();
    },
  };
}

describe('a turn', () => {
  test('ends at once when it is stopped, though it waits for a slot behind others that do not end', async () => {
    const { ask, sent, settled, end } = handTurned();
    const others = Array.from({ length: 8 }, () => ask());
    const stop = new AbortController();
    const ninth = ask({ stop: stop.signal });
    await settled();
    stop.abort();
    expect(await ninth).toBe('stopped');
    await end(0, 200);
    await others[0];
    expect(sent).toHaveLength(8);
  });

  test('goes on when it is stopped after its request was sent', async () => {
    const { ask, settled, end } = handTurned();
    const stop = new AbortController();
    const turn = ask({ stop: stop.signal });
    await settled();
    stop.abort();
    await end(0, 200);
    expect(await turn).toMatchObject({ ended: { status: 200 } });
  });

  test('leaves no sleep behind when it is stopped', async () => {
    const { ask, settled, end, signals } = handTurned();
    void ask();
    await settled();
    await end(0, 429, 7);
    const stop = new AbortController();
    const turn = ask({ stop: stop.signal });
    await settled();
    stop.abort();
    expect(await turn).toBe('stopped');
    await settled();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('is late at once where the pause is too long, though every slot is taken', async () => {
    const { ask, settled, end } = handTurned();
    for (let number = 0; number < 9; number += 1) void ask();
    await settled();
    await end(0, 429, 7);
    expect(await ask({ notAfter: 6999 })).toBe('late');
  });

  test('is late where the slot comes too late', async () => {
    const { ask, sent, moveTo, end } = handTurned();
    for (let number = 0; number < 8; number += 1) void ask();
    const [late, timely] = [ask({ notAfter: 99 }), ask({ notAfter: 100 })];
    await moveTo(100);
    await end(0, 200);
    expect(await late).toBe('late');
    expect(sent).toHaveLength(9);
    await end(8, 200);
    expect(await timely).toMatchObject({ ended: { status: 200 } });
  });

  test('is late at once where the wait is known to go past its latest moment', async () => {
    const { ask, sleeps, settled, end, moveTo, sent } = handTurned();
    void ask();
    await settled();
    await end(0, 429, 7);
    expect(await ask({ notAfter: 6999 })).toBe('late');
    expect(sleeps).toEqual([]);
    void ask({ notAfter: 7000 });
    await settled();
    await moveTo(7000);
    expect(sleeps).toEqual([7000]);
    expect(sent).toHaveLength(2);
  });

  test('is late as soon as another answer makes its wait too long, and no sooner', async () => {
    const { ask, sleeps, settled, end, traffic, moveTo } = handTurned();
    for (let number = 0; number < 3; number += 1) void ask();
    await settled();
    await end(0, 429, 2);
    let outcome: unknown;
    const turn = ask({ notAfter: 5000 }).then((ended) => (outcome = ended));
    let ticks = 0;
    void ask({ tick: () => (ticks += 1) });
    await settled();
    await end(1, 429, 2);
    expect([sleeps, outcome]).toEqual([[2000], undefined]);
    await end(2, 429, 6);
    await turn;
    expect(outcome).toBe('late');
    // The other one waits on.
    expect([sleeps, ticks]).toEqual([[2000, 6000], 1]);
    await moveTo(6000);
    expect(traffic.waitedMilliseconds).toBe(6000);
  });

  test('waits for the request that goes ahead after a 429, however long that takes', async () => {
    const { ask, sent, sleeps, settled, end, moveTo, traffic } = handTurned();
    void ask();
    await settled();
    await end(0, 429, 1);
    void ask();
    void ask({ notAfter: 3000 });
    const late = ask({ notAfter: 2999 });
    await settled();
    await moveTo(1000);
    expect(sent).toHaveLength(2);
    await moveTo(3000);
    await end(1, 200);
    expect(sent).toHaveLength(3);
    expect(await late).toBe('late');
    expect(sleeps).toEqual([1000]);
    expect(traffic.waitedMilliseconds).toBe(3000);
  });
});
