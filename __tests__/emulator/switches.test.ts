// Every switch makes a difference in each of its positions.
import { describe, expect, test } from '@jest/globals';
import { EVERY_SWITCH, switchesWith, type Switches } from '../../emulator/switches.ts';
import { addSegment, editDefinition, setDefinition, type World } from '../../emulator/world.ts';
import type { Json } from '../../src/json.ts';
import {
  at,
  HERE,
  onOff,
  REQUESTS_HERE,
  ruleOf,
  smallWorld,
  THERE,
  update,
  withEmulator,
  type Ask,
} from './asking.ts';

const place = { workspace: 'w', environment: 'e1', flag: 'flag' };

/** A killed flag with everything set that a full update may leave out. */
function richWorld(): World {
  const world = smallWorld();
  const [workspace] = world.workspaces;
  const [environment] = workspace?.environments ?? [];
  environment?.openChangeRequests.set('parent', 'cr-1');
  if (workspace && environment) addSegment(workspace, environment, { name: 'active', kind: 'rule-based' });
  if (workspace && environment) addSegment(workspace, environment, { name: 'audience', kind: 'large' });
  editDefinition(world, place, {
    killed: true,
    trafficAllocation: 37,
    baselineTreatment: 'on',
    flagSets: [{ id: 'set', type: 'FlagSet' }],
    impressionsDisabled: true,
    treatments: [{ name: 'on', keys: [], description: null }, { name: 'off' }],
    rules: [ruleOf({ type: 'IN_SPLIT', negate: false, depends: { splitName: 'parent', treatment: 'on' } })],
  });
  return world;
}

const read = async (ask: Ask, ...path: readonly (string | number)[]): Promise<Json | undefined> =>
  at((await ask('GET', HERE)).body, ...path);
const afterPut =
  (member: string, extra: Readonly<Record<string, Json>> = {}) =>
  async (ask: Ask): Promise<Json | undefined> => {
    expect((await ask('PUT', HERE, { ...onOff, ...extra })).status).toBe(200);
    return read(ask, member);
  };
const statusOf = async (ask: Ask, method: string, path: string, body?: Json): Promise<number> =>
  (await ask(method, path, body)).status;

interface Case {
  /** What is seen from outside. */
  readonly see: (ask: Ask) => Promise<Json | undefined>;
  /** What is to be seen in each position, in the order of the positions. */
  readonly seen: readonly (Json | undefined)[];
}

