// Every exchange that the vendor documents goes through the emulator as documented (developer.harness.io: Admin API,
// feature flags and approvals; docs.split.io/reference/error-codes), with names and values of our own.
import { describe, expect, test } from '@jest/globals';
import {
  addEnvironment,
  addFlag,
  addSegment,
  addWorkspace,
  emptyWorld,
  setDefinition,
  type World,
} from '../../emulator/world.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { at, OTHER_KEY, withEmulator } from './asking.ts';

const NOW = 1_700_000_000_000;
const trafficType = (id: string): JsonObject => ({ id, name: 'user' });

const toBeta = {
  buckets: [{ treatment: 'on', size: 100 }],
  condition: { combiner: 'AND', matchers: [{ type: 'IN_SEGMENT', string: 'beta' }] },
};

/** What is documented as a flag's first definition, but for what the server adds. */
const proposed = {
  treatments: [
    { name: 'on', description: 'New basket' },
    { name: 'off', description: 'Old basket' },
  ],
  defaultTreatment: 'off',
  baselineTreatment: 'off',
  trafficAllocation: 100,
  rules: [toBeta],
  defaultRule: [
    { treatment: 'on', size: 50 },
    { treatment: 'off', size: 50 },
  ],
};

/** Workspace `w` of two, environments `p` and `s`, flag `basket` with a definition in `p` only. */
function shop(): World {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Shop', id: 'w' });
  addWorkspace(world, { name: 'Warehouse', id: 'w2', requiresTitleAndComments: true });
  const production = addEnvironment(workspace, { name: 'Prod-Shop', id: 'p', production: true });
  const staging = addEnvironment(workspace, { name: 'Stage-Shop', id: 's' });
  for (const environment of [production, staging]) {
    addSegment(workspace, environment, { name: 'beta', keys: ['Oslo', "Land's End"] });
    addSegment(workspace, environment, { name: 'recent_buyers', kind: 'rule-based' });
  }
  addFlag(workspace, { name: 'basket' });
  setDefinition(world, { workspace: 'w', environment: 'p', flag: 'basket' }, proposed);
  return world;
}

const IN_STAGING = '/splits/ws/w/basket/environments/s';
const IN_PRODUCTION = '/splits/ws/w/basket/environments/p';
const REQUESTS = '/changeRequests/ws/w/environments/p';

const stagingOf = (world: World) => world.workspaces[0]?.environments[1];
const productionOf = (world: World) => world.workspaces[0]?.environments[0];

const membersOf = (value: Json | undefined): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];

describe('lists', () => {
  test('workspaces: a page with its offset, limit and count', () =>
    withEmulator({ world: shop() }, async (ask) => {
      expect((await ask('GET', '/workspaces?limit=10')).body).toEqual({
        objects: [
          { name: 'Shop', type: 'workspace', id: 'w', requiresTitleAndComments: false },
          { name: 'Warehouse', type: 'workspace', id: 'w2', requiresTitleAndComments: true },
        ],
        offset: 0,
        limit: 10,
        totalCount: 2,
      });
    }));

  test('environments: a bare array of name, id and production', () =>
    withEmulator({ world: shop() }, async (ask) => {
      expect((await ask('GET', '/environments/ws/w')).body).toEqual([
        { name: 'Prod-Shop', id: 'p', production: true },
        { name: 'Stage-Shop', id: 's', production: false },
      ]);
    }));

  test('segments of an environment: a page of entries without an id', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const { body } = await ask('GET', '/segments/ws/w/environments/s');
      expect(body).toMatchObject({ offset: 0, limit: 20, totalCount: 1 });
      expect(at(body, 'objects', 0)).toEqual({
        name: 'beta',
        environment: { id: 's', name: 'Stage-Shop' },
        trafficType: trafficType(String(at(body, 'objects', 0, 'trafficType', 'id'))),
        creationTime: expect.any(Number),
      });
    }));

  test('rule-based segments, as seen live: a bare array of metadata with a traffic type by id alone', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const { body } = await ask('GET', '/rule-based-segments/ws/w');
      expect(membersOf(at(body, 0))).toEqual(
        (
          'id workspaceIds orgId name status trafficTypeId trafficTypeURN description creator ' +
          'creationTime views favorite tags canEdit constraints'
        ).split(' '),
      );
      expect(at(body, 0)).toMatchObject({
        workspaceIds: ['w'],
        name: 'recent_buyers',
        status: 'ACTIVE',
        trafficTypeURN: null,
        description: '',
        creator: { type: 'User' },
        views: null,
        constraints: null,
      });
    }));
});

