// A change request from its submission to the change, or to the refusal.
import { describe, expect, test } from '@jest/globals';
import { decideChangeRequest, openChangeRequest } from '../../emulator/change-requests.ts';
import { getDefinition, type World } from '../../emulator/world.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import {
  at,
  HERE,
  HERE_PLACE,
  onOff,
  OTHER_KEY,
  REQUESTS_HERE,
  REQUESTS_THERE,
  smallWorld,
  THERE_PLACE,
  update,
  withEmulator,
  type Ask,
} from './asking.ts';

function worldWithApprovals(): World {
  const world = smallWorld();
  for (const environment of world.workspaces[0]?.environments ?? []) environment.approvalsRequired = true;
  return world;
}

const NOW = 1_790_000_000_000;
const create = { split: { name: 'flag', ...onOff }, operationType: 'CREATE' };
const onlyName = (operationType: string): JsonObject => ({ split: { name: 'flag' }, operationType });

async function submit(ask: Ask, body: Json, path = REQUESTS_HERE): Promise<string> {
  const answer = await ask('POST', path, body);
  expect([answer.status, answer.text.slice(0, 60)]).toEqual([200, expect.any(String)]);
  return `/changeRequests/${String(at(answer.body, 'id'))}`;
}

const decide = async (
  ask: Ask,
  path: string,
  status: string,
  headers = OTHER_KEY,
): Promise<Json | undefined> => (await ask('PUT', path, { status, comment: 'Seen' }, headers)).body;

test('a submitted request answers as documented, and is found again; nothing has changed yet', () =>
  withEmulator({ world: worldWithApprovals(), now: () => NOW + 0.5 }, async (ask) => {
    const before = getDefinition(ask.emulator.world, HERE_PLACE);
    const ramping = ask.emulator.world.workspaces[0]?.rolloutStatuses[1];
    const sent = update({ rolloutStatus: { id: String(ramping?.id) }, approvers: ['a@example.com'] });
    const { body } = await ask('POST', REQUESTS_HERE, sent);
    const id = String(at(body, 'id'));
    expect(body).toEqual({
      split: {
        ...before,
        baselineTreatment: undefined,
        trafficAllocation: 42,
        killed: false,
        openChangeRequestId: id,
      },
      segment: null,
      id,
      status: 'REQUESTED',
      title: 'Ramp',
      comment: null,
      workspace: { id: 'w', type: 'workspace' },
      approvers: ['a@example.com'],
      operationType: 'UPDATE',
      comments: [{ comment: 'as agreed', user: 'admin-api-key', role: 'SUBMITTER', timestamp: NOW }],
      rolloutStatus: { id: ramping?.id, name: 'Ramping' },
      rolloutStatusTimestamp: null,
    });
    expect((await ask('GET', `/changeRequests/${id}`)).body).toEqual(body);
    expect(getDefinition(ask.emulator.world, HERE_PLACE)).toBe(before);
    expect(ask.emulator.world.workspaces[0]?.environments[0]?.openChangeRequests.get('flag')).toBe(id);
  }));

