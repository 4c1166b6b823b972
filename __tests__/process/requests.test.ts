// Which requests a run makes: no more than needed, to the right places, with the right key.
import { describe, expect, test } from '@jest/globals';
import { bigWorld } from '../../emulator/seed.ts';
import {
  addEnvironment,
  addFlag,
  addSegment,
  addWorkspace,
  emptyWorld,
  setDefinition,
  type Environment,
  type Workspace,
} from '../../emulator/world.ts';
import { ON_OFF, SEGMENTS, split } from '../../emulator/seed-parts.ts';
import { errorsOf, KEY, onStage, planFileOf, resultOf, type Stage } from './stage.ts';

const asked = ({ emulator }: Stage): readonly string[] =>
  emulator.requests.map(
    ({ method, path }) => `${method} ${path.replace('/internal/api/v2', '').replace(/\?.*/, '')}`,
  );

const workspaceOf = ({ emulator }: Stage, name = 'Default') => {
  const workspace = emulator.world.workspaces.find((candidate) => candidate.name === name);
  if (workspace === undefined) throw new TypeError(`no workspace ${name}`);
  const id = (environment: string): string =>
    workspace.environments.find((candidate) => candidate.name === environment)?.id ?? '';
  return { workspace, id };
};

/** The segments that the seeded flags name. */
const addSegments = (workspace: Workspace, environment: Environment): void => {
  for (const segment of SEGMENTS) addSegment(workspace, environment, segment);
};

