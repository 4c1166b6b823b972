// Scripted faults hit the requests they are for, before or after the request takes effect.
import { describe, expect, test } from '@jest/globals';
import { BARE_500, DUPLICATE_KEY_500 } from '../../emulator/faults.ts';
import { editDefinition, getDefinition } from '../../emulator/world.ts';
import { HERE, onOff, smallWorld, withEmulator, type Ask } from './asking.ts';

const place = { workspace: 'w', environment: 'e1', flag: 'flag' };
const full = { ...onOff, trafficAllocation: 12 };
const stored = ({ emulator }: Ask): unknown => getDefinition(emulator.world, place)?.['trafficAllocation'];

/** The code of the error a request over a broken connection ends with. */
async function failureOf(request: Promise<unknown>): Promise<unknown> {
  const reason: unknown = await request.then(
    () => 'answered',
    (error: unknown) => error,
  );
  // No `instanceof`: fetch makes its errors outside of Jest's realm.
  return (reason as { cause?: { code?: string } }).cause?.code ?? reason;
}

describe('matching', () => {
  test('by method and path, once, unless told otherwise', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      ask.emulator.fault({ method: 'put', path: '/flag/', answer: { status: 503 } });
      ask.emulator.fault({ path: /environments\/ws\/w$/, times: 2, answer: { status: 502 } });
      const paths = ['/workspaces', '/environments/ws/w', '/environments/ws/w', '/environments/ws/w', HERE];
      const statuses: number[] = [];
      for (const path of paths) statuses.push((await ask('GET', path)).status);
      statuses.push((await ask('PUT', HERE, full)).status, (await ask('PUT', HERE, full)).status);
      expect(statuses).toEqual([200, 502, 502, 200, 200, 503, 200]);
    }));

  test('lets the first ones by when asked', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      ask.emulator.fault({ after: 2, answer: { status: 500 } });
      const statuses = [];
      for (let turn = 0; turn < 4; turn += 1) statuses.push((await ask('GET', HERE)).status);
      expect(statuses).toEqual([200, 200, 500, 200]);
    }));
});

test('an answer has the status, headers and body it was given, as text or as JSON', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    ask.emulator.fault({
      answer: { status: 500, headers: { 'x-served-by': 'edge' }, body: 'E11000 duplicate key' },
    });
    ask.emulator.fault({ answer: { status: 499, body: { code: 499, message: 'policy denied' } } });
    ask.emulator.fault({ answer: { status: 500 } });
    const [text, json, empty] = [await ask('GET', HERE), await ask('GET', HERE), await ask('GET', HERE)];
    expect([text.status, text.headers.get('x-served-by'), text.text]).toEqual([
      500,
      'edge',
      'E11000 duplicate key',
    ]);
    expect([json.status, json.headers.get('content-type'), json.body]).toEqual([
      499,
      expect.stringContaining('application/json'),
      { code: 499, message: 'policy denied' },
    ]);
    expect([empty.status, empty.text]).toEqual([500, '']);
  }));

test('the failures seen live are at hand: one without a word, and one of the database', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    ask.emulator.fault({ ...BARE_500, path: '/environments/', times: 2 });
    ask.emulator.fault({ ...DUPLICATE_KEY_500, path: '/workspaces' });
    const bare = await ask('GET', HERE);
    expect([bare.status, bare.text]).toEqual([500, '']);
    const complaint = await ask('GET', '/workspaces');
    expect([complaint.status, complaint.body]).toEqual([
      500,
      expect.objectContaining({ code: 500, message: expect.stringContaining('E11000 duplicate key') }),
    ]);
    expect((await ask('GET', '/workspaces')).status).toBe(200);
    expect((await ask('GET', HERE)).status).toBe(500);
    expect((await ask('GET', HERE)).status).toBe(200);
  }));

test('a redirect says where to', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    ask.emulator.fault({ redirect: 'https://example.invalid/login' });
    const { status, headers } = await ask('GET', HERE);
    expect([status, headers.get('location')]).toEqual([307, 'https://example.invalid/login']);
  }));