describe('a new flag', () => {
  test('is answered with its status Pre-Production, when it got that, and no tags', () =>
    withEmulator({ world: shop(), now: () => NOW }, async (ask) => {
      const { status, body } = await ask('POST', '/splits/ws/w/trafficTypes/user', {
        name: 'wish_list',
        description: 'Things for later',
      });
      expect(status).toBe(200);
      expect(body).toEqual({
        id: expect.any(String),
        name: 'wish_list',
        description: 'Things for later',
        trafficType: trafficType(String(at(body, 'trafficType', 'id'))),
        creationTime: NOW,
        rolloutStatus: { id: expect.any(String), name: 'Pre-Production' },
        rolloutStatusTimestamp: NOW,
        tags: null,
      });
    }));

  test('gets a definition by a body that says where it is, and is answered with that and two times', () =>
    withEmulator({ world: shop(), now: () => NOW }, async (ask) => {
      const { id, trafficType: type } = ask.emulator.world.workspaces[0]?.flags.get('basket') ?? {};
      const sent = {
        id: String(id),
        name: 'basket',
        environment: { id: 's', name: 'Stage-Shop' },
        trafficType: trafficType(String(type?.id)),
        killed: false,
        ...proposed,
      };
      const { status, body } = await ask('POST', IN_STAGING, sent);
      expect(status).toBe(200);
      expect(body).toEqual({ ...sent, id: expect.any(String), creationTime: NOW, lastUpdateTime: NOW });
      // The members come in the documented order.
      expect(membersOf(body)).toEqual([...Object.keys(sent), 'creationTime', 'lastUpdateTime']);
      expect((await ask('GET', IN_STAGING)).body).toEqual(body);
    }));
});

test('a partial update replaces the default rule and nothing else', () =>
  withEmulator({ world: shop() }, async (ask) => {
    const before = (await ask('GET', IN_PRODUCTION)).body;
    const defaultRule = [
      { treatment: 'on', size: 75 },
      { treatment: 'off', size: 25 },
    ];
    const { status, body } = await ask('PATCH', IN_PRODUCTION, [
      { op: 'replace', path: '/defaultRule', value: defaultRule },
    ]);
    expect(status).toBe(200);
    expect(body).toEqual({ ...Object(before), defaultRule, lastUpdateTime: expect.any(Number) });
  }));

