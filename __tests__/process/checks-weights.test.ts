// What the user makes of findings: `fail-on`, `ignore-checks`, `max-changes`, and the modes of a run.
import { describe, expect, test } from '@jest/globals';
import { inSegment, rule, split } from '../../emulator/seed-parts.ts';
import { CHANGE_REQUESTS, expectChecks, shop, type CheckScenario } from './checks.ts';
import { expectFailure } from './endings.ts';
import { expectGolden } from './golden.ts';
import { onStage, type Stage } from './stage.ts';

const LOSING = { treatments: [{ name: 'on', keys: ['user-1'] }, { name: 'off' }] };
const ON_SEGMENT = { rules: [rule([inSegment('employees')], { on: 100 })] };
const LISTS = ['segments', 'large segments', 'rule based segments'];

const SCENARIOS: readonly CheckScenario[] = [
  {
    name: 'a warning that fail-on names stops the run',
    target: LOSING,
    inputs: { 'fail-on': 'killed-target, targets-lost' },
    findings: ['error targets-lost'],
  },
  {
    name: 'a warning that fail-on does not name stops nothing',
    target: LOSING,
    inputs: { 'fail-on': 'killed-target' },
    findings: ['warning targets-lost'],
  },
  {
    name: 'what could not be verified stops the run where fail-on names it',
    source: ON_SEGMENT,
    arrange: ({ emulator }) =>
      emulator.fault({
        path: /segments\//,
        times: 9,
        answer: { status: 403, body: { code: 403, message: 'no' } },
      }),
    inputs: { 'fail-on': 'segment-missing' },
    findings: ['error segment-missing'],
    looks: [...LISTS, CHANGE_REQUESTS],
  },
  {
    name: 'an error that ignore-checks names is a warning, and the write goes on',
    source: ON_SEGMENT,
    inputs: { 'ignore-checks': 'segment-missing' },
    switches: { checkSegments: false },
    findings: ['warning segment-missing'],
    looks: [...LISTS, CHANGE_REQUESTS],
  },
  {
    name: 'an error that ignore-checks does not name stops the run',
    source: ON_SEGMENT,
    inputs: { 'ignore-checks': 'parent-missing' },
    findings: ['error segment-missing'],
    looks: [...LISTS, CHANGE_REQUESTS],
  },
  {
    name: 'more items than max-changes allows stop the run',
    inputs: { 'max-changes': '0' },
    findings: ['error too-many-changes'],
    words: ['1 item would change, and `max-changes` is 0'],
  },
  {
    name: 'as many items as max-changes allows pass',
    inputs: { 'max-changes': '1' },
  },
  {
    name: 'more items than max-changes allows are a warning in a plan',
    inputs: { 'max-changes': '0', mode: 'plan' },
    findings: ['warning too-many-changes'],
  },
  {
    name: 'too many changes that ignore-checks names are a warning, and the write goes on',
    inputs: { 'max-changes': '0', 'ignore-checks': 'too-many-changes' },
    findings: ['warning too-many-changes'],
  },
  {
    name: 'a plan that differs fails where fail-on names changes',
    inputs: { mode: 'plan', 'fail-on': 'changes' },
    reason: 'changes-found',
  },
  {
    name: 'a plan that differs and has errors fails for its checks',
    source: { defaultRule: split({ on: 60 }) },
    inputs: { mode: 'plan', 'fail-on': 'changes' },
    findings: ['error structure'],
  },
  {
    name: 'changes in fail-on have no effect where the run writes',
    inputs: { 'fail-on': 'changes' },
  },
];

describe('weights', () => {
  test.each(SCENARIOS)('$name', expectChecks);
});

const play = (stage: Stage, inputs: Readonly<Record<string, string>>) =>
  stage.run({ flags: 'checkout', 'source-environment': 'Staging', 'target-environment': 'QA', ...inputs });

describe('codes', () => {
  test.each([
    ['a code that there is not', { 'fail-on': 'segments-missing', 'ignore-checks': 'segment-mising' }],
    ['a code that may not be ignored', { 'ignore-checks': 'structure, change-pending' }],
    ['a warning to be ignored', { 'ignore-checks': 'targets-lost' }],
    [
      'a code that is to fail and to be ignored',
      { 'fail-on': 'segment-missing', 'ignore-checks': 'segment-missing' },
    ],
  ])('are invalid input before any request: %s', (what, inputs) =>
    onStage(
      async (stage) => {
        const run = await play(stage, inputs);
        expectFailure(run, 'invalid-input', 'failed');
        expect(stage.emulator.requests).toEqual([]);
        expectGolden(`checks/${what.replaceAll(' ', '-')}-is-invalid-input`, run);
      },
      { world: shop() },
    ),
  );
});

test('nothing is looked up and nothing is found where nothing differs, not even with fail-on', () =>
  onStage(
    async (stage) => {
      stage.edit({ ...ON_SEGMENT, ...LOSING, killed: true }, 'Staging', 'checkout');
      stage.edit(
        { ...ON_SEGMENT, ...LOSING, killed: true, defaultRule: split({ on: 100 }) },
        'QA',
        'checkout',
      );
      const run = await play(stage, { mode: 'plan', 'fail-on': 'changes, killed-target, segment-missing' });
      expect(run.exitCode).toBe(0);
      expect(run.outputs).toMatchObject({ status: 'unchanged', 'failure-reason': '', results: '[]' });
      expect(stage.emulator.requests).toHaveLength(4);
      expectGolden('checks/nothing-is-found-where-nothing-differs', run);
    },
    { world: shop() },
  ));
