// Asks a running emulator over HTTP, and starts and closes one for a test.
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts';
import {
  addEnvironment,
  addFlag,
  addSegment,
  addWorkspace,
  emptyWorld,
  setDefinition,
  type World,
} from '../../emulator/world.ts';
import { isJsonObject, parseJson, toJson, type Json, type JsonObject } from '../../src/json.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body parsed; undefined when it is empty or not JSON. */
  readonly body: Json | undefined;
}

export interface Ask {
  readonly emulator: Emulator;
  /** `path` begins after `/internal/api/v2`; a body which is not text is sent as JSON. */
  (method: string, path: string, body?: Json, headers?: Readonly<Record<string, string>>): Promise<Reply>;
}

const jsonOf = (text: string): Json | undefined => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};

export async function withEmulator(
  options: EmulatorOptions,
  use: (ask: Ask) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator(options);
  const ask = async (
    method: string,
    path: string,
    body?: Json,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await fetch((path.startsWith('/emulator/') ? emulator.origin : emulator.apiUrl) + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization: 'Bearer key',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : toJson(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: jsonOf(text) };
  };
  try {
    await use(Object.assign(ask, { emulator }));
  } finally {
    await emulator.close();
  }
}

/** Workspace `w` with environments `Prod East` (`e1`) and `Staging` (`e2`), flags `flag` and `parent`, defined in the first. */
export function smallWorld(): World {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Default', id: 'w', trafficTypes: ['user', 'account'] });
  const production = addEnvironment(workspace, { name: 'Prod East', id: 'e1', production: true });
  addEnvironment(workspace, { name: 'Staging', id: 'e2' });
  addSegment(workspace, production, { name: 'employees', keys: ['user-1', 'user-2', 'user-3'] });
  addFlag(workspace, { name: 'flag' });
  addFlag(workspace, { name: 'parent' });
  for (const flag of ['flag', 'parent'])
    setDefinition(world, { workspace: 'w', environment: 'e1', flag }, onOff);
  return world;
}

/** The least a definition can be. */
export const onOff = {
  treatments: [{ name: 'on' }, { name: 'off' }],
  defaultTreatment: 'off',
  defaultRule: [{ treatment: 'off', size: 100 }],
};

/** Where the flag `flag` is, for functions of the world; in `e2` it has no definition. */
export const HERE_PLACE = { workspace: 'w', environment: 'e1', flag: 'flag' };
export const THERE_PLACE = { ...HERE_PLACE, environment: 'e2' };

/** Path of the flag `flag` in `e1`. */
export const HERE = '/splits/ws/w/flag/environments/e1';
/** And in `e2`, where it has no definition. */
export const THERE = '/splits/ws/w/flag/environments/e2';

/** Where change requests for `e1` and `e2` are submitted. */
export const REQUESTS_HERE = '/changeRequests/ws/w/environments/e1';
export const REQUESTS_THERE = '/changeRequests/ws/w/environments/e2';

/** Header of another key than the one requests have by default. */
export const OTHER_KEY = { authorization: 'Bearer other' };

/** An update of `flag`, as a change request. */
export const update = (extra: Readonly<Record<string, Json>> = {}): JsonObject => ({
  split: { name: 'flag', ...onOff, trafficAllocation: 42 },
  operationType: 'UPDATE',
  title: 'Ramp',
  comment: 'as agreed',
  approvers: [],
  ...extra,
});

export const ruleOf = (matcher: JsonObject, buckets: Json = onOff.defaultRule): JsonObject => ({
  condition: { combiner: 'AND', matchers: [matcher] },
  buckets,
});

/** A member of a body, however deep; undefined when it is not there. */
export const at = (value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, step) => {
    if (Array.isArray(inner)) return (inner as readonly Json[])[Number(step)];
    return isJsonObject(inner) ? inner[step] : undefined;
  }, value);
