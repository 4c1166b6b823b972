// What a run says and does about the users it moves: limits, expectations, reshuffles.
import { describe, expect, test } from '@jest/globals';
import { inSegment, ON_OFF, rule, split } from '../../emulator/seed-parts.ts';
import { addNeighbour, expectChecks, shop, type CheckScenario } from './checks.ts';
import { onStage, outcomesOf, resultOf, resultsOf } from './stage.ts';

const inPlan = (...plans: readonly string[]) => ({
  type: 'IN_LIST_STRING',
  attribute: 'plan',
  strings: plans,
});

const HALF = { defaultRule: split({ on: 50, off: 50 }) };

const SCENARIOS: readonly CheckScenario[] = [
  {
    name: 'a shift over the limit stops the run, and the plan is shown',
    source: { rules: [rule([inPlan('pro', 'team')], { on: 100 })], ...HALF },
    target: { rules: [rule([inPlan('pro', 'team')], { on: 10, off: 90 })], ...HALF },
    inputs: { 'max-shift': '25' },
    findings: ['error shift-over-limit'],
    words: ['90 % of users with `plan` in [`pro`, `team`] would get another treatment'],
  },
  {
    name: 'a shift at the limit passes',
    source: { rules: [rule([inPlan('pro', 'team')], { on: 100 })], ...HALF },
    target: { rules: [rule([inPlan('pro', 'team')], { on: 10, off: 90 })], ...HALF },
    inputs: { 'max-shift': '90' },
  },
  {
    name: 'a shift over the limit is let through where its check is ignored',
    source: HALF,
    inputs: { 'max-shift': '0', 'ignore-checks': 'shift-over-limit' },
    findings: ['warning shift-over-limit'],
  },
  {
    name: 'users of two rules who may not exist count for the limit',
    source: { rules: [rule([inSegment('staff')], { off: 100 }), rule([inPlan('pro')], { on: 100 })] },
    target: {
      rules: [rule([inPlan('pro')], { on: 100 }), rule([inSegment('staff')], { off: 100 })],
      defaultRule: split({ on: 100 }),
    },
    switches: { checkSegments: false },
    inputs: { 'max-shift': '50', 'ignore-checks': 'segment-missing' },
    looks: ['change requests', 'segments', 'large segments', 'rule based segments'],
    findings: ['warning segment-missing', 'error shift-over-limit'],
    words: ['if there are any'],
  },
  {
    name: 'an order that moves users is told',
    source: { defaultRule: split({ off: 50, on: 50 }) },
    target: HALF,
    findings: ['warning reshuffle'],
    words: ['only because the percentages stand in another order than in QA'],
  },
  {
    name: 'an order that moves users stops the run where it is to',
    source: { defaultRule: split({ off: 50, on: 50 }) },
    target: HALF,
    inputs: { 'fail-on': 'reshuffle' },
    findings: ['error reshuffle'],
  },
  {
    name: 'what is expected and served passes',
    source: {
      treatments: [{ ...ON_OFF[0], name: 'on', keys: ['user-42'] }, { name: 'off' }],
      rules: [rule([inPlan('pro')], { on: 100 })],
      defaultRule: split({ on: 10, off: 90 }),
    },
    inputs: { expect: 'user-42 -> on\n{"plan":"pro","country":"DE"} -> on\neveryone-else -> off 90%' },
  },
  {
    name: 'what is expected and not served is listed with what is',
    source: {
      rules: [rule([inSegment('staff')], { on: 100 }), rule([inPlan('pro')], { on: 25, off: 75 })],
      defaultRule: split({ on: 10, off: 90 }),
    },
    switches: { checkSegments: false },
    inputs: {
      'ignore-checks': 'segment-missing',
      expect: 'everyone-else -> off\n{"plan":"free"} -> off\neveryone-else -> on 10 %\n{"plan":"pro"} -> on',
    },
    looks: ['change requests', 'segments', 'large segments', 'rule based segments'],
    findings: ['warning segment-missing', ...Array.from({ length: 3 }, () => 'error expectation-failed')],
    words: [
      '`everyone-else -> off` does not hold: `on` 10 %, `off` 90 % would be served.',
      'Whether `{"plan":"free"} -> off` holds cannot be said. It depends on who is in segment `staff`.',
    ],
  },
];