describe('approved by a second key, a request is carried out:', () => {
  const definitionAfter = (operation: JsonObject, path = REQUESTS_HERE) =>
    withEmulatorAfter(async (ask) => {
      expect(await decide(ask, await submit(ask, operation, path), 'APPROVED')).toMatchObject({
        status: 'PUBLISHED',
      });
    });
  async function withEmulatorAfter(use: (ask: Ask) => Promise<void>): Promise<World> {
    const world = worldWithApprovals();
    await withEmulator({ world }, use);
    expect(
      world.workspaces[0]?.environments.map(({ openChangeRequests }) => openChangeRequests.size),
    ).toEqual([0, 0]);
    return world;
  }

  test('UPDATE replaces the definition', async () => {
    const world = await definitionAfter(update());
    expect(getDefinition(world, HERE_PLACE)).toMatchObject({ trafficAllocation: 42, killed: false });
  });

  test('CREATE adds it', async () => {
    const world = await definitionAfter(create, REQUESTS_THERE);
    expect(getDefinition(world, THERE_PLACE)).toMatchObject({ name: 'flag', environment: { id: 'e2' } });
  });

  test('KILL and RESTORE change killed', async () => {
    const world = await withEmulatorAfter(async (ask) => {
      const answer = await ask('POST', REQUESTS_HERE, onlyName('KILL'));
      expect(at(answer.body, 'split')).toMatchObject({ killed: true, defaultTreatment: 'off' });
      await decide(ask, `/changeRequests/${String(at(answer.body, 'id'))}`, 'APPROVED');
      expect(getDefinition(ask.emulator.world, HERE_PLACE)).toMatchObject({ killed: true });
      await decide(ask, await submit(ask, onlyName('RESTORE')), 'APPROVED');
    });
    expect(getDefinition(world, HERE_PLACE)).toMatchObject({ killed: false });
  });

  test('ARCHIVE removes it', async () => {
    const world = await definitionAfter(onlyName('ARCHIVE'));
    expect(getDefinition(world, HERE_PLACE)).toBeUndefined();
  });

  test.each([
    ['unkill', false],
    ['keep', true],
  ] as const)('UPDATE without killed, where a full update would %s', (putWithoutKilled, killed) =>
    withEmulator({ world: worldWithApprovals(), switches: { putWithoutKilled } }, async (ask) => {
      await decide(ask, await submit(ask, onlyName('KILL')), 'APPROVED');
      const path = await submit(ask, update());
      expect((await ask('GET', path)).body).toMatchObject({ split: { killed } });
      await decide(ask, path, 'APPROVED');
      expect(getDefinition(ask.emulator.world, HERE_PLACE)).toMatchObject({ killed });
    }),
  );

  test('the rollout status with it', () =>
    withEmulator({ world: worldWithApprovals(), now: () => NOW }, async (ask) => {
      const id = String(ask.emulator.world.workspaces[0]?.rolloutStatuses[1]?.id);
      const path = await submit(ask, update({ rolloutStatus: { id } }));
      expect(await decide(ask, path, 'APPROVED')).toMatchObject({ rolloutStatusTimestamp: NOW });
      expect((await ask('GET', '/splits/ws/w/flag')).body).toMatchObject({
        rolloutStatus: { id, name: 'Ramping' },
        rolloutStatusTimestamp: NOW,
      });
    }));
});

test('whoever submitted a request may not approve it, but withdraw it', () =>
  withEmulator({ world: worldWithApprovals(), now: () => NOW }, async (ask) => {
    const path = await submit(ask, update());
    expect((await ask('PUT', path, { status: 'APPROVED' })).body).toMatchObject({ code: 403 });
    expect((await ask('PUT', path, { status: 'WITHDRAWN', comment: 'Too soon' })).body).toMatchObject({
      status: 'WITHDRAWN',
      comments: [
        { comment: 'as agreed', role: 'SUBMITTER' },
        { comment: 'Too soon', user: 'admin-api-key', role: 'SUBMITTER', timestamp: NOW },
      ],
    });
    expect((await ask('GET', path)).body).not.toHaveProperty('split.openChangeRequestId');
    expect(getDefinition(ask.emulator.world, HERE_PLACE)).toMatchObject({ trafficAllocation: 100 });
  }));

test('a rejected request changes nothing, names who rejected it, and is not decided again', () =>
  withEmulator({ world: worldWithApprovals() }, async (ask) => {
    ask.emulator.world.tokens.push(
      { key: 'key', role: 'API_FEATURE_FLAG_EDITOR', scope: 'GLOBAL' },
      { key: 'other', name: 'release-manager', role: 'API_ALL_GRANTED', scope: 'GLOBAL' },
    );
    const path = await submit(ask, update());
    expect(await decide(ask, path, 'REJECTED')).toMatchObject({
      status: 'REJECTED',
      comments: [{}, { comment: 'Seen', user: 'release-manager', role: 'APPROVER' }],
    });
    expect(await decide(ask, path, 'APPROVED')).toMatchObject({ code: 409 });
    expect(await decide(ask, path, 'PUBLISHED')).toMatchObject({ code: 400 });
    expect(getDefinition(ask.emulator.world, HERE_PLACE)).toMatchObject({ trafficAllocation: 100 });
    expect((await ask('POST', REQUESTS_HERE, update())).status).toBe(200);
  }));

