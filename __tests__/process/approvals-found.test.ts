// Open change requests on the target: ours where one asks for exactly this, in the way where it does not.
import { describe, expect, test } from '@jest/globals';
import { openChangeRequest, type ForeignRequest } from '../../emulator/change-requests.ts';
import { ON_OFF, split } from '../../emulator/seed-parts.ts';
import {
  expectPending,
  FLAG,
  golden,
  inProduction,
  onApprovalStage,
  WANTED,
  type ApprovalStage,
} from './approvals.ts';
import { findingsOf } from './checks.ts';
import { expectFailure } from './endings.ts';
import { resultOf } from './stage.ts';

describe('an open change request that asks for exactly this', () => {
  test('is found by a second run, in any mode, and not filed twice', () =>
    onApprovalStage(async (stage) => {
      await stage.promote();
      stage.emulator.forget();
      const again = await stage.promote();
      expectPending(again, stage.requests()[0]?.id);
      expect(stage.writes()).toEqual([]);
      expect(stage.requests()).toHaveLength(1);
      golden('finds the change request of an earlier run', again);

      const plan = await stage.promote({ mode: 'plan' });
      expect(plan.outputs).toMatchObject({ status: 'planned', 'failure-reason': '', 'in-effect': 'false' });
      expect(resultOf(plan)['changeRequestId']).toBe(stage.requests()[0]?.id);
      golden('plans what a change request asks for already', plan);
    }));

  test('is in the way where no change request is wanted', () =>
    onApprovalStage(async (stage) => {
      await stage.promote();
      const again = await stage.promote({ 'on-approval-required': 'fail' });
      expectFailure(again, 'pending-change', 'refused');
    }));

  const inOtherWords = { ...WANTED, rules: null, treatments: ON_OFF.map((each) => ({ keys: [], ...each })) };
  test.each<[string, ForeignRequest]>([
    ['filed by somebody else', { split: WANTED, title: 'By hand', submitter: 'kim@example.com' }],
    ['in other words', { split: inOtherWords }],
    ['without members that are the target’s own', { split: { ...WANTED, killed: null } }],
  ])('is ours even when it is %s', (_how, given) =>
    onApprovalStage(async (stage) => {
      openChangeRequest(stage.emulator.world, inProduction(), given);
      const run = await stage.promote();
      expectPending(run, stage.requests()[0]?.id);
      expect(stage.writes()).toEqual([]);
    }),
  );

  test.each<[string, ForeignRequest]>([
    ['other percentages', { split: { ...WANTED, defaultRule: split({ on: 99, off: 1 }) } }],
    ['another traffic allocation', { split: { ...WANTED, trafficAllocation: 99 } }],
    ['another baseline treatment', { split: { ...WANTED, baselineTreatment: 'on' } }],
    ['other flag sets', { split: { ...WANTED, flagSets: [{ id: 'fs1', type: 'FlagSet' }] } }],
    ['the flag to be killed as well', { split: { ...WANTED, killed: true } }],
    ['a kill', { operationType: 'KILL', split: { name: FLAG } }],
    ['the definition to be removed', { operationType: 'ARCHIVE', split: { name: FLAG } }],
  ])('is not one that asks for %s', (what, given) =>
    onApprovalStage(async (stage) => {
      openChangeRequest(stage.emulator.world, inProduction(), { title: 'Something else', ...given });
      const run = await stage.promote();
      expectFailure(run, 'pending-change', 'refused');
      expect(findingsOf(run)).toEqual(['error change-pending']);
      expect(stage.writes()).toEqual([]);
      expect(run.outputs['change-request-ids']).toBe('[]');
      if (what === 'other percentages') golden('a change request that asks for something else', run);
    }),
  );

  test.each([
    ['kill', 'KILL'],
    ['restore', 'RESTORE'],
  ] as const)('may ask to %s', (verb, operationType) =>
    onApprovalStage(async (stage) => {
      stage.alter({ killed: verb === 'kill' }, 'Staging');
      stage.alter({ killed: verb === 'restore', defaultRule: split({ on: 100 }) }, 'Production');
      openChangeRequest(stage.emulator.world, inProduction(), { operationType, split: { name: FLAG } });
      expectPending(await stage.promote({ 'kill-state': 'copy' }), stage.requests()[0]?.id);
      expect(stage.writes()).toEqual([]);
    }),
  );
});

describe('a change request filed by somebody between the read and ours', () => {
  const meanwhile = (stage: ApprovalStage, given: ForeignRequest): void =>
    stage.emulator.fault({
      method: 'POST',
      path: '/changeRequests/',
      then: (world) => void openChangeRequest(world, inProduction(), given),
    });

  test('is ours where it asks for the same', () =>
    onApprovalStage(async (stage) => {
      meanwhile(stage, { split: WANTED, title: 'By hand' });
      const run = await stage.promote();
      expect(stage.requests()).toHaveLength(1);
      expectPending(run, stage.requests()[0]?.id);
      expect(stage.bodies()).toHaveLength(1);
      golden('finds a change request filed meanwhile', run);
    }));

  test('is a pending change where it asks for something else', () =>
    onApprovalStage(async (stage) => {
      meanwhile(stage, { title: 'Something else' });
      const run = await stage.promote();
      const words = expectFailure(run, 'pending-change', 'failed');
      expect(words).toContain(`A pending change request with id:${stage.requests()[0]?.id}`);
      expect(stage.bodies()).toHaveLength(1);
      golden('a change request filed meanwhile that asks for something else', run);
    }));
});
