// Writes take effect as documented, and what the API would not take is refused.
import { describe, expect, test } from '@jest/globals';
import {
  addEnvironment,
  addFlag,
  addSegment,
  getDefinition,
  setDefinition,
  type World,
} from '../../emulator/world.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import { HERE, onOff, ruleOf, smallWorld, THERE, withEmulator } from './asking.ts';

const place = { workspace: 'w', environment: 'e1', flag: 'flag' };

test('a create answers the definition completed, and is found afterwards; a second is a conflict', () =>
  withEmulator({ world: smallWorld(), now: () => 1645220815555.5 }, async (ask) => {
    const sent = {
      id: 'id-split-UUID',
      name: 'our_new_split_name',
      environment: { id: 'other', name: 'Other' },
      killed: false,
      treatments: [
        { name: 'on', description: 'feature is on' },
        { name: 'off', description: 'feature is off' },
      ],
      defaultTreatment: 'off',
      baselineTreatment: 'off',
      trafficAllocation: 100,
      rules: [],
      defaultRule: [
        { treatment: 'on', size: 50 },
        { treatment: 'off', size: 50 },
      ],
    };
    const { status, body } = await ask('POST', THERE, sent);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...sent,
      id: expect.not.stringMatching('id-split-UUID'),
      name: 'flag',
      environment: { id: 'e2', name: 'Staging' },
      trafficType: { id: expect.any(String), name: 'user' },
      creationTime: 1645220815555,
      lastUpdateTime: 1645220815555,
    });
    expect((await ask('GET', THERE)).body).toEqual(body);
    expect((await ask('POST', THERE, sent)).status).toBe(409);
  }));

test("the vendor's example of a full update goes through; title and comment are recorded, not stored", () => {
  const world = smallWorld();
  const [workspace] = world.workspaces;
  const [environment] = workspace?.environments ?? [];
  if (workspace && environment) addSegment(workspace, environment, { name: 'docs_testers' });
  return withEmulator({ world }, async (ask) => {
    const sent = {
      treatments: [
        { name: 'on', segments: ['docs_testers'], configurations: '{"color":"green"}' },
        { name: 'off', keys: ['one', 'two'], configurations: '{"color":"blue"}' },
      ],
      defaultTreatment: 'on',
      baselineTreatment: 'off',
      trafficAllocation: 80,
      rules: [],
      defaultRule: [{ treatment: 'off', size: 100 }],
    };
    const { status, body } = await ask('PUT', HERE, {
      ...sent,
      title: 'test-title',
      comment: 'test-comment',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject(sent);
    expect(body).not.toHaveProperty('title');
    expect(getDefinition(ask.emulator.world, place)).not.toHaveProperty('comment');
    expect(ask.emulator.requests[0]?.body).toMatchObject({ title: 'test-title', comment: 'test-comment' });
  });
});

test('lastUpdateTime moves with every write, even when the clock stands still; creationTime stays', () =>
  withEmulator({ world: smallWorld(), now: () => 1 }, async (ask) => {
    await ask('PUT', HERE, { ...onOff, creationTime: 5, lastUpdateTime: 5 });
    const first = getDefinition(ask.emulator.world, place);
    await ask('PUT', `${HERE}/kill`);
    expect(first).toMatchObject({ creationTime: 1_750_000_000_000, lastUpdateTime: 1_750_000_000_001 });
    expect(getDefinition(ask.emulator.world, place)).toMatchObject({
      killed: true,
      lastUpdateTime: 1_750_000_000_002,
    });
  }));

test('kill, restore and delete answer true', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    expect((await ask('PUT', `${HERE}/kill`)).text).toBe('true');
    expect((await ask('GET', HERE)).body).toMatchObject({ killed: true });
    expect((await ask('PUT', `${HERE}/restore`, { title: 't', comment: 'c' })).text).toBe('true');
    expect((await ask('GET', HERE)).body).toMatchObject({ killed: false });
    expect((await ask('DELETE', HERE)).text).toBe('true');
    expect((await ask('GET', HERE)).status).toBe(404);
  }));

