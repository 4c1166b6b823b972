// Many flags and environments in one run: what is selected, how it is read, and how it ends when some of it fails.
import { describe, expect, test } from '@jest/globals';
import { bigWorld } from '../../emulator/seed.ts';
import { rule, split } from '../../emulator/seed-parts.ts';
import { addEnvironment, addFlag, setDefinition, siteAt } from '../../emulator/world.ts';
import type { ActionRun } from '../../scripts/run-action.mjs';
import { parseJson, type Json, type JsonObject } from '../../src/json.ts';
import { addNeighbour, BASE, shop } from './checks.ts';
import { expectGolden } from './golden.ts';
import { errorsOf, onStage, planFileOf, resultsOf, type Stage } from './stage.ts';

const SHOP = { 'source-environment': 'Staging', 'target-environment': 'QA' };

/** `flag environment outcome` of every item in the output. */
const outcomesOf = (run: ActionRun): readonly string[] =>
  resultsOf(run).map(({ targetFlag, environment, outcome }) => [targetFlag, environment, outcome].join(' '));

/** A shop with more flags, all of which differ between Staging and QA. */
function onShop(test: (stage: Stage) => Promise<void>, flags: readonly string[] = []): Promise<void> {
  return onStage(
    async (stage) => {
      for (const flag of flags) {
        addNeighbour(stage, flag, { environments: ['QA'], defaultRule: split({ off: 100 }) });
        setDefinition(stage.emulator.world, { workspace: 'Default', environment: 'Staging', flag }, BASE);
      }
      await test(stage);
    },
    { world: shop() },
  );
}

const failTo = (path: string) => ({
  method: 'PUT',
  path,
  times: 9,
  answer: { status: 403, body: { code: 403, message: 'no' } },
});

describe('the selection', () => {
  test('is of names, globs and exclusions, and is told in log and summary', () =>
    onShop(
      async ({ run }) => {
        const ended = await run({ ...SHOP, flags: 'check*, search_?\n!search_b\nbilling' });
        expect(outcomesOf(ended)).toEqual([
          'billing QA updated',
          'checkout QA updated',
          'search_a QA updated',
        ]);
        expect(ended.stdout).toContain('Selected: billing, checkout, search_a.');
        expect(ended.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
        expectGolden('many/a-selection', ended);
      },
      ['search_a', 'search_b', 'search_ab', 'billing'],
    ));

  test('may be for several environments, each once whatever it is called', () =>
    onShop(
      async ({ run, emulator }) => {
        const { environment } = siteAt(emulator.world, {
          ...{ workspace: 'Default', environment: 'QA', flag: 'checkout' },
        });
        const targets = `QA, Production, ${environment.id}`;
        const ended = await run({ ...SHOP, flags: '*', 'target-environment': targets });
        expect(outcomesOf(ended)).toEqual([
          'checkout QA updated',
          'search QA updated',
          'checkout Production updated',
          'search Production created',
        ]);
      },
      ['search'],
    ));

  test('of a pattern that matches nothing names near misses, and nothing is written', () =>
    onShop(
      async ({ run, writes }) => {
        const ended = await run({ ...SHOP, flags: 'checkout, serch*' });
        expect(ended.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'not-found' });
        expect(errorsOf(ended)[0]).toContain('No flag with a definition in Staging matches `serch*`.');
        expect(errorsOf(ended)[0]).toContain('`search`');
        expect(writes()).toEqual([]);
      },
      ['search'],
    ));

  test('of a flag that is not there writes nothing, whatever else is', () =>
    onShop(async ({ run, writes }) => {
      const ended = await run({ ...SHOP, flags: 'checkout, chekout, gone' });
      expect(ended.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'not-found' });
      expect(errorsOf(ended)[0]).toContain('There is no flag `chekout`');
      expect(errorsOf(ended)[0]).toContain('`gone`');
      expect(writes()).toEqual([]);
    }));

  test.each([
    ['tags alone', { flags: '', tags: 'web, api' }, ['search', 'billing']],
    ['tags and names', { flags: 'search, checkout', tags: 'web' }, ['search']],
    ['tags and globs', { flags: '*a*', tags: 'web, api' }, ['search']],
    ['tags and exclusions', { flags: '!bill*', tags: 'web, api' }, ['search']],
  ])('is by %s', (_what, inputs, flags) =>
    onShop(
      async ({ run, workspace }) => {
        for (const [name, tag] of [
          ['search', 'web'],
          ['billing', 'api'],
        ] as const) {
          const flag = workspace().flags.get(name);
          if (flag !== undefined) flag.tags = [tag];
        }
        const ended = await run({ ...SHOP, ...inputs });
        expect([...outcomesOf(ended)].toSorted()).toEqual(
          flags.map((flag) => `${flag} QA updated`).toSorted(),
        );
        expect(ended.stdout.includes('carries none of the tags')).toBe(inputs.flags.includes('checkout'));
      },
      ['search', 'billing'],
    ),
  );

  test('that is empty fails', () =>
    onShop(async ({ run }) => {
      const ended = await run({ ...SHOP, flags: '', tags: 'nobody' });
      expect(ended.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'not-found' });
      expect(errorsOf(ended)[0]).toContain('select no flag');
    }));

  test('may not hold its own source', () =>
    onShop(async ({ run, emulator }) => {
      const ended = await run({ ...SHOP, 'target-environment': 'QA, Staging', flags: '*' });
      expect(ended.outputs['failure-reason']).toBe('invalid-input');
      expect(emulator.requests).toEqual([]);
    }));
});

