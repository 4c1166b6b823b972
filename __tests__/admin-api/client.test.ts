// The client on the wire: paths, bodies, answers, faults, and the timing of attempts with a clock that is passed in.
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { addEnvironment, addFlag } from '../../emulator/world.ts';
import { parseJson } from '../../src/json.ts';
import { createClient } from '../in-process.ts';
import { failureOf, settledBy, withClient } from './with-client.ts';

describe('pauses between attempts', () => {
  const headers = (more: Record<string, string>): Record<string, string> => more;
  test.each([
    [
      'the larger reset of the two',
      headers({
        'X-RateLimit-Reset-Seconds-Org': '3',
        'X-RateLimit-Reset-Seconds-IP': '7',
        'Retry-After': '60',
      }),
      7000,
    ],
    ['Retry-After where there are no resets', headers({ 'Retry-After': '2' }), 2000],
    ['Retry-After as a date', headers({ 'Retry-After': 'Thu, 01 Jan 2026 00:00:09 GMT' }), 9000],
    ['backoff with jitter without headers', headers({}), 375],
  ])('are %s', (_what, sent, pause) =>
    withClient(async ({ api, pauses, traffic, ticks }, emulator, place) => {
      emulator.fault({ answer: { status: 429, headers: sent, body: '' } });
      expect(await api.definition(place)).toBeDefined();
      expect(pauses).toEqual([pause]);
      expect(traffic).toEqual({ requests: 2, retries: 1, waitedMilliseconds: pause });
      expect(ticks).toEqual([
        [1, 0],
        [1, 0],
        [2, 1],
      ]);
    }),
  );

  test('double from attempt to attempt, and their number is bounded', () =>
    withClient(async ({ api, pauses, traffic, ticks }, emulator, place) => {
      emulator.fault({ times: 99, answer: { status: 503, body: '' } });
      expect((await failureOf(api.definition(place))).reason).toBe('api-error');
      expect(pauses).toEqual([375, 750, 1500, 3000, 6000]);
      expect(traffic).toEqual({ requests: 6, retries: 5, waitedMilliseconds: 0 });
      expect(ticks).toHaveLength(11);
    }));

  test('are none when none are allowed, or the server asks for more than five minutes', () =>
    withClient(
      async ({ api, pauses }, emulator, place) => {
        emulator.fault({ answer: { status: 429, headers: { 'Retry-After': '301' }, body: '' } });
        expect((await failureOf(api.definition(place))).reason).toBe('rate-limited');
        expect(pauses).toEqual([]);
      },
      { client: { maxRetries: 5 } },
    ));

  test('are none after a refusal', () =>
    withClient(async ({ api, pauses }, emulator, place) => {
      emulator.fault({ answer: { status: 400, body: { message: 'no' } } });
      expect((await failureOf(api.definition(place))).message).toBe(
        'Could not read flag `clients` in Staging: the API answered 400. It said: no. Check `api-url`, and the request against the API documentation.',
      );
      expect(pauses).toEqual([]);
    }));
});

describe('an attempt', () => {
  test('ends when its time is over, though the connection is never accepted', async () => {
    // A server that takes connections and never answers them.
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = createClient(`http://127.0.0.1:${port}`, { maxRetries: 0, timeoutMilliseconds: 200 });
    try {
      const failure = await failureOf(client.api.workspacesNamed('x'));
      expect(failure.reason).toBe('network');
      expect(failure.message).toContain('no answer came within 0.2 seconds');
    } finally {
      await client.close();
      server.close();
    }
  });

  test('that never reached the server leaves a write in no doubt', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const client = createClient(`http://127.0.0.1:${port}`, { maxRetries: 1 });
    const place = { workspace: { id: 'w', name: 'w' }, environment: { id: 'e', name: 'E' }, flag: 'f' };
    const answer = await client.api.updateDefinition(
      place,
      {},
      settledBy(() => Promise.reject(new Error('read'))),
    );
    await client.close();
    expect(answer).toMatchObject({ written: 'no', failure: { reason: 'network' } });
    expect(client.traffic.requests).toBe(2);
  });

  test('whose success is not UTF-8, or broken JSON, is no usable answer', () =>
    withClient(
      async ({ api }, emulator, place) => {
        emulator.fault({
          answer: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"treatments":[' },
        });
        const failure = await failureOf(api.definition(place));
        expect(failure.reason).toBe('api-error');
        expect(failure.message).toContain('the answer is not complete JSON');
      },
      { client: { maxRetries: 0 } },
    ));

  test('whose answer does not end is cut at 64 MiB, and not repeated', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x');
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      // As fast as it is taken, until the connection is closed.
      const send = (): void => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on('drain', send);
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n');
      send();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = createClient(`http://127.0.0.1:${port}`);
    try {
      const failure = await failureOf(client.api.workspacesNamed('x'));
      expect(failure.reason).toBe('api-error');
      expect(failure.message).toContain('the answer is larger than 67108864 bytes');
      expect(client.traffic.requests).toBe(1);
    } finally {
      await client.close();
      server.close();
    }
  });

  test('is cut short by a cancelled job, unless it belongs to a write under way', () =>
    withClient(async ({ api, cancel }, emulator, place) => {
      emulator.fault({ method: 'GET', delayMs: 50, then: () => cancel.abort() });
      expect((await failureOf(api.definition(place))).reason).toBe('cancelled');
      expect((await failureOf(api.definition(place))).message).toContain('Did not read flag');
      expect(await api.definition(place, { begun: true })).toBeDefined();
    }));

  test('of a write under way is cut short when the time is up', () =>
    withClient(async ({ api, cancel, timeUp }, emulator, place) => {
      emulator.fault({
        method: 'PUT',
        hang: true,
        then: () => {
          cancel.abort();
          timeUp.abort();
        },
      });
      const answer = await api.kill(
        place,
        { title: 't', comment: 'c' },
        settledBy(() => Promise.resolve('no')),
      );
      expect(answer).toMatchObject({ written: 'unknown', failure: { reason: 'cancelled' } });
    }));

  test('is not repeated after the job was cancelled', () =>
    withClient(async ({ api, cancel, traffic }, emulator, place) => {
      emulator.fault({ method: 'PUT', answer: { status: 500, body: '' }, then: () => cancel.abort() });
      const answer = await api.kill(
        place,
        { title: 't', comment: 'c' },
        settledBy(() => Promise.resolve('no')),
      );
      expect(answer).toMatchObject({ written: 'no', failure: { reason: 'cancelled' } });
      expect(traffic.requests).toBe(1);
    }));
});

