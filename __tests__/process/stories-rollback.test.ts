// What the workflows tell users to do, played with exactly the inputs they pass: promote, kill, roll back.
import { expect, test } from '@jest/globals';
import { split } from '../../emulator/seed-parts.ts';
import { setDefinition } from '../../emulator/world.ts';
import { reusable } from '../contract/workflow.ts';
import { addNeighbour, BASE, shop } from './checks.ts';
import { calling, download, playGitHubScript, playJob, playScript, type PlayedJob } from './play-workflow.ts';
import type { RunOptions } from '../../scripts/run-action.mjs';
import { onStage, type Stage } from './stage.ts';

type Texts = Readonly<Record<string, string>>;

const OFF = split({ off: 100 });
const ON = split({ on: 100 });
const PLACES = { 'source-environment': 'Staging', 'target-environment': 'Production' };
const FLAGS = ['checkout', 'search_a'];

const promotion = reusable('promote.yml');
const rollback = reusable('rollback.yml');
const [looking, , finding] = rollback.jobs['rollback']?.steps ?? [];

/** `checkout` and `search_a` are on in Staging, and off in Production. */
const inShop = (test: (stage: Stage) => Promise<void>): Promise<void> =>
  onStage(
    async (stage) => {
      addNeighbour(stage, 'search_a', { environments: ['Production'], defaultRule: OFF });
      const place = { workspace: 'Default', environment: 'Staging', flag: 'search_a' };
      setDefinition(stage.emulator.world, place, BASE);
      await test(stage);
    },
    { world: shop() },
  );

async function promote(stage: Stage, options?: RunOptions): Promise<PlayedJob> {
  const known = calling(promotion, { ...PLACES, flags: FLAGS.join(',') });
  const planned = await playJob(stage, promotion.jobs['plan'], known);
  const needs = { 'needs.plan.outputs.fingerprint': planned.outputs['fingerprint'] ?? '' };
  return playJob(stage, promotion.jobs['apply'], { ...known, ...needs }, options);
}

async function rollBack(stage: Stage, promoted: PlayedJob, inputs: Texts = {}): Promise<PlayedJob> {
  // The folder of the download goes; the plan file in the folder of its run is the same one.
  expect(playScript(finding, { arrange: download(promoted.run) })['path']).toMatch(
    /promotion\/promote-split-flags-.*\.json$/,
  );
  const known = calling(rollback, {
    'run-id': '7',
    'target-environment': PLACES['target-environment'],
    ...inputs,
  });
  return playJob(stage, rollback.jobs['rollback'], {
    ...known,
    'steps.file.outputs.path': promoted.run.outputs['plan-file'] ?? '',
  });
}

const production = (stage: Stage, flag: string) => stage.stored('Production', flag);

test('promote, kill, roll back: everything is as it was, and what was killed stays killed', () =>
  inShop(async (stage) => {
    const promoted = await promote(stage);
    expect(promoted.run.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
    stage.edit({ killed: true }, 'Production', 'checkout');

    const { run, outputs } = await rollBack(stage, promoted);
    expect(run.outputs).toMatchObject({ status: 'rolled-back', 'failure-reason': '', 'in-effect': 'true' });
    expect(outputs['status']).toBe('rolled-back');
    expect(production(stage, 'checkout')).toMatchObject({ defaultRule: OFF, killed: true });
    expect(production(stage, 'search_a')).toMatchObject({ defaultRule: OFF });
    for (const flag of FLAGS) expect(stage.stored('Staging', flag)).toMatchObject({ defaultRule: ON });
    // It keeps a plan file of its own.
    expect(run.outputs['plan-file']).not.toBe(promoted.run.outputs['plan-file']);
  }));

test('rolls back some flags only', () =>
  inShop(async (stage) => {
    const promoted = await promote(stage);
    const { run } = await rollBack(stage, promoted, { flags: 'checkout' });
    expect(run.outputs).toMatchObject({ status: 'rolled-back', 'failure-reason': '' });
    expect(production(stage, 'checkout')).toMatchObject({ defaultRule: OFF });
    expect(production(stage, 'search_a')).toMatchObject({ defaultRule: ON });
  }));

test('rolls back a promotion that was cancelled on its way', () =>
  inShop(async (stage) => {
    let stop = (): void => undefined;
    stage.emulator.fault({ method: 'PUT', delayMs: 300, then: () => stop() });
    const promoted = await promote(stage, { onStart: (child) => (stop = () => child.kill('SIGINT')) });
    expect(promoted.run.outputs).toMatchObject({ status: 'partial', 'failure-reason': 'cancelled' });
    const { run } = await rollBack(stage, promoted);
    expect(run.outputs).toMatchObject({ 'failure-reason': '', 'in-effect': 'true' });
    for (const flag of FLAGS) expect(production(stage, flag)).toMatchObject({ defaultRule: OFF });
  }));

test('does not put back what somebody has changed since', () =>
  inShop(async (stage) => {
    const promoted = await promote(stage);
    const theirs = [
      { treatment: 'on', size: 40 },
      { treatment: 'off', size: 60 },
    ];
    stage.edit({ defaultRule: theirs }, 'Production', 'checkout');
    const { run } = await rollBack(stage, promoted, { flags: 'checkout' });
    expect(run.outputs).toMatchObject({ 'failure-reason': 'target-changed', 'in-effect': 'false' });
    expect(production(stage, 'checkout')).toMatchObject({ defaultRule: theirs });
  }));

test('refuses an artifact that holds no plan file, or several', () =>
  inShop(async (stage) => {
    const [one, other] = [await promote(stage), await promote(stage)];
    expect(() => playScript(finding, { arrange: download() })).toThrow();
    expect(() => playScript(finding, { arrange: download(one.run, other.run) })).toThrow();
  }));

test.each([
  ['the repository itself', 'shop/flags', true],
  ['a fork', 'mallory/flags', false],
  ['a fork that is gone', undefined, false],
])('takes the plan file of a run from %s: %s: %s', async (_from, full_name, isTaken) => {
  const asked: unknown[] = [];
  const getWorkflowRun = (what: unknown) => {
    asked.push(what);
    return { data: { id: 7, head_repository: full_name === undefined ? null : { full_name } } };
  };
  const context = { repo: { owner: 'shop', repo: 'flags' } };
  const played = playGitHubScript(looking, { rest: { actions: { getWorkflowRun } } }, context, {
    'inputs.run-id': '7',
  });
  await (isTaken ? played : expect(played).rejects.toThrow('is not used'));
  expect(asked).toEqual([{ owner: 'shop', repo: 'flags', run_id: '7' }]);
});
