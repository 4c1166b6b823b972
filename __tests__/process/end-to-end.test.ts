// The job `end-to-end` of ci.yml, played: every step that uses the Action ends as the job's last step says it should.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { own, type Job, type Step } from '../contract/workflow.ts';
import { runAction } from '../../scripts/run-action.mjs';
import { filled, playScript } from './play-workflow.ts';
import { onStage } from './stage.ts';

const job: Job = own('ci.yml').jobs['end-to-end'] ?? {};
const steps: readonly Step[] = job.steps ?? [];
const actions = steps.filter(({ uses }) => uses === './');
const last = steps.at(-1);

/** What steps came to, as expressions name it. */
type Known = Record<string, string>;
const known: Known = {};

/** Runs a step that uses the Action, with the emulator of the stage for the one of the job. */
async function play(step: Step, origin: string): Promise<Known> {
  const inputs = Object.entries(step.with ?? {}).map(([name, value]) => [
    name,
    filled(value, known).replace('http://127.0.0.1:4400', origin),
  ]);
  const { exitCode, outputs } = await runAction(
    Object.fromEntries(inputs) as Known,
    step.env && { env: step.env },
  );
  return {
    [`steps.${step.id}.outcome`]: exitCode === 0 ? 'success' : 'failure',
    ...Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [`steps.${step.id}.outputs.${name}`, value]),
    ),
  };
}

beforeAll(async () => {
  await onStage(async ({ emulator }) => {
    for (const step of actions) Object.assign(known, await play(step, emulator.origin));
  });
});

test('every step ends as the last one says', () => {
  expect(() => playScript(last, { known })).not.toThrow();
});

test.each(actions.map(({ id = '' }) => id))('the last step would see that %s ended otherwise', (id) => {
  const outcome = known[`steps.${id}.outcome`] === 'success' ? 'failure' : 'success';
  expect(() => playScript(last, { known: { ...known, [`steps.${id}.outcome`]: outcome } })).toThrow();
  const reason = { [`steps.${id}.outputs.failure-reason`]: 'api-error' };
  expect(() => playScript(last, { known: { ...known, ...reason } })).toThrow();
});

test('there are steps that must succeed and steps that must fail, and none stops the job', () => {
  const outcomes = actions.map(({ id }) => known[`steps.${id}.outcome`]);
  expect(outcomes.filter((outcome) => outcome === 'success').length).toBeGreaterThanOrEqual(3);
  expect(outcomes.filter((outcome) => outcome === 'failure').length).toBeGreaterThanOrEqual(5);
  expect(actions.map((step) => step['continue-on-error'])).toEqual(actions.map(() => true));
});

test('it runs on Linux, Windows and macOS', () => {
  const systems = job.strategy?.matrix['os'] ?? [];
  expect(systems.map((system) => String(system).split('-')[0])).toEqual(['ubuntu', 'windows', 'macos']);
});

describe('the gate', () => {
  const [step] = own('ci.yml').jobs['gate']?.steps ?? [];
  const with4 = (result: string) => ({
    known: { "join(needs.*.result, ' ')": `success success ${result} success` },
  });

  test('opens when all jobs succeeded', () => {
    expect(() => playScript(step, with4('success'))).not.toThrow();
  });

  test.each(['failure', 'cancelled', 'skipped'])('stays shut when one is "%s"', (result) => {
    expect(() => playScript(step, with4(result))).toThrow();
  });
});