describe('paths', () => {
  test('have every part encoded', () =>
    withClient(async ({ api }, emulator) => {
      const [workspace] = emulator.world.workspaces;
      if (workspace) addEnvironment(workspace, { id: 'a/b ?#%é', name: 'Odd' });
      const place = {
        workspace: { id: workspace?.id ?? '', name: '' },
        environment: { id: 'a/b ?#%é', name: '' },
        flag: '../x',
      };
      expect(await api.definition(place)).toBeUndefined();
      expect(emulator.requests[0]?.path).toContain('/..%2Fx/environments/a%2Fb%20%3F%23%25%C3%A9');
    }));
});

describe('lists', () => {
  test('of workspaces ask for the name, and for all where there is none of it', () =>
    withClient(async ({ api }, emulator) => {
      expect(await api.workspacesNamed('Default')).toHaveLength(1);
      expect(await api.workspacesNamed('Nope')).toHaveLength(2);
      expect(emulator.requests.map(({ path }) => path.split('?')[1])).toEqual([
        'name=Default&nameOp=IS&limit=50&offset=0',
        'name=Nope&nameOp=IS&limit=50&offset=0',
        'limit=50&offset=0',
      ]);
    }));

  test('of flags are read in pages, ten at most', () =>
    withClient(async ({ api }, emulator, { workspace }) => {
      const [first] = emulator.world.workspaces;
      for (let number = 0; number < 600; number += 1) if (first) addFlag(first, { name: `flag${number}` });
      expect(await api.flagNames(workspace)).toHaveLength(500);
      expect(emulator.requests).toHaveLength(10);
    }));

  test('hold what their pages hold, whatever total the server claims', () =>
    withClient(async ({ api }, emulator, { workspace }) => {
      emulator.fault({ answer: { status: 200, body: { objects: [{ name: 'a' }], totalCount: 100 } } });
      emulator.fault({ times: 9, answer: { status: 200, body: { objects: [], totalCount: 100 } } });
      expect(await api.flagNames(workspace)).toEqual(['a']);
    }));

  test('end after the first page where the server claims no total', () =>
    withClient(async ({ api }, emulator, { workspace }) => {
      emulator.fault({ times: 9, answer: { status: 200, body: { objects: [{ name: 'a' }] } } });
      expect(await api.flagNames(workspace)).toEqual(['a']);
    }));

  test.each([401, 403] as const)('that answer %i are refused, which is no failure', (listsRefused) =>
    withClient(
      async ({ api }, _emulator, { workspace }) => {
        expect(await api.workspacesNamed('Default')).toBe('refused');
        expect(await api.environments(workspace)).toBe('refused');
      },
      { switches: { listsRefused } },
    ),
  );

  test('of environments say which are production', () =>
    withClient(async ({ api }, _emulator, { workspace }) => {
      const environments = await api.environments(workspace);
      expect(environments).toMatchObject([
        { name: 'Production', production: true },
        { name: 'Staging', production: false },
        { name: 'QA', production: false },
        { name: 'Dev', production: false },
      ]);
    }));

  test('that are none fail naming the member', () =>
    withClient(async ({ api }, emulator, { workspace }) => {
      emulator.fault({ answer: { status: 200, body: [{ id: 'e' }] } });
      expect((await failureOf(api.environments(workspace))).message).toContain(
        '(0.name: Invalid input: expected string, but it is missing)',
      );
      emulator.fault({ answer: { status: 200, body: {} } });
      expect((await failureOf(api.environments(workspace))).message).toContain('(the answer: Invalid input');
      emulator.fault({ times: 9, answer: { status: 200, body: '' } });
      expect((await failureOf(api.environments(workspace))).message).toContain(
        'the answer is not complete JSON',
      );
    }));
});

describe('flags and definitions', () => {
  test('that are there, and that are not', () =>
    withClient(async ({ api }, emulator, place) => {
      expect(await api.flag(place)).toMatchObject({ trafficType: { name: 'user' } });
      expect(await api.flag({ ...place, flag: 'nope' })).toBeUndefined();
      expect(await api.definition({ ...place, flag: 'new_onboarding' })).toBeUndefined();
      emulator.fault({ answer: { status: 403, body: '' } });
      expect((await failureOf(api.flag(place))).reason).toBe('permission');
    }));

  test('come with every digit and member', () =>
    withClient(async ({ api }, emulator, place) => {
      const body =
        '{"treatments":[{"name":"a","x":1.0}],"defaultTreatment":"a","defaultRule":[],"n":9007199254740993,"__proto__":{"a":1}}';
      emulator.fault({ answer: { status: 200, body: parseJson(body) } });
      const { toJson } = await import('../../src/json.ts');
      expect(toJson((await api.definition(place))?.definition ?? null)).toBe(body);
    }));
});
