// What the checks before a write are played on: a small shop, and what every such scenario has to show.
import { expect } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { ON_OFF, split } from '../../emulator/seed-parts.ts';
import {
  addEnvironment,
  addFlag,
  addWorkspace,
  emptyWorld,
  MADE_AT,
  setDefinition,
  type World,
} from '../../emulator/world.ts';
import type { ActionRun } from '../../scripts/run-action.mjs';
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts';
import { expectGolden } from './golden.ts';
import { errorsOf, onStage, planFileOf, type Stage } from './stage.ts';

/** A definition that stands by itself, and has been tried out. */
export const BASE: JsonObject = {
  treatments: ON_OFF,
  defaultTreatment: 'off',
  baselineTreatment: 'off',
  defaultRule: split({ on: 100 }),
  lastTrafficReceivedAt: MADE_AT,
};

/** Flag `checkout`, which has gone on in Staging, and is off in QA and Production; no segments, no other flags. */
export function shop(): World {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Default', trafficTypes: ['user', 'account'] });
  addEnvironment(workspace, { name: 'Production', production: true });
  for (const name of ['Staging', 'QA']) addEnvironment(workspace, { name });
  addFlag(workspace, { name: 'checkout' });
  for (const environment of ['Production', 'Staging', 'QA']) {
    const members = environment === 'Staging' ? BASE : { ...BASE, defaultRule: split({ off: 100 }) };
    setDefinition(world, { workspace: 'Default', environment, flag: 'checkout' }, members);
  }
  return world;
}

/** Adds another flag, with a definition in the environments given. */
export function addNeighbour(
  { emulator, workspace }: Stage,
  name: string,
  {
    environments = ['QA'],
    trafficType = 'user',
    ...members
  }: JsonObject & {
    readonly environments?: readonly string[];
    readonly trafficType?: string;
  } = {},
): void {
  addFlag(workspace(), { name, trafficType });
  for (const environment of environments)
    setDefinition(emulator.world, { workspace: 'Default', environment, flag: name }, { ...BASE, ...members });
}

/** One arrangement after the other. */
export const all =
  (...arrange: readonly ((stage: Stage) => void)[]) =>
  (stage: Stage): void => {
    for (const step of arrange) step(stage);
  };

export interface CheckScenario {
  /** A sentence, and the name of its golden files. */
  readonly name: string;
  /** Members in which `checkout` in Staging is other than {@link BASE}. */
  readonly source?: JsonObject;
  /** The same for the target. */
  readonly target?: JsonObject;
  readonly arrange?: (stage: Stage) => void;
  /** Default: from Staging to QA. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly switches?: EmulatorOptions['switches'];
  /** `error segment-missing`, in the order told. Default none. */
  readonly findings?: readonly string[];
  /** What is looked up for the checks; default no more than the open change requests. */
  readonly looks?: readonly string[];
  /** Where it is not what follows from the findings. */
  readonly reason?: string;
  /** Words that the error or the log has to have. */
  readonly words?: readonly string[];
}

export const CHANGE_REQUESTS = 'change requests';

/** Reads other than those of names and of the definitions that are copied, in words. */
export function looksOf({ emulator }: Stage, flags: readonly string[] = ['checkout']): readonly string[] {
  return emulator.requests.flatMap(({ method, path }) => {
    const [, address = '', query = ''] = /v2\/([^?]*)\??(.*)$/.exec(path) ?? [];
    const parts = address.split('/');
    const offset = new URLSearchParams(query).get('offset') ?? '0';
    const from = offset === '0' ? '' : ` from ${offset}`;
    if (method !== 'GET' || ['workspaces', 'environments'].includes(parts[0] ?? '')) return [];
    if (parts[0] === 'changeRequests') return [CHANGE_REQUESTS];
    if (parts[0] !== 'splits') return [`${(parts[0] ?? '').replaceAll('-', ' ')}${from}`];
    if (parts[3] === 'environments') return [`definitions${from}`];
    if (parts.length === 4) return [`flag ${parts[3]}`];
    return flags.includes(parts[3] ?? '') ? [] : [`definition of ${parts[3]}`];
  });
}

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((element: Json) => isJsonObject(element)) : [];

/** All findings in the plan file, as `severity code`. */
export function findingsOf(run: ActionRun): readonly string[] {
  const plan = planFileOf(run);
  return [
    ...listOf(plan['findings']),
    ...listOf(plan['items']).flatMap((item) => listOf(item['findings'])),
  ].map(({ severity, code }) => `${String(severity)} ${String(code)}`);
}

/** Plays a scenario: errors stop it before it writes, warnings do not; the golden files have the words. */
export const expectChecks = (scenario: CheckScenario): Promise<void> =>
  onStage(
    async (stage) => {
      const {
        source,
        target,
        arrange,
        inputs = {},
        findings = [],
        looks = [CHANGE_REQUESTS],
        words = [],
      } = scenario;
      const { 'target-environment': environment = 'QA', 'target-flag': targetFlag = 'checkout' } = inputs;
      if (source) stage.edit(source, 'Staging', 'checkout');
      if (target) stage.edit(target, environment, 'checkout');
      arrange?.(stage);
      const run = await stage.run({
        flags: 'checkout',
        'source-environment': 'Staging',
        'target-environment': 'QA',
        ...inputs,
      });

      const errors = findings.filter((found) => found.startsWith('error'));
      const refusal = errors.every((found) => found === 'error change-pending')
        ? 'pending-change'
        : 'checks-failed';
      const reason = scenario.reason ?? (errors.length === 0 ? '' : refusal);
      const changed = inputs['mode'] === 'plan' ? 'planned' : 'applied';
      const stopped = errors.length === 0 ? 'failed' : 'refused';
      expect(findingsOf(run)).toEqual(findings);
      expect(run.outputs).toMatchObject({
        'failure-reason': reason,
        status: reason === '' ? changed : stopped,
      });
      expect(run.exitCode).toBe(reason === '' ? 0 : 1);
      expect(stage.writes()).toHaveLength(reason === '' && changed === 'applied' ? 1 : 0);
      expect(errorsOf(run)).toHaveLength(reason === '' ? 0 : 1);
      expect(looksOf(stage, ['checkout', targetFlag]).toSorted()).toEqual(looks.toSorted());
      for (const word of words) expect(run.stdout).toContain(word);
      expect(run.stderr).toBe('');
      expectGolden(`checks/${scenario.name.replaceAll(/[^a-zA-Z0-9-]+/g, '-')}`, run);
    },
    { world: shop(), ...(scenario.switches && { switches: scenario.switches }) },
  );
