// A stage for process tests: an emulator, and the committed bundle run against it as the runner would.
import { readFileSync } from 'node:fs';
import {
  startEmulator,
  type Emulator,
  type EmulatorOptions,
  type RecordedRequest,
} from '../../emulator/emulator.ts';
import {
  editDefinition,
  getDefinition,
  named,
  type Environment,
  type Workspace,
} from '../../emulator/world.ts';
import { runAction, type ActionRun, type RunOptions } from '../../scripts/run-action.mjs';
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../src/json.ts';

export const KEY = 'admin-key-for-tests-0123456789';

export interface Stage {
  readonly emulator: Emulator;
  /** Runs the Action: `clients` from Production to Staging in workspace Default, unless told otherwise. */
  readonly run: (inputs?: Readonly<Record<string, string>>, options?: RunOptions) => Promise<ActionRun>;
  /** The definition as the emulator stores it. */
  readonly stored: (environment?: string, flag?: string) => JsonObject | undefined;
  /** Changes a stored definition. */
  readonly edit: (members: JsonObject, environment?: string, flag?: string) => void;
  /** Requests that change something, as `METHOD …/last/part`. */
  readonly writes: () => readonly string[];
  /** Requests from the first one on that changes something. */
  readonly sinceFirstWrite: () => readonly RecordedRequest[];
  readonly workspace: (name?: string) => Workspace;
  readonly environment: (name?: string, workspace?: string) => Environment;
  /** Id of an environment. */
  readonly idOf: (environment: string, workspace?: string) => string;
}

/** Runs a test on a stage of its own. */
export async function onStage(
  test: (stage: Stage) => Promise<void>,
  options?: EmulatorOptions,
): Promise<void> {
  const emulator = await startEmulator(options);
  const place = (environment = 'Staging', flag = 'clients') => ({ workspace: 'Default', environment, flag });
  const workspaceOf = (name = 'Default') => named(emulator.world.workspaces, name);
  const environmentOf = (name = 'Staging', workspace?: string) =>
    named(workspaceOf(workspace).environments, name);
  try {
    await test({
      emulator,
      run: (inputs, runOptions) =>
        runAction(
          {
            'api-key': KEY,
            'api-url': emulator.apiUrl,
            flags: 'clients',
            'source-environment': 'Production',
            'target-environment': 'Staging',
            ...inputs,
          },
          runOptions,
        ),
      stored: (environment, flag) => getDefinition(emulator.world, place(environment, flag)),
      edit: (members, environment, flag) => editDefinition(emulator.world, place(environment, flag), members),
      writes: () =>
        emulator.requests
          .filter(({ method }) => method !== 'GET')
          .map(
            ({ method, path }) =>
              `${method} ${path
                .split('/')
                .slice(path.endsWith('kill') || path.endsWith('restore') ? -1 : -2)
                .join('/')}`,
          ),
      sinceFirstWrite: () => {
        const first = emulator.requests.findIndex(({ method }) => method !== 'GET');
        return first < 0 ? [] : emulator.requests.slice(first);
      },
      workspace: workspaceOf,
      environment: environmentOf,
      idOf: (name, workspace) => environmentOf(name, workspace).id,
    });
  } finally {
    await emulator.close();
  }
}

export const planFileOf = (run: ActionRun): JsonObject => {
  const content: Json = parseJson(readFileSync(run.outputs['plan-file'] ?? '', 'utf8'));
  if (!isJsonObject(content)) throw new TypeError('The plan file holds no JSON object.');
  return content;
};

/** The `results` output. */
export function resultsOf(run: ActionRun): readonly JsonObject[] {
  const results = parseJson(run.outputs['results'] ?? '');
  return Array.isArray(results) ? (results as readonly Json[]).filter(isJsonObject) : [];
}

/** The one item of the `results` output. */
export const resultOf = (run: ActionRun): JsonObject => {
  const [first] = resultsOf(run);
  if (first === undefined) throw new TypeError('There is no result.');
  return first;
};

/** `flag outcome` of every item in the `results` output. */
export const outcomesOf = (run: ActionRun): readonly string[] =>
  resultsOf(run).map(({ targetFlag, outcome }) => `${String(targetFlag)} ${String(outcome)}`);

/** The error annotations of a log. */
export const errorsOf = (run: ActionRun): readonly string[] =>
  run.stdout.split('\n').filter((line) => line.startsWith('::error'));
