// Which change requests a key sees, and how they are listed.
import { expect, test } from '@jest/globals';
import { decideChangeRequest, openChangeRequest } from '../../emulator/change-requests.ts';
import { addFlag, addWorkspace, addEnvironment, type World } from '../../emulator/world.ts';
import type { Json } from '../../src/json.ts';
import { at, HERE_PLACE, smallWorld, THERE_PLACE, update, withEmulator, type Ask } from './asking.ts';

/** Requests `cr-0`, `cr-1` and so on, for a flag each, in `e2`. */
function worldWithRequests(count: number): World {
  const world = smallWorld();
  for (let number = 0; number < count; number += 1) {
    const [workspace] = world.workspaces;
    if (workspace) addFlag(workspace, { name: `flag_${number}` });
    openChangeRequest(world, { ...THERE_PLACE, flag: `flag_${number}` }, { id: `cr-${number}` });
  }
  return world;
}

const list = async (ask: Ask, query = ''): Promise<Json | undefined> =>
  (await ask('GET', `/changeRequests${query}`)).body;
const idsOf = (body: Json | undefined): readonly Json[] => {
  const data = at(body, 'data');
  return Array.isArray(data) ? data.map((_, index) => at(body, 'data', index, 'id') ?? null) : [];
};

test('an empty list is an envelope without markers', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    expect(await list(ask)).toEqual({
      data: [],
      nextMarker: null,
      previousMarker: null,
      limit: 20,
      count: 0,
    });
  }));

test('pages are walked by markers, forth and back, also when what was marked is decided meanwhile', () =>
  withEmulator({ world: worldWithRequests(5) }, async (ask) => {
    const first = await list(ask, '?limit=2');
    expect(first).toMatchObject({ limit: 2, count: 2, previousMarker: null });
    expect(idsOf(first)).toEqual(['cr-4', 'cr-3']);
    decideChangeRequest(ask.emulator.world, 'cr-3', 'REJECTED');
    const second = await list(ask, `?limit=2&after=${String(at(first, 'nextMarker'))}`);
    expect(idsOf(second)).toEqual(['cr-2', 'cr-1']);
    const third = await list(ask, `?limit=2&after=${String(at(second, 'nextMarker'))}`);
    expect(third).toMatchObject({ count: 1, nextMarker: null });
    expect(idsOf(third)).toEqual(['cr-0']);
    const back = await list(ask, `?limit=2&before=${String(at(third, 'previousMarker'))}`);
    expect(idsOf(back)).toEqual(['cr-2', 'cr-1']);
    expect(at(back, 'nextMarker')).toBe(at(second, 'nextMarker'));
    const start = await list(ask, `?limit=2&before=${String(at(back, 'previousMarker'))}`);
    expect([idsOf(start), at(start, 'previousMarker')]).toEqual([['cr-4'], null]);
  }));

test('a page has 20 unless told otherwise, and 100 at most', () =>
  withEmulator({ world: worldWithRequests(101) }, async (ask) => {
    expect(await list(ask)).toMatchObject({ limit: 20, count: 20 });
    expect(await list(ask, '?limit=101')).toMatchObject({ limit: 100, count: 100 });
    ask.emulator.switches.overLimit = '400';
    for (const query of ['limit=101', 'limit=0', 'after=none', 'after=a&before=b', 'status=OPEN'])
      expect(await list(ask, `?${query}`)).toMatchObject({ code: 400 });
  }));

test('the list has one status, REQUESTED unless told otherwise, and one environment or all', () =>
  withEmulator({ world: worldWithRequests(2) }, async (ask) => {
    const { world } = ask.emulator;
    openChangeRequest(world, HERE_PLACE, { id: 'here', scheduledFor: 1_900_000_000_000 });
    decideChangeRequest(world, 'cr-0', 'WITHDRAWN');
    expect(idsOf(await list(ask))).toEqual(['cr-1']);
    expect(idsOf(await list(ask, '?status=WITHDRAWN'))).toEqual(['cr-0']);
    expect(idsOf(await list(ask, '?status=SCHEDULE_REQUESTED'))).toEqual(['here']);
    expect(idsOf(await list(ask, '?environmentId=e1'))).toEqual([]);
    expect(idsOf(await list(ask, '?environmentId=e1&status=SCHEDULE_REQUESTED'))).toEqual(['here']);
    expect(await list(ask, '?environmentId=none')).toMatchObject({ code: 404 });
  }));

test('a key sees the requests its scope reaches; a viewer of flags reads, but neither submits nor decides', () => {
  const world = worldWithRequests(1);
  const workspace = addWorkspace(world, { name: 'Other', id: 'w2' });
  addEnvironment(workspace, { name: 'Prod', id: 'e9' });
  addFlag(workspace, { name: 'far' });
  openChangeRequest(world, { workspace: 'w2', environment: 'e9', flag: 'far' }, { id: 'far' });
  return withEmulator({ world }, async (ask) => {
    expect(idsOf(await list(ask))).toEqual(['far', 'cr-0']);
    world.tokens.push({ key: 'key', role: 'API_FEATURE_FLAG_VIEWER', scope: 'ENVIRONMENT', ids: ['e2'] });
    expect(idsOf(await list(ask))).toEqual(['cr-0']);
    expect((await ask('GET', '/changeRequests/cr-0')).status).toBe(200);
    expect((await ask('GET', '/changeRequests/far')).status).toBe(404);
    expect((await ask('GET', '/changeRequests/none')).status).toBe(404);
    expect((await ask('GET', '/changeRequests?environmentId=e9')).status).toBe(404);
    expect((await ask('PUT', '/changeRequests/cr-0', { status: 'APPROVED' })).status).toBe(403);
    expect((await ask('POST', '/changeRequests/ws/w/environments/e2', update())).status).toBe(403);
    world.tokens.splice(0, 1, { key: 'key', role: 'API_SEGMENT_VIEWER', scope: 'GLOBAL' });
    expect((await ask('GET', '/changeRequests')).status).toBe(403);
  });
});
