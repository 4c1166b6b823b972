// No write is sent on a target that was seen too long ago.
import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../../src/definition/definition.ts';
import { createFreshness, type Sending } from '../../src/execute/freshness.ts';
import type { Sighting, WriteAnswer, WriteGuard } from '../../src/execute/ports.ts';
import { Failure } from '../../src/failure.ts';
import { definition } from '../definition/samples.ts';

const START = 100_000;
const BEFORE = definition({ trafficAllocation: 1 });
const DONE: WriteAnswer = { written: 'yes' };
const LATE: WriteAnswer = { written: 'no', late: true, failure: new Failure('rate-limited', 'Too late.') };

const changed = (): Failure => new Failure('target-changed', 'Somebody changed it.');

/** A target first read at `readAt`, which holds `there` whenever it is looked at; time stands still but for `pass`. */
function target(readAt: number | undefined, there: Definition | undefined = BEFORE) {
  let time = START;
  const looks: number[] = [];
  const guards: WriteGuard[] = [];
  const look = (since: number): Promise<Sighting | undefined> => {
    looks.push(since);
    return Promise.resolve(there && { definition: there, at: time });
  };
  const freshness = createFreshness({
    clock: { now: () => time, sleep: () => Promise.resolve() },
    readAt,
    look,
  });
  const pass = (milliseconds: number): void => {
    time += milliseconds;
  };
  /** Sends a write that is answered so, one answer after the other; each takes `takes` milliseconds. */
  const send = (
    answers: readonly WriteAnswer[] = [DONE],
    { takes = 0, ...members }: Partial<Sending> & { readonly takes?: number } = {},
  ): Promise<WriteAnswer> => {
    const left = [...answers];
    return freshness.send(
      (guard) => {
        guards.push(guard);
        pass(takes);
        return Promise.resolve(left.shift() ?? DONE);
      },
      {
        settle: () => Promise.resolve('no'),
        expected: BEFORE,
        changed,
        mayGoOn: () => undefined,
        ...members,
      },
    );
  };
  return { send, pass, looks, guards, seen: freshness.seen };
}

describe('a target', () => {
  test('that was read up to five seconds ago needs no look, and may be written until then', async () => {
    const { send, looks, guards } = target(START - 5000);

    expect(await send()).toBe(DONE);
    expect(looks).toEqual([]);
    expect(guards.map(({ notAfter }) => notAfter)).toEqual([START]);
  });

  test('that was read longer ago is looked at, as it was within five seconds', async () => {
    const { send, looks, guards } = target(START - 5001);

    expect(await send()).toBe(DONE);
    expect(looks).toEqual([START - 5000]);
    expect(guards.map(({ notAfter }) => notAfter)).toEqual([START + 5000]);
  });

  test('that was read, nobody knows when, is looked at', async () => {
    const { send, looks } = target(undefined);
    await send();

    expect(looks).toHaveLength(1);
  });

  test('that is something else by now is not written', async () => {
    const { send, guards } = target(START - 6000, definition({ trafficAllocation: 7 }));

    await expect(send()).rejects.toMatchObject({ reason: 'target-changed' });
    expect(guards).toEqual([]);
  });

  test('that is gone by now is not written', async () => {
    const { send, guards } = target(START - 6000);
    const gone = createFreshness({
      clock: { now: () => START, sleep: () => Promise.resolve() },
      readAt: START - 6000,
      look: () => Promise.resolve(undefined),
    });
    const sending = {
      settle: () => Promise.resolve('no' as const),
      ...{ expected: BEFORE, changed, mayGoOn: () => undefined },
    };

    await expect(gone.send(() => send(), sending)).rejects.toMatchObject({ reason: 'target-changed' });
    expect(guards).toEqual([]);
  });

  test('that is not written any more after the look, since the job was cancelled, is not', async () => {
    const { send, guards } = target(START - 6000);
    const mayGoOn = (): void => {
      throw new Failure('cancelled', 'No more.');
    };

    await expect(send([DONE], { mayGoOn })).rejects.toMatchObject({ reason: 'cancelled' });
    expect(guards).toEqual([]);
  });

  test('that is new needs no look, and no haste', async () => {
    const { send, looks, guards } = target(undefined);
    await send([DONE], { expected: undefined });

    expect(looks).toEqual([]);
    expect(guards.map(({ notAfter }) => notAfter)).toEqual([Number.POSITIVE_INFINITY]);
  });

  test('that was read back needs no look for five seconds', async () => {
    const { send, looks, seen, pass } = target(START - 6000);
    seen(START);
    await send();
    pass(5000);
    await send();
    expect(looks).toEqual([]);

    pass(1);
    await send();
    expect(looks).toHaveLength(1);
  });

  test('is not taken for what it was before the last step of this run', async () => {
    const { send, looks } = target(START - 4000);
    // Answered at START + 2000.
    await send([DONE], { takes: 2000 });
    await send();

    expect(looks).toEqual([START + 2000]);
  });
});

describe('a write that would have been late', () => {
  test('is sent after another look where that is due', async () => {
    const { send, looks, guards } = target(START);

    expect(await send([LATE, DONE], { takes: 5001 })).toBe(DONE);
    expect(looks).toEqual([START + 1]);
    expect(guards.map(({ notAfter }) => notAfter)).toEqual([START + 5000, START + 5001 + 5000]);
  });

  test('is given up after five of them', async () => {
    const { send, looks, guards } = target(START - 6000);

    expect(await send([LATE, LATE, LATE, LATE, LATE, DONE], { takes: 6000 })).toBe(LATE);
    expect(guards).toHaveLength(5);
    expect(looks).toHaveLength(5);
  });

  test('is not sent where somebody changed the target meanwhile', async () => {
    const { send, guards } = target(START, definition({ trafficAllocation: 7 }));

    await expect(send([LATE, DONE], { takes: 6000 })).rejects.toMatchObject({ reason: 'target-changed' });
    expect(guards).toHaveLength(1);
  });
});
