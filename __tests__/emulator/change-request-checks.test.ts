// What a change request is refused for, and where: settings of the environment, policies, grammar.
import { describe, expect, test } from '@jest/globals';
import { addEnvironment, addFlag, getDefinition, setDefinition, type World } from '../../emulator/world.ts';
import type { Environment, Workspace } from '../../emulator/world.ts';
import type { Json } from '../../src/json.ts';
import {
  HERE,
  HERE_PLACE,
  onOff,
  REQUESTS_HERE,
  REQUESTS_THERE,
  ruleOf,
  smallWorld,
  update,
  withEmulator,
} from './asking.ts';

function worldWhere(change: (environment: Environment, workspace: Workspace) => void): World {
  const world = smallWorld();
  const [workspace] = world.workspaces;
  const [environment] = workspace?.environments ?? [];
  if (workspace && environment) change(environment, workspace);
  return world;
}

describe('a request is refused', () => {
  test.each<[string, number, Json, RegExp]>([
    ['that is no JSON', 400, '{', /not valid JSON/],
    ['without a definition', 400, { operationType: 'UPDATE' }, /has no split/],
    ['without a name', 400, update({ split: onOff }), /required property 'name'/],
    ['of an unknown kind', 400, update({ operationType: 'UPLOAD' }), /operationType must be equal/],
    ['with an approver who is no address', 400, update({ approvers: ['a-key'] }), /approvers.* must match/],
    ['for an unknown flag', 404, update({ split: { name: 'none', ...onOff } }), /splitmetadata none/],
    ['that creates what is there', 409, update({ operationType: 'CREATE' }), /has a definition/],
    ['with an unknown rollout status', 400, update({ rolloutStatus: { id: 'x' } }), /rollout status x/],
    ['for an unknown time zone', 400, update({ scheduledForTimezone: 'Mars/Base' }), /time zone Mars/],
    ['whose definition is ill-shaped', 400, update({ split: { name: 'flag' } }), /required property 'treat/],
    [
      'whose definition could not be here',
      400,
      update({ split: { name: 'flag', ...onOff, rules: [ruleOf({ type: 'IN_SEGMENT', string: 'none' })] } }),
      /Segment none is not defined/,
    ],
    [
      'that removes what others depend on',
      400,
      { split: { name: 'parent' }, operationType: 'ARCHIVE' },
      /Flag flag depends on treatment on of parent/,
    ],
  ])('%s', (_what, code, body, message) => {
    const world = smallWorld();
    setDefinition(world, HERE_PLACE, {
      ...onOff,
      rules: [ruleOf({ type: 'IN_SPLIT', depends: { splitName: 'parent', treatments: ['on'] } })],
    });
    return withEmulator({ world }, async (ask) => {
      expect((await ask('POST', REQUESTS_HERE, body)).body).toMatchObject({
        code,
        message: expect.stringMatching(message),
      });
      expect(ask.emulator.world.changeRequests).toEqual([]);
    });
  });

  test.each(['UPDATE', 'KILL', 'RESTORE', 'ARCHIVE'])('to %s what is not there', (operationType) =>
    withEmulator({ world: smallWorld() }, async (ask) => {
      expect((await ask('POST', REQUESTS_THERE, update({ operationType }))).body).toMatchObject({
        code: 404,
      });
    }),
  );

  test('without a word, where the workspace requires title and comment and one is missing', () =>
    withEmulator(
      { world: worldWhere((_, workspace) => (workspace.requiresTitleAndComments = true)) },
      async (ask) => {
        const refused = await ask('POST', REQUESTS_HERE, update({ comment: null }));
        expect([refused.status, refused.text]).toEqual([400, '']);
        expect((await ask('POST', REQUESTS_HERE, update())).status).toBe(200);
      },
    ));

  test('by the documented body, where it names approvers though the environment does', () =>
    withEmulator(
      { world: worldWhere((environment) => (environment.approversRestricted = true)) },
      async (ask) => {
        const refused = await ask('POST', REQUESTS_HERE, update({ approvers: ['a@example.com'] }));
        expect([refused.status, refused.body]).toEqual([
          400,
          {
            code: 400,
            message: 'Something was wrong',
            details: '',
            transactionId: expect.stringMatching(/^[0-9a-z]{11}$/),
          },
        ]);
        expect((await ask('POST', REQUESTS_HERE, update())).body).toMatchObject({
          approvers: ['admin-api-key'],
        });
      },
    ));
});

describe('where approvals are required', () => {
  test.each([
    [false, 403],
    [true, 200],
  ])('a kill passes directly when allowKills is %s, a restore never', (allowKills, status) => {
    const world = worldWhere((_, workspace) => {
      addEnvironment(workspace, { name: 'Guarded', id: 'e3', approvalsRequired: true, allowKills });
    });
    setDefinition(world, { ...HERE_PLACE, environment: 'e3' }, onOff);
    return withEmulator({ world }, async (ask) => {
      const path = '/splits/ws/w/flag/environments/e3';
      expect((await ask('PUT', `${path}/kill`)).status).toBe(status);
      expect((await ask('PUT', `${path}/restore`)).status).toBe(403);
      expect((await ask('PUT', path, onOff)).status).toBe(403);
    });
  });
});

describe('a policy', () => {
  const policies = [
    {
      name: 'Naming',
      denies: ({ name }: { readonly [member: string]: Json | undefined }) =>
        String(name).startsWith('ff_') ? undefined : 'flag name must start with ff_',
    },
    { name: 'Never', denies: () => undefined },
  ];

  test('denies writes and requests with the documented body, after the grammar, and lets others by', () => {
    const world = worldWhere((environment, workspace) => {
      environment.policies.push(...policies);
      addFlag(workspace, { name: 'ff_flag' });
    });
    return withEmulator({ world }, async (ask) => {
      const before = getDefinition(world, HERE_PLACE);
      expect((await ask('PUT', HERE, { ...onOff, defaultTreatment: 'none' })).status).toBe(400);
      for (const [method, path, body] of [
        ['PUT', HERE, onOff],
        ['PATCH', HERE, [{ op: 'replace', path: '/killed', value: true }]],
        ['PUT', `${HERE}/kill`, undefined],
        ['POST', REQUESTS_HERE, update()],
        ['POST', REQUESTS_HERE, update({ operationType: 'KILL' })],
      ] as const) {
        const { status, body: denial } = await ask(method, path, body);
        expect([status, denial]).toEqual([
          499,
          {
            code: 499,
            message: 'policy denied',
            details: {
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
                      name: 'Naming',
                      status: 'error',
                      severity: 'high',
                      denyMessages: ['flag name must start with ff_'],
                    },
                  ],
                },
              ],
            },
            transactionId: expect.any(String),
          },
        ]);
      }
      expect(getDefinition(world, HERE_PLACE)).toBe(before);
      expect((await ask('POST', '/splits/ws/w/ff_flag/environments/e1', onOff)).status).toBe(200);
      expect((await ask('DELETE', HERE)).status).toBe(200);
    });
  });

  test('may deny with 409', () =>
    withEmulator(
      {
        world: worldWhere(({ policies }) =>
          policies.push({ name: 'Freeze', denies: () => 'not today', status: 409 }),
        ),
      },
      async (ask) => {
        expect((await ask('PUT', HERE, onOff)).body).toMatchObject({ code: 409, message: 'policy denied' });
      },
    ));
});
