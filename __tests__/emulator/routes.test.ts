// Every route answers as documented.
import { describe, expect, test } from '@jest/globals';
import { addFlag, addWorkspace, emptyWorld, setDefinition, type World } from '../../emulator/world.ts';
import { at, HERE, onOff, smallWorld, THERE, withEmulator } from './asking.ts';

function worldWithFlags(count: number): World {
  const world = smallWorld();
  const [workspace] = world.workspaces;
  if (workspace === undefined) return world;
  for (let number = 0; number < count; number += 1) {
    const flag = `${number % 2 ? 'F' : 'f'}lag_${String(number).padStart(2, '0')}`;
    addFlag(workspace, { name: flag, tags: number % 2 ? ['odd'] : [] });
    setDefinition(world, { workspace: 'w', environment: 'e2', flag }, onOff);
  }
  return world;
}

describe('workspaces', () => {
  function threeWorkspaces(): World {
    const world = emptyWorld();
    addWorkspace(world, { name: 'server-team', id: 's' });
    addWorkspace(world, { name: 'Default', id: 'd', requiresTitleAndComments: true });
    addWorkspace(world, {
      name: 'client-team',
      id: 'c',
      organizationIdentifier: 'org',
      projectIdentifier: 'clients',
    });
    return world;
  }

  test('are listed as documented, by name whatever its case', () =>
    withEmulator({ world: threeWorkspaces() }, async (ask) => {
      expect((await ask('GET', '/workspaces?limit=10')).body).toEqual({
        objects: [
          {
            name: 'client-team',
            type: 'workspace',
            id: 'c',
            requiresTitleAndComments: false,
            organizationIdentifier: 'org',
            projectIdentifier: 'clients',
          },
          { name: 'Default', type: 'workspace', id: 'd', requiresTitleAndComments: true },
          { name: 'server-team', type: 'workspace', id: 's', requiresTitleAndComments: false },
        ],
        offset: 0,
        limit: 10,
        totalCount: 3,
      });
    }));

  test.each([
    ['name=Default', ['d']],
    ['name=default', []],
    ['name=client&nameOp=STARTS_WITH', ['c']],
    ['name=team&nameOp=CONTAINS', ['c', 's']],
    ['name=team&nameOp=IS', []],
    ['organizationIdentifier=org&projectIdentifier=clients', ['c']],
    ['projectIdentifier=other', []],
    ['offset=1&limit=1', ['d']],
    ['offset=5', []],
  ])('%s finds %j', (query, ids) =>
    withEmulator({ world: threeWorkspaces() }, async (ask) => {
      const { body } = await ask('GET', `/workspaces?${query}`);
      expect([0, 1, 2].flatMap((index) => at(body, 'objects', index, 'id') ?? [])).toEqual(ids);
    }),
  );

  test.each(['nameOp=LIKE', 'limit=ten', 'limit=0', 'offset=-1'])('%s is refused', (query) =>
    withEmulator({ world: threeWorkspaces() }, async (ask) => {
      expect((await ask('GET', `/workspaces?${query}`)).status).toBe(400);
    }),
  );
});

test('environments are a bare array of three members', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    expect((await ask('GET', '/environments/ws/w')).text).toBe(
      '[{"name":"Prod East","id":"e1","production":true},{"name":"Staging","id":"e2","production":false}]',
    );
  }));

test('the same routes are behind the gateway path', () =>
  withEmulator({ world: smallWorld() }, async ({ emulator }) => {
    const url = `${emulator.origin}/fme/internal/api/v2/environments/ws/w`;
    expect((await fetch(url, { headers: { 'x-api-key': 'key' } })).status).toBe(200);
  }));

test('a path that is known answers 405 to other methods, one that is not 404', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    expect((await ask('GET', '/environments/ws/w/e1')).status).toBe(405);
    expect((await ask('DELETE', '/workspaces')).status).toBe(405);
    expect((await ask('DELETE', '/changeRequests')).status).toBe(405);
    expect((await ask('POST', '/tags/ws/w/object/flag/objecttype/Split', [])).status).toBe(404);
  }));