describe('change requests', () => {
  const { baselineTreatment, ...without } = proposed;
  const rampUp = { name: 'basket', ...without, defaultRule: [{ treatment: 'on', size: 100 }] };

  test('UPDATE with a rollout status, without a baseline treatment', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const id = at((await ask('GET', '/rolloutStatuses?wsId=w')).body, 1, 'id');
      const { status, body } = await ask('POST', REQUESTS, {
        split: rampUp,
        operationType: 'UPDATE',
        title: 'All of it',
        comment: 'Two weeks without complaints',
        rolloutStatus: { id },
        approvers: [],
      });
      expect([status, baselineTreatment]).toEqual([200, 'off']);
      expect(body).toMatchObject({ operationType: 'UPDATE', rolloutStatus: { id, name: 'Ramping' } });
      expect(at(body, 'split', 'defaultRule')).toEqual(rampUp.defaultRule);
    }));

  test('CREATE shows the proposal with its state and the request that is open for it', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const { body } = await ask('POST', '/changeRequests/ws/w/environments/s', {
        split: rampUp,
        operationType: 'CREATE',
        title: 'A new basket',
        comment: 'For staging',
        approvers: [],
      });
      expect(body).toMatchObject({
        split: { ...rampUp, killed: false, openChangeRequestId: at(body, 'id') },
        segment: null,
        status: 'REQUESTED',
        title: 'A new basket',
        comment: null,
        workspace: { id: 'w', type: 'workspace' },
        operationType: 'CREATE',
        rolloutStatusTimestamp: null,
      });
    }));

  test('KILL by name alone', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const { status, body } = await ask('POST', REQUESTS, {
        split: { name: 'basket' },
        operationType: 'KILL',
        title: 'Killed the basket',
        comment: 'Too slow',
        approvers: [],
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({ operationType: 'KILL', split: { name: 'basket', killed: true } });
    }));

  test('a second one for the same flag is told that one is open', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const kill = { split: { name: 'basket' }, operationType: 'KILL', approvers: [] };
      const id = String(at((await ask('POST', REQUESTS, kill)).body, 'id'));
      const { status, body } = await ask('POST', REQUESTS, kill);
      expect(status).toBe(423);
      expect(body).toMatchObject({
        code: 423,
        message: 'Something was wrong',
        details: `A pending change request with id:${id} for this object already exists`,
      });
    }));

  const newKeys = {
    segment: { name: 'beta', keys: ['Bergen', "Land's End"] },
    operationType: 'CREATE',
    title: 'More of them',
    comment: 'Asked for by sales',
    approvers: [],
  };

  test('keys of a segment: answered with no split, and in the list of what is open', () =>
    withEmulator({ world: shop(), now: () => NOW + 0.5 }, async (ask) => {
      const production = productionOf(ask.emulator.world);
      if (production) production.approversRestricted = true;
      const { status, body } = await ask('POST', REQUESTS, newKeys);
      expect(status).toBe(200);
      expect(body).toEqual({
        split: null,
        segment: newKeys.segment,
        id: expect.any(String),
        status: 'REQUESTED',
        title: 'More of them',
        comment: null,
        workspace: { id: 'w', type: 'workspace' },
        approvers: ['admin-api-key'],
        operationType: 'CREATE',
        comments: [
          { comment: 'Asked for by sales', user: 'admin-api-key', role: 'SUBMITTER', timestamp: NOW },
        ],
        rolloutStatus: null,
        rolloutStatusTimestamp: null,
      });
      expect((await ask('GET', '/changeRequests')).body).toEqual({
        data: [body],
        nextMarker: null,
        previousMarker: null,
        limit: 20,
        count: 1,
      });
      expect((await ask('POST', REQUESTS, newKeys)).status).toBe(423);
    }));

  test.each([
    ['CREATE', ['Oslo', 'Bergen', "Land's End"]],
    ['ARCHIVE', ['Oslo']],
  ])('keys of a segment: %s is carried out once it is approved', (operationType, keys) =>
    withEmulator({ world: shop() }, async (ask) => {
      const { body } = await ask('POST', REQUESTS, { ...newKeys, operationType });
      const path = `/changeRequests/${String(at(body, 'id'))}`;
      const approved = await ask('PUT', path, { status: 'APPROVED' }, OTHER_KEY);
      expect(approved.body).toMatchObject({ status: 'PUBLISHED', split: null });
      expect(productionOf(ask.emulator.world)?.segments[0]?.keys).toEqual(keys);
      expect(stagingOf(ask.emulator.world)?.segments[0]?.keys).toEqual(['Oslo', "Land's End"]);
      expect((await ask('POST', REQUESTS, newKeys)).status).toBe(200);
    }),
  );

  test.each<[string, number, JsonObject]>([
    ['a segment that is not there', 404, { segment: { name: 'none', keys: ['a'] } }],
    ['one of another kind', 404, { segment: { name: 'recent_buyers', keys: ['a'] } }],
    ['no keys', 400, { segment: { name: 'beta', keys: [] } }],
    ['an operation for flags', 400, { operationType: 'KILL' }],
  ])('keys of a segment: %s is %d', (_, status, members) =>
    withEmulator({ world: shop() }, async (ask) => {
      expect((await ask('POST', REQUESTS, { ...newKeys, ...members })).status).toBe(status);
    }),
  );

  test.each([
    ['API_SEGMENT_EDITOR', 200, 403],
    ['API_FEATURE_FLAG_EDITOR', 403, 200],
    ['API_FEATURE_FLAG_VIEWER', 403, 403],
  ] as const)('%s gets %d for keys of a segment and %d for a flag', (role, segment, flag) =>
    withEmulator({ world: shop() }, async (ask) => {
      ask.emulator.world.tokens.push({ key: 'key', role, scope: 'GLOBAL' });
      const { status, body } = await ask('POST', REQUESTS, newKeys);
      expect(status).toBe(segment);
      const withdrawn = await ask('PUT', `/changeRequests/${String(at(body, 'id'))}`, {
        status: 'WITHDRAWN',
      });
      expect(withdrawn.status).toBe(segment === 200 ? 200 : 404);
      const kill = { split: { name: 'basket' }, operationType: 'KILL', approvers: [] };
      expect((await ask('POST', REQUESTS, kill)).status).toBe(flag);
    }),
  );

  test('approvers are refused where the environment restricts them', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const production = productionOf(ask.emulator.world);
      if (production) production.approversRestricted = true;
      const { status, body } = await ask('POST', REQUESTS, {
        split: { name: 'basket' },
        operationType: 'KILL',
        approvers: ['boss@example.com'],
      });
      expect(status).toBe(400);
      expect(body).toEqual({
        code: 400,
        message: 'Something was wrong',
        details: '',
        transactionId: expect.any(String),
      });
    }));
});