describe.each([
  { applied: false, left: 100 },
  { applied: true, left: 12 },
])('with applied: $applied', ({ applied, left }) => {
  test('an answer leaves trafficAllocation $left', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      ask.emulator.fault({ method: 'PUT', applied, answer: { status: 504, body: 'late' } });
      const { status, text } = await ask('PUT', HERE, full);
      expect([status, text, stored(ask)]).toEqual([504, 'late', left]);
      expect(ask.emulator.requests).toMatchObject([{ status: 504, bytes: 4 }]);
    }));

  test('a reset connection leaves trafficAllocation $left and no status', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      ask.emulator.fault({ method: 'PUT', applied, reset: true });
      expect(await failureOf(ask('PUT', HERE, full))).toBe('ECONNRESET');
      expect(stored(ask)).toBe(left);
      expect(ask.emulator.requests).toMatchObject([{ method: 'PUT', status: undefined, bytes: 0 }]);
    }));

  test('a hanging request leaves trafficAllocation $left, and ends with the emulator', async () => {
    let hanging: Promise<unknown> = Promise.resolve();
    await withEmulator({ world: smallWorld() }, async (ask) => {
      const reached = new Promise<void>((resolve) => {
        ask.emulator.fault({ method: 'PUT', applied, hang: true, then: () => resolve() });
      });
      hanging = failureOf(ask('PUT', HERE, full));
      await reached;
      // Another round trip: by then the write, if it is to happen, has happened.
      await ask('GET', HERE);
      expect(stored(ask)).toBe(left);
      expect(ask.emulator.requests[0]).toMatchObject({ method: 'PUT', status: undefined });
    });
    expect(await hanging).toBe('UND_ERR_SOCKET');
  });
});

test('a body is cut in the middle after the write', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    ask.emulator.fault({ cutBody: true });
    expect(await failureOf(ask('PUT', HERE, full))).toBe('UND_ERR_SOCKET');
    expect(stored(ask)).toBe(12);
    const whole = (await ask('GET', HERE)).text.length;
    expect(ask.emulator.requests[0]).toMatchObject({ status: undefined, bytes: Math.floor(whole / 2) });
  }));

test('a scripted answer can be cut too, and then nothing is written', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    ask.emulator.fault({ cutBody: true, answer: { status: 502, body: '<html>' } });
    expect(await failureOf(ask('PUT', HERE, full))).toBe('UND_ERR_SOCKET');
    expect(stored(ask)).toBe(100);
    expect(ask.emulator.requests).toMatchObject([{ status: undefined, bytes: 3 }]);
  }));

test('a delayed answer comes no sooner than it should', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    ask.emulator.fault({ delayMs: 30 });
    const before = performance.now();
    expect((await ask('GET', HERE)).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(25);
  }));

test('latency is added to every answer', () =>
  withEmulator({ world: smallWorld(), latencyMs: 20 }, async (ask) => {
    const before = performance.now();
    await Promise.all([ask('GET', HERE), ask('GET', HERE)]);
    expect(performance.now() - before).toBeGreaterThan(15);
  }));

test('someone else edits before the request is handled', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    const before = (await ask('GET', HERE)).body;
    ask.emulator.fault({
      method: 'GET',
      then: (world) => editDefinition(world, place, { trafficAllocation: 50 }),
    });
    expect((await ask('GET', HERE)).body).toEqual({
      ...Object(before),
      trafficAllocation: 50,
      lastUpdateTime: 1_750_000_000_001,
    });
  }));

test('the server stores something else than it was sent', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    ask.emulator.fault({ method: 'PUT', mutate: (definition) => ({ ...definition, trafficAllocation: 10 }) });
    expect((await ask('PUT', HERE, full)).status).toBe(200);
    expect((await ask('GET', HERE)).body).toMatchObject({ trafficAllocation: 10 });
    await ask('PUT', HERE, full);
    expect((await ask('GET', HERE)).body).toMatchObject({ trafficAllocation: 12 });
  }));
