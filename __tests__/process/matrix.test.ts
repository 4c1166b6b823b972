// docs/workflows/matrix.yml, played: each job of the matrix is a run of its own, with the key of its environment.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { split } from '../../emulator/seed-parts.ts';
import { setDefinition } from '../../emulator/world.ts';
import { runAction, type ActionRun } from '../../scripts/run-action.mjs';
import { addNeighbour, BASE, shop } from './checks.ts';
import { ALL, hand } from './keys.ts';
import { onStage, type Stage } from './stage.ts';

interface MatrixWorkflow {
  readonly on: { readonly workflow_dispatch: { readonly inputs: { readonly mode: { default: string } } } };
  readonly jobs: {
    readonly promote: {
      readonly strategy: {
        readonly 'fail-fast': boolean;
        readonly 'max-parallel': number;
        readonly matrix: { readonly environment: readonly string[] };
      };
      readonly environment: string;
      readonly concurrency: { readonly group: string };
      readonly steps: readonly { readonly id?: string; readonly with: Readonly<Record<string, string>> }[];
    };
  };
}

const workflow = parse(
  readFileSync(new URL('../../docs/workflows/matrix.yml', import.meta.url), 'utf8'),
) as MatrixWorkflow;
const { strategy, steps, environment: gate, concurrency } = workflow.jobs.promote;
const targets = strategy.matrix.environment;

/** Fills in expressions as GitHub would; one that is not known is a mistake in the file. */
const filled = (text: string, known: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_expression, name: string) => {
    const value = known[name];
    if (value === undefined) throw new TypeError(`Nothing is known of ${name}.`);
    return value;
  });

const keyOf = (environment: string): string => `key-of-${environment}-0123456789`;

/** What the job of one target would know. */
const contextOf = (environment: string, mode: string): Readonly<Record<string, string>> => ({
  'matrix.environment': environment,
  'secrets.SPLIT_ADMIN_API_KEY': keyOf(environment),
  'inputs.flags': 'checkout, search_*, !search_old',
  'inputs.mode': mode,
});

function runJob({ emulator }: Stage, environment: string, mode = 'apply'): Promise<ActionRun> {
  const given = steps.find(({ id }) => id === 'promote')?.with ?? {};
  const inputs = Object.entries(given).map(([name, value]) => [
    name,
    filled(value, contextOf(environment, mode)),
  ]);
  return runAction({
    ...(Object.fromEntries(inputs) as Record<string, string>),
    'api-url': emulator.apiUrl,
  });
}

/** `environment flag` of every write so far. */
const writtenIn = ({ emulator, workspace }: Stage): readonly string[] =>
  emulator.requests
    .filter(({ method, status }) => method !== 'GET' && status === 200)
    .map(({ path }) => {
      const [, flag = '', id = ''] = /\/([^/]+)\/environments\/([^/?]+)/.exec(path) ?? [];
      return `${workspace().environments.find((each) => each.id === id)?.name ?? id} ${flag}`;
    });

/** A shop with more flags; the key of each target reads Staging and that target only. */
function onShop(test: (stage: Stage) => Promise<void>): Promise<void> {
  return onStage(
    async (stage) => {
      for (const flag of ['search_a', 'search_old']) {
        addNeighbour(stage, flag, { environments: targets, defaultRule: split({ off: 100 }) });
        setDefinition(stage.emulator.world, { workspace: 'Default', environment: 'Staging', flag }, BASE);
      }
      for (const target of targets)
        hand(stage, keyOf(target), [ALL, 'ENVIRONMENT', ...new Set(['Staging', target])]);
      await test(stage);
    },
    { world: shop() },
  );
}

const flagsIn = (environment: string): readonly string[] => [
  `${environment} checkout`,
  `${environment} search_a`,
];

test('the jobs come one after the other, each with the environment and the group of its target', () => {
  expect(targets).toEqual(['QA', 'Production']);
  expect(strategy).toMatchObject({ 'fail-fast': false, 'max-parallel': 1 });
  const each = (text: string) => targets.map((target) => filled(text, contextOf(target, 'apply')));
  expect(each(gate)).toEqual(targets);
  expect(new Set(each(concurrency.group)).size).toBe(targets.length);
});

test('each job writes its own target, with a key that is good for no other', () =>
  onShop(async (stage) => {
    for (const target of targets) {
      stage.emulator.forget();
      const ended = await runJob(stage, target);
      expect(ended.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true', 'failure-reason': '' });
      expect(ended.exitCode).toBe(0);
      expect([...writtenIn(stage)].toSorted()).toEqual(flagsIn(target));
    }
    for (const target of targets) {
      for (const flag of ['checkout', 'search_a'])
        expect(stage.stored(target, flag)).toMatchObject({ defaultRule: BASE['defaultRule'] });
      expect(stage.stored(target, 'search_old')).toMatchObject({ defaultRule: split({ off: 100 }) });
    }
  }));

test('a job that fails keeps no other from its target, and runs again by itself', () =>
  onShop(async (stage) => {
    const [failing = '', ...others] = targets;
    stage.emulator.fault({
      method: 'PUT',
      path: `/environments/${stage.idOf(failing)}`,
      times: 1,
      answer: { status: 403, body: { code: 403, message: 'no' } },
    });
    expect((await runJob(stage, failing)).outputs).toMatchObject({ status: 'failed', 'in-effect': 'false' });
    for (const target of others)
      expect((await runJob(stage, target)).outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
    stage.emulator.forget();
    expect((await runJob(stage, failing)).outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
    expect([...writtenIn(stage)].toSorted()).toEqual(flagsIn(failing));
  }));

test('as long as nobody chooses otherwise, nothing is written', () =>
  onShop(async (stage) => {
    const { mode } = workflow.on.workflow_dispatch.inputs;
    for (const target of targets) {
      expect((await runJob(stage, target, mode.default)).outputs['status']).toBe('planned');
    }
    expect(stage.writes()).toEqual([]);
  }));
