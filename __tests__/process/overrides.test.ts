// Overrides through the bundle: what is written, looked up and shown instead of the source's.
import { describe, expect, test } from '@jest/globals';
import { inSegment, ON_OFF, rule, split } from '../../emulator/seed-parts.ts';
import { addSegment } from '../../emulator/world.ts';
import { toJson, type JsonObject } from '../../src/json.ts';
import { onApprovalStage } from './approvals.ts';
import { addNeighbour, CHANGE_REQUESTS, findingsOf, looksOf, shop } from './checks.ts';
import { expectGolden } from './golden.ts';
import { errorsOf, onStage, type Stage } from './stage.ts';

/** Promotes `checkout` from Staging to QA with these overrides. */
const promote = (stage: Stage, overrides: string, inputs: Readonly<Record<string, string>> = {}) =>
  stage.run({
    flags: 'checkout',
    'source-environment': 'Staging',
    'target-environment': 'QA',
    overrides,
    ...inputs,
  });

const inShop = (play: (stage: Stage) => Promise<void>): Promise<void> => onStage(play, { world: shop() });

/** Bodies of the writes, in the order sent. */
const bodies = ({ emulator }: Stage): readonly JsonObject[] =>
  emulator.requests.filter(({ method }) => method !== 'GET').map(({ body }) => body as JsonObject);

/** Adds segments to QA. */
const having = ({ workspace, environment }: Stage, ...names: readonly string[]): void => {
  for (const name of names)
    addSegment(workspace(), environment('QA'), { kind: 'standard', name, trafficType: 'user' });
};

/** Two rules; the second is the one that is overridden here. */
const RULES = [
  rule([inSegment('employees')], { on: 100 }),
  rule([{ type: 'IN_LIST_STRING', attribute: 'plan', strings: ['pro'] }], { on: 100 }),
];

