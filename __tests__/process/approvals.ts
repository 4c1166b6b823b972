// What approvals are played on: an environment that requires them, and what can be read off a run that asks for one.
import { expect } from '@jest/globals';
import { ON_OFF, split } from '../../emulator/seed-parts.ts';
import { addFlag, MADE_AT, setDefinition, type ChangeRequest } from '../../emulator/world.ts';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import type { ActionRun, RunOptions } from '../../scripts/run-action.mjs';
import { isJsonObject, type JsonObject } from '../../src/json.ts';
import { expectGolden } from './golden.ts';
import { errorsOf, onStage, planFileOf, resultOf, type Stage } from './stage.ts';

export interface ApprovalStage extends Stage {
  /** Promotes `push_reminders` to Production of workspace Mobile, where approvals, title and comment are required. */
  readonly promote: (inputs?: Readonly<Record<string, string>>, options?: RunOptions) => Promise<ActionRun>;
  /** Bodies of the change requests that were filed, or tried to be. */
  readonly bodies: () => readonly JsonObject[];
  /** Change requests as the server has them. */
  readonly requests: () => readonly ChangeRequest[];
  /** The definition in Production. */
  readonly live: (flag?: string) => JsonObject | undefined;
  /** Somebody else's change of a definition. */
  readonly alter: (members: JsonObject, environment: string, flag?: string) => void;
}

export const FLAG = 'push_reminders';

/** The definition that a run means Production to have, without members that are the target's own. */
export const WANTED = {
  name: FLAG,
  killed: false,
  treatments: ON_OFF,
  defaultTreatment: 'off',
  baselineTreatment: 'off',
  trafficAllocation: 100,
  rules: [],
  defaultRule: split({ on: 100 }),
};

export const onApprovalStage = (test: (stage: ApprovalStage) => Promise<void>, options?: EmulatorOptions) =>
  onStage(async (stage) => {
    const { emulator, run, environment, workspace } = stage;
    const alter = (members: JsonObject, name: string, flag = FLAG): void => {
      const { definitions } = environment(name, 'Mobile');
      definitions.set(flag, { ...definitions.get(flag), ...members });
    };
    const tried = { lastTrafficReceivedAt: MADE_AT };
    alter(tried, 'Staging');
    addFlag(workspace('Mobile'), { name: 'quiet_hours', rolloutStatus: 'Ramping' });
    setDefinition(
      emulator.world,
      { workspace: 'Mobile', environment: 'Staging', flag: 'quiet_hours' },
      {
        ...tried,
        treatments: ON_OFF,
        defaultTreatment: 'off',
        baselineTreatment: 'off',
        defaultRule: split({ on: 100 }),
      },
    );
    await test({
      ...stage,
      promote: (inputs, runOptions) =>
        run(
          {
            workspace: 'Mobile',
            flags: FLAG,
            'source-environment': 'Staging',
            'target-environment': 'Production',
            ...inputs,
          },
          runOptions,
        ),
      bodies: () =>
        emulator.requests
          .filter(({ method, path }) => method === 'POST' && path.includes('/changeRequests/'))
          .flatMap(({ body }) => (isJsonObject(body) ? [body] : [])),
      requests: () => emulator.world.changeRequests,
      live: (flag = FLAG) => environment('Production', 'Mobile').definitions.get(flag),
      alter,
    });
  }, options);

/** Where a definition of workspace Mobile is in Production. */
export const inProduction = (flag = FLAG) => ({ workspace: 'Mobile', environment: 'Production', flag });

/** Compares with the golden files of a scenario. */
export const golden = (name: string, run: ActionRun): void =>
  expectGolden(`approvals/${name.replaceAll(' ', '-')}`, run);

/** The step is green, and everything says that the change waits for approval. */
export function expectPending(run: ActionRun, id: string | undefined): void {
  expect(run.outputs).toMatchObject({
    status: 'pending-approval',
    'failure-reason': '',
    changed: 'true',
    'in-effect': 'false',
    'change-request-ids': JSON.stringify([id]),
  });
  expect(resultOf(run)).toMatchObject({ outcome: 'pending-approval', changeRequestId: id, reason: null });
  expect(planFileOf(run)).toMatchObject({
    items: [{ progress: { state: 'requested', outcome: 'pending-approval', changeRequestId: id } }],
  });
  expect(run.exitCode).toBe(0);
  expect(errorsOf(run)).toEqual([]);
  const notices = run.stdout.split('\n').filter((line) => line.startsWith('::notice'));
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain(id);
  expect(run.summary).toContain(id);
}
