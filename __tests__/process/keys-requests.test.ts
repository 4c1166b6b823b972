// Least privilege where approvals are required: the smallest key that files a change request, and finds it again.
import { describe, expect, test } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { findingsOf } from './checks.ts';
import {
  addBare,
  ALL,
  BOTH,
  EDITOR,
  hand,
  PLAIN,
  placesIn,
  play,
  VIEWER,
  type Case,
  type Grant,
} from './keys.ts';
import { KEY, onStage, type Stage } from './stage.ts';

const requireApprovals = ({ environment }: Stage): void => {
  environment('Staging').approvalsRequired = true;
};

const FILES: readonly Case[] = [
  {
    name: 'takes an editor of flags in the target and a viewer of the source',
    grant: [EDITOR, 'ENVIRONMENT', 'Staging'],
    sourceGrant: [VIEWER, 'ENVIRONMENT', 'Production'],
    naming: 'ids',
    inputs: PLAIN,
    status: 'pending-approval',
  },
  {
    name: 'takes an editor of the workspace where keys of one environment may not use change requests',
    grant: [EDITOR, 'WORKSPACE', 'Default'],
    naming: 'ids',
    inputs: PLAIN,
    switches: { environmentKeysSeeChangeRequests: false },
    status: 'pending-approval',
  },
  {
    name: 'fails with an editor of environments where those may not use change requests',
    grant: [EDITOR, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: PLAIN,
    switches: { environmentKeysSeeChangeRequests: false },
    status: 'failed',
    reason: 'authentication',
    unverified: ['change-pending'],
    golden: true,
  },
  {
    name: 'takes an editor of the workspace where the rollout status is required',
    grant: [EDITOR, 'WORKSPACE', 'Default'],
    naming: 'ids',
    inputs: PLAIN,
    switches: { changeRequestNeedsRolloutStatus: true },
    status: 'pending-approval',
  },
  {
    name: 'fails with an editor of environments, which cannot read the rollout status, where that is required',
    grant: [EDITOR, 'ENVIRONMENT', ...BOTH],
    naming: 'ids',
    inputs: PLAIN,
    switches: { changeRequestNeedsRolloutStatus: true },
    status: 'failed',
    reason: 'api-error',
    golden: true,
  },
  {
    name: 'by names takes every role in both environments',
    grant: [ALL, 'ENVIRONMENT', ...BOTH],
    naming: 'names',
    status: 'pending-approval',
  },
  {
    name: 'fails with a viewer, and nothing is filed',
    grant: [VIEWER, 'WORKSPACE', 'Default'],
    naming: 'ids',
    inputs: PLAIN,
    status: 'failed',
    reason: 'permission',
  },
];

const REQUESTS = FILES.map((row) => ({ ...row, arrange: requireApprovals }));

describe('a change request', () => {
  test.each(REQUESTS)('$name', play);
});

describe('a second run finds the change request of the first', () => {
  test.each<[string, Grant, EmulatorOptions['switches']]>([
    ['an editor of environments', [EDITOR, 'ENVIRONMENT', ...BOTH], {}],
    [
      'an editor of environments, where roles for flags list segments',
      [EDITOR, 'ENVIRONMENT', ...BOTH],
      { flagRolesListSegments: true },
    ],
    [
      'an editor of the workspace, where keys of one environment may not use change requests',
      [EDITOR, 'WORKSPACE', 'Default'],
      { environmentKeysSeeChangeRequests: false },
    ],
    [
      'an editor of the workspace, where the rollout status is required',
      [EDITOR, 'WORKSPACE', 'Default'],
      { changeRequestNeedsRolloutStatus: true },
    ],
  ])('with the key of %s', (_who, grant, switches) =>
    onStage(
      async (stage) => {
        requireApprovals(stage);
        hand(stage, KEY, grant);
        const inputs = placesIn(stage, 'ids');
        const { outputs } = await stage.run(inputs);
        expect(outputs['status']).toBe('pending-approval');
        stage.emulator.forget();
        expect((await stage.run(inputs)).outputs).toMatchObject({
          status: 'pending-approval',
          'change-request-ids': outputs['change-request-ids'],
        });
        expect(stage.writes()).toEqual([]);
      },
      { switches: { ...switches } },
    ),
  );
});

describe('an editor that gives names of environments, whose lists are refused', () => {
  const grant = (stage: Stage): void => hand(stage, KEY, [EDITOR, 'ENVIRONMENT', ...BOTH]);
  const inputs = (stage: Stage) => ({
    ...placesIn(stage, 'a workspace id and names of environments'),
    ...PLAIN,
  });

  test('finds the change request of the first run', () =>
    onStage(async (stage) => {
      requireApprovals(stage);
      grant(stage);
      expect((await stage.run(inputs(stage))).outputs['status']).toBe('pending-approval');
      const again = await stage.run(inputs(stage));
      expect(again.outputs['status']).toBe('pending-approval');
      expect(findingsOf(again)).toEqual(['warning killed-target']);
      expect(stage.emulator.world.changeRequests).toHaveLength(1);
    }));

  test('finds a change request whose answer was lost', () =>
    onStage(async (stage) => {
      requireApprovals(stage);
      grant(stage);
      stage.emulator.fault({ method: 'POST', path: '/changeRequests/', applied: true, reset: true });
      expect((await stage.run(inputs(stage))).outputs).toMatchObject({
        status: 'pending-approval',
        'failure-reason': '',
      });
      expect(stage.emulator.world.changeRequests).toHaveLength(1);
    }));

  test('finds a change request to create whose answer was lost, and the next run finds it too', () =>
    onStage(async (stage) => {
      requireApprovals(stage);
      addBare(stage);
      grant(stage);
      const bare = { ...inputs(stage), flags: 'bare' };
      expect((await stage.run(bare)).outputs['status']).toBe('pending-approval');
      expect((await stage.run(bare)).outputs['status']).toBe('pending-approval');
      expect(stage.emulator.world.changeRequests).toHaveLength(1);
    }));
});
