// A world of the user's own from a file, with definitions as the API shows them.
import { expect, test } from '@jest/globals';
import { worldOf } from '../../emulator/seed-file.ts';
import { seededWorld } from '../../emulator/seed.ts';
import type { JsonObject } from '../../src/json.ts';
import { at, onOff, withEmulator } from './asking.ts';

const seedOf = (environment: JsonObject, more: JsonObject = {}): string =>
  JSON.stringify({
    workspaces: [
      { name: 'Shop', id: 'w', environments: [{ name: 'Staging', id: 's', ...environment }], ...more },
    ],
  });

const basket = { name: 'basket', ...onOff };

test('what one emulator shows is the seed of another, whose answers are the same', async () => {
  let shown: unknown[] = [];
  await withEmulator({ world: seededWorld() }, async (ask) => {
    const { id, name } = ask.emulator.world.workspaces[0] ?? {};
    const environments: JsonObject[] = [];
    for (const environment of ask.emulator.world.workspaces[0]?.environments ?? []) {
      const { body } = await ask('GET', `/splits/ws/${id}/environments/${environment.id}?limit=50`);
      shown.push(at(body, 'objects'));
      const segments = environment.segments.map(({ name: segment, kind, keys }) => ({
        name: segment,
        kind,
        keys,
      }));
      environments.push({
        name: environment.name,
        id: environment.id,
        segments,
        definitions: at(body, 'objects'),
      });
    }
    const seed = JSON.stringify({ workspaces: [{ name, id, environments }] });
    await withEmulator({ world: worldOf(seed) }, async (again) => {
      const repeated = [];
      for (const environment of environments) {
        const path = `/splits/ws/${id}/environments/${String(environment['id'])}?limit=50`;
        repeated.push(at((await again('GET', path)).body, 'objects'));
      }
      expect(repeated).toEqual(shown);
      shown = [];
    });
  });
  expect(shown).toEqual([]);
});

test('all that may be said is served: keys, tags, traffic types, approvals, segments', () =>
  withEmulator(
    {
      world: worldOf(
        JSON.stringify({
          workspaces: [
            {
              name: 'Shop',
              requiresTitleAndComments: true,
              trafficTypes: ['user', 'account'],
              flags: [{ name: 'basket', tags: ['cart'], trafficType: 'account', rolloutStatus: 'Ramping' }],
              environments: [
                {
                  name: 'Production',
                  production: true,
                  approvalsRequired: true,
                  approversRestricted: true,
                  allowKills: true,
                  segments: [{ name: 'staff', trafficType: 'account', keys: ['a'] }],
                  definitions: [basket],
                },
              ],
            },
          ],
          tokens: [{ key: 'key', role: 'API_FEATURE_FLAG_VIEWER', scope: 'GLOBAL' }],
        }),
      ),
    },
    async (ask) => {
      const [workspace] = ask.emulator.world.workspaces;
      const environment = workspace?.environments[0];
      expect(environment).toMatchObject({ production: true, approvalsRequired: true, allowKills: true });
      const flag = (await ask('GET', `/splits/ws/${workspace?.id}/basket`)).body;
      expect(flag).toMatchObject({
        tags: [{ name: 'cart' }],
        trafficType: { name: 'account' },
        rolloutStatus: { name: 'Ramping' },
      });
      const definition = (await ask('GET', `/splits/ws/${workspace?.id}/basket/environments/Production`))
        .body;
      expect(definition).toMatchObject({
        trafficType: { name: 'account' },
        environment: { name: 'Production' },
      });
      expect((await ask('GET', '/workspaces')).status).toBe(403);
      expect((await ask('GET', '/workspaces', undefined, { authorization: 'Bearer other' })).status).toBe(
        401,
      );
    },
  ));

test('a definition brings its flag along, and its numbers keep their digits', () => {
  const text = seedOf({ definitions: [{ ...basket, trafficType: { id: 'x', name: 'account' } }] });
  const world = worldOf(text.replace('"name":"basket"', '"name":"basket","big":12345678901234567890'));
  expect(world.workspaces[0]?.flags.get('basket')?.trafficType.name).toBe('account');
  return withEmulator({ world }, async (ask) => {
    expect((await ask('GET', '/splits/ws/w/basket/environments/s')).text).toContain(
      '"big":12345678901234567890',
    );
  });
});

test.each<[string, string, RegExp]>([
  ['no workspaces', '{"workspaces":[]}', /expected array to have >=1 items/],
  ['a member that is none', '{"workspace":[]}', /Unrecognized key: "workspace"/],
  [
    'a slip in a member',
    seedOf({ prodution: true }),
    /Unrecognized key: "prodution"[^]*workspaces\[0\]\.environments\[0\]/,
  ],
  ['no definition', seedOf({ definitions: [{ name: 'basket' }] }), /definitions\[0\]\.treatments/],
  [
    'a definition the API would refuse',
    seedOf({ definitions: [{ ...basket, defaultTreatment: 'maybe' }] }),
    /^basket in Staging: defaultTreatment is an unknown treatment maybe$/,
  ],
  [
    'several at once',
    seedOf({
      definitions: [
        { ...basket, defaultRule: [] },
        { ...basket, name: 'other', defaultTreatment: 'maybe' },
      ],
    }),
    /^basket in Staging: Buckets of defaultRule must add up to 100, not 0\nother in Staging: /,
  ],
  [
    'an unknown status',
    seedOf({}, { flags: [{ name: 'basket', rolloutStatus: 'Done' }] }),
    /has no Done; it has Pre-Production, /,
  ],
])('%s is refused in words', (_, text, message) => {
  expect(() => worldOf(text)).toThrow(message);
});

test('definitions are checked as the switches say', () => {
  const text = seedOf({ definitions: [{ ...basket, treatments: [{ name: 'off' }] }] });
  expect(() => worldOf(text)).toThrow('A definition has 2 to 20 treatments, not 1');
  expect(() => worldOf(text, { enforceQuotas: false })).not.toThrow();
});