describe('the users that a run moves', () => {
  test.each(SCENARIOS)('$name', expectChecks);

  test('an unchanged item is checked for what is expected of it, and refused', () =>
    onStage(
      async ({ edit, run, writes }) => {
        edit({ defaultRule: split({ on: 100 }) }, 'QA', 'checkout');
        const seen = await run({
          ...{ flags: 'checkout', 'source-environment': 'Staging', 'target-environment': 'QA' },
          expect: 'everyone-else -> off',
        });
        expect(seen.outputs).toMatchObject({
          status: 'refused',
          'failure-reason': 'checks-failed',
          changed: 'false',
        });
        expect(writes()).toEqual([]);
      },
      { world: shop() },
    ));

  test('of several flags each has its own expectations, and a line that is about none is an error', () =>
    onStage(
      async (stage) => {
        addNeighbour(stage, 'other', { environments: ['Staging', 'QA'] });
        stage.edit({ defaultRule: split({ off: 100 }) }, 'QA', 'other');
        const inputs = {
          ...{ flags: '*', 'source-environment': 'Staging', 'target-environment': 'QA' },
          expect: 'checkout: everyone-else -> on\nother: everyone-else -> on',
        };
        const seen = await stage.run({ ...inputs, mode: 'plan' });
        expect(seen.outputs).toMatchObject({ status: 'planned' });
        const refused = await stage.run({ ...inputs, expect: 'everyone-else -> on\nnone: a -> on' });
        expect(refused.outputs).toMatchObject({ status: 'refused', 'failure-reason': 'checks-failed' });
        expect(refused.stdout).toContain('`everyone-else -> on` is about none of the flags of this run');
        expect(refused.stdout).toContain('`none: a -> on` is about none of the flags of this run');
        expect(outcomesOf(refused)).toEqual(['checkout not-attempted', 'other not-attempted']);
        expect(stage.writes()).toEqual([]);
      },
      { world: shop() },
    ));

  test('limits and expectations hold for a saved plan and for a rollback, too', () =>
    onStage(
      async ({ run, writes }) => {
        const way = { flags: 'checkout', 'source-environment': 'Staging', 'target-environment': 'QA' };
        const planned = await run({ ...way, mode: 'plan' });
        const file = {
          ...{ flags: '', 'source-environment': '', 'target-environment': '' },
          'plan-file': planned.outputs['plan-file'] ?? '',
        };
        const refused = await run({ ...file, 'max-shift': '99.99' });
        expect(refused.outputs).toMatchObject({ status: 'refused', 'failure-reason': 'checks-failed' });
        expect(writes()).toEqual([]);
        const applied = await run({ ...file, 'max-shift': '100', expect: 'everyone-else -> on' });
        expect(applied.outputs).toMatchObject({ status: 'applied' });
        expect(resultOf(applied)).toMatchObject({ largestShift: 100, reshuffle: false });
        const undo = { ...file, mode: 'rollback', 'plan-file': applied.outputs['plan-file'] ?? '' };
        const kept = await run({ ...undo, expect: 'everyone-else -> on' });
        expect(kept.outputs).toMatchObject({ status: 'refused', 'failure-reason': 'checks-failed' });
        const undone = await run({ ...undo, expect: 'everyone-else -> off' });
        expect(undone.outputs).toMatchObject({ status: 'rolled-back' });
        expect(writes()).toHaveLength(2);
      },
      { world: shop() },
    ));

  test('the results have the largest shift of each item, with two decimals, and none for a new one', () =>
    onStage(
      async ({ edit, run, environment }) => {
        edit({ trafficAllocation: 67, defaultRule: split({ on: 25, off: 75 }) }, 'Staging', 'checkout');
        edit({ trafficAllocation: 33, defaultRule: split({ on: 50, off: 50 }) }, 'QA', 'checkout');
        environment('Production').definitions.delete('checkout');
        const seen = await run({
          ...{ flags: 'checkout', 'source-environment': 'Staging', 'target-environment': 'QA, Production' },
          mode: 'plan',
        });
        expect(resultsOf(seen).map(({ environment, largestShift }) => [environment, largestShift])).toEqual([
          ['QA', 16.75],
          ['Production', null],
        ]);
      },
      { world: shop() },
    ));
});