describe('errors', () => {
  test('what is not there', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const { status, body } = await ask('GET', '/splits/ws/w/no_such_flag/environments/s');
      expect(status).toBe(404);
      expect(body).toEqual({
        code: 404,
        message: 'Could not find splitmetadata no_such_flag',
        details: '',
        transactionId: expect.stringMatching(/^[0-9a-z]{11}$/),
      });
    }));

  test('approvals are required', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const production = productionOf(ask.emulator.world);
      if (production) production.approvalsRequired = true;
      const { status, body } = await ask('PUT', IN_PRODUCTION, proposed);
      expect(status).toBe(403);
      expect(body).toEqual({
        code: 403,
        message: `Approvals are required. orgId=${ask.emulator.world.organizationId} envId=p`,
        details: '',
        transactionId: expect.stringMatching(/^[0-9a-z]{11}$/),
      });
    }));

  test('a title and a comment are missing', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const [workspace] = ask.emulator.world.workspaces;
      if (workspace) workspace.requiresTitleAndComments = true;
      const { status, text, headers } = await ask('PATCH', IN_PRODUCTION, [
        { op: 'replace', path: '/killed', value: true },
      ]);
      expect([status, text, headers.get('content-length')]).toEqual([400, '', '0']);
    }));

  test('a policy denies it', () =>
    withEmulator({ world: shop() }, async (ask) => {
      const denyMessage = 'names begin with shop_';
      stagingOf(ask.emulator.world)?.policies.push({ name: 'Names', denies: () => denyMessage });
      const { status, body } = await ask('POST', IN_STAGING, proposed);
      expect(status).toBe(499);
      expect(body).toMatchObject({ code: 499, message: 'policy denied' });
      expect(at(body, 'details')).toEqual({
        id: expect.any(String),
        status: 'error',
        action: 'onstep',
        type: 'featureFlag',
        details: [
          {
            id: expect.any(String),
            name: expect.any(String),
            status: 'error',
            details: [
              {
                id: expect.any(String),
                name: 'Names',
                status: 'error',
                severity: 'high',
                denyMessages: [denyMessage],
              },
            ],
          },
        ],
      });
    }));
});