const CASES: Readonly<Record<keyof Switches, Case>> = {
  createStatus: { see: (ask) => statusOf(ask, 'POST', THERE, onOff), seen: [200, 201] },
  putStatus: { see: (ask) => statusOf(ask, 'PUT', HERE, onOff), seen: [200, 201, 204] },
  putCreates: { see: (ask) => statusOf(ask, 'PUT', THERE, onOff), seen: [404, 200] },
  nulls: { see: (ask) => read(ask, 'treatments', 0, 'description'), seen: [undefined, null] },
  emptyArrays: { see: (ask) => read(ask, 'treatments', 0, 'keys'), seen: [undefined, []] },
  negateFalse: {
    see: (ask) => read(ask, 'rules', 0, 'condition', 'matchers', 0, 'negate'),
    seen: [undefined, false],
  },
  dependsForm: {
    see: (ask) => read(ask, 'rules', 0, 'condition', 'matchers', 0, 'depends'),
    seen: [
      { splitName: 'parent', treatment: 'on' },
      { splitName: 'parent', treatments: ['on'] },
    ],
  },
  unknownMembers: { see: afterPut('label', { label: 'x' }), seen: ['x', undefined] },
  putWithoutTrafficAllocation: { see: afterPut('trafficAllocation'), seen: [100, 37] },
  putWithoutBaselineTreatment: { see: afterPut('baselineTreatment'), seen: [undefined, 'on'] },
  putWithoutKilled: { see: afterPut('killed'), seen: [false, true] },
  putWithoutFlagSets: { see: afterPut('flagSets'), seen: [undefined, [{ id: 'set', type: 'FlagSet' }]] },
  putWithoutImpressionsDisabled: { see: afterPut('impressionsDisabled'), seen: [undefined, true] },
  putUnkills: { see: afterPut('killed', { killed: true }), seen: [true, false] },
  overLimit: { see: (ask) => statusOf(ask, 'GET', '/splits/ws/w?limit=51'), seen: [200, 400] },
  ignoreNameFilter: {
    see: async (ask) => at((await ask('GET', '/workspaces?name=None')).body, 'totalCount'),
    seen: [0, 1],
  },
  listsRefused: {
    see: async (ask) => [
      await statusOf(ask, 'GET', '/workspaces'),
      await statusOf(ask, 'GET', '/environments/ws/w'),
    ],
    seen: [
      [200, 200],
      [401, 401],
      [403, 403],
    ],
  },
  outOfScope: {
    see: async (ask) => {
      ask.emulator.world.tokens.push({
        key: 'key',
        role: 'API_ALL_GRANTED',
        scope: 'ENVIRONMENT',
        ids: ['e2'],
      });
      return statusOf(ask, 'GET', HERE);
    },
    seen: [404, 401, 403],
  },
  otherSegmentLists: {
    see: async (ask) => {
      const { body } = await ask('GET', '/rule-based-segments/ws/w/environments/e1');
      return [at(body, 0, 'name') ?? null, at(body, 'objects', 0, 'name') ?? null];
    },
    seen: [
      ['active', null],
      [null, 'active'],
    ],
  },
  enforceQuotas: {
    see: (ask) => statusOf(ask, 'PUT', HERE, { ...onOff, treatments: [{ name: 'off' }] }),
    seen: [400, 200],
  },
  checkSegments: {
    see: (ask) =>
      statusOf(ask, 'PUT', HERE, { ...onOff, rules: [ruleOf({ type: 'IN_SEGMENT', string: 'absent' })] }),
    seen: [400, 200],
  },
  checkParents: {
    see: (ask) =>
      statusOf(ask, 'PUT', HERE, {
        ...onOff,
        rules: [ruleOf({ type: 'IN_SPLIT', depends: { splitName: 'absent', treatment: 'on' } })],
      }),
    seen: [400, 200],
  },
  openChangeRequest: {
    see: async (ask) => {
      ask.emulator.world.workspaces[0]?.environments[0]?.openChangeRequests.set('flag', 'cr-2');
      return statusOf(ask, 'PUT', HERE, onOff);
    },
    seen: [423, 200],
  },
  openChangeRequestIdOnGet: {
    see: async (ask) =>
      at((await ask('GET', '/splits/ws/w/parent/environments/e1')).body, 'openChangeRequestId'),
    seen: [undefined, 'cr-1'],
  },
  flagRolesListSegments: {
    see: async (ask) => {
      const statuses = [];
      for (const role of ['API_FEATURE_FLAG_EDITOR', 'API_FEATURE_FLAG_VIEWER', 'API_APIKEY'] as const) {
        ask.emulator.world.tokens.splice(0, 1, { key: 'key', role, scope: 'GLOBAL' });
        for (const path of ['segments', 'large-segments', 'rule-based-segments'])
          statuses.push(await statusOf(ask, 'GET', `/${path}/ws/w/environments/e1`));
        statuses.push(await statusOf(ask, 'GET', '/segments/e1/employees/keys'));
      }
      return statuses;
    },
    seen: [
      Array.from({ length: 12 }, () => 403),
      [200, 200, 200, 403, 200, 200, 200, 403, 403, 403, 403, 403],
    ],
  },
  environmentKeysSeeChangeRequests: {
    see: async (ask) => {
      const submitted = (await ask('POST', REQUESTS_HERE, update())).body;
      const id = String(at(submitted, 'id'));
      const role = 'API_ALL_GRANTED';
      ask.emulator.world.tokens.push({ key: 'key', role, scope: 'ENVIRONMENT', ids: ['e1'] });
      return [
        await statusOf(ask, 'GET', '/changeRequests'),
        await statusOf(ask, 'GET', `/changeRequests/${id}`),
        await statusOf(ask, 'PUT', `/changeRequests/${id}`, { status: 'WITHDRAWN' }),
        await statusOf(ask, 'POST', REQUESTS_HERE, update()),
      ];
    },
    seen: [
      [200, 200, 200, 200],
      [401, 401, 401, 401],
    ],
  },
  changeRequestNeedsRolloutStatus: {
    see: async (ask) => [
      await statusOf(ask, 'POST', REQUESTS_HERE, update({ operationType: 'RESTORE' })),
      await statusOf(ask, 'POST', '/changeRequests/ws/w/environments/e2', {
        split: { name: 'parent', ...onOff },
        operationType: 'CREATE',
        rolloutStatus: { id: ask.emulator.world.workspaces[0]?.rolloutStatuses[1]?.id },
      }),
      await statusOf(ask, 'POST', REQUESTS_HERE, update({ operationType: 'KILL' })),
    ],
    seen: [
      [200, 200, 423],
      [400, 200, 200],
    ],
  },
  inSegmentCoversAllKinds: {
    see: async (ask) => {
      const statuses = [];
      for (const [type, string] of [
        ['IN_SEGMENT', 'employees'],
        ['IN_SEGMENT', 'active'],
        ['IN_SEGMENT', 'audience'],
        ['IN_RULE_BASED_SEGMENT', 'active'],
        ['IN_LARGE_SEGMENT', 'audience'],
      ] as const)
        statuses.push(await statusOf(ask, 'PUT', HERE, { ...onOff, rules: [ruleOf({ type, string })] }));
      return statuses;
    },
    seen: [
      [200, 200, 200, 200, 200],
      [200, 400, 400, 200, 200],
    ],
  },
};

