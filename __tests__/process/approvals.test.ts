// Approvals: what is filed where the target environment requires one, and what the server says to it.
import { describe, expect, test } from '@jest/globals';
import { decideChangeRequest, openChangeRequest } from '../../emulator/change-requests.ts';
import { split } from '../../emulator/seed-parts.ts';
import { MADE_AT, type Policy } from '../../emulator/world.ts';
import { expectPending, FLAG, golden, inProduction, onApprovalStage, WANTED } from './approvals.ts';
import { findingsOf } from './checks.ts';
import { expectFailure } from './endings.ts';
import type { Stage } from './stage.ts';

/** Methods and last parts of the requests from the first write on. */
const steps = ({ sinceFirstWrite }: Stage): readonly string[] =>
  sinceFirstWrite().map(({ method, path }) => {
    const [address = ''] = path.split('?');
    const verb = /(kill|restore)$/.exec(address)?.[0];
    if (address.includes('/changeRequests'))
      return `${method} change request${address.includes('/ws/') ? '' : 's'}`;
    return `${method} ${verb ?? (address.includes('/environments/') ? 'definition' : 'flag')}`;
  });

const FILED = ['PUT definition', 'GET flag', 'POST change request'];

describe('a write that needs approval is filed as a change request', () => {
  test('to update: the whole resulting definition, with title, comment and the rollout status of the flag', () =>
    onApprovalStage(async (stage) => {
      stage.alter({ flagSets: [{ id: 'fs1', type: 'FlagSet' }], futureMember: { deep: [1] } }, 'Production');
      const before = stage.live();
      const run = await stage.promote();
      expectPending(run, stage.requests()[0]?.id);
      expect(stage.live()).toEqual(before);
      expect(steps(stage)).toEqual(FILED);
      const status = stage.workspace('Mobile').flags.get(FLAG)?.rolloutStatus.id;
      expect(stage.bodies()).toEqual([
        {
          split: {
            ...WANTED,
            flagSets: [{ id: 'fs1', type: 'FlagSet' }],
            futureMember: { deep: [1] },
          },
          operationType: 'UPDATE',
          title: `Promote ${FLAG} from Staging to Production`,
          comment: `Promoted by octocat at commit ffac537e6cbbf934b08745a378932722df287a53, run https://github.com/octo-org/web-shop/actions/runs/1658821493, plan ${run.outputs['fingerprint']}.`,
          approvers: [],
          rolloutStatus: { id: status },
        },
      ]);
      golden('files a change request to update', run);
    }));

  test('to create', () =>
    onApprovalStage(async (stage) => {
      const run = await stage.promote({ flags: 'quiet_hours' });
      expectPending(run, stage.requests()[0]?.id);
      expect(steps(stage)).toEqual(['POST definition', 'GET flag', 'POST change request']);
      expect(stage.live('quiet_hours')).toBeUndefined();
      const status = stage.workspace('Mobile').flags.get('quiet_hours')?.rolloutStatus.id;
      expect(stage.bodies()).toMatchObject([
        {
          operationType: 'CREATE',
          rolloutStatus: { id: status },
          split: { name: 'quiet_hours', killed: false, trafficAllocation: 100, baselineTreatment: 'off' },
        },
      ]);
      golden('files a change request to create', run);
    }));

  test.each([
    ['kill', 'KILL'],
    ['restore', 'RESTORE'],
  ])('to %s alone: no more than the name of the flag', (verb, operationType) =>
    onApprovalStage(async (stage) => {
      stage.alter({ killed: verb === 'kill' }, 'Staging');
      stage.alter({ killed: verb === 'restore', defaultRule: split({ on: 100 }) }, 'Production');
      const run = await stage.promote({ 'kill-state': 'copy' });
      expectPending(run, stage.requests()[0]?.id);
      expect(stage.live()?.['killed']).toBe(verb === 'restore');
      expect(stage.bodies()).toMatchObject([{ operationType, split: { name: FLAG } }]);
      expect(Object.keys(stage.bodies()[0]?.['split'] ?? {})).toEqual(['name']);
      golden(`files a change request to ${verb}`, run);
    }),
  );

  test.each(['kill', 'restore'])('to update, where to %s as well is told as not requested', (verb) =>
    onApprovalStage(async (stage) => {
      stage.alter({ killed: verb === 'kill' }, 'Staging');
      stage.alter({ killed: verb === 'restore' }, 'Production');
      const run = await stage.promote({ 'kill-state': 'copy' });
      expectPending(run, stage.requests()[0]?.id);
      expect(stage.bodies()).toMatchObject([
        { operationType: 'UPDATE', split: { killed: verb === 'restore', defaultRule: split({ on: 100 }) } },
      ]);
      expect(run.stdout).toContain('was not requested');
      golden(`files a change request to update beside a ${verb}`, run);
    }),
  );

  test('to create what is to be killed, killed from the start', () =>
    onApprovalStage(async (stage) => {
      stage.alter({ killed: true }, 'Staging', 'quiet_hours');
      const run = await stage.promote({ flags: 'quiet_hours', 'kill-state': 'copy' });
      expectPending(run, stage.requests()[0]?.id);
      expect(stage.bodies()).toMatchObject([{ operationType: 'CREATE', split: { killed: true } }]);
      expect(run.stdout).not.toContain('was not requested');
      golden('files a change request to create what is to be killed', run);
    }));

  test('to update what was killed at once, where kills need no approval', () =>
    onApprovalStage(async (stage) => {
      stage.environment('Production', 'Mobile').allowKills = true;
      stage.alter({ killed: true }, 'Staging');
      const run = await stage.promote({ 'kill-state': 'copy' });
      expect(steps(stage)).toEqual(['PUT kill', ...FILED]);
      expect(stage.bodies()).toMatchObject([{ operationType: 'UPDATE', split: { killed: true } }]);
      expect(stage.live()).toMatchObject({ killed: true, defaultRule: split({ on: 5, off: 95 }) });
      expectPending(run, stage.requests()[0]?.id);
      golden('files a change request to update what was killed at once', run);
    }));

  test('with the title, the comment and the approvers that were given, who are named as whom to ask', () =>
    onApprovalStage(async (stage) => {
      const run = await stage.promote({
        title: 'Release {flag}',
        comment: 'by {actor}',
        approvers: 'kim@example.com, lee@example.com',
      });
      expectPending(run, stage.requests()[0]?.id);
      expect(stage.bodies()).toMatchObject([
        {
          title: `Release ${FLAG}`,
          comment: 'by octocat',
          approvers: ['kim@example.com', 'lee@example.com'],
        },
      ]);
      expect(run.stdout).toMatch(/^::notice.*kim@example.com.*lee@example.com/m);
      golden('files a change request for approvers', run);
    }));

  test('is not filed where on-approval-required is fail', () =>
    onApprovalStage(async (stage) => {
      const run = await stage.promote({ 'on-approval-required': 'fail' });
      expectFailure(run, 'approval-required', 'failed');
      expect(steps(stage)).toEqual(['PUT definition']);
    }));
});