describe('reading', () => {
  test.each([
    ['three flags singly', 3, 16],
    ['two hundred flags in pages', 200, 85],
  ])('takes %s', (_what, amount, most) =>
    onStage(
      async ({ run, emulator }) => {
        const names = [...(emulator.world.workspaces[0]?.flags.keys() ?? [])].filter(
          (_flag, position) => position % 3 !== 0,
        );
        const flags = names.slice(0, amount).join(',');
        const ended = await run({ flags, mode: 'plan' });
        expect(ended.outputs['status']).toBe('unchanged');
        expect(emulator.requests.length).toBeLessThanOrEqual(most);
        const definitions = emulator.requests
          .map(({ path }) => path)
          .filter((path) => path.includes('/splits/'));
        expect(new Set(definitions).size).toBe(definitions.length);
      },
      { world: bigWorld({ flags: 2000 }) },
    ),
  );
});

describe('a failed write', () => {
  const flags = ['a', 'b', 'c'];

  test('keeps the others from being started, and a table says of each what happened', () =>
    onShop(async ({ run, emulator }) => {
      emulator.fault(failTo('/a/'));
      const ended = await run({ ...SHOP, flags: 'a, b, c' });
      expect(outcomesOf(ended)).toEqual(['a QA failed', 'b QA not-attempted', 'c QA not-attempted']);
      expect(ended.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'permission' });
      expect(errorsOf(ended)).toHaveLength(1);
      expectGolden('many/a-failed-write', ended);
    }, flags));

  test('does not keep the others where the run goes on, which is red all the same', () =>
    onShop(async ({ run, emulator }) => {
      emulator.fault(failTo('/a/'));
      const ended = await run({ ...SHOP, flags: 'a, b, c', 'on-failure': 'continue' });
      expect(outcomesOf(ended)).toEqual(['a QA failed', 'b QA updated', 'c QA updated']);
      expect(ended.outputs).toMatchObject({ status: 'partial', 'failure-reason': 'permission' });
      expect(ended.exitCode).toBe(1);
    }, flags));
});

describe('a refused item', () => {
  const alter = (stage: Stage): void =>
    setDefinition(
      stage.emulator.world,
      { workspace: 'Default', environment: 'Staging', flag: 'a' },
      { ...BASE, rules: [rule([{ type: 'IN_SEGMENT', string: 'nowhere' }], { on: 100 })] },
    );

  test('keeps all others from being written', () =>
    onShop(
      async (stage) => {
        stage.emulator.switches.checkSegments = false;
        alter(stage);
        const ended = await stage.run({ ...SHOP, flags: 'a, b' });
        expect(outcomesOf(ended)).toEqual(['a QA refused', 'b QA not-attempted']);
        expect(ended.outputs).toMatchObject({ status: 'refused', 'failure-reason': 'checks-failed' });
        expect(stage.writes()).toEqual([]);
        expectGolden('many/a-refused-item', ended);
      },
      ['a', 'b'],
    ));

  test('does not where the run goes on', () =>
    onShop(
      async (stage) => {
        stage.emulator.switches.checkSegments = false;
        alter(stage);
        const ended = await stage.run({ ...SHOP, flags: 'a, b', 'on-failure': 'continue' });
        expect(outcomesOf(ended)).toEqual(['a QA refused', 'b QA updated']);
        expect(ended.outputs).toMatchObject({ status: 'partial', 'failure-reason': 'checks-failed' });
      },
      ['a', 'b'],
    ));
});

