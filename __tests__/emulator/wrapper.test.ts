// The requests of the vendor's Python wrapper, as measured on the wire, do what its users expect.
import { expect, test } from '@jest/globals';
import {
  addEnvironment,
  addFlag,
  addSegment,
  addWorkspace,
  emptyWorld,
  setDefinition,
  type World,
} from '../../emulator/world.ts';
import type { Json } from '../../src/json.ts';
import { at, onOff, withEmulator } from './asking.ts';

const HEADERS = { 'user-agent': 'python-requests/2.34.2', accept: '*/*', authorization: 'Bearer ADMIN_KEY' };

/** What the wrapper keeps of a definition, nulls and `negate: false` written out. */
const SENT = {
  treatments: [
    { name: 'on', configurations: '{"a":1}', keys: ['k1'], segments: ['s1'] },
    { name: 'off', description: null, configurations: null },
  ],
  defaultTreatment: 'off',
  rules: [
    {
      condition: {
        matchers: [
          { negate: false, type: 'IN_LIST_STRING', attribute: 'plan', strings: ['a'] },
          { type: 'BETWEEN_SEMVER', attribute: 'v', between: { from: '1.0.0', to: '2.0.0' } },
          { type: 'IN_SPLIT', depends: { splitName: 'p', treatment: 'on', treatments: ['on'] } },
          { type: 'EQUAL_NUMBER', attribute: 'n', number: 0 },
          { type: 'BOOLEAN', attribute: 'b', bool: false },
          { type: 'IN_SEGMENT', attribute: null, string: 's1' },
        ],
        combiner: 'AND',
      },
      buckets: [
        { treatment: 'on', size: 50 },
        { treatment: 'off', size: 50 },
      ],
    },
  ],
  defaultRule: [{ treatment: 'off', size: 100 }],
};

/** The vendor's example: both environments are looked up apart, and all their definitions are listed. */
const COPY: readonly (readonly [method: string, path: string, body?: Json])[] = [
  ['GET', '/workspaces?limit=20&offset=0'],
  ['GET', '/environments/ws/w1'],
  ['GET', '/environments/ws/w1'],
  ...['e1', 'e2'].flatMap((environment) =>
    [0, 20, 40].map(
      (offset) => ['GET', `/splits/ws/w1/environments/${environment}?limit=20&offset=${offset}`] as const,
    ),
  ),
  ['PUT', '/splits/ws/w1/f1/environments/e2', SENT],
];

/** 45 definitions in both environments, so that each is three pages to the wrapper. */
function wrapperWorld(): World {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Default', id: 'w1' });
  const names = ['f1', 'p', ...Array.from({ length: 43 }, (_, index) => `other_${index}`)];
  for (const name of names) addFlag(workspace, { name });
  for (const environment of [
    addEnvironment(workspace, { name: 'Prod', id: 'e1' }),
    addEnvironment(workspace, { name: 'Stage', id: 'e2' }),
  ]) {
    addSegment(workspace, environment, { name: 's1' });
    for (const flag of names)
      setDefinition(world, { workspace: 'w1', environment: environment.id, flag }, onOff);
  }
  setDefinition(
    world,
    { workspace: 'w1', environment: 'e1', flag: 'f1' },
    { ...SENT, killed: true, trafficAllocation: 37 },
  );
  return world;
}