describe('a partial update', () => {
  test.each<[JsonObject, JsonObject]>([
    [
      {
        op: 'replace',
        path: '/defaultRule',
        value: [
          { treatment: 'on', size: 80 },
          { treatment: 'off', size: 20 },
        ],
      },
      {
        defaultRule: [
          { treatment: 'on', size: 80 },
          { treatment: 'off', size: 20 },
        ],
      },
    ],
    [{ op: 'replace', path: '/killed', value: true }, { killed: true }],
    [
      { op: 'add', path: '/treatments/0/keys', value: ['a'] },
      { treatments: [{ name: 'on', keys: ['a'] }, { name: 'off' }] },
    ],
    [
      { op: 'add', path: '/treatments/-', value: { name: 'maybe' } },
      { treatments: [{ name: 'on' }, { name: 'off' }, { name: 'maybe' }] },
    ],
    [
      { op: 'add', path: '/treatments/1', value: { name: 'maybe' } },
      { treatments: [{ name: 'on' }, { name: 'maybe' }, { name: 'off' }] },
    ],
    [{ op: 'add', path: '/a~1b~0c', value: 1 }, { 'a/b~c': 1 }],
    [{ op: 'replace', path: '/id', value: 'other' }, { name: 'flag' }],
    [{ op: 'test', path: '/killed', value: false }, { killed: false }],
  ])('%j', (operation, expected) =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      const before = getDefinition(ask.emulator.world, place);
      expect((await ask('PATCH', HERE, [operation])).status).toBe(200);
      expect(getDefinition(ask.emulator.world, place)).toMatchObject({ ...expected, id: before?.['id'] });
    }),
  );

  test('removes what it says', () =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      const operations = [
        { op: 'add', path: '/treatments/0/keys', value: ['a', 'b'] },
        { op: 'remove', path: '/treatments/0/keys/0' },
        { op: 'remove', path: '/rules' },
      ];
      await ask('PATCH', HERE, operations);
      const { body } = await ask('GET', HERE);
      expect(body).toMatchObject({ treatments: [{ name: 'on', keys: ['b'] }, { name: 'off' }] });
      expect(body).not.toHaveProperty('rules');
    }));

  test.each<[string, Json]>([
    ['no list', { op: 'replace' }],
    ['an unknown operation', [{ op: 'move', path: '/killed', from: '/x' }]],
    ['a path without slash', [{ op: 'remove', path: 'killed' }]],
    ['nothing to replace', [{ op: 'replace', path: '/baselineTreatment', value: 'on' }]],
    ['no value', [{ op: 'add', path: '/killed' }]],
    ['a wrong index', [{ op: 'add', path: '/treatments/7', value: {} }]],
    ['nothing to go into', [{ op: 'add', path: '/killed/x', value: 1 }]],
    ['a failed test', [{ op: 'test', path: '/killed', value: true }]],
    ['no object left', [{ op: 'replace', path: '', value: 3 }]],
    ['an invalid result', [{ op: 'replace', path: '/defaultTreatment', value: 'none' }]],
    ['an ill-shaped result', [{ op: 'replace', path: '/treatments', value: 3 }]],
  ])('is refused for %s', (_why, operations) =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      const before = getDefinition(ask.emulator.world, place);
      expect((await ask('PATCH', HERE, operations)).body).toMatchObject({
        code: 400,
        message: expect.stringMatching(/\w/),
      });
      expect(getDefinition(ask.emulator.world, place)).toBe(before);
    }),
  );
});

const matcher = (given: JsonObject): JsonObject => ({ ...onOff, rules: [ruleOf(given)] });

function worldOfDependencies(): World {
  const world = smallWorld();
  const [workspace] = world.workspaces;
  if (workspace === undefined) return world;
  addFlag(workspace, { name: 'accounts', trafficType: 'account' });
  setDefinition(world, { ...place, flag: 'accounts' }, onOff);
  addFlag(workspace, { name: 'child' });
  const asksForFlag = { type: 'IN_SPLIT', depends: { splitName: 'flag', treatments: ['on'] } };
  setDefinition(world, { ...place, flag: 'child' }, matcher(asksForFlag));
  const environment = addEnvironment(workspace, { name: 'Unused' });
  addSegment(workspace, environment, { name: 'elsewhere' });
  const [production] = workspace.environments;
  if (production) addSegment(workspace, production, { name: 'tenants', trafficType: 'account' });
  return world;
}

