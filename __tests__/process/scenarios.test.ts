// What people see, scenario by scenario: log, summary and outputs as golden files.
import { describe, expect, test } from '@jest/globals';
import { inSegment, ON_OFF, rule, split } from '../../emulator/seed-parts.ts';
import { expectGolden } from './golden.ts';
import { errorsOf, onStage, resultOf, type Stage } from './stage.ts';
import type { ActionRun } from '../../scripts/run-action.mjs';

interface Scenario {
  readonly name: string;
  readonly play: (stage: Stage) => Promise<ActionRun>;
  readonly status: string;
  readonly reason?: string;
  readonly writes?: readonly string[];
}

const hostile = [
  '<img src=x onerror=alert(1)>',
  '</details><h1>Approved</h1>',
  '```\n::error::stop',
  '::add-mask::on',
  '##[error]stop',
  '| a | b |',
  '[click](https://example.com)',
  'https://example.com @octocat #1',
  '\u202Eevil\u0000',
].join(' ');

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'applies the copy of a flag',
    play: ({ run }) => run(),
    status: 'applied',
    writes: ['PUT environments/STAGING'],
  },
  { name: 'plans the copy of a flag', play: ({ run }) => run({ mode: 'plan' }), status: 'planned' },
  {
    name: 'finds nothing to do',
    play: ({ run }) => run({ flags: 'dark_mode' }),
    status: 'unchanged',
  },
  {
    name: 'creates a definition',
    play: ({ run }) => run({ flags: 'new_onboarding' }),
    status: 'applied',
    writes: ['POST environments/STAGING'],
  },
  {
    name: 'keeps a killed target killed',
    play: ({ run }) => run({ flags: 'payments_gateway' }),
    status: 'applied',
    writes: ['PUT environments/STAGING'],
  },
  {
    name: 'restores the target with kill-state copy',
    play: ({ run }) => run({ flags: 'payments_gateway', 'kill-state': 'copy' }),
    status: 'applied',
    writes: ['PUT environments/STAGING', 'PUT restore'],
  },
  {
    name: 'kills the target with kill-state copy',
    play: ({ run, edit }) => {
      edit({ killed: true }, 'Production');
      return run({ 'kill-state': 'copy', include: 'default-rule' });
    },
    status: 'applied',
    writes: ['PUT kill', 'PUT environments/STAGING'],
  },
  {
    name: 'leaves out individual targets and hides their names',
    play: ({ run }) => run({ exclude: 'individual-targets, traffic-allocation', 'show-targets': 'false' }),
    status: 'applied',
    writes: ['PUT environments/STAGING'],
  },
  {
    name: 'copies a rule of every kind',
    play: ({ run }) => run({ flags: 'targeting_showcase' }),
    status: 'applied',
    writes: ['PUT environments/STAGING'],
  },
  {
    name: 'reports every wrong input at once',
    play: ({ run }) =>
      run({
        'api-key': '',
        flags: 'clients, other',
        mode: 'aply',
        'dry-run': 'true',
        exlcude: 'rules',
        include: 'rules, rollout',
        'max-retries': '-1',
        tags: 'growth',
        'api-url': 'http://api.split.io/internal/api/v2',
        colour: 'blue',
      }),
    status: 'failed',
    reason: 'invalid-input',
  },
  {
    name: 'names near misses of an environment',
    play: ({ run }) => run({ 'target-environment': 'Stagin' }),
    status: 'failed',
    reason: 'not-found',
  },
  {
    name: 'refuses what makes a definition inconsistent',
    play: ({ run, edit }) => {
      edit({
        treatments: ON_OFF,
        defaultTreatment: 'off',
        rules: [rule([inSegment('employees')], { on: 100 })],
      });
      return run({ include: 'treatments' });
    },
    status: 'refused',
    reason: 'checks-failed',
  },
  {
    name: 'refuses to create where that is not wanted',
    play: ({ run }) => run({ flags: 'new_onboarding', 'create-missing': 'false' }),
    status: 'refused',
    reason: 'checks-failed',
  },
  {
    name: 'refuses a plan that was not approved',
    play: ({ run }) => run({ 'expected-fingerprint': '0'.repeat(64) }),
    status: 'failed',
    reason: 'plan-stale',
  },
  {
    name: 'refutes a write that did not take',
    play: ({ run, emulator }) => {
      emulator.fault({ method: 'PUT', mutate: (stored) => ({ ...stored, defaultRule: split({ v1: 100 }) }) });
      return run();
    },
    status: 'partial',
    reason: 'verification-failed',
    writes: ['PUT environments/STAGING'],
  },
  {
    name: 'stops where approvals are required',
    play: ({ run }) =>
      run({
        workspace: 'Mobile',
        flags: 'push_reminders',
        'source-environment': 'Staging',
        'target-environment': 'Production',
        'on-approval-required': 'fail',
      }),
    status: 'failed',
    reason: 'approval-required',
    writes: ['PUT environments/PRODUCTION'],
  },
  {
    name: 'shows hostile text as text',
    play: ({ run, edit, emulator }) => {
      const treatments = [
        { name: 'on', description: hostile, keys: [hostile], configurations: hostile },
        { name: 'off', description: '' },
      ];
      const matcher = { type: 'IN_LIST_STRING', attribute: hostile, strings: [hostile] };
      emulator.switches.enforceQuotas = false;
      // Its rules ask for treatments that go away here.
      edit({ rules: [] }, 'Staging', 'targeting_showcase');
      edit(
        {
          treatments,
          defaultTreatment: 'off',
          baselineTreatment: 'off',
          rules: [rule([matcher], { on: 100 })],
          defaultRule: split({ off: 100 }),
        },
        'Production',
      );
      emulator.fault({
        method: 'PUT',
        answer: { status: 400, body: { code: 400, message: hostile, transactionId: hostile } },
      });
      return run();
    },
    status: 'failed',
    reason: 'api-error',
    writes: ['PUT environments/STAGING'],
  },
];

describe('a run of the Action', () => {
  test.each(SCENARIOS)('$name', ({ name, play, status, reason = '', writes = [] }) =>
    onStage(async (stage) => {
      const run = await play(stage);
      const ids = stage.emulator.world.workspaces.flatMap(({ environments }) => environments);
      const readable = stage
        .writes()
        .map((write) =>
          ids.reduce((text, { id, name: environment }) => text.replace(id, environment.toUpperCase()), write),
        );
      expect(readable).toEqual(writes);
      expect(run.outputs).toMatchObject({ status, 'failure-reason': reason });
      expect(run.exitCode).toBe(reason === '' ? 0 : 1);
      expect(errorsOf(run)).toHaveLength(reason === '' ? 0 : 1);
      if (status === 'unchanged' || reason === 'invalid-input' || reason === 'not-found') {
        expect(run.outputs['results']).toBe('[]');
      } else {
        expect(resultOf(run)['reason']).toBe(reason === '' ? null : reason);
      }
      expect(run.stderr).toBe('');
      expectGolden(name.replaceAll(' ', '-'), run);
    }),
  );
});
