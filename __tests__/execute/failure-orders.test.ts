// Whatever fails, and in whatever order: what a run says of its targets is what they are.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { startEmulator, type Fault } from '../../emulator/emulator.ts';
import { ON_OFF, rule, split } from '../../emulator/seed-parts.ts';
import {
  addEnvironment,
  addFlag,
  addWorkspace,
  copyWorld,
  emptyWorld,
  getDefinition,
  setDefinition,
  siteAt,
  type World,
} from '../../emulator/world.ts';
import { sameMeaning, withoutBookkeeping } from '../../src/definition/equality.ts';
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../src/json.ts';
import { play, type Remembered } from '../in-process.ts';

const SOURCE = 'Staging';
const TARGETS = ['QA', 'Production'] as const;

const OLD: JsonObject = {
  treatments: ON_OFF,
  defaultTreatment: 'off',
  baselineTreatment: 'off',
  defaultRule: split({ off: 100 }),
};
const NEW: JsonObject = { ...OLD, trafficAllocation: 60, defaultRule: split({ on: 100 }) };
const ASKING: JsonObject = {
  ...NEW,
  rules: [rule([{ type: 'IN_SPLIT', depends: { splitName: 'parent', treatments: ['on'] } }], { on: 100 })],
};
const KILLED: JsonObject = { ...NEW, killed: true };

type There = JsonObject | undefined;

/** By flag: the source, and the targets in their order. */
const FLAGS: Readonly<Record<string, readonly [JsonObject, There, There]>> = {
  a_child: [ASKING, undefined, OLD],
  changed: [NEW, OLD, OLD],
  killed: [KILLED, OLD, undefined],
  only_killed: [KILLED, NEW, NEW],
  only_revived: [NEW, KILLED, { ...OLD, killed: true }],
  parent: [NEW, OLD, undefined],
  revived: [NEW, { ...OLD, killed: true }, NEW],
};
/** One is equal from the start. */
const ITEMS = Object.keys(FLAGS).length * TARGETS.length;

const at = (environment: string, flag: string) => ({ workspace: 'Default', environment, flag });

function worldBefore(): World {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Default' });
  for (const name of [SOURCE, ...TARGETS]) addEnvironment(workspace, { name });
  for (const [flag, there] of Object.entries(FLAGS)) {
    addFlag(workspace, { name: flag });
    for (const [position, environment] of [SOURCE, ...TARGETS].entries()) {
      const members = there[position];
      if (members !== undefined) setDefinition(world, at(environment, flag), members);
    }
  }
  addFlag(workspace, { name: 'x_bystander' });
  for (const environment of [SOURCE, ...TARGETS]) {
    setDefinition(world, at(environment, 'x_bystander'), environment === SOURCE ? NEW : OLD);
  }
  return world;
}

const refusal = (status: number): Fault => ({ answer: { status, body: { code: status, message: 'no' } } });

const WRITE_FAULTS: Readonly<Record<string, Fault>> = {
  'refused with 403': refusal(403),
  'refused with 409': refusal(409),
  'held back with 429': refusal(429),
  'held back for six seconds': {
    answer: { status: 429, headers: { 'X-RateLimit-Reset-Seconds-Org': '6' }, body: '' },
  },
  '500 before its effect': refusal(500),
  '500 after its effect': { ...refusal(500), applied: true },
  'reset before its effect': { reset: true },
  'reset after its effect': { reset: true, applied: true },
  'cut off after its effect': { cutBody: true },
  'answered with nothing that can be read': { applied: true, answer: { status: 200, body: 'done' } },
  'answered with 200 without effect': { answer: { status: 200, body: '' } },
  'with an effect of another kind': { mutate: (stored) => ({ ...stored, trafficAllocation: 7 }) },
  'with an effect of another kind, not told': {
    ...{ mutate: (stored) => ({ ...stored, trafficAllocation: 7 }) },
    ...{ applied: true, answer: { status: 200, body: '' } },
  },
  'that makes it live': { mutate: (stored) => ({ ...stored, killed: false }) },
};

/** Those that leave a target that may well look as if somebody else had written it. */
const STRANGE: ReadonlySet<string> = new Set([
  'with an effect of another kind',
  'with an effect of another kind, not told',
  'that makes it live',
]);

const READ_FAULTS: Readonly<Record<string, Fault>> = {
  'refused with 403': refusal(403),
  'with a 500': refusal(500),
  reset: { reset: true },
  'cut off': { cutBody: true },
  'answered with nothing that can be read': { answer: { status: 200, body: 'done' } },
};

interface Injected {
  readonly method: string;
  /** `undefined`: the list of the definitions of the environment. */
  readonly flag: string | undefined;
  readonly environment: string;
  readonly after: number;
  readonly times: number;
  readonly kind: string;
}

const common = {
  environment: fc.constantFrom(...TARGETS),
  times: fc.constantFrom(1, 1, 2, 4),
};