test('find, find, find, update, kill and restore', () =>
  withEmulator({ world: wrapperWorld() }, async (ask) => {
    const get = async (path: string) => (await ask('GET', path, undefined, HEADERS)).body;
    expect(at(await get('/workspaces?limit=20&offset=0'), 'objects', 0, 'id')).toBe('w1');
    expect(await get('/environments/ws/w1')).toHaveLength(2);
    for (const environment of ['e1', 'e2']) {
      const pages = [];
      for (const offset of [0, 20, 40])
        pages.push(await get(`/splits/ws/w1/environments/${environment}?limit=20&offset=${offset}`));
      expect(pages).toMatchObject([0, 20, 40].map((offset) => ({ offset, limit: 20, totalCount: 45 })));
      expect(
        pages.map((page) => [0, 5, 19].map((index) => at(page, 'objects', index) !== undefined)),
      ).toEqual([
        [true, true, true],
        [true, true, true],
        [true, false, false],
      ]);
      expect(at(pages[0], 'objects', 0, 'name')).toBe('f1');
    }
    const update = await ask('PUT', '/splits/ws/w1/f1/environments/e2', SENT, HEADERS);
    expect(update.status).toBe(200);
    expect(await get('/splits/ws/w1/f1/environments/e2')).toMatchObject({
      killed: false,
      trafficAllocation: 100,
      treatments: [{ name: 'on', keys: ['k1'], segments: ['s1'] }, { name: 'off' }],
      rules: [{ buckets: SENT.rules[0]?.buckets ?? [] }],
    });
    for (const verb of ['kill', 'restore']) {
      expect((await ask('PUT', `/splits/ws/w1/f1/environments/e2/${verb}`, undefined, HEADERS)).text).toBe(
        'true',
      );
    }
    expect(
      ask.emulator.requests
        .slice(-4)
        .map(({ method, headers, body }) => [method, headers['authorization'], body]),
    ).toEqual([
      ['PUT', 'Bearer ADMIN_KEY', SENT],
      ['GET', 'Bearer ADMIN_KEY', undefined],
      ['PUT', 'Bearer ADMIN_KEY', undefined],
      ['PUT', 'Bearer ADMIN_KEY', undefined],
    ]);
  }));

test("the copy of the vendor's example asks for just what was measured, in this order, in both modes", () =>
  withEmulator({ world: wrapperWorld() }, async (ask) => {
    const { authorization, ...common } = HEADERS;
    for (const headers of [
      { ...common, authorization },
      { ...common, 'x-api-key': 'pat.TOKEN' },
    ]) {
      ask.emulator.forget();
      for (const [method, path, body] of COPY) {
        const { status } = await ask(method, path, body, headers);
        expect([path, status]).toEqual([path, 200]);
      }
      const sent = ask.emulator.requests.map(({ method, path, body }) => [
        method,
        path.replace('/internal/api/v2', ''),
        ...(body === undefined ? [] : [body]),
      ]);
      expect(sent).toEqual(COPY);
    }
  }));

test('a definition it reads one by one; a missing one is a 404, which it takes for none', () =>
  withEmulator({ world: wrapperWorld() }, async (ask) => {
    const found = await ask('GET', '/splits/ws/w1/f1/environments/e1', undefined, HEADERS);
    expect(found.body).toMatchObject({ name: 'f1', killed: true, trafficAllocation: 37 });
    expect((await ask('GET', '/splits/ws/w1/none/environments/e1', undefined, HEADERS)).status).toBe(404);
  }));

test('its other writes: a definition added, and a change request submitted, found and withdrawn', () =>
  withEmulator({ world: wrapperWorld() }, async (ask) => {
    await ask('DELETE', '/splits/ws/w1/f1/environments/e2', undefined, HEADERS);
    const added = await ask('POST', '/splits/ws/w1/f1/environments/e2', SENT, HEADERS);
    expect(added.body).toMatchObject({ name: 'f1', environment: { id: 'e2' } });
    const status = at((await ask('GET', '/rolloutStatuses?wsId=w1')).body, 1, 'id');
    // It sends six members of a definition, and no traffic allocation.
    const { treatments, defaultTreatment, rules, defaultRule } = SENT;
    const request = {
      split: { name: 'f1', treatments, defaultTreatment, baselineTreatment: 'off', rules, defaultRule },
      operationType: 'UPDATE',
      title: 'T',
      comment: 'C',
      approvers: [],
      rolloutStatus: { id: status },
    };
    const submitted = await ask('POST', '/changeRequests/ws/w1/environments/e2', request, HEADERS);
    expect(submitted.status).toBe(200);
    const query = 'limit=100&environmentId=e2&status=REQUESTED';
    const { body } = await ask('GET', `/changeRequests?${query}`, undefined, HEADERS);
    expect([at(body, 'count'), at(body, 'nextMarker')]).toEqual([1, null]);
    expect(at(body, 'data', 0)).toEqual(submitted.body);
  }));

test('nulls it sends are accepted and not shown', () =>
  withEmulator({ world: wrapperWorld() }, async (ask) => {
    await ask('PUT', '/splits/ws/w1/f1/environments/e2', SENT, HEADERS);
    const { text } = await ask('GET', '/splits/ws/w1/f1/environments/e2');
    expect(text).not.toContain('null');
    expect(text).not.toContain('negate');
  }));