describe('flags', () => {
  test('are created as documented, once, with a valid name, for a known traffic type', () =>
    withEmulator({ world: smallWorld(), now: () => 1645214274838 }, async (ask) => {
      const { status, body } = await ask('POST', '/splits/ws/w/trafficTypes/user', {
        name: 'new_flag',
        description: 'What it does',
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        name: 'new_flag',
        description: 'What it does',
        trafficType: { name: 'user' },
        creationTime: 1645214274838,
        rolloutStatus: { name: 'Pre-Production' },
        rolloutStatusTimestamp: 1645214274838,
        tags: null,
      });
      expect((await ask('GET', '/splits/ws/w/new_flag')).body).toEqual(body);
      expect((await ask('POST', '/splits/ws/w/trafficTypes/user', { name: 'new_flag' })).status).toBe(409);
      expect((await ask('POST', '/splits/ws/w/trafficTypes/user', { name: '1st' })).status).toBe(400);
      expect((await ask('POST', '/splits/ws/w/trafficTypes/user', { name: 'string' })).status).toBe(400);
      expect((await ask('POST', '/splits/ws/w/trafficTypes/tenant', { name: 'other' })).status).toBe(404);
    }));

  test('are removed once they have no definition left, and say so', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      const refused = await ask('DELETE', '/splits/ws/w/flag');
      expect(refused.body).toMatchObject({
        code: 400,
        message: 'Flag flag has a definition in environment Prod East',
      });
      await ask('DELETE', HERE);
      expect((await ask('DELETE', '/splits/ws/w/flag')).text).toBe('true');
      expect((await ask('GET', '/splits/ws/w/flag')).status).toBe(404);
      expect((await ask('DELETE', '/splits/ws/w/flag')).status).toBe(404);
    }));

  test('are patched: tag, description, rollout status', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      const statuses = (await ask('GET', '/rolloutStatuses?wsId=w')).body;
      const ramping = { id: at(statuses, 1, 'id'), name: at(statuses, 1, 'name') };
      const { body } = await ask('PATCH', '/splits/ws/w/flag', [
        { op: 'add', path: '/tags/0', value: { name: 'crm' } },
        { op: 'replace', path: '/description', value: 'Better' },
        { op: 'replace', path: '/rolloutStatus/id', value: ramping.id },
      ]);
      expect(body).toMatchObject({ tags: [{ name: 'crm' }], description: 'Better', rolloutStatus: ramping });
      const unknown = await ask('PATCH', '/splits/ws/w/flag', [
        { op: 'replace', path: '/rolloutStatus/id', value: 'x' },
      ]);
      expect(unknown.status).toBe(400);
    }));

  test.each([
    ['limit=50', 30],
    ['tag=odd&tag=even&limit=50', 14],
    ['name=_0', 10],
    ['rolloutStatus=unknown', 0],
  ])('%s lists %i', (query, count) =>
    withEmulator({ world: worldWithFlags(28) }, async (ask) => {
      expect((await ask('GET', `/splits/ws/w?${query}`)).body).toMatchObject({ totalCount: count });
    }),
  );
});

describe('definitions', () => {
  test('are listed in pages of 20 by name, and of 50 at most', () =>
    withEmulator({ world: worldWithFlags(60) }, async (ask) => {
      const list = async (query: string) => (await ask('GET', `/splits/ws/w/environments/e2${query}`)).body;
      const pages = [
        await list(''),
        await list('?offset=20'),
        await list('?limit=20&offset=40'),
        await list('?limit=500'),
      ];
      expect(pages).toMatchObject([
        { offset: 0, limit: 20, totalCount: 60 },
        { offset: 20, limit: 20, totalCount: 60 },
        { offset: 40, limit: 20, totalCount: 60 },
        { offset: 0, limit: 50, totalCount: 60 },
      ]);
      expect(at(pages[0], 'objects', 1, 'name')).toBe('Flag_01');
      expect(at(pages[2], 'objects', 19, 'name')).toBe('Flag_59');
      expect(at(pages[2], 'objects', 20)).toBeUndefined();
      expect(at(pages[3], 'objects', 49, 'name')).toBe('Flag_49');
    }));

  test('show their members in the order of the recorded response', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      const baselined = {
        defaultRule: onOff.defaultRule,
        baselineTreatment: 'on',
        defaultTreatment: 'off',
        treatments: onOff.treatments,
      };
      const { body } = await ask('PUT', HERE, baselined);
      expect(Object.keys(Object(body) as object)).toEqual(
        'id name environment trafficType killed treatments defaultTreatment baselineTreatment trafficAllocation rules defaultRule creationTime lastUpdateTime'.split(
          ' ',
        ),
      );
    }));

  test('are found by the name of an environment as by its id', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      const { status, text } = await ask('GET', '/splits/ws/w/flag/environments/Prod%20East');
      expect([status, text]).toEqual([200, (await ask('GET', HERE)).text]);
      expect((await ask('GET', '/splits/ws/w/flag/environments/prod%20east')).status).toBe(404);
    }));

  test('that are not there say 404, a missing flag with the documented text', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      for (const method of ['GET', 'PUT', 'POST', 'PATCH', 'DELETE']) {
        const { status, body } = await ask(
          method,
          '/splits/ws/w/absent/environments/e1',
          method === 'GET' ? undefined : onOff,
        );
        expect(status).toBe(404);
        expect(body).toEqual({
          code: 404,
          message: 'Could not find splitmetadata absent',
          details: '',
          transactionId: expect.stringMatching(/^[0-9a-z]{11}$/),
        });
      }
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
        expect((await ask(method, THERE, method === 'GET' ? undefined : onOff)).body).toMatchObject({
          code: 404,
        });
      }
      expect((await ask('GET', '/splits/ws/w/flag/environments/none')).body).toMatchObject({
        message: 'Could not find environment none',
      });
      expect((await ask('GET', '/environments/ws/none')).body).toMatchObject({
        message: 'Could not find workspace none',
      });
    }));
});

test('the metadata of a flag shows its rollout status by id and name', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    expect(at((await ask('GET', '/splits/ws/w/flag')).body, 'rolloutStatus')).toEqual({
      id: at((await ask('GET', '/rolloutStatuses?wsId=w')).body, 0, 'id'),
      name: 'Pre-Production',
    });
  }));

test('traffic types and rollout statuses are bare arrays', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    expect((await ask('GET', '/trafficTypes/ws/w')).body).toMatchObject([
      { name: 'user', displayAttributeId: null },
      { name: 'account' },
    ]);
    expect((await ask('GET', '/rolloutStatuses?wsId=w')).body).toContainEqual(
      expect.objectContaining({ name: 'Ramping' }),
    );
    expect((await ask('GET', '/rolloutStatuses')).status).toBe(404);
  }));