const injectedWrite: fc.Arbitrary<Injected> = fc.record({
  ...common,
  method: fc.constantFrom('PUT', 'PUT', 'PUT', 'POST', 'DELETE'),
  flag: fc.constantFrom(...Object.keys(FLAGS)),
  after: fc.constantFrom(0, 0, 1, 2),
  kind: fc.constantFrom(...Object.keys(WRITE_FAULTS)),
});

const injectedRead: fc.Arbitrary<Injected> = fc.record({
  ...common,
  method: fc.constant('GET'),
  flag: fc.option(fc.constantFrom(...Object.keys(FLAGS)), { nil: undefined }),
  after: fc.constantFrom(0, 1, 2),
  kind: fc.constantFrom(...Object.keys(READ_FAULTS)),
});

/** A write that took effect, or not, while nothing tells so. */
function doubtOf(members: Partial<Injected>): readonly Injected[] {
  const write = { environment: 'QA', flag: 'changed', after: 0, ...members, times: 1 };
  return [
    { method: 'PUT', kind: 'reset after its effect', ...write },
    { ...write, method: 'GET', after: 0, times: 2, kind: 'with a 500' },
  ];
}

/** Kill and write of one item, where they are accepted without effect. */
const IDLE: Injected = {
  ...{ method: 'PUT', flag: 'killed', environment: 'QA', after: 0, times: 1 },
  kind: 'answered with 200 without effect',
};

const injectedDoubt = fc
  .record({
    environment: fc.constantFrom(...TARGETS),
    flag: fc.constantFrom(...Object.keys(FLAGS)),
    method: fc.constantFrom('PUT', 'PUT', 'POST'),
    after: fc.constantFrom(0, 0, 1),
    kind: fc.constantFrom('reset before its effect', 'reset after its effect'),
  })
  .map(doubtOf);

const injected: fc.Arbitrary<readonly Injected[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: injectedWrite.map((fault) => [fault]) },
      { weight: 2, arbitrary: injectedRead.map((fault) => [fault]) },
      { weight: 1, arbitrary: injectedDoubt },
    ),
    { maxLength: 7 },
  )
  .map((faults) => faults.flat());

function faultOf({ method, flag, environment, after, times, kind }: Injected, world: World): Fault {
  const { environment: there } = siteAt(world, at(environment, flag ?? 'changed'));
  const fault = (method === 'GET' ? READ_FAULTS : WRITE_FAULTS)[kind];
  const path = flag === undefined ? `/environments/${there.id}?` : `/${flag}/environments/${there.id}`;
  // The lists are read once for the plan.
  return { ...fault, method, path, times, after: flag === undefined ? after + 1 : after };
}

interface Told {
  readonly flag: string;
  readonly environment: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly message: string;
  readonly written: string;
  readonly state: string;
}

const objects = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((element: Json) => isJsonObject(element)) : [];

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** What the run says of every item, in its output and in the last content of its plan file, which agree. */
function toldBy({ outputs, planFiles }: Remembered): readonly Told[] {
  const results = new Map(
    objects(parseJson(outputs['results'] ?? '')).map((result) => [
      `${String(result['targetFlag'])} ${String(result['environment'])}`,
      result,
    ]),
  );
  const items = objects(object(planFiles.at(-1))['items']);
  const told = items.map((item) => {
    const target = object(item['target']);
    const progress = object(item['progress']);
    const flag = String(target['flag']);
    const environment = String(object(target['environment'])['name']);
    const result = results.get(`${flag} ${environment}`);
    // Equal items are not in the output.
    const outcome = result === undefined ? 'unchanged' : String(result['outcome']);
    expect({ flag, environment, outcome: progress['outcome'] }).toEqual({ flag, environment, outcome });
    const reason = result?.['reason'] == null ? null : String(result['reason']);
    const [written, state] = [String(progress['written']), String(progress['state'])];
    const message = String(result?.['message'] ?? '');
    return { flag, environment, outcome, reason, message, written, state };
  });
  expect(results.size).toBe(told.filter(({ outcome }) => outcome !== 'unchanged').length);
  return told;
}

const STATES: Readonly<Record<string, readonly string[]>> = {
  unchanged: ['planned'],
  created: ['confirmed'],
  updated: ['confirmed'],
  restored: ['restored'],
  failed: ['planned', 'started', 'written'],
  'not-attempted': ['planned'],
};

const sameDefinition = (left: There, right: There): boolean =>
  left === undefined || right === undefined
    ? left === right
    : sameMeaning(withoutBookkeeping(left), withoutBookkeeping(right));

/** What the copy means a target to have: all that the source serves, and its kill state. */
function meant(world: World, { flag, environment }: Told): There {
  const there = { ...getDefinition(world, at(SOURCE, flag)) };
  const { id, name } = siteAt(world, at(environment, flag)).environment;
  return { ...there, environment: { id, name } };
}