describe('a definition is refused', () => {
  const { treatments, defaultRule } = onOff;
  const on = (size: Json): JsonObject => ({ treatment: 'on', size });
  test.each<[RegExp, Json]>([
    [/not valid JSON/, '{"treatments":['],
    [/must be object/, '[]'],
    [/required property 'treatments'/, { defaultTreatment: 'off', defaultRule }],
    [/required property 'defaultTreatment'/, { treatments, defaultRule }],
    [/required property 'defaultRule'/, { treatments, defaultTreatment: 'off' }],
    [/\/trafficAllocation must be <= 100/, { ...onOff, trafficAllocation: 101 }],
    [/\/trafficAllocation must be integer/, { ...onOff, trafficAllocation: 12.5 }],
    [/\/killed must be boolean/, { ...onOff, killed: 'no' }],
    [/size must be integer/, { ...onOff, defaultRule: [on('100')] }],
    [/size must be >= 0/, { ...onOff, defaultRule: [on(-1), on(101)] }],
    [/2 to 20 treatments, not 1/, { ...onOff, treatments: [{ name: 'off' }] }],
    [
      /2 to 20 treatments, not 21/,
      {
        ...onOff,
        treatments: [...treatments, ...Array.from({ length: 19 }, (_, index) => ({ name: `t${index}` }))],
      },
    ],
    [/unique/, { ...onOff, treatments: [...treatments, { name: 'on' }] }],
    [/Invalid treatment name _x/, { ...onOff, treatments: [...treatments, { name: '_x' }] }],
    [/control is reserved/, { ...onOff, treatments: [...treatments, { name: 'control' }] }],
    [
      /more than 500 keys/,
      {
        ...onOff,
        treatments: [
          ...treatments,
          { name: 'x', keys: Array.from({ length: 501 }, (_, index) => `user-${index}`) },
        ],
      },
    ],
    [
      /Configurations of treatment x are not valid/,
      { ...onOff, treatments: [...treatments, { name: 'x', configurations: '{a:1}' }] },
    ],
    [
      /Configurations of treatment x are too large/,
      { ...onOff, treatments: [...treatments, { name: 'x', configurations: `"${'é'.repeat(512)}"` }] },
    ],
    [/defaultTreatment is an unknown treatment none/, { ...onOff, defaultTreatment: 'none' }],
    [/baselineTreatment is an unknown treatment none/, { ...onOff, baselineTreatment: 'none' }],
    [/defaultRule has unknown treatment none/, { ...onOff, defaultRule: [{ treatment: 'none', size: 100 }] }],
    [/defaultRule must add up to 100, not 99/, { ...onOff, defaultRule: [on(99)] }],
    [
      /rule 2 must add up to 100, not 10/,
      { ...onOff, rules: [ruleOf({ type: 'ALL_KEYS' }), ruleOf({ type: 'ALL_KEYS' }, [on(10)])] },
    ],
    [
      /required property 'buckets'/,
      { ...onOff, rules: [{ condition: { matchers: [{ type: 'ALL_KEYS' }] } }] },
    ],
    [
      /combiner must be equal/,
      {
        ...onOff,
        rules: [
          {
            ...ruleOf({ type: 'ALL_KEYS' }),
            condition: { combiner: 'OR', matchers: [{ type: 'ALL_KEYS' }] },
          },
        ],
      },
    ],
    [/Unknown matcher type WHITELIST/, matcher({ type: 'WHITELIST', strings: ['a'] })],
    [/Unknown matcher type EQUAL_TO/, matcher({ type: 'EQUAL_TO', attribute: 'a', number: 1 })],
    [/needs a valid strings/, matcher({ type: 'IN_LIST_STRING', strings: [] })],
    [/needs a valid string$/, matcher({ type: 'MATCHES_STRING' })],
    [/needs a valid bool/, matcher({ type: 'BOOLEAN', attribute: 'a', bool: 'true' })],
    [/needs a valid number/, matcher({ type: 'EQUAL_NUMBER', attribute: 'a', number: 1.5 })],
    [/needs a valid date/, matcher({ type: 'ON_DATE', attribute: 'a' })],
    [/needs a valid between/, matcher({ type: 'BETWEEN_NUMBER', attribute: 'a', between: { from: 1 } })],
    [
      /needs a valid between/,
      matcher({ type: 'BETWEEN_SEMVER', attribute: 'a', between: { from: 1, to: 2 } }),
    ],
    [/needs a valid between/, matcher({ type: 'BETWEEN_DATE', attribute: 'a', between: 1 })],
    [/needs a valid depends/, matcher({ type: 'IN_SPLIT', depends: { splitName: 'parent' } })],
    [/needs an attribute/, matcher({ type: 'BOOLEAN', bool: true })],
    [
      /Segment elsewhere is not defined in environment Prod East/,
      matcher({ type: 'IN_SEGMENT', string: 'elsewhere' }),
    ],
    [/Segment employees is not defined/, matcher({ type: 'IN_LARGE_SEGMENT', string: 'employees' })],
    [
      /Segment gone is not defined/,
      { ...onOff, treatments: [...treatments, { name: 'x', ruleBasedSegments: ['gone'] }] },
    ],
    [/Segment tenants has another traffic type/, matcher({ type: 'IN_SEGMENT', string: 'tenants' })],
    [
      /Flag absent, which a rule depends on, is not defined/,
      matcher({ type: 'IN_SPLIT', depends: { splitName: 'absent', treatment: 'on' } }),
    ],
    [
      /Flag accounts has another traffic type/,
      matcher({ type: 'IN_SPLIT', depends: { splitName: 'accounts', treatment: 'on' } }),
    ],
    [
      /Flag parent has no treatment gone/,
      matcher({ type: 'IN_SPLIT', depends: { splitName: 'parent', treatments: ['on', 'gone'] } }),
    ],
    [/depend on each other/, matcher({ type: 'IN_SPLIT', depends: { splitName: 'child', treatment: 'on' } })],
    [
      /Flag child depends on treatment on of flag/,
      { ...onOff, treatments: [{ name: 'off' }, { name: 'other' }] },
    ],
  ])('for %s', (message, body) =>
    withEmulator({ world: worldOfDependencies() }, async (ask) => {
      const before = getDefinition(ask.emulator.world, place);
      const answer = await ask('PUT', HERE, body);
      expect(answer.body).toMatchObject({ code: 400, message: expect.stringMatching(message) });
      expect(getDefinition(ask.emulator.world, place)).toBe(before);
    }),
  );
});

