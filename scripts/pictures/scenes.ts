// Twelve runs whose job summaries show most of what a summary can say, each played on a world of its own.
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { inSegment, oneOf, rule, split } from '../../emulator/seed-parts.ts';
import { seededWorld } from '../../emulator/seed.ts';
import {
  addEnvironment,
  addFlag,
  addSegment,
  addWorkspace,
  emptyWorld,
  MADE_AT,
  setDefinition,
  type World,
} from '../../emulator/world.ts';
import type { JsonObject } from '../../src/json.ts';
import { runAction, type ActionRun } from '../run-action.mjs';

type Inputs = Readonly<Record<string, string>>;

export interface Scene {
  /** Also the name of its pictures. */
  readonly name: string;
  /** What it shows, for those who look at all of them. */
  readonly shows: string;
  readonly inputs: Inputs;
  readonly world?: () => World;
  readonly arrange?: (emulator: Emulator) => void;
  /** Inputs of a run before it, whose plan file it is given. */
  readonly first?: Inputs;
  /** Whether its picture is in docs/pictures, for README and pages. */
  readonly inDocs?: true;
}

const TREATMENTS = [
  { name: 'on', description: '', configurations: '{"retries":3}' },
  { name: 'off', description: '' },
];

const CHECKOUT: JsonObject = {
  treatments: TREATMENTS,
  defaultTreatment: 'off',
  baselineTreatment: 'off',
  rules: [rule([inSegment('employees')], { on: 100 }), rule([oneOf('plan', 'pro', 'team')], { on: 100 })],
  defaultRule: split({ on: 10, off: 90 }),
  lastTrafficReceivedAt: MADE_AT,
};

const CAUTIOUS: JsonObject = {
  ...CHECKOUT,
  rules: [
    rule([inSegment('employees')], { on: 100 }),
    rule([oneOf('plan', 'pro', 'team')], { on: 10, off: 90 }),
  ],
  defaultRule: split({ off: 100 }),
};

/** A shop: flag `checkout` has gone on in Staging, and Production is more cautious. */
function shop(target: JsonObject | null = CAUTIOUS, source: JsonObject = CHECKOUT): World {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Default', trafficTypes: ['user'] });
  for (const [name, production] of [
    ['Staging', false],
    ['Production', true],
  ] as const) {
    const environment = addEnvironment(workspace, { name, production });
    addSegment(workspace, environment, { name: 'employees', keys: ['user-1042'] });
  }
  addFlag(workspace, { name: 'checkout' });
  setDefinition(world, { workspace: 'Default', environment: 'Staging', flag: 'checkout' }, source);
  if (target !== null) {
    setDefinition(world, { workspace: 'Default', environment: 'Production', flag: 'checkout' }, target);
  }
  return world;
}

const UP = { flags: 'checkout', 'source-environment': 'Staging', 'target-environment': 'Production' };
const SEEDED = { flags: 'clients', 'source-environment': 'Production', 'target-environment': 'Staging' };

export const SCENES: readonly Scene[] = [
  {
    name: 'plan',
    shows: 'an ordinary flag: a rule goes from 10 to 100 percent, and 10 percent of everyone else follow',
    inputs: { ...UP, mode: 'plan' },
    world: shop,
    inDocs: true,
  },
  {
    name: 'shift-over-limit',
    shows: 'a plan that `max-shift` and `expect` refuse',
    inputs: { ...UP, 'max-shift': '25', expect: 'everyone-else -> off\n{"plan":"free"} -> off 90%' },
    world: shop,
    inDocs: true,
  },
  {
    name: 'reshuffle',
    shows: 'the same percentages in another order',
    inputs: { ...UP, mode: 'plan' },
    world: () =>
      shop(
        { ...CHECKOUT, rules: [], defaultRule: split({ on: 40, off: 60 }) },
        { ...CHECKOUT, rules: [], defaultRule: split({ off: 60, on: 40 }) },
      ),
  },
  {
    name: 'overrides',
    shows: 'the same as Staging, but start at 1 percent',
    inputs: { ...UP, overrides: 'default-rule: { on: 1, off: 99 }\nrules: { 2: { on: 25, off: 75 } }' },
    world: shop,
    inDocs: true,
  },
  { name: 'created', shows: 'a definition that was not there', inputs: UP, world: () => shop(null) },
  {
    name: 'killed',
    shows: 'a killed target that stays killed, under a new default treatment',
    inputs: UP,
    world: () => shop({ ...CAUTIOUS, killed: true, defaultTreatment: 'on' }),
  },
  {
    name: 'everything',
    shows: 'individual targets, moved and nested rules, traffic allocation and dynamic configuration at once',
    inputs: SEEDED,
  },
  {
    name: 'many',
    shows: 'all flags of a workspace: a row each, details folded',
    inputs: { ...SEEDED, flags: '*', mode: 'plan', 'ignore-checks': 'dependent-breaks' },
    inDocs: true,
  },
  {
    name: 'approval',
    shows: 'a change request that waits',
    inputs: UP,
    world: shop,
    arrange: ({ world }) => {
      for (const { environments } of world.workspaces)
        for (const environment of environments) environment.approvalsRequired = environment.production;
    },
  },
  {
    name: 'refuted',
    shows: 'a write that the read-back refutes',
    inputs: UP,
    world: shop,
    arrange: (emulator) => {
      emulator.fault({
        method: 'PUT',
        mutate: (stored) => ({ ...stored, defaultRule: split({ on: 100 }) }),
      });
    },
  },
  {
    name: 'rollback',
    shows: 'the way back',
    first: UP,
    inputs: { mode: 'rollback' },
    world: shop,
  },
  {
    name: 'unchanged',
    shows: 'nothing to do',
    inputs: UP,
    world: () => shop(CHECKOUT),
  },
];

/** Plays a scene with the committed bundle. What the run leaves goes into an existing folder. */
export async function play(
  { inputs, world = seededWorld, arrange, first }: Scene,
  folder: string,
): Promise<ActionRun> {
  const emulator = await startEmulator({ world: world() });
  const run = (given: Inputs): Promise<ActionRun> =>
    runAction({ 'api-key': 'key-for-pictures', 'api-url': emulator.apiUrl, ...given }, { parent: folder });
  try {
    arrange?.(emulator);
    const planFile = first && (await run(first)).outputs['plan-file'];
    return await run({ ...inputs, ...(planFile !== undefined && { 'plan-file': planFile }) });
  } finally {
    await emulator.close();
  }
}
