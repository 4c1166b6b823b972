// Undoing a run with its plan file: what it changed goes back, what others changed since stays.
import { describe, expect, test } from '@jest/globals';
import { oneOf, rule, split } from '../../emulator/seed-parts.ts';
import { setDefinition } from '../../emulator/world.ts';
import type { ActionRun } from '../../scripts/run-action.mjs';
import { canonical, withoutBookkeeping } from '../../src/definition/equality.ts';
import type { JsonObject } from '../../src/json.ts';
import { addNeighbour, BASE, shop } from './checks.ts';
import { expectFailure } from './endings.ts';
import { expectGolden } from './golden.ts';
import { onStage, outcomesOf, planFileOf, type Stage } from './stage.ts';

const FLAGS = ['a', 'b', 'c'];
const SHOP = { flags: FLAGS.join(','), 'source-environment': 'Staging', 'target-environment': 'QA' };
const SAVED = { flags: '', 'source-environment': '', 'target-environment': '', mode: 'rollback' };

/** Flags `a`, `b` and `c` are on in Staging and off in QA, with rules of their own in Staging. */
function onShop(test: (stage: Stage) => Promise<void>): Promise<void> {
  return onStage(
    async (stage) => {
      for (const flag of FLAGS) {
        addNeighbour(stage, flag, { environments: ['QA'], defaultRule: split({ off: 100 }) });
        source(stage, flag, {
          rules: [rule([oneOf('plan', 'pro')], { on: 100 })],
        });
      }
      await test(stage);
    },
    { world: shop() },
  );
}

const source = ({ emulator }: Stage, flag: string, members: JsonObject): void =>
  setDefinition(
    emulator.world,
    { workspace: 'Default', environment: 'Staging', flag },
    { ...BASE, ...members },
  );

/** Every definition of QA as it serves: without what the API notes beside it. */
const served = ({ environment }: Stage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from(environment('QA').definitions, ([flag, definition]) => [
      flag,
      canonical(withoutBookkeeping(definition)),
    ]),
  );

const promoted = async (stage: Stage, more: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { outputs } = await stage.run({ ...SHOP, ...more });
  return outputs['plan-file'] ?? '';
};

