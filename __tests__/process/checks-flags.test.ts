// The flag itself, its definition in the target, and the change requests that wait for it.
import { describe, test } from '@jest/globals';
import { decideChangeRequest, openChangeRequest } from '../../emulator/change-requests.ts';
import { split } from '../../emulator/seed-parts.ts';
import { addEnvironment, addFlag, addWorkspace } from '../../emulator/world.ts';
import { addNeighbour, CHANGE_REQUESTS, expectChecks, type CheckScenario } from './checks.ts';
import type { Stage } from './stage.ts';

const FORBIDDEN = { answer: { status: 403, body: { code: 403, message: 'no' } } };

const at = (environment = 'QA', flag = 'checkout') => ({ workspace: 'Default', environment, flag });

/** Another workspace, with the flag for a traffic type. */
const other =
  (trafficType: string | undefined) =>
  ({ emulator }: Stage): void => {
    const workspace = addWorkspace(emulator.world, { name: 'Outlet', trafficTypes: ['user', 'account'] });
    addEnvironment(workspace, { name: 'QA' });
    if (trafficType !== undefined) addFlag(workspace, { name: 'checkout', trafficType });
  };

const FLAGS: readonly CheckScenario[] = [
  {
    name: 'a target flag that is not in the workspace stops the run',
    inputs: { 'target-flag': 'nowhere' },
    findings: ['error flag-missing'],
    looks: ['flag nowhere', CHANGE_REQUESTS],
    words: ['There is no flag `nowhere` in workspace Default'],
  },
  {
    name: 'a target flag without a definition is looked up and created',
    inputs: { 'target-flag': 'empty' },
    arrange: ({ workspace }) => void addFlag(workspace(), { name: 'empty' }),
    looks: ['flag empty', CHANGE_REQUESTS],
  },
  {
    name: 'a flag that is not in the other workspace stops the run',
    inputs: { 'target-workspace': 'Outlet' },
    arrange: other(undefined),
    findings: ['error flag-missing'],
    looks: ['flag checkout', CHANGE_REQUESTS],
    words: ['in workspace Outlet'],
  },
  {
    name: 'a flag that cannot be looked up is a warning and never a claim that it is missing',
    inputs: { 'target-flag': 'empty' },
    arrange: ({ workspace, emulator }) => {
      addFlag(workspace(), { name: 'empty' });
      emulator.fault({ path: /\/empty$/, ...FORBIDDEN });
    },
    findings: ['warning flag-missing'],
    looks: ['flag empty', CHANGE_REQUESTS],
    words: ['Could not be verified'],
  },
  {
    name: 'a target flag for another traffic type stops the run',
    inputs: { 'target-flag': 'accounts' },
    arrange: (stage) =>
      addNeighbour(stage, 'accounts', { trafficType: 'account', defaultRule: split({ off: 100 }) }),
    findings: ['error traffic-type-differs'],
    words: ['`user`', '`account`'],
  },
  {
    name: 'a new definition of a flag for another traffic type in another workspace stops the run',
    inputs: { 'target-workspace': 'Outlet' },
    arrange: other('account'),
    findings: ['error traffic-type-differs'],
    looks: ['flag checkout', CHANGE_REQUESTS],
  },
  {
    name: 'traffic types of one name in two workspaces agree though their ids do not',
    inputs: { 'target-workspace': 'Outlet' },
    arrange: other('user'),
    looks: ['flag checkout', CHANGE_REQUESTS],
  },
  {
    name: 'a target without a definition stops the run where none may be created',
    arrange: ({ environment }) => environment('QA').definitions.clear(),
    inputs: { 'create-missing': 'false' },
    findings: ['error definition-missing'],
    words: ['no definition in QA'],
  },
  {
    name: 'a target without a definition gets one where that is allowed',
    arrange: ({ environment }) => environment('QA').definitions.clear(),
  },
];

const PENDING = { title: 'Freeze for the sale', submitter: 'kim@example.com', comment: 'Until Monday' };

const CHANGES: readonly CheckScenario[] = [
  {
    name: 'an open change request on the target stops the run, and is told with who asked and since when',
    arrange: ({ emulator }) => void openChangeRequest(emulator.world, at(), PENDING),
    findings: ['error change-pending'],
    words: ['Freeze for the sale', 'kim@example.com', '2025-06-15 15:06 UTC'],
  },
  {
    name: 'an open change request beside another error stops the run for failed checks',
    source: { defaultRule: split({ on: 60 }) },
    arrange: ({ emulator }) => void openChangeRequest(emulator.world, at(), PENDING),
    findings: ['error change-pending', 'error structure'],
  },
  {
    name: 'change requests on other flags, in other environments, and decided ones are none of it',
    arrange: (stage) => {
      const { world } = stage.emulator;
      addNeighbour(stage, 'payments');
      openChangeRequest(world, at('QA', 'payments'), PENDING);
      openChangeRequest(world, at('Production'), PENDING);
      decideChangeRequest(world, openChangeRequest(world, at(), PENDING).id, 'REJECTED');
    },
  },
  {
    name: 'the open one is found behind 150 other change requests with two requests',
    arrange: (stage) => {
      const { world } = stage.emulator;
      openChangeRequest(world, at(), PENDING);
      for (let index = 0; index < 150; index += 1) {
        addNeighbour(stage, `flag-${index}`);
        openChangeRequest(world, at('QA', `flag-${index}`), {});
      }
    },
    findings: ['error change-pending'],
    looks: [CHANGE_REQUESTS, CHANGE_REQUESTS],
  },
  {
    name: 'a refused list of change requests is a warning, and the write goes on',
    arrange: ({ emulator }) => emulator.fault({ path: '/changeRequests?', ...FORBIDDEN }),
    findings: ['warning change-pending'],
    words: ['Could not be verified'],
  },
  {
    name: 'a change request of hostile words is shown as text',
    arrange: ({ emulator }) =>
      void openChangeRequest(emulator.world, at(), {
        title:
          '<img src=x onerror=alert(1)> ``` ::error::stop\n::add-mask::on ##[error]stop | a | [click](https://example.com)',
        submitter: '@octocat </details><h1>Approved</h1>',
        comment: 'x',
      }),
    findings: ['error change-pending'],
  },
];

describe('the flag and its definition', () => {
  test.each(FLAGS)('$name', expectChecks);
});

describe('change requests', () => {
  test.each(CHANGES)('$name', expectChecks);
});