test('a definition others depend on cannot be removed', () =>
  withEmulator({ world: worldOfDependencies() }, async (ask) => {
    expect((await ask('DELETE', HERE)).body).toMatchObject({
      code: 400,
      message: 'Flag child depends on treatment on of flag',
    });
    await ask('DELETE', '/splits/ws/w/child/environments/e1');
    expect((await ask('DELETE', HERE)).status).toBe(200);
  }));

describe('what stands before a write', () => {
  const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE', 'kill', 'restore'] as const;
  const write = (method: string): [string, string] =>
    method === 'POST'
      ? ['POST', THERE]
      : method === method.toLowerCase()
        ? ['PUT', `${HERE}/${method}`]
        : [method, HERE];

  test.each(WRITES)(
    '%s needs title and comment where the workspace wants them, and says so with an empty 400',
    (method) => {
      const world = smallWorld();
      for (const workspace of world.workspaces) workspace.requiresTitleAndComments = true;
      return withEmulator({ world }, async (ask) => {
        const [verb, path] = write(method);
        const body = verb === 'PATCH' ? [{ op: 'test', path: '/killed', value: false }] : onOff;
        for (const given of [{}, { title: 'Why' }, { title: '', comment: 'Because' }]) {
          const inQuery = `?${new URLSearchParams(given).toString()}`;
          const refused =
            verb === 'PATCH' || verb === 'DELETE'
              ? await ask(verb, path + inQuery, body)
              : await ask(verb, path, { ...onOff, ...given });
          expect([refused.status, refused.headers.get('content-length'), refused.text]).toEqual([
            400,
            '0',
            '',
          ]);
        }
        const told = { title: 'Why', comment: 'Because' };
        const passed =
          verb === 'PATCH' || verb === 'DELETE'
            ? await ask(verb, `${path}?title=Why&comment=Because`, body)
            : await ask(verb, path, { ...onOff, ...told });
        expect(passed.status).toBe(200);
      });
    },
  );

  test.each(WRITES)('%s is refused with the documented words where approvals are required', (method) => {
    const world = smallWorld();
    for (const environment of world.workspaces[0]?.environments ?? []) environment.approvalsRequired = true;
    return withEmulator({ world }, async (ask) => {
      const [verb, path] = write(method);
      const { status, body } = await ask(verb, path, onOff);
      expect(status).toBe(403);
      const id = method === 'POST' ? 'e2' : 'e1';
      expect(body).toMatchObject({
        code: 403,
        message: `Approvals are required. orgId=${world.organizationId} envId=${id}`,
        details: '',
      });
    });
  });
});