describe('overrides', () => {
  test('the same as Staging, but at 10 %: the one write carries it, and the summary shows all three states', () =>
    inShop(async (stage) => {
      const run = await promote(stage, 'default-rule: { on: 10, off: 90 }');

      expect(run.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      expect(bodies(stage)).toMatchObject([{ treatments: ON_OFF, defaultRule: split({ on: 10, off: 90 }) }]);
      expect(stage.stored('QA', 'checkout')).toMatchObject({ defaultRule: split({ on: 10, off: 90 }) });
      expectGolden('overrides/default-rule', run);
    }));

  test('of everything, the narrowest first: each target gets what is meant for it', () =>
    inShop(async (stage) => {
      const treatments = [{ name: 'on', segments: ['beta', 'vip'] }, { name: 'off' }];
      stage.edit({ rules: RULES, treatments, xnote: 'kept' }, 'Staging', 'checkout');
      stage.edit({ rules: [{ ...RULES[1], buckets: split({ off: 100 }) }] }, 'QA', 'checkout');
      addNeighbour(stage, 'search', { environments: ['Staging', 'QA'] });
      having(stage, 'staff', 'beta', 'vip-qa');
      const run = await promote(
        stage,
        `
          # Half of what Staging has, to begin with.
          traffic-allocation: 50
          rules:
            2: { on: 33, off: 67 }
          segments: { employees: staff }
          environments:
            QA:
              segments: { vip: vip-qa }
              flags:
                checkout: { default-rule: { off: 80, on: 20 } }
          flags:
            checkout:
              traffic-allocation: 60
        `,
      );

      expect(run.outputs).toMatchObject({ status: 'applied' });
      const [body] = bodies(stage);
      expect(body).toMatchObject({
        trafficAllocation: 60,
        defaultRule: split({ off: 80, on: 20 }),
        treatments: [{ name: 'on', segments: ['beta', 'vip-qa'] }, { name: 'off' }],
        rules: [
          { ...RULES[0], condition: { matchers: [{ type: 'IN_SEGMENT', string: 'staff' }] } },
          { ...RULES[1], buckets: split({ on: 33, off: 67 }) },
        ],
      });
      expect(toJson(body?.['defaultRule'] ?? null)).toBe(
        '[{"treatment":"off","size":80},{"treatment":"on","size":20}]',
      );
      expect(looksOf(stage).toSorted()).toEqual([CHANGE_REQUESTS, 'segments'].toSorted());
      expectGolden('overrides/everything', run);
    }));

  test('a renamed segment is looked up by its new name, and its old one is not missed', () =>
    inShop(async (stage) => {
      stage.edit({ rules: RULES }, 'Staging', 'checkout');
      having(stage, 'employees');
      const refused = await promote(stage, 'segments: { employees: staff }');
      having(stage, 'staff');
      const applied = await promote(stage, 'segments: { employees: staff }');

      expect(findingsOf(refused)).toEqual(['error segment-missing']);
      expect(refused.stdout).toContain('`staff` is not in QA');
      expect(findingsOf(applied)).toEqual([]);
      expect(applied.outputs).toMatchObject({ status: 'applied' });
    }));

  test('a treatment that the result does not have stops the run before it writes', () =>
    inShop(async (stage) => {
      const run = await promote(stage, 'default-rule: { on: 10, gone: 90 }');

      expect(findingsOf(run)).toEqual(['error structure']);
      expect(run.outputs).toMatchObject({ status: 'refused', 'failure-reason': 'checks-failed' });
      expect(stage.writes()).toEqual([]);
    }));

  test('where they make the source what the target is, nothing is written', () =>
    inShop(async (stage) => {
      const run = await promote(stage, 'default-rule: { off: 100 }');

      expect(run.outputs).toMatchObject({ status: 'unchanged', changed: 'false' });
      expect(stage.writes()).toEqual([]);
    }));

  test('a segment that nothing names is a notice', () =>
    inShop(async (stage) => {
      const run = await promote(stage, 'segments: { employees: staff }');

      expect(run.outputs).toMatchObject({ status: 'applied' });
      expect(run.stdout).toContain(
        '::notice::Nothing that is copied names segment `employees`, so `overrides` renames nothing there.',
      );
    }));

  test('every problem is told at once, before any request', () =>
    inShop(async (stage) => {
      const run = await promote(
        stage,
        `
          default-rule: { on: 10, off: 80 }
          rules: { 0: { on: 100 } }
          trafic-allocation: 50
          environments: { Production: { traffic-allocation: 500 } }
          segments: { a: b, a: c }
        `,
        { 'max-retries': 'many' },
      );

      expect(run.exitCode).toBe(1);
      expect(run.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'invalid-input' });
      expect(errorsOf(run)).toHaveLength(1);
      expect(stage.emulator.requests).toEqual([]);
      expectGolden('overrides/problems', run);
    }));

  test.each([
    [
      'a rule that the source does not have',
      'rules: { 3: { on: 100 } }',
      '`overrides` sets rule 3 of flag `checkout` for QA, but in Staging it has 2 rules.',
    ],
    [
      'an environment by an id that is no target',
      'environments: { 0f0e0d0c-0b0a-0908-0706-050403020100: { traffic-allocation: 5 } }',
      '`overrides` is for environment `0f0e0d0c-0b0a-0908-0706-050403020100`, which this run does not copy to; it copies to `QA`.',
    ],
    [
      'a flag that the globs do not select',
      'flags: { search: { traffic-allocation: 5 } }',
      '`overrides` is for flag `search`, which this run does not copy; it copies `checkout`.',
    ],
  ])('%s is invalid before anything is written', (_what, overrides, words) =>
    inShop(async (stage) => {
      stage.edit({ rules: RULES }, 'Staging', 'checkout');
      const run = await promote(stage, overrides, { flags: 'check*' });

      expect(run.outputs).toMatchObject({ status: 'failed', 'failure-reason': 'invalid-input' });
      expect(run.stdout).toContain(words);
      expect(stage.writes()).toEqual([]);
    }),
  );

  test('an environment may be named by its id, whatever the input says', () =>
    inShop(async (stage) => {
      const run = await promote(stage, `environments: { ${stage.idOf('QA')}: { traffic-allocation: 5 } }`);

      expect(run.outputs).toMatchObject({ status: 'applied' });
      expect(stage.stored('QA', 'checkout')).toMatchObject({ trafficAllocation: 5 });
    }));

  test('a plan with them is applied from its file, shows them again, and is rolled back to what was there', () =>
    inShop(async (stage) => {
      const before = stage.stored('QA', 'checkout');
      const overrides = 'default-rule: { on: 10, off: 90 }\ntraffic-allocation: 50';
      const plan = await promote(stage, overrides, { mode: 'plan' });
      const plain = await promote(stage, '', { mode: 'plan' });
      const file = { flags: '', 'source-environment': '', 'target-environment': '', overrides: '' };
      const applied = await stage.run({ ...file, 'plan-file': plan.outputs['plan-file'] ?? '' });
      const table = (summary: string): string => /\| Overridden[^]*?\n\n/u.exec(summary)?.[0] ?? '';

      expect(plan.outputs['fingerprint']).not.toBe(plain.outputs['fingerprint']);
      expect(applied.outputs).toMatchObject({ status: 'applied', fingerprint: plan.outputs['fingerprint'] });
      expect(stage.stored('QA', 'checkout')).toMatchObject({ trafficAllocation: 50 });
      expect(table(plan.summary).split('\n')).toHaveLength(6);
      expect(table(applied.summary)).toBe(table(plan.summary));
      expect(applied.stdout).toContain('override of traffic allocation: 100 % → 50 %');

      const undone = await stage.run({
        ...file,
        mode: 'rollback',
        'plan-file': applied.outputs['plan-file'] ?? '',
      });
      expect(undone.outputs).toMatchObject({ status: 'rolled-back' });
      expect(stage.stored('QA', 'checkout')).toMatchObject({ defaultRule: before?.['defaultRule'] });
      expect(undone.summary).not.toContain('Overridden');
    }));

  test('a change request asks for the overridden result', () =>
    onApprovalStage(async ({ promote: ask, bodies: filed }) => {
      const run = await ask({ overrides: 'default-rule: { on: 10, off: 90 }' });

      expect(run.outputs).toMatchObject({ status: 'pending-approval' });
      expect(filed()).toMatchObject([{ split: { defaultRule: split({ on: 10, off: 90 }) } }]);
    }));
});