describe('approvers', () => {
  test('where the environment itself says who approves are refused, and the error says so', () =>
    onApprovalStage(async (stage) => {
      stage.environment('Production', 'Mobile').approversRestricted = true;
      const run = await stage.promote({ approvers: 'kim@example.com' });
      expect(expectFailure(run, 'api-error', 'failed')).toContain('`approvers` must be empty');
      expect(stage.requests()).toEqual([]);
      expect(stage.bodies()).toHaveLength(1);
      golden('approvers where the environment restricts them', run);
    }));

  test('where the environment itself says who approves are left out, and the request is filed', () =>
    onApprovalStage(async (stage) => {
      stage.environment('Production', 'Mobile').approversRestricted = true;
      const run = await stage.promote();
      expectPending(run, stage.requests()[0]?.id);
      golden('no approvers where the environment restricts them', run);
    }));
});

test('an empty 400 to a change request is told as a title or comment that is missing', () =>
  onApprovalStage(async (stage) => {
    stage.emulator.fault({ method: 'POST', path: '/changeRequests/', answer: { status: 400, body: '' } });
    const run = await stage.promote();
    expect(expectFailure(run, 'api-error', 'failed')).toContain('requires a title and a comment');
    expect(stage.bodies()).toHaveLength(1);
    golden('an empty 400 to a change request', run);
  }));

describe('a lock that no list shows', () => {
  test('is told in the words of the API, and not gone around', () =>
    onApprovalStage(
      async (stage) => {
        stage.environment('Production', 'Mobile').approvalsRequired = false;
        const { id } = openChangeRequest(stage.emulator.world, inProduction(), {
          scheduledFor: MADE_AT + 1000,
        });
        decideChangeRequest(stage.emulator.world, id, 'APPROVED', { at: MADE_AT });
        const run = await stage.promote();
        expect(expectFailure(run, 'pending-change', 'failed')).toContain(`id:${id}`);
        expect(steps(stage)).toEqual(['PUT definition']);
        golden('a write to a flag with a scheduled change', run);
      },
      { now: () => MADE_AT },
    ));
});

const POLICY: Policy = {
  name: 'no full rollout',
  denies: () => 'Nothing goes to 100 % before Monday',
};

describe('a policy', () => {
  test.each([
    ['499', 'a write', false, POLICY],
    ['409', 'a write', false, { ...POLICY, status: 409 } as const],
    ['499', 'a change request', true, POLICY],
    ['409', 'a change request', true, { ...POLICY, status: 409 } as const],
  ])(
    'that denies with %s %s is told in its own words, and asked once',
    (status, what, approvalsRequired, policy) =>
      onApprovalStage(async (stage) => {
        const environment = stage.environment('Production', 'Mobile');
        environment.approvalsRequired = approvalsRequired;
        environment.policies.push(policy);
        const run = await stage.promote({ approvers: 'kim@example.com' });
        const words = expectFailure(run, 'policy-denied', 'failed');
        expect(words).toContain('Nothing goes to 100 %25 before Monday');
        expect(words).not.toContain('`approvers`');
        expect(steps(stage)).toEqual(approvalsRequired ? FILED : ['PUT definition']);
        expect(stage.requests()).toEqual([]);
        golden(`a policy that denies ${what} with ${status}`, run);
      }),
  );
});

test.each([
  ['refused', { answer: { status: 403, body: { code: 403, message: 'Forbidden' } } }],
  ['refused to keys of one environment', { answer: { status: 401, body: '' } }],
  ['failing', { answer: { status: 500, body: '' } }],
])('a list of change requests that is %s is a warning, and a direct write goes on', (how, fault) =>
  onApprovalStage(async (stage) => {
    stage.environment('Production', 'Mobile').approvalsRequired = false;
    stage.emulator.fault({ path: '/changeRequests?', times: 9, ...fault });
    const run = await stage.promote({ 'max-retries': '0' });
    expect(run.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
    expect(findingsOf(run)).toEqual(['warning change-pending']);
    if (how === 'failing') golden('a list of change requests that fails', run);
  }),
);