const positions = Object.entries(CASES).flatMap(([name, { see, seen }]) =>
  EVERY_SWITCH.filter(([known]) => known === name).flatMap(([, { positions: values }]) =>
    values.map((value, index) => ({ name, value, see, expected: seen[index] })),
  ),
);

test.each(positions)('$name: $value', ({ name, value, see, expected }) =>
  withEmulator({ world: richWorld(), switches: { [name]: value } }, async (ask) => {
    expect(await see(ask)).toEqual(expected);
  }),
);

test('the first position of every switch is its default', () => {
  const first = Object.fromEntries(
    EVERY_SWITCH.map(
      ([
        name,
        {
          positions: [position],
        },
      ]) => [name, position],
    ),
  );
  expect(switchesWith()).toEqual(first);
  expect(new Set(positions.map(({ name }) => name))).toEqual(new Set(Object.keys(first)));
});

describe('beyond the switches', () => {
  test('members a full update sends win over what would be kept, null counting as left out', () => {
    const switches = { putWithoutKilled: 'keep', putWithoutTrafficAllocation: 'keep' } as const;
    return withEmulator({ world: richWorld(), switches }, async (ask) => {
      await ask('PUT', HERE, { ...onOff, killed: false, trafficAllocation: null });
      expect(await read(ask, 'killed')).toBe(false);
      expect(await read(ask, 'trafficAllocation')).toBe(37);
    });
  });

  test('unset members shown as null do not hide empty lists', () =>
    withEmulator({ world: richWorld(), switches: { nulls: 'emit', emptyArrays: 'emit' } }, async (ask) => {
      expect(await read(ask, 'treatments', 1)).toEqual({
        name: 'off',
        description: null,
        keys: [],
        segments: [],
        largeSegments: [],
        ruleBasedSegments: [],
        configurations: null,
      });
    }));

  test('a position can be changed while the emulator runs', () =>
    withEmulator({ world: richWorld() }, async (ask) => {
      ask.emulator.switches.createStatus = 201;
      expect(await statusOf(ask, 'POST', THERE, onOff)).toBe(201);
    }));

  test('an open change request is told by its id', () =>
    withEmulator({ world: richWorld() }, async (ask) => {
      setDefinition(ask.emulator.world, { ...place, flag: 'parent' }, onOff);
      expect((await ask('PUT', '/splits/ws/w/parent/environments/e1', onOff)).body).toMatchObject({
        code: 423,
        message: 'Something was wrong',
        details: 'A pending change request with id:cr-1 for this object already exists',
      });
    }));
});
