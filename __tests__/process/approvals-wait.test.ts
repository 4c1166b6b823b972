// Waiting for a decision: what was published is read back, what was not is red.
import { describe, expect, test } from '@jest/globals';
import { split } from '../../emulator/seed-parts.ts';
import { openChangeRequest } from '../../emulator/change-requests.ts';
import type { Fault } from '../../emulator/emulator.ts';
import { FLAG, golden, inProduction, onApprovalStage, type ApprovalStage } from './approvals.ts';
import { expectFailure } from './endings.ts';
import { planFileOf, resultOf } from './stage.ts';

/** Minutes: less than the first pause, so that the run looks once, after 0.6 seconds. */
const SHORT = '0.01';

/** What happens before the first look. */
const meanwhile = (stage: ApprovalStage, fault: Fault): void =>
  stage.emulator.fault({ method: 'GET', path: '/changeRequests/', ...fault });

const polls = ({ emulator }: ApprovalStage): number =>
  emulator.requests.filter(({ method, path }) => method === 'GET' && path.includes('/changeRequests/'))
    .length;

describe('a change request that is published while the run waits', () => {
  test.each([
    ['update', FLAG, 'updated'],
    ['create', 'quiet_hours', 'created'],
  ])('to %s is read back and in effect', (operation, flag, outcome) =>
    onApprovalStage(async (stage) => {
      meanwhile(stage, { decides: 'APPROVED' });
      const run = await stage.promote({ flags: flag, 'wait-for-approval': SHORT });
      const [{ id } = { id: '' }] = stage.requests();
      expect(run.exitCode).toBe(0);
      expect(run.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true', 'failure-reason': '' });
      expect(resultOf(run)).toMatchObject({ outcome, changeRequestId: id });
      expect(stage.live(flag)?.['defaultRule']).toEqual(split({ on: 100 }));
      expect(polls(stage)).toBe(1);
      expect(stage.emulator.requests.at(-1)).toMatchObject({
        method: 'GET',
        path: expect.stringContaining(`/${flag}/environments/`),
      });
      expect(planFileOf(run)).toMatchObject({
        items: [
          { progress: { state: 'confirmed', outcome, changeRequestId: id, readBack: stage.live(flag) } },
        ],
      });
      golden(`a change request to ${operation} that is published`, run);
    }),
  );

  test.each([
    ['kill', true],
    ['restore', false],
  ])('to %s is read back and in effect', (verb, killed) =>
    onApprovalStage(async (stage) => {
      stage.alter({ killed }, 'Staging');
      stage.alter({ killed: !killed, defaultRule: split({ on: 100 }) }, 'Production');
      meanwhile(stage, { decides: 'APPROVED' });
      const run = await stage.promote({ 'kill-state': 'copy', 'wait-for-approval': SHORT });
      expect(run.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      expect(stage.live()?.['killed']).toBe(killed);
      expect(run.stdout).toContain(verb === 'kill' ? 'killed' : 'restored');
    }),
  );

  test('to update is not in effect while a kill beside it was not requested', () =>
    onApprovalStage(async (stage) => {
      stage.alter({ killed: true }, 'Staging');
      meanwhile(stage, { decides: 'APPROVED' });
      const run = await stage.promote({ 'kill-state': 'copy', 'wait-for-approval': SHORT });
      expect(run.outputs).toMatchObject({ status: 'applied', 'in-effect': 'false' });
      expect(stage.live()).toMatchObject({ killed: false, defaultRule: split({ on: 100 }) });
      golden('a published change request that leaves a kill to be made', run);
    }));

  test('may be that of an earlier run', () =>
    onApprovalStage(async (stage) => {
      await stage.promote();
      meanwhile(stage, { decides: 'APPROVED' });
      const run = await stage.promote({ 'wait-for-approval': SHORT });
      expect(run.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      expect(stage.requests()).toHaveLength(1);
    }));

  test('but is not what the target has afterwards fails, with what is there', () =>
    onApprovalStage(async (stage) => {
      meanwhile(stage, { decides: 'APPROVED' });
      stage.emulator.fault({
        method: 'GET',
        path: `/${FLAG}/environments/${stage.idOf('Production', 'Mobile')}`,
        after: 1,
        then: () => stage.alter({ trafficAllocation: 7 }, 'Production'),
      });
      const run = await stage.promote({ 'wait-for-approval': SHORT });
      expectFailure(run, 'verification-failed', 'partial');
      expect(resultOf(run)).toMatchObject({ outcome: 'failed', reason: 'verification-failed' });
      golden('a published change request that did not take', run);
    }));

  test('is seen by a look that succeeds after one that failed', () =>
    onApprovalStage(async (stage) => {
      meanwhile(stage, { answer: { status: 500, body: '' } });
      meanwhile(stage, { decides: 'APPROVED' });
      const run = await stage.promote({ 'wait-for-approval': '0.1' });
      expect(run.outputs['status']).toBe('applied');
      expect(polls(stage)).toBe(2);
    }));
});

describe('a change request that is decided otherwise', () => {
  test.each([
    ['REJECTED', 'rejected'],
    ['WITHDRAWN', 'withdrawn'],
  ] as const)('%s while the run waits is red', (decides, word) =>
    onApprovalStage(async (stage) => {
      const before = stage.live();
      meanwhile(stage, { decides });
      const run = await stage.promote({ 'wait-for-approval': SHORT });
      expect(expectFailure(run, 'approval-rejected', 'failed')).toContain(word);
      expect(resultOf(run)).toMatchObject({ outcome: 'failed', changeRequestId: stage.requests()[0]?.id });
      expect(stage.live()).toEqual(before);
      golden(`a change request that is ${word}`, run);
    }),
  );

  test('rejected while the run does not wait leaves the next run to file another', () =>
    onApprovalStage(async (stage) => {
      await stage.promote();
      stage.emulator.decideChangeRequest(stage.requests()[0]?.id ?? '', 'REJECTED');
      const run = await stage.promote();
      expect(run.outputs['status']).toBe('pending-approval');
      expect(stage.requests().map(({ status }) => status)).toEqual(['REJECTED', 'REQUESTED']);
    }));
});

describe('a change request that nobody decides', () => {
  test('in time is red, and stays open', () =>
    onApprovalStage(async (stage) => {
      const run = await stage.promote({ 'wait-for-approval': SHORT });
      expect(expectFailure(run, 'approval-timeout', 'failed')).toContain('within 0.01 minutes');
      expect(resultOf(run)).toMatchObject({
        outcome: 'pending-approval',
        changeRequestId: stage.requests()[0]?.id,
      });
      expect(stage.requests().map(({ status }) => status)).toEqual(['REQUESTED']);
      expect(planFileOf(run)).toMatchObject({
        items: [{ progress: { state: 'requested', outcome: 'pending-approval' } }],
      });
      golden('a change request that nobody decides in time', run);
    }));

  test('is looked at after two seconds, and after a longer pause once more', () =>
    onApprovalStage(async (stage) => {
      meanwhile(stage, { after: 1, decides: 'APPROVED' });
      const run = await stage.promote({ 'wait-for-approval': '1' });
      expect(run.outputs['status']).toBe('applied');
      const [filed, first, second] = stage.emulator.requests
        .filter(({ method, path }) => path.includes('/changeRequests/') && method !== 'PUT')
        .map(({ at }) => at);
      expect((first ?? 0) - (filed ?? 0)).toBeGreaterThanOrEqual(1990);
      expect((second ?? 0) - (first ?? 0)).toBeGreaterThan((first ?? 0) - (filed ?? 0) + 500);
    }));

  test.each([
    ['between two looks', { method: 'POST', path: '/changeRequests/', delayMs: 200 }],
    ['during a look', { method: 'GET', path: '/changeRequests/', hang: true }],
  ])('while the job is cancelled stays open: %s', (when, fault) =>
    onApprovalStage(async (stage) => {
      stage.emulator.fault({ ...fault, then: () => setTimeout(() => stop(), 300) });
      let stop = (): void => undefined;
      const run = await stage.promote(
        { 'wait-for-approval': '5' },
        { onStart: (child) => (stop = () => child.kill('SIGINT')) },
      );
      expect(expectFailure(run, 'cancelled', 'failed')).toContain(`\`${stage.requests()[0]?.id}\``);
      expect(resultOf(run)).toMatchObject({
        outcome: 'pending-approval',
        changeRequestId: stage.requests()[0]?.id,
      });
      expect(stage.requests().map(({ status }) => status)).toEqual(['REQUESTED']);
      // Far below the minutes that it would have waited.
      expect(run.milliseconds).toBeLessThan(15_000);
      golden(`a wait that is cancelled ${when}`, run);
    }),
  );

  test('is none where the job is cancelled before it is filed', () =>
    onApprovalStage(async (stage) => {
      stage.emulator.fault({
        method: 'GET',
        path: /push_reminders$/,
        hang: true,
        then: () => setTimeout(() => stop(), 100),
      });
      let stop = (): void => undefined;
      const run = await stage.promote({}, { onStart: (child) => (stop = () => child.kill('SIGINT')) });
      expect(stage.requests()).toEqual([]);
      expectFailure(run, 'cancelled', 'failed');
    }));
});

test('somebody else’s request for the same is waited for too', () =>
  onApprovalStage(async (stage) => {
    const split = { ...stage.live(), defaultRule: [{ treatment: 'on', size: 100 }] };
    openChangeRequest(stage.emulator.world, inProduction(), { split });
    meanwhile(stage, { decides: 'APPROVED' });
    const run = await stage.promote({ 'wait-for-approval': SHORT });
    expect(run.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
  }));
