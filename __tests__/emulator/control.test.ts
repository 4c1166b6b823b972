// The emulator's own side, its worlds, and its process.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import { MATCHER_TYPES } from '../../emulator/matchers.ts';
import { bigWorld, seededWorld } from '../../emulator/seed.ts';
import { editDefinition, getDefinition, setDefinition } from '../../emulator/world.ts';
import { isJsonObject } from '../../src/json.ts';
import { at, HERE, onOff, smallWorld, THERE, withEmulator } from './asking.ts';

describe('/emulator', () => {
  test('tells what was asked, itself left out', () =>
    withEmulator({ world: smallWorld(), now: () => 5 }, async (ask) => {
      await ask('PUT', HERE, '{"big":12345678901234567890}', { 'x-trace': 'a' });
      await ask('GET', '/emulator/switches');
      const { body, text } = await ask('GET', '/emulator/requests');
      expect(body).toMatchObject([
        { method: 'PUT', path: `/internal/api/v2${HERE}`, headers: { 'x-trace': 'a' }, at: 0, status: 400 },
      ]);
      expect(text).toContain('"big": 12345678901234567890');
      ask.emulator.forget();
      expect((await ask('GET', '/emulator/requests')).text).toBe('[]');
    }));

  test('takes switches it knows', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      expect((await ask('PUT', '/emulator/switches', { createStatus: 201 })).body).toMatchObject({
        createStatus: 201,
        nulls: 'omit',
      });
      expect((await ask('POST', THERE, onOff)).status).toBe(201);
      for (const wrong of [{ createStatus: 204 }, { unknown: true }, '{']) {
        expect((await ask('PUT', '/emulator/switches', wrong)).status).toBe(400);
      }
      expect((await ask('GET', '/emulator/switches')).body).toMatchObject({ createStatus: 201 });
    }));

  test('takes faults, and puts everything back', () =>
    withEmulator({ world: smallWorld(), switches: { createStatus: 201 } }, async (ask) => {
      await ask('POST', '/emulator/faults', {
        method: 'PUT',
        path: HERE,
        times: 3,
        answer: { status: 503, body: { code: 503 } },
      });
      expect((await ask('POST', '/emulator/faults', { reset: 'yes' })).status).toBe(400);
      expect((await ask('PUT', HERE, onOff)).body).toEqual({ code: 503 });
      await ask('PUT', '/emulator/switches', { createStatus: 200 });
      await ask('DELETE', HERE);
      expect((await ask('POST', '/emulator/reset')).text).toBe('true');
      expect(ask.emulator.requests).toEqual([]);
      expect((await ask('PUT', HERE, onOff)).status).toBe(200);
      expect((await ask('POST', THERE, onOff)).status).toBe(201);
    }));
});

describe('/emulator/change-requests', () => {
  test("takes somebody else's request and somebody's decision, and both are undone by a reset", () =>
    withEmulator({ world: smallWorld(), switches: { putWithoutTrafficAllocation: 'keep' } }, async (ask) => {
      const split = { name: 'flag', ...onOff, killed: true };
      const place = { workspace: 'Default', environment: 'Prod East', flag: 'flag' };
      const opened = await ask('POST', '/emulator/change-requests', { ...place, split, title: 'Stop' });
      const id = String(at(opened.body, 'id'));
      expect(opened.body).toEqual({ id, status: 'REQUESTED' });
      expect((await ask('GET', '/changeRequests')).body).toMatchObject({ data: [{ id, title: 'Stop' }] });
      const decided = await ask('PUT', `/emulator/change-requests/${id}`, { status: 'APPROVED' });
      expect(decided.body).toEqual({ id, status: 'PUBLISHED' });
      expect((await ask('GET', HERE)).body).toMatchObject({ killed: true });
      expect((await ask('PUT', `/emulator/change-requests/${id}`, { status: 'REQUESTED' })).status).toBe(400);
      expect((await ask('POST', '/emulator/change-requests', { workspace: 'w' })).status).toBe(400);
      await ask('POST', '/emulator/reset');
      expect((await ask('GET', HERE)).body).toMatchObject({ killed: false });
      expect((await ask('GET', `/changeRequests/${id}`)).status).toBe(404);
    }));

  test('are decided at a later request by a fault', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      await ask('POST', '/emulator/faults', { path: '/changeRequests', after: 1, decides: 'WITHDRAWN' });
      await ask('POST', '/emulator/change-requests', { workspace: 'w', environment: 'e1', flag: 'flag' });
      expect((await ask('GET', '/changeRequests')).body).toMatchObject({ count: 1 });
      expect((await ask('GET', '/changeRequests')).body).toMatchObject({ count: 0 });
    }));
});