describe('a release', () => {
  test('of more items than expected is refused', () =>
    onShop(
      async ({ run, writes }) => {
        const ended = await run({ ...SHOP, flags: 'f*' });
        expect(ended.outputs).toMatchObject({ status: 'refused', 'failure-reason': 'checks-failed' });
        expect(errorsOf(ended)[0]).toContain('51 items would change, and `max-changes` is 50.');
        expect(writes()).toEqual([]);
      },
      Array.from({ length: 51 }, (_, number) => `f${number}`),
    ));

  test('writes the parents of rules before the flags that ask them', () =>
    onShop(async (stage) => {
      const { world } = stage.emulator;
      const workspace = stage.workspace();
      const at = (flag: string) => ({ workspace: 'Default', environment: 'Staging', flag });
      const asks = (splitName: string): Json => [
        rule([{ type: 'IN_SPLIT', depends: { splitName, treatments: ['on'] } }], { on: 100 }),
      ];
      for (const name of ['a_child', 'b_parent', 'c_root']) addFlag(workspace, { name });
      setDefinition(world, at('c_root'), BASE);
      setDefinition(world, at('b_parent'), { ...BASE, rules: asks('c_root') });
      setDefinition(world, at('a_child'), { ...BASE, rules: asks('b_parent') });
      const ended = await stage.run({ ...SHOP, flags: '?_*' });
      expect(ended.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      const created = stage.emulator.requests
        .filter(({ method }) => method === 'POST')
        .map(({ path }) => path);
      expect(created.map((path) => /([abc]_\w+)\//.exec(path)?.[1])).toEqual([
        'c_root',
        'b_parent',
        'a_child',
      ]);
    }));

  test('into an environment that requires approvals tries once, and files all', () =>
    onShop(
      async (stage) => {
        siteAt(stage.emulator.world, {
          ...{ workspace: 'Default', environment: 'QA', flag: 'a' },
        }).environment.approvalsRequired = true;
        const ended = await stage.run({ ...SHOP, flags: 'a, b, c' });
        expect(ended.outputs).toMatchObject({ status: 'pending-approval', 'failure-reason': '' });
        const writes = stage.emulator.requests.filter(({ method }) => method !== 'GET');
        expect(writes.map(({ method, status }) => `${method} ${status}`)).toEqual([
          ...['PUT 403', 'POST 200', 'POST 200', 'POST 200'],
        ]);
        expect(parseJson(ended.outputs['change-request-ids'] ?? '')).toHaveLength(3);
      },
      ['a', 'b', 'c'],
    ));

  test('to a new environment creates everything there', () =>
    onShop(
      async (stage) => {
        addEnvironment(stage.workspace(), { name: 'New' });
        const ended = await stage.run({ ...SHOP, flags: '*', 'target-environment': 'New' });
        expect(outcomesOf(ended)).toEqual(['a New created', 'b New created', 'checkout New created']);
      },
      ['a', 'b'],
    ));
});

describe('a cancelled run of many', () => {
  const flags = Array.from({ length: 30 }, (_, number) => `flag_${String(number).padStart(2, '0')}`);

  const retryAfter = { answer: { status: 429, headers: { 'Retry-After': '60' }, body: '' } };

  test.each([
    // What was written is read back while the write that hangs is waited for.
    ['with a write that hangs', { hang: true }, 'updated', 'failed', 'started'],
    // No request passes any more, so nothing tells whether the writes took.
    ['while a rate limit holds it back', retryAfter, 'failed', 'not-attempted', 'planned'],
  ])('%s starts no new write, and tells all within five seconds', (_what, fault, before, then, state) =>
    onShop(async ({ run, emulator }) => {
      let stopped = Number.NaN;
      let stop = (): void => undefined;
      emulator.fault({
        ...{ method: 'PUT', path: '/flag_10/', ...fault },
        then: () => {
          stopped = performance.now();
          stop();
        },
      });
      emulator.fault({ method: 'PUT', times: 99, delayMs: 60 });
      const ended = await run(
        { ...SHOP, flags: 'flag_*' },
        { onStart: (child) => (stop = () => child.kill('SIGINT')) },
      );
      expect(performance.now() - stopped).toBeLessThan(5000);
      expect(ended.outputs).toMatchObject({ status: 'partial', 'failure-reason': 'cancelled' });
      const sent = (flag: string): number =>
        emulator.requests.filter(({ method, path }) => method === 'PUT' && path.includes(`/${flag}/`)).length;
      const outcomes = new Map(
        outcomesOf(ended).map((words) => [words.split(' ')[0] ?? '', words.split(' ')[2]]),
      );
      expect([...outcomes.keys()]).toEqual(flags);
      expect(outcomes.get('flag_10')).toBe(then);
      expect(outcomes.get('flag_00')).toBe(before);
      expect(outcomes.get('flag_29')).toBe('not-attempted');
      for (const [flag, outcome] of outcomes) {
        if (flag !== 'flag_10') expect(sent(flag)).toBe(outcome === 'not-attempted' ? 0 : 1);
      }
      expect(ended.summary).toContain('not attempted (cancelled)');
      const { items } = planFileOf(ended) as unknown as {
        readonly items: readonly { readonly target: JsonObject; readonly progress: JsonObject }[];
      };
      const states = new Map(items.map(({ target, progress }) => [target['flag'], progress['state']]));
      expect(states.get('flag_10')).toBe(state);
      expect(states.get('flag_00')).toBe(before === 'updated' ? 'confirmed' : 'written');
      expect(states.get('flag_29')).toBe('planned');
    }, flags),
  );
});
