// Change requests whose answer is lost, and servers of every kind: one request is filed, and found again.
import { describe, expect, test } from '@jest/globals';
import { BARE_500, DUPLICATE_KEY_500 } from '../../emulator/faults.ts';
import { split } from '../../emulator/seed-parts.ts';
import { SWITCHES, type Switches } from '../../emulator/switches.ts';
import type { JsonObject } from '../../src/json.ts';
import { golden, onApprovalStage } from './approvals.ts';
import { expectFailure } from './endings.ts';
import { onStage, planFileOf, resultOf, type Stage } from './stage.ts';

const POST = { method: 'POST', path: '/changeRequests/' };

describe('a change request whose answer is lost', () => {
  test.each([
    ['a bare 500', BARE_500],
    ['a 500 of the database', DUPLICATE_KEY_500],
    ['a 502 of a gateway', { answer: { status: 502, body: '<html>Bad gateway</html>' } }],
    ['a reset', { reset: true }],
    ['no answer', { hang: true }],
  ])('is filed once after %s, whether it took effect or not', (_what, fault) =>
    onApprovalStage(async (stage) => {
      for (const applied of [true, false]) {
        stage.emulator.world.changeRequests.length = 0;
        stage.environment('Production', 'Mobile').openChangeRequests.clear();
        stage.emulator.forget();
        stage.emulator.fault({ ...POST, ...fault, applied });
        const run = await stage.promote({ 'request-timeout-seconds': '0.5' });
        expect(run.outputs).toMatchObject({ status: 'pending-approval', 'failure-reason': '' });
        expect(stage.requests()).toHaveLength(1);
        expect(resultOf(run)['changeRequestId']).toBe(stage.requests()[0]?.id);
        expect(stage.bodies()).toHaveLength(applied ? 1 : 2);
      }
    }),
  );

  test('is settled by the list even without retries', () =>
    onApprovalStage(async (stage) => {
      stage.emulator.fault({ ...POST, ...BARE_500, applied: true });
      const run = await stage.promote({ 'max-retries': '0' });
      expect(run.outputs['status']).toBe('pending-approval');
      expect(stage.bodies()).toHaveLength(1);
    }));

  test('is settled by the list where its answer is cut off', () =>
    onApprovalStage(async (stage) => {
      stage.emulator.fault({ ...POST, cutBody: true });
      const run = await stage.promote();
      expect(run.outputs['status']).toBe('pending-approval');
      expect(stage.requests()).toHaveLength(1);
    }));

  test('fails with nothing filed where the server never takes it', () =>
    onApprovalStage(async (stage) => {
      stage.emulator.fault({ ...POST, ...DUPLICATE_KEY_500, times: 9 });
      const run = await stage.promote({ 'max-retries': '1' });
      expect(expectFailure(run, 'api-error', 'failed')).toContain('E11000');
      expect(stage.bodies()).toHaveLength(2);
      expect(stage.requests()).toEqual([]);
      golden('a change request that the server never takes', run);
    }));

  test('is said to be in doubt where the list fails too', () =>
    onApprovalStage(async (stage) => {
      stage.emulator.fault({ ...POST, applied: true, reset: true });
      stage.emulator.fault({ path: '/changeRequests?', after: 1, ...BARE_500 });
      const run = await stage.promote({ 'max-retries': '0' });
      expect(expectFailure(run, 'network', 'failed')).toContain(
        'Whether the change request was filed is not known',
      );
      golden('a change request in doubt', run);
    }));

  test('and whose list fails too is found by the next run, and not filed again', () =>
    onApprovalStage(async (stage) => {
      stage.emulator.fault({ ...POST, applied: true, reset: true });
      stage.emulator.fault({ path: '/changeRequests?', after: 1, ...BARE_500 });
      expect((await stage.promote({ 'max-retries': '0' })).outputs['status']).toBe('failed');
      expect((await stage.promote()).outputs['status']).toBe('pending-approval');
      expect(stage.requests()).toHaveLength(1);
    }));

  test('leaves the plan file as planned where it was refused', () =>
    onApprovalStage(async (stage) => {
      stage.emulator.fault({ ...POST, answer: { status: 403, body: { code: 403, message: 'no' } } });
      const run = await stage.promote();
      expectFailure(run, 'permission', 'failed');
      expect(planFileOf(run)).toMatchObject({
        items: [{ progress: { state: 'planned', written: 'no', outcome: 'failed', changeRequestId: null } }],
      });
    }));
});

