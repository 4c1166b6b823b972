// A sandbox account for the probe: a workspace with all it can look at, and keys of three kinds.
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts';
import {
  addEnvironment,
  addFlag,
  addSegment,
  addWorkspace,
  emptyWorld,
  setDefinition,
  stableId,
  type World,
} from '../../emulator/world.ts';
import { connect } from '../../scripts/probe/connection.ts';
import type { ProbeOptions } from '../../scripts/probe/options.ts';
import { probe, type Findings } from '../../scripts/probe/probe.ts';
import type { ClockAndChance } from '../../src/admin-api/turns.ts';
import { onOff } from '../emulator/asking.ts';

export const KEY = 'sandbox-key-0123456789';
export const VIEWER_KEY = 'viewer-key-0123456789';
export const ENVIRONMENT_KEY = 'environment-key-0123456789';

/** Of the workspace and its environments, for keys that may not list them. */
export const WORKSPACE = stableId('workspace', 'Playground');
export const SANDBOX = stableId(WORKSPACE, 'environment', 'Sandbox');
export const GATED = stableId(WORKSPACE, 'environment', 'Gated');

/** Workspace `Playground` with Sandbox, Gated (approvals) and Production, and one flag that is somebody's. */
export function sandboxWorld(): World {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Playground', requiresTitleAndComments: true });
  const sandbox = addEnvironment(workspace, { name: 'Sandbox' });
  addEnvironment(workspace, { name: 'Gated', approvalsRequired: true });
  addEnvironment(workspace, { name: 'Production', production: true });
  addSegment(workspace, sandbox, { name: 'staff' });
  addSegment(workspace, sandbox, { name: 'everyone_2024', kind: 'large' });
  addSegment(workspace, sandbox, { name: 'active', kind: 'rule-based' });
  addFlag(workspace, { name: 'theirs' });
  setDefinition(world, { workspace: WORKSPACE, environment: SANDBOX, flag: 'theirs' }, onOff);
  const role = 'API_ALL_GRANTED';
  world.tokens.push(
    { key: KEY, role, scope: 'GLOBAL' },
    { key: VIEWER_KEY, role: 'API_FEATURE_FLAG_VIEWER', scope: 'GLOBAL' },
    { key: ENVIRONMENT_KEY, role, scope: 'ENVIRONMENT', ids: [SANDBOX] },
  );
  return world;
}

/** With everything that makes something observable. */
export const EVERYTHING: Omit<ProbeOptions, 'apiUrl'> = {
  apiKey: KEY,
  viewerKey: VIEWER_KEY,
  environmentKey: ENVIRONMENT_KEY,
  workspace: 'Playground',
  environment: 'Sandbox',
  approvalsEnvironment: 'Gated',
  trafficType: 'user',
  flagSet: 'set-1',
  notProduction: false,
  archive: true,
  output: 'switches.json',
};

/** Time that passes at once. */
const NO_TIME: ClockAndChance = { now: () => Date.now(), random: () => 0.5, sleep: async () => undefined };

export interface Probed extends Findings {
  readonly emulator: Emulator;
  /** What was said meanwhile. */
  readonly said: readonly string[];
}

/** Probes an emulator of its own, and hands over what was found while that still runs. */
export async function probing(
  given: {
    readonly emulator?: EmulatorOptions;
    readonly options?: Partial<ProbeOptions>;
    readonly clock?: ClockAndChance;
    readonly before?: (emulator: Emulator, stop: AbortController) => void;
  },
  look: (probed: Probed) => Promise<void> | void,
): Promise<void> {
  const emulator = await startEmulator({ world: sandboxWorld(), ...given.emulator });
  const options = { ...EVERYTHING, apiUrl: emulator.apiUrl, ...given.options };
  const connection = connect(options.apiUrl, [KEY, VIEWER_KEY, ENVIRONMENT_KEY], given.clock ?? NO_TIME);
  const stop = new AbortController();
  const said: string[] = [];
  try {
    given.before?.(emulator, stop);
    const findings = await probe(options, connection, {
      stop: stop.signal,
      say: (line) => void said.push(line),
    });
    await look({ ...findings, emulator, said });
  } finally {
    await connection.close();
    await emulator.close();
  }
}

/** What of the emulator's world a probe must leave as it was. */
export const traceOf = ({ world }: Emulator): unknown =>
  world.workspaces.map(({ flags, environments }) => ({
    flags: [...flags.keys()],
    definitions: environments.map(({ definitions }) => [...definitions.entries()]),
    open: environments.map(({ openChangeRequests }) => [...openChangeRequests.keys()]),
    segments: environments.map(({ segments }) => segments),
  }));

export const UNTOUCHED = traceOf({ world: sandboxWorld() } as unknown as Emulator);

/** Requests that change something, as they were sent. */
export const writesOf = ({ requests }: Emulator): readonly string[] =>
  requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
