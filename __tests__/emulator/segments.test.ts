// Segments of three kinds, each listed in its own way.
import { describe, expect, test } from '@jest/globals';
import { addSegment, type SegmentKind, type World } from '../../emulator/world.ts';
import { at, smallWorld, withEmulator } from './asking.ts';

test('segments of three kinds are listed by workspace and by environment, keys of a standard one in pages', () => {
  const world = smallWorld();
  const [workspace] = world.workspaces;
  for (const environment of workspace?.environments ?? []) {
    if (workspace)
      addSegment(workspace, environment, { name: 'audience', kind: 'large', trafficType: 'account' });
    if (workspace) addSegment(workspace, environment, { name: 'active', kind: 'rule-based' });
  }
  return withEmulator({ world, switches: { otherSegmentLists: 'page' } }, async (ask) => {
    const [standard, none] = [
      await ask('GET', '/segments/ws/w/environments/e1'),
      await ask('GET', '/segments/ws/w/environments/e2'),
    ];
    expect(standard.body).toEqual({
      objects: [
        {
          name: 'employees',
          environment: { id: 'e1', name: 'Prod East' },
          trafficType: { id: expect.any(String), name: 'user' },
          creationTime: 1_750_000_000_000,
        },
      ],
      offset: 0,
      limit: 20,
      totalCount: 1,
    });
    expect(none.body).toMatchObject({ objects: [], totalCount: 0 });
    expect((await ask('GET', '/segments/ws/w')).body).toMatchObject({
      objects: [{ name: 'employees' }],
      totalCount: 1,
    });
    for (const [path, name] of [
      ['large-segments', 'audience'],
      ['rule-based-segments', 'active'],
    ] as const) {
      expect((await ask('GET', `/${path}/ws/w`)).body).toMatchObject([{ name }]);
      expect((await ask('GET', `/${path}/ws/w/environments/Staging`)).body).toEqual({
        objects: [
          {
            name,
            environment: { id: 'e2', name: 'Staging' },
            trafficType: { id: expect.any(String), name: expect.any(String) },
            creationTime: 1_750_000_000_000,
          },
        ],
        offset: 0,
        limit: 20,
        totalCount: 1,
      });
    }
    expect((await ask('GET', '/segments/e1/employees/keys?offset=1&limit=100')).body).toEqual({
      keys: [{ key: 'user-2' }, { key: 'user-3' }],
      count: 3,
      offset: 1,
      limit: 100,
    });
    expect((await ask('GET', '/segments/e2/employees/keys')).status).toBe(404);
    expect((await ask('GET', '/segments/e3/employees/keys')).status).toBe(404);
  });
});

describe('segments of an environment', () => {
  function worldOf(kind: SegmentKind, count: number): World {
    const world = smallWorld();
    const [workspace] = world.workspaces;
    const [environment] = workspace?.environments ?? [];
    for (let number = 0; number < count; number += 1) {
      if (workspace && environment) addSegment(workspace, environment, { name: `more_${number}`, kind });
    }
    return world;
  }

  test('are at most 50 on a page, when they are standard ones', () =>
    withEmulator({ world: worldOf('standard', 60) }, async (ask) => {
      const { body } = await ask('GET', '/segments/ws/w/environments/e1?limit=100');
      expect(body).toMatchObject({ limit: 50, totalCount: 61 });
      expect([at(body, 'objects', 49, 'name'), at(body, 'objects', 50)]).toEqual([
        expect.any(String),
        undefined,
      ]);
    }));

  test('come all at once in a bare list, when they are large ones, as their documented members', () =>
    withEmulator({ world: worldOf('large', 60) }, async (ask) => {
      const { body } = await ask('GET', '/large-segments/ws/w/environments/e1?limit=10');
      expect(at(body, 59)).toMatchObject({ environment: { id: 'e1' }, trafficType: { name: 'user' } });
    }));

  test('show their metadata and no trafficType in a bare list, when they are rule-based', () =>
    withEmulator({ world: worldOf('rule-based', 1) }, async (ask) => {
      const types = (await ask('GET', '/trafficTypes/ws/w')).body;
      const { body } = await ask('GET', '/rule-based-segments/ws/w/environments/e1');
      expect(body).toEqual([
        {
          id: expect.any(String),
          workspaceIds: ['w'],
          orgId: ask.emulator.world.organizationId,
          name: 'more_0',
          status: 'ACTIVE',
          trafficTypeId: at(types, 0, 'id'),
          trafficTypeURN: null,
          description: '',
          creator: { type: 'User', id: expect.any(String) },
          creationTime: 1_750_000_000_000,
          views: null,
          favorite: null,
          tags: null,
          canEdit: null,
          constraints: null,
        },
      ]);
      expect((await ask('GET', '/rule-based-segments/ws/w')).body).toEqual(body);
      expect((await ask('GET', '/rule-based-segments/ws/w/environments/e2')).body).toEqual([]);
      expect((await ask('GET', '/rule-based-segments/ws/w/environments/none')).status).toBe(404);
    }));
});