describe('the seeded world', () => {
  test('would be taken by the API itself, definition by definition', () =>
    withEmulator({}, async (ask) => {
      for (const { id, environments } of ask.emulator.world.workspaces) {
        for (const environment of environments) {
          environment.approvalsRequired = false;
          for (const [flag, definition] of environment.definitions) {
            const path = `/splits/ws/${id}/${flag}/environments/${environment.id}`;
            const { text } = await ask('GET', path);
            const put = await ask('PUT', path, { ...definition, title: 'Same', comment: 'again' });
            expect([path, put.status, { ...Object(put.body), lastUpdateTime: 0 }]).toEqual([
              path,
              200,
              { ...JSON.parse(text), lastUpdateTime: 0 },
            ]);
          }
        }
      }
    }));

  test('is the same every time, has every matcher type, and something to copy', () => {
    const world = seededWorld();
    expect(world).toEqual(seededWorld());
    const place = { workspace: 'Default', flag: 'targeting_showcase', environment: 'Production' };
    const text = JSON.stringify(getDefinition(world, place));
    expect(MATCHER_TYPES.filter((type) => !text.includes(`"type":"${type}"`))).toEqual([]);
    expect(
      getDefinition(world, { workspace: 'Default', flag: 'new_onboarding', environment: 'Staging' }),
    ).toBeUndefined();
    expect(
      getDefinition(world, { workspace: 'Default', flag: 'payments_gateway', environment: 'Staging' }),
    ).toMatchObject({ killed: true });
  });

  test('tells what it lacks when a test asks for what is not there', () => {
    const place = { workspace: 'Default', flag: 'clients', environment: 'Staging' };
    expect(() => getDefinition(seededWorld(), { ...place, environment: 'Stage' })).toThrow(
      'no Stage; it has Production, Staging, QA, Dev',
    );
    expect(() => setDefinition(seededWorld(), { ...place, flag: 'none' }, onOff)).toThrow('no flag none');
  });

  test("someone else's edit moves lastUpdateTime", () => {
    const world = seededWorld();
    const place = { workspace: 'Default', flag: 'clients', environment: 'Staging' };
    const before = getDefinition(world, place);
    editDefinition(world, place, { trafficAllocation: 1 });
    expect(getDefinition(world, place)).toEqual({
      ...before,
      trafficAllocation: 1,
      lastUpdateTime: 1_750_000_000_001,
    });
  });
});

test('a big world has as many flags as asked for, each in every environment', () =>
  withEmulator({ world: bigWorld({ flags: 120, environments: ['One', 'Two', 'Three'] }) }, async (ask) => {
    const [workspace] = ask.emulator.world.workspaces;
    expect(workspace?.flags.size).toBe(120);
    for (const { id } of workspace?.environments ?? []) {
      const { body } = await ask('GET', `/splits/ws/${workspace?.id}/environments/${id}?offset=100&limit=50`);
      expect(body).toMatchObject({ totalCount: 120, offset: 100 });
      const first = at(body, 'objects', 0);
      const put = await ask(
        'PUT',
        `/splits/ws/${workspace?.id}/${String(at(first, 'name'))}/environments/${id}`,
        first,
      );
      expect(isJsonObject(first) && put.status).toBe(200);
    }
  }));

describe('the process', () => {
  const start = (...options: readonly string[]) => spawn(process.execPath, ['emulator/main.ts', ...options]);

  test('prints where it is, answers there, and ends on SIGTERM', async () => {
    const child = start('--port', '0', '--rate-limit', '1/60', '--latency', '1');
    const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    let printed = '';
    for await (const line of createInterface({ input: child.stdout })) {
      printed += `${line}\n`;
      if (line.includes('/emulator/requests')) break;
    }
    const url = /Admin API at (\S+)/.exec(printed)?.[1];
    const ask = async (): Promise<number> =>
      (await fetch(`${url}/workspaces`, { headers: { 'x-api-key': 'key' } })).status;
    expect([await ask(), await ask()]).toEqual([200, 429]);
    expect(printed).toMatch(/Workspace Default \([-0-9a-f]{36}\): \d+ flags\n {2}Production \(/);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('does not start with a rate limit it cannot read', async () => {
    const child = start('--port', '0', '--rate-limit', '20');
    let said = '';
    child.stderr.on('data', (text) => (said += String(text)));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
    expect(said).toContain('--rate-limit takes requests/seconds, such as 20/10, not 20');
  });
});