const rolledBack = (
  stage: Stage,
  planFile: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ActionRun> => stage.run({ ...SAVED, 'plan-file': planFile, ...more });

describe('a rollback', () => {
  test('puts back everything the run wrote, and a second one finds nothing to do', () =>
    onShop(async (stage) => {
      const before = served(stage);
      const file = await promoted(stage);
      expect(served(stage)).not.toEqual(before);
      const ended = await rolledBack(stage, file);
      expect(ended.outputs).toMatchObject({
        status: 'rolled-back',
        'in-effect': 'true',
        'failure-reason': '',
      });
      expect(outcomesOf(ended)).toEqual(FLAGS.map((flag) => `${flag} restored`));
      expect(served(stage)).toEqual(before);
      expect(stage.emulator.requests.findLast(({ method }) => method === 'PUT')?.body).toMatchObject({
        title: expect.stringMatching(/^Roll back [abc] in QA$/),
        comment: expect.stringMatching(/^Rolled back by octocat at commit /),
      });
      expectGolden('rollback/everything', ended);
      const again = await rolledBack(stage, file);
      expect(again.outputs).toMatchObject({ status: 'unchanged', 'in-effect': 'true' });
      expect(again.exitCode).toBe(0);
    }));

  test('of a plan that was never applied finds nothing to do', () =>
    onShop(async (stage) => {
      const ended = await rolledBack(stage, await promoted(stage, { mode: 'plan' }));
      expect(ended.outputs).toMatchObject({ status: 'unchanged', changed: 'false' });
      expect(stage.writes()).toEqual([]);
    }));

  test('can be undone itself', () =>
    onShop(async (stage) => {
      stage.environment('QA').definitions.delete('a');
      const file = await promoted(stage);
      const after = served(stage);
      const back = await rolledBack(stage, file);
      expect(back.outputs['status']).toBe('rolled-back');
      expect(served(stage)).not.toHaveProperty('a');
      const forth = await rolledBack(stage, back.outputs['plan-file'] ?? '');
      expect(forth.outputs['status']).toBe('rolled-back');
      expect(Object.keys(served(stage))).toEqual(expect.arrayContaining(Object.keys(after)));
      expect(stage.stored('QA', 'b')?.['defaultRule']).toEqual(BASE['defaultRule']);
    }));

  test('is no plan to apply', () =>
    onShop(async (stage) => {
      const back = await rolledBack(stage, await promoted(stage));
      const ended = await rolledBack(stage, back.outputs['plan-file'] ?? '', { mode: 'apply' });
      expect(expectFailure(ended, 'invalid-input', 'failed')).toContain('records a rollback');
    }));

  test('removes what the run created, after the flags that ask for it', () =>
    onShop(async (stage) => {
      stage.environment('QA').definitions.delete('a');
      source(stage, 'b', {
        rules: [rule([{ type: 'IN_SPLIT', depends: { splitName: 'a', treatments: ['on'] } }], { on: 100 })],
      });
      const before = served(stage);
      const file = await promoted(stage);
      const ended = await rolledBack(stage, file);
      expect(ended.outputs).toMatchObject({ status: 'rolled-back', 'in-effect': 'true' });
      expect(served(stage)).toEqual(before);
      const removal = stage.emulator.requests.at(-1);
      expect(stage.emulator.requests.findLast(({ method }) => method === 'DELETE')?.path).toContain(
        `title=${encodeURIComponent('Roll back a in QA').replaceAll('%20', '+')}`,
      );
      expect(removal?.method).toBe('GET');
      expectGolden('rollback/a-creation', ended);
    }));

  test('leaves what somebody changed since, says so three ways, and puts the others back', () =>
    onShop(async (stage) => {
      const before = served(stage);
      const file = await promoted(stage);
      stage.edit({ defaultRule: split({ on: 30, off: 70 }) }, 'QA', 'b');
      const theirs = served(stage)['b'];
      const ended = await rolledBack(stage, file);
      const words = expectFailure(ended, 'target-changed', 'partial');
      expect(words).toContain('b in QA');
      expect(outcomesOf(ended)).toEqual(['a restored', 'b refused', 'c restored']);
      expect(served(stage)).toEqual({ ...before, b: theirs });
      expect(ended.summary).toContain('| Changed since | Before the run | What the run left | QA now |');
      expectGolden('rollback/changed-since', ended);
    }));

  test('leaves changes in other sections alone', () =>
    onShop(async (stage) => {
      const file = await promoted(stage);
      stage.edit({ trafficAllocation: 40 }, 'QA', 'b');
      const ended = await rolledBack(stage, file);
      expect(ended.outputs['status']).toBe('rolled-back');
      expect(stage.stored('QA', 'b')).toMatchObject({
        trafficAllocation: 40,
        defaultRule: split({ off: 100 }),
        rules: [],
      });
    }));

  test('is not held up by a kill since then, and keeps the flag killed', () =>
    onShop(async (stage) => {
      stage.environment('QA').definitions.delete('c');
      const file = await promoted(stage);
      for (const flag of ['b', 'c']) stage.edit({ killed: true }, 'QA', flag);
      const ended = await rolledBack(stage, file);
      expect(ended.outputs['status']).toBe('rolled-back');
      expect(stage.stored('QA', 'b')).toMatchObject({ killed: true, defaultRule: split({ off: 100 }) });
      expect(stage.stored('QA', 'c')).toBeUndefined();
    }));

  test('undoes a kill and a restore of the run itself', () =>
    onShop(async (stage) => {
      source(stage, 'a', { killed: true });
      stage.edit({ killed: true }, 'QA', 'b');
      const before = served(stage);
      const file = await promoted(stage, { 'kill-state': 'copy' });
      expect([stage.stored('QA', 'a')?.['killed'], stage.stored('QA', 'b')?.['killed']]).toEqual([
        true,
        false,
      ]);
      const ended = await rolledBack(stage, file);
      expect(ended.outputs['status']).toBe('rolled-back');
      expect(served(stage)).toEqual(before);
    }));

  test.each([
    [{ flags: 'b' }, ['b restored']],
    [{ flags: '!b' }, ['a restored', 'c restored']],
    [{ flags: '[ab]*, c', 'target-environment': 'QA' }, undefined],
    [{ 'target-environment': 'QA', flags: '?' }, ['a restored', 'b restored', 'c restored']],
    [{ 'target-environment': 'Production' }, undefined],
  ])('may be narrowed: %j', (more, outcomes) =>
    onShop(async (stage) => {
      const ended = await rolledBack(stage, await promoted(stage), more);
      if (outcomes === undefined) expectFailure(ended, 'not-found', 'failed');
      else expect(outcomesOf(ended)).toEqual(outcomes);
    }),
  );

  test('takes no notice of limits, since it takes back what they let pass', () =>
    onShop(async (stage) => {
      const file = await promoted(stage);
      const ended = await rolledBack(stage, file, { 'max-changes': '0', 'fail-on': 'targets-lost' });
      expect(ended.outputs['status']).toBe('rolled-back');
    }));

  test('of a flag that is locked by a change request is refused, and the others go back', () =>
    onShop(async (stage) => {
      const file = await promoted(stage);
      stage.environment('QA').approvalsRequired = true;
      const ended = await rolledBack(stage, file);
      expect(ended.outputs['status']).toBe('pending-approval');
      expect(JSON.parse(ended.outputs['change-request-ids'] ?? '')).toHaveLength(3);
    }));

  test('records what it did, as every run does', () =>
    onShop(async (stage) => {
      const ended = await rolledBack(stage, await promoted(stage), { flags: 'a' });
      expect(planFileOf(ended)).toMatchObject({
        mode: 'rollback',
        items: [{ target: { flag: 'a' }, progress: { state: 'confirmed', outcome: 'restored' } }],
      });
    }));
});

test('promote fifty, kill one, roll that one back', () =>
  onStage(
    async (stage) => {
      const flags = Array.from({ length: 50 }, (_, number) => `flag_${String(number).padStart(2, '0')}`);
      for (const flag of flags) {
        addNeighbour(stage, flag, { environments: ['QA'], defaultRule: split({ off: 100 }) });
        source(stage, flag, {});
      }
      const before = served(stage);
      const file = await promoted(stage, { flags: 'flag_*' });
      const after = served(stage);
      stage.edit({ killed: true }, 'QA', 'flag_17');
      const ended = await rolledBack(stage, file, { flags: 'flag_17' });
      expect(ended.outputs).toMatchObject({ status: 'rolled-back', 'in-effect': 'true' });
      const killed = (before['flag_17'] ?? '').replace('"killed":false', '"killed":true');
      expect(served(stage)).toEqual({ ...after, flag_17: killed });
    },
    { world: shop() },
  ));