test('a request with a time waits for approval, and then for its time, all the while locked', () => {
  let now = NOW;
  return withEmulator({ world: worldWithApprovals(), now: () => now }, async (ask) => {
    const path = await submit(ask, update({ scheduledFor: NOW + 5, scheduledForTimezone: 'Europe/Berlin' }));
    expect((await ask('GET', path)).body).toMatchObject({
      status: 'SCHEDULE_REQUESTED',
      scheduledFor: NOW + 5,
      scheduledForTimezone: 'Europe/Berlin',
    });
    expect(await decide(ask, path, 'APPROVED')).toMatchObject({ status: 'SCHEDULED' });
    now += 4;
    expect((await ask('GET', HERE)).body).toMatchObject({ trafficAllocation: 100 });
    expect((await ask('POST', REQUESTS_HERE, update())).status).toBe(423);
    now += 1;
    expect((await ask('GET', HERE)).body).toMatchObject({ trafficAllocation: 42 });
    expect((await ask('GET', path)).body).toMatchObject({ status: 'PUBLISHED' });
    expect((await ask('POST', REQUESTS_HERE, update())).status).toBe(200);
  });
});

test("somebody else's request is there as if submitted, locks the flag, and is decided by somebody", () =>
  withEmulator({ world: worldWithApprovals() }, async (ask) => {
    const { world } = ask.emulator;
    const { id } = openChangeRequest(world, HERE_PLACE, {
      title: 'Mine first',
      split: update()['split'] as JsonObject,
    });
    expect((await ask('GET', `/changeRequests/${id}`)).body).toMatchObject({
      title: 'Mine first',
      operationType: 'UPDATE',
      status: 'REQUESTED',
      split: { trafficAllocation: 42 },
    });
    expect((await ask('POST', REQUESTS_HERE, update())).body).toMatchObject({
      code: 423,
      message: 'Something was wrong',
      details: `A pending change request with id:${id} for this object already exists`,
    });
    expect((await ask('PUT', HERE, onOff)).status).toBe(423);
    decideChangeRequest(world, id, 'APPROVED');
    expect((await ask('GET', HERE)).body).toMatchObject({ trafficAllocation: 42 });
    expect(() => decideChangeRequest(world, id, 'REJECTED')).toThrow('is PUBLISHED already');
    expect(() => decideChangeRequest(world, 'none', 'REJECTED')).toThrow('no change request none');
    expect(() => openChangeRequest(world, THERE_PLACE, { rolloutStatus: 'Gone' })).toThrow('no Gone');
    const second = openChangeRequest(world, THERE_PLACE, {
      id: 'cr-2',
      comment: 'New',
      rolloutStatus: 'Killed',
    });
    expect(second).toMatchObject({ id: 'cr-2', operationType: 'CREATE', rolloutStatus: { name: 'Killed' } });
    ask.emulator.switches.nulls = 'emit';
    expect(ask.emulator.decideChangeRequest('cr-2', 'APPROVED').status).toBe('PUBLISHED');
    expect(getDefinition(world, THERE_PLACE)).toMatchObject(onOff);
  }));

test('a client that polls sees a request open, open, and then decided', () =>
  withEmulator({ world: worldWithApprovals() }, async (ask) => {
    ask.emulator.fault({ method: 'GET', path: '/changeRequests/', after: 2, decides: 'APPROVED' });
    const other = openChangeRequest(ask.emulator.world, THERE_PLACE);
    const path = await submit(ask, update());
    const seen = [];
    for (let poll = 0; poll < 4; poll += 1) seen.push(at((await ask('GET', path)).body, 'status'));
    expect(seen).toEqual(['REQUESTED', 'REQUESTED', 'PUBLISHED', 'PUBLISHED']);
    expect(other.status).toBe('REQUESTED');
    ask.emulator.fault({ method: 'GET', path: HERE, decides: 'REJECTED' });
    expect((await ask('GET', HERE)).body).toMatchObject({ trafficAllocation: 42 });
    expect(other.status).toBe('REJECTED');
  }));

test('what is stored of an approved request can be something else than was sent', () =>
  withEmulator({ world: worldWithApprovals() }, async (ask) => {
    const path = await submit(ask, update());
    ask.emulator.fault({ method: 'PUT', mutate: (stored) => ({ ...stored, trafficAllocation: 7 }) });
    await decide(ask, path, 'APPROVED');
    expect(getDefinition(ask.emulator.world, HERE_PLACE)).toMatchObject({ trafficAllocation: 7 });
  }));