describe('a run by names', () => {
  test('makes eight requests: two look-ups, two reads, two for the checks, the write and the read-back', () =>
    onStage(async (stage) => {
      await stage.run();
      const { workspace, id } = workspaceOf(stage);
      const definition = (environment: string) =>
        `/splits/ws/${workspace.id}/clients/environments/${id(environment)}`;
      expect(asked(stage).slice(0, 2)).toEqual(['GET /workspaces', `GET /environments/ws/${workspace.id}`]);
      expect(new Set(asked(stage).slice(2, 4))).toEqual(
        new Set([`GET ${definition('Production')}`, `GET ${definition('Staging')}`]),
      );
      expect(new Set(asked(stage).slice(4, 6))).toEqual(
        new Set([`GET /segments/ws/${workspace.id}/environments/${id('Staging')}`, 'GET /changeRequests']),
      );
      expect(asked(stage).slice(6)).toEqual([`PUT ${definition('Staging')}`, `GET ${definition('Staging')}`]);
    }));

  test('reads both definitions at the same time', () =>
    onStage(async ({ emulator, run }) => {
      emulator.fault({ path: '/clients/', times: 2, delayMs: 1500 });
      await run({ mode: 'plan' });
      const [, , first, second] = emulator.requests;
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(1500);
    }));

  test('stays at seven requests and 250 KB in an environment of 2,000 flags', () =>
    onStage(
      async ({ emulator, run }) => {
        const workspace = emulator.world.workspaces[0];
        const flag = [...(workspace?.flags.keys() ?? [])].at(-1) ?? '';
        const [source = '', target = ''] = workspace?.environments.map(({ name }) => name) ?? [];
        const ended = await run({
          flags: flag,
          workspace: workspace?.name ?? '',
          'source-environment': source,
          'target-environment': target,
        });
        expect(ended.exitCode).toBe(0);
        expect(emulator.requests.length).toBeLessThanOrEqual(7);
        expect(emulator.requests.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(250_000);
      },
      { world: bigWorld({ flags: 2000 }) },
    ));
});

describe('a run by ids', () => {
  test('looks nothing up, and still names the environments', () =>
    onStage(async (stage) => {
      const { workspace, id } = workspaceOf(stage);
      const ended = await stage.run({
        workspace: workspace.id,
        'source-environment': id('Production'),
        'target-environment': id('Staging'),
        mode: 'plan',
      });
      expect(asked(stage).filter((request) => /workspaces|\/environments\/ws/.test(request))).toEqual([]);
      expect(resultOf(ended)['environment']).toBe('Staging');
    }));

  test('finds a workspace and environments by ids that are no UUIDs', () => {
    const world = emptyWorld();
    const workspace = addWorkspace(world, { id: 'ws-1', name: 'Shop' });
    addEnvironment(workspace, { id: 'env-1', name: 'Prod' });
    addEnvironment(workspace, { id: 'env-2', name: 'Test' });
    addFlag(workspace, { name: 'f' });
    const members = { treatments: ON_OFF, defaultTreatment: 'off' };
    setDefinition(
      world,
      { workspace: 'Shop', environment: 'Prod', flag: 'f' },
      { ...members, defaultRule: split({ on: 100 }) },
    );
    setDefinition(
      world,
      { workspace: 'Shop', environment: 'Test', flag: 'f' },
      { ...members, defaultRule: split({ off: 100 }) },
    );
    return onStage(
      async ({ run }) => {
        const ended = await run({
          workspace: 'ws-1',
          flags: 'f',
          'source-environment': 'env-1',
          'target-environment': 'env-2',
        });
        expect(ended.outputs['status']).toBe('applied');
      },
      { world },
    );
  });

  test.each([401, 403] as const)('takes names for ids where the lists answer %i', (listsRefused) =>
    onStage(
      async (stage) => {
        const { workspace } = workspaceOf(stage);
        const ended = await stage.run({ workspace: workspace.id });
        expect(ended.outputs['status']).toBe('applied');
        expect(resultOf(ended)['environment']).toBe('Staging');
      },
      { switches: { listsRefused } },
    ),
  );
});

describe('names that are not there', () => {
  const failing = async (stage: Stage, inputs: Readonly<Record<string, string>>): Promise<string> => {
    const ended = await stage.run(inputs);
    expect(ended.exitCode).toBe(1);
    expect(ended.outputs['failure-reason']).toBe('not-found');
    expect(stage.writes()).toEqual([]);
    return errorsOf(ended).join();
  };

  test('a workspace: lists those there are', () =>
    onStage(async (stage) => {
      expect(await failing(stage, { workspace: 'Defaults' })).toContain(
        'Did you mean `Default`? There are: `Default`, `Mobile`.',
      );
    }));

  test('a workspace, where the list takes no notice of the filter', () =>
    onStage(
      async (stage) => {
        expect(await failing(stage, { workspace: 'mobil' })).toContain('Did you mean `Mobile`?');
      },
      { switches: { ignoreNameFilter: true } },
    ));

  test('a flag: near misses among the flags of the workspace', () =>
    onStage(async (stage) => {
      expect(await failing(stage, { flags: 'client' })).toContain(
        'There is no flag `client` in workspace Default that the key can see. Did you mean `clients`?',
      );
    }));

  test('a source definition: says that the flag is there, and that the target has one', () =>
    onStage(async (stage) => {
      const words = await failing(stage, {
        flags: 'new_onboarding',
        'source-environment': 'Staging',
        'target-environment': 'Production',
      });
      expect(words).toContain('The flag is in the workspace, but it has no definition in Staging');
      expect(words).toContain('are source and target the right way round?');
    }));

  test('a target environment given by an id that is none', () =>
    onStage(async (stage) => {
      const id = '00000000-0000-4000-8000-000000000000';
      expect(await failing(stage, { 'target-environment': id })).toContain(
        `There is no environment \`${id}\` in workspace Default`,
      );
    }));

  test('two workspaces of one name: asks for the id', () =>
    onStage(async (stage) => {
      addWorkspace(stage.emulator.world, { id: 'second', name: 'Default' });
      const ended = await stage.run();
      expect(ended.outputs['failure-reason']).toBe('invalid-input');
      expect(errorsOf(ended).join()).toContain(
        'There are 2 workspaces named `Default`; give the id of the one you mean.',
      );
    }));
});

describe('the source itself as target', () => {
  test('is refused before any request when it is named', () =>
    onStage(async ({ emulator, run }) => {
      const ended = await run({ 'target-environment': 'Production' });
      expect(ended.outputs['failure-reason']).toBe('invalid-input');
      expect(emulator.requests).toEqual([]);
    }));

  test.each([false, 401] as const)(
    'is refused when one is a name and the other an id (lists refused: %s)',
    (listsRefused) =>
      onStage(
        async (stage) => {
          const { workspace, id } = workspaceOf(stage);
          const ended = await stage.run({ workspace: workspace.id, 'target-environment': id('Production') });
          expect(ended.outputs['failure-reason']).toBe('invalid-input');
          expect(errorsOf(ended).join()).toContain('are the same environment');
          expect(stage.writes()).toEqual([]);
        },
        { switches: { listsRefused } },
      ),
  );

  test('is allowed under another flag name', () =>
    onStage(async (stage) => {
      const ended = await stage.run({ 'target-environment': 'Production', 'target-flag': 'new_onboarding' });
      expect(ended.outputs['status']).toBe('applied');
      expect(stage.stored('Production', 'new_onboarding')?.['trafficAllocation']).toBe(80);
      expect(resultOf(ended)).toMatchObject({ flag: 'clients', targetFlag: 'new_onboarding' });
    }));
});

describe('keys', () => {
  test.each([
    ['an Admin API key', 'abcdef0123456789', 'authorization', 'Bearer abcdef0123456789'],
    ['a personal token', 'pat.acc.0123456789', 'x-api-key', 'pat.acc.0123456789'],
    ['a service-account token', 'sat.acc.0123456789', 'x-api-key', 'sat.acc.0123456789'],
  ])('%s travels in its own header', (_kind, key, header, value) =>
    onStage(async ({ emulator, run }) => {
      await run({ 'api-key': key });
      const other = header === 'x-api-key' ? 'authorization' : 'x-api-key';
      for (const { headers } of emulator.requests) {
        expect(headers[header]).toBe(value);
        expect(headers[other]).toBeUndefined();
        expect(headers['user-agent']).toMatch(/^promote-split-flags\/\d+\.\d+\.\d+ \(.*1658821493\)$/);
      }
    }),
  );

  test('the source is read with a key of its own, everything else is done with the other', () =>
    onStage(async (stage) => {
      const { id } = workspaceOf(stage);
      const ended = await stage.run({ 'source-api-key': 'source-key-0123456789' });
      expect(ended.outputs['status']).toBe('applied');
      for (const { path, method, headers } of stage.emulator.requests) {
        const isSource = path.includes(id('Production'));
        const isTarget = path.includes(id('Staging')) || method !== 'GET';
        if (isSource) expect(headers['authorization']).toBe('Bearer source-key-0123456789');
        if (isTarget) expect(headers['authorization']).toBe(`Bearer ${KEY}`);
      }
      expect(ended.stdout).toContain('::add-mask::source-key-0123456789');
    }));

  test('an unknown key is an authentication failure', () =>
    onStage(async ({ emulator, run }) => {
      emulator.world.tokens.push({ key: 'another', role: 'API_ALL_GRANTED', scope: 'GLOBAL' });
      const ended = await run();
      expect(ended.outputs).toMatchObject({
        'failure-reason': 'authentication',
        status: 'failed',
        results: '[]',
      });
    }));

  test('a key that may only read is a permission failure, and nothing is written', () =>
    onStage(async ({ emulator, run, stored }) => {
      const before = stored();
      emulator.world.tokens.push({ key: KEY, role: 'API_FEATURE_FLAG_VIEWER', scope: 'GLOBAL' });
      const { workspace, id } = workspaceOf({ emulator } as Stage);
      const ended = await run({
        workspace: workspace.id,
        'source-environment': id('Production'),
        'target-environment': id('Staging'),
      });
      expect(ended.outputs).toMatchObject({ 'failure-reason': 'permission', status: 'failed' });
      expect(stored()).toEqual(before);
    }));

  test('the key is masked first and appears nowhere else, whatever the API echoes', () =>
    onStage(async ({ emulator, run }) => {
      emulator.fault({
        method: 'PUT',
        answer: { status: 400, body: { message: `bad key ${KEY}`, transactionId: KEY } },
      });
      const ended = await run();
      expect(ended.stdout.split('\n')[0]).toBe(`::add-mask::${KEY}`);
      const rest = ended.stdout.split('\n').slice(1).join('\n');
      const plan = JSON.stringify(planFileOf(ended));
      for (const text of [rest, ended.summary, JSON.stringify(ended.outputs), plan])
        expect(text).not.toContain(KEY);
      expect(rest).toContain('bad key ***');
      for (const { path, rawBody } of emulator.requests) expect(path + rawBody).not.toContain(KEY);
    }));
});

describe('a key in the words of the API', () => {
  test.each([
    ['with a part that looks like a commit', 'pat.account.64b8f0c2e1a3d45f6a7b8c9d.Zx9YwV8u', ''],
    ['of hexadecimal digits', '0123456789abcdef0123456789abcdef', ''],
    ['with characters that Markdown means something by', 'sat.a_b*c<d>#e@f:g$h.tail', ''],
    ['cut by the limit of a quote', 'pat.account.64b8f0c2e1a3.Zx9YwV8uTs7R', 'x'.repeat(480)],
  ])('is shown nowhere, nor is half of it: %s', (_what, key, padding) =>
    onStage(async ({ emulator, run }) => {
      emulator.fault({
        times: 9,
        answer: { status: 401, body: { message: `${padding}${key} is not valid` } },
      });
      const { stdout, summary, outputs } = await run({ 'api-key': key });
      const told = stdout.replace(/^::add-mask::.*$/m, '') + summary + JSON.stringify(outputs);
      const plain = told
        .replaceAll('<span></span>', '')
        .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
      expect(plain).toContain('*** is not valid'.slice(0, padding === '' ? undefined : 3));
      expect(plain).not.toContain(key.slice(0, 10));
      expect(plain).not.toContain(key.slice(-8));
    }),
  );
});

describe('places', () => {
  test('are those that were given, whatever a definition says of its environment', () =>
    onStage(async (stage) => {
      const { workspace, id } = workspaceOf(stage);
      stage.edit({ environment: { id: id('QA'), name: 'QA' } });
      await stage.run({
        workspace: workspace.id,
        'target-environment': id('Staging'),
        'source-environment': id('Production'),
      });
      expect(stage.writes()).toEqual([`PUT environments/${id('Staging')}`]);
    }));

  test('another workspace can be the target', () =>
    onStage(async (stage) => {
      const { workspace } = workspaceOf(stage, 'Mobile');
      addFlag(workspace, { name: 'clients' });
      addSegments(workspace, stage.environment('Staging', 'Mobile'));
      const ended = await stage.run({ 'target-workspace': 'Mobile' });
      expect(ended.outputs['status']).toBe('applied');
      expect(stage.writes()).toEqual([`POST environments/${workspaceOf(stage, 'Mobile').id('Staging')}`]);
      const created = workspace.environments
        .find(({ name }) => name === 'Staging')
        ?.definitions.get('clients');
      expect(created).toMatchObject({ trafficAllocation: 80, baselineTreatment: 'v1', killed: false });
    }));

  test('names with spaces, slashes and other odd characters are encoded', () =>
    onStage(async (stage) => {
      const { workspace } = workspaceOf(stage);
      addSegments(workspace, addEnvironment(workspace, { id: 'qa/1 ?#%', name: 'QA / 1' }));
      const ended = await stage.run({ 'target-environment': 'QA / 1' });
      expect(ended.outputs['status']).toBe('applied');
      expect(stage.emulator.requests.at(-1)?.path).toContain('/environments/qa%2F1%20%3F%23%25');
    }));

  test('the base URL may end with a slash and have another path', () =>
    onStage(async ({ emulator, run }) => {
      const ended = await run({ 'api-url': `${emulator.origin}/fme/internal/api/v2//` });
      expect(ended.outputs['status']).toBe('applied');
      expect(emulator.requests[0]?.path).toMatch(/^\/fme\/internal\/api\/v2\/workspaces\?/);
    }));
});

test('individual targets that the API names are hidden where targets are', () =>
  onStage(async ({ emulator, run }) => {
    const message = 'Too many keys: user-1042, qa-automation-1';
    emulator.fault({ method: 'PUT', times: 2, answer: { status: 400, body: { message } } });
    const hidden = await run({ 'show-targets': 'false' });
    const told = hidden.stdout + hidden.summary + JSON.stringify(hidden.outputs);
    expect(told).toContain('Too many keys: (target), (target)');
    expect(told).not.toMatch(/user-1042|qa-automation/);
    expect((await run()).summary).toContain(message);
  }));

describe('what is written', () => {
  test('is the whole resulting definition, with title and comment', () =>
    onStage(async ({ emulator, run, edit }) => {
      edit({
        flagSets: [{ id: 'fs1', type: 'FlagSet' }],
        impressionsDisabled: true,
        killed: true,
        futureMember: { deep: [1] },
      });
      const ended = await run({
        include: 'default-rule',
        title: '{flag}: {source} to {target}',
        comment: 'by {actor} at {sha} in {run-url}, plan {fingerprint}, {unknown}',
      });
      const body = emulator.requests.find(({ method }) => method === 'PUT')?.body;
      expect(Object.keys(body ?? {}).toSorted()).toEqual(
        [
          'name killed treatments defaultTreatment baselineTreatment trafficAllocation rules defaultRule flagSets',
          'impressionsDisabled futureMember title comment',
        ]
          .join(' ')
          .split(' ')
          .toSorted(),
      );
      expect(body).toMatchObject({
        killed: true,
        trafficAllocation: 100,
        flagSets: [{ id: 'fs1', type: 'FlagSet' }],
        futureMember: { deep: [1] },
        title: 'clients: Production to Staging',
        comment: `by octocat at ffac537e6cbbf934b08745a378932722df287a53 in https://github.com/octo-org/web-shop/actions/runs/1658821493, plan ${ended.outputs['fingerprint']}, {unknown}`,
      });
    }));

  test('carries what JavaScript numbers cannot hold, and members nobody knows', () =>
    onStage(async ({ emulator, run, edit }) => {
      const odd =
        '{"type":"EQUAL_NUMBER","attribute":"n","number":9007199254740993,"future":{"x":1.0,"y":[null]}}';
      emulator.switches.enforceQuotas = false;
      const source = JSON.stringify({
        condition: { combiner: 'AND', matchers: ['X'] },
        buckets: [{ treatment: 'v2', size: 100 }],
        label: 'l',
      });
      const { parseJson } = await import('../../src/json.ts');
      edit({ rules: [parseJson(source.replace('"X"', odd))] }, 'Production');
      const ended = await run();
      expect(ended.outputs['status']).toBe('applied');
      const sent = emulator.requests.find(({ method }) => method === 'PUT')?.rawBody;
      expect(sent).toContain('"number":9007199254740993,"future":{"x":1.0,"y":[null]}}');
      expect(sent).toContain('"label":"l"');
    }));

  test('is nothing where the two mean the same, however they are spelled', () =>
    onStage(async ({ run, writes, emulator }) => {
      expect((await run()).outputs['status']).toBe('applied');
      emulator.switches.nulls = 'emit';
      emulator.switches.emptyArrays = 'emit';
      emulator.switches.negateFalse = 'emit';
      emulator.forget();
      const ended = await run();
      expect(ended.outputs).toMatchObject({ status: 'unchanged', changed: 'false', 'in-effect': 'true' });
      expect(writes()).toEqual([]);
    }));
});