/** Everything that the run should have left alone. */
const otherwise = (world: World): Json =>
  parseJson(
    JSON.stringify({
      ...world,
      workspaces: world.workspaces.map((workspace) => ({
        ...workspace,
        flags: [...workspace.flags],
        environments: workspace.environments.map((environment) => ({
          ...environment,
          definitions: [...environment.definitions].filter(
            ([flag]) => environment.name === SOURCE || FLAGS[flag] === undefined,
          ),
          openChangeRequests: [...environment.openChangeRequests],
        })),
      })),
    }),
  );

/** Compares what a run says with the world it left. */
function expectTruth(
  run: Remembered,
  { before, after }: { readonly before: World; readonly after: World },
  { faults, onFailure }: { readonly faults: readonly Injected[]; readonly onFailure: string },
): void {
  const told = toldBy(run);
  const { outputs } = run;
  expect(told).toHaveLength(ITEMS);
  expect(otherwise(after)).toEqual(otherwise(before));

  for (const item of told) {
    const { flag, environment, outcome, written, state } = item;
    const [was, is] = [before, after].map((world) => getDefinition(world, at(environment, flag)));
    const found = {
      isAsMeant: sameDefinition(is, meant(before, item)),
      isAsBefore: sameDefinition(is, was),
    };
    const seen = { ...item, found };
    if (outcome === 'created' || outcome === 'updated' || outcome === 'unchanged') {
      expect(seen).toMatchObject({ found: { isAsMeant: true } });
    } else if (outcome === 'restored') {
      expect(seen).toMatchObject({ written: 'no', found: { isAsBefore: true } });
    } else if (written === 'no') {
      expect(seen).toMatchObject({ found: { isAsBefore: true } });
      expect(is).toBe(was);
    } else {
      expect(seen).toMatchObject({ outcome: 'failed' });
    }
    expect(STATES[outcome]).toContain(state);
    if (outcome === 'failed' || outcome === 'restored')
      expect(state === 'started').toBe(written === 'unknown');
    if (outcome === 'failed') expect(item.reason).not.toBeNull();
    // Nobody else writes here.
    const isStrange = faults.some(
      (fault) => fault.flag === flag && fault.environment === environment && STRANGE.has(fault.kind),
    );
    if (!isStrange) expect(item.message).not.toContain('no longer what this run wrote');
  }

  const left = told.filter(({ outcome, written }) => outcome !== 'unchanged' && written !== 'no');
  const failed = outputs['failure-reason'] !== '';
  const asMeant = told.every((item) =>
    sameDefinition(getDefinition(after, at(item.environment, item.flag)), meant(before, item)),
  );
  expect(outputs['status']).toBe(failed ? (left.length > 0 ? 'partial' : 'failed') : 'applied');
  expect(outputs['in-effect']).toBe(String(!failed));
  if (!failed) expect(asMeant).toBe(true);
  const isRed = ({ outcome }: Told): boolean => ['failed', 'restored', 'not-attempted'].includes(outcome);
  expect(told.some(isRed)).toBe(failed);
  if (failed) expect(told.map(({ reason }) => reason)).toContain(outputs['failure-reason']);
  if (failed && onFailure === 'restore') {
    expect(told.filter(({ outcome }) => outcome === 'created' || outcome === 'updated')).toEqual([]);
  }
  for (const environment of TARGETS) {
    const of = (wanted: string) =>
      told.find((item) => item.environment === environment && item.flag === wanted);
    if (of('parent')?.written === 'no' && of('parent')?.outcome !== 'restored') {
      expect(['not-attempted', 'failed']).toContain(of('a_child')?.outcome);
      expect(of('a_child')?.written).toBe('no');
    }
  }
}

async function playWith(faults: readonly Injected[], onFailure: string): Promise<void> {
  const world = worldBefore();
  const before = copyWorld(world);
  const emulator = await startEmulator({ world });
  try {
    for (const injected of faults) emulator.fault(faultOf(injected, world));
    const run = await play({
      apiUrl: emulator.apiUrl,
      inputs: {
        flags: '*, !x_*',
        'source-environment': SOURCE,
        'target-environment': TARGETS.join(', '),
        'kill-state': 'copy',
        'on-failure': onFailure,
      },
      client: { maxRetries: 1 },
    });
    if (run.planFiles.length === 0) {
      // It could not read what it needs.
      expect(run.outputs).toMatchObject({ status: 'failed', 'in-effect': 'false' });
      expect(emulator.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
      return;
    }
    expectTruth(run, { before, after: world }, { faults, onFailure });
  } finally {
    await emulator.close();
  }
}

describe('whatever fails', () => {
  test('without faults, everything is written', () => playWith([], 'restore'));

  test('the outcomes are those of all items, and each says what its target is', () =>
    fc.assert(
      fc.asyncProperty(injected, fc.constantFrom('stop', 'continue', 'restore', 'restore'), playWith),
      {
        numRuns: 80,
        examples: [
          [doubtOf({ flag: 'revived', after: 1 }), 'restore'],
          [doubtOf({ flag: 'killed', after: 0 }), 'restore'],
          [[{ ...IDLE, after: 1 }], 'restore'],
          [[{ ...IDLE, times: 2 }], 'restore'],
        ],
      },
    ));
});