/** Files, finds again, and once approved has nothing to do any more. */
async function expectFound(stage: Stage, inputs: Readonly<Record<string, string>>): Promise<void> {
  const { emulator, run, environment } = stage;
  environment('Staging').approvalsRequired = true;
  const filed = await run(inputs);
  expect(filed.stdout).not.toContain('::error');
  expect(filed.outputs['status']).toBe('pending-approval');
  const [request, ...others] = emulator.world.changeRequests;
  expect(others).toEqual([]);
  emulator.forget();
  const found = await run(inputs);
  expect(found.outputs).toMatchObject({
    status: 'pending-approval',
    'change-request-ids': filed.outputs['change-request-ids'],
  });
  expect(stage.writes()).toEqual([]);
  emulator.decideChangeRequest(request?.id ?? '', 'APPROVED');
  expect((await run(inputs)).outputs['status']).toBe('unchanged');
}

const OTHERS = [
  ['changeRequestNeedsRolloutStatus', true],
  ['createStatus', 201],
  ['dependsForm', 'treatments'],
  ['nulls', 'emit'],
  ['emptyArrays', 'emit'],
  ['negateFalse', 'emit'],
  ['openChangeRequestIdOnGet', true],
  ['openChangeRequest', 'allow'],
  ['inSegmentCoversAllKinds', false],
  ['otherSegmentLists', 'page'],
  ['overLimit', '400'],
  ['listsRefused', 403],
] as const satisfies readonly (readonly [keyof Switches, Switches[keyof Switches]])[];

/** Every one of them at once, but for the lists, without which no workspace is found by name. */
const ALL = {
  ...Object.fromEntries<Switches[keyof Switches]>(OTHERS),
  listsRefused: false,
} as Partial<Switches>;

const KILLED: JsonObject = { killed: true };

describe('a second run finds the change request of the first', () => {
  test.each(OTHERS)('with the server switch %s at %s', (name, position) =>
    onStage(
      async (stage) => {
        expect(SWITCHES[name].positions).toContain(position);
        await expectFound(stage, { flags: 'targeting_showcase', workspace: stage.workspace().id });
      },
      { switches: { [name]: position } },
    ),
  );

  test.each([
    ['update', { flags: 'targeting_showcase' }, {}],
    ['create', { flags: 'new_onboarding' }, {}],
    ['update one that stays killed', { flags: 'payments_gateway' }, {}],
    ['restore', { flags: 'payments_gateway', 'kill-state': 'copy', include: 'treatments' }, {}],
    ['kill', { flags: 'dark_mode', 'kill-state': 'copy' }, { dark_mode: KILLED }],
  ])('with all of them at once, to %s', (_operation, inputs, edits: Readonly<Record<string, JsonObject>>) =>
    onStage(
      async (stage) => {
        for (const [flag, members] of Object.entries(edits)) stage.edit(members, 'Production', flag);
        await expectFound(stage, inputs);
      },
      { switches: ALL },
    ),
  );

  test('to update, whose percentages were changed meanwhile in the source, not any more', () =>
    onStage(async (stage) => {
      stage.environment('Staging').approvalsRequired = true;
      await stage.run();
      stage.edit({ defaultRule: split({ v2: 30, v1: 70 }) }, 'Production');
      expect((await stage.run()).outputs).toMatchObject({
        status: 'refused',
        'failure-reason': 'pending-change',
      });
    }));
});
