// A plan that was saved and approved: exactly that is written, or nothing.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { rule, split } from '../../emulator/seed-parts.ts';
import { setDefinition } from '../../emulator/world.ts';
import type { ActionRun } from '../../scripts/run-action.mjs';
import { parseJson, toJson } from '../../src/json.ts';
import { addNeighbour, BASE, shop } from './checks.ts';
import { expectFailure } from './endings.ts';
import { onStage, outcomesOf, planFileOf, type Stage } from './stage.ts';

const FLAGS = ['a', 'b', 'c'];

/** Nothing but the plan file says what the run is about. */
const SAVED = { flags: '', 'source-environment': '', 'target-environment': '' };

function onShop(test: (stage: Stage) => Promise<void>): Promise<void> {
  return onStage(
    async (stage) => {
      for (const flag of FLAGS) {
        addNeighbour(stage, flag, { environments: ['QA'], defaultRule: split({ off: 100 }) });
        setDefinition(stage.emulator.world, { workspace: 'Default', environment: 'Staging', flag }, BASE);
      }
      await test(stage);
    },
    { world: shop() },
  );
}

const planned = (stage: Stage, more: Readonly<Record<string, string>> = {}): Promise<ActionRun> =>
  stage.run({
    ...{ flags: FLAGS.join(','), 'source-environment': 'Staging', 'target-environment': 'QA', mode: 'plan' },
    ...more,
  });

const fileOf = (run: ActionRun): string => run.outputs['plan-file'] ?? '';

/** A copy of a plan file with another text. */
function rewritten(run: ActionRun, change: (text: string) => string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'plan-')), 'plan.json');
  writeFileSync(path, change(readFileSync(fileOf(run), 'utf8')));
  return path;
}

describe('a saved plan', () => {
  test('is applied as it is, and has the fingerprint that was approved', () =>
    onShop(async (stage) => {
      const plan = await planned(stage);
      const { fingerprint = '' } = plan.outputs;
      const applied = await stage.run({
        ...{ ...SAVED, 'plan-file': fileOf(plan), 'expected-fingerprint': fingerprint },
      });
      expect(applied.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true', fingerprint });
      expect(outcomesOf(applied)).toEqual(FLAGS.map((flag) => `${flag} updated`));
      for (const flag of FLAGS)
        expect(stage.stored('QA', flag)?.['defaultRule']).toEqual(BASE['defaultRule']);
      expect(applied.summary).toContain(
        'gh workflow run rollback.yml --repo octo-org/web-shop -f run-id=1658821493',
      );
      expect(fileOf(applied)).not.toBe(fileOf(plan));
      expect(planFileOf(applied)['fingerprint']).toBe(fingerprint);
    }));

  test('whose first try got half way is completed by a second one', () =>
    onShop(async (stage) => {
      const plan = await planned(stage);
      // The others are written all the same: they were under way by then.
      stage.emulator.fault({ method: 'PUT', path: '/b/', delayMs: 100, answer: { status: 403, body: '' } });
      const saved = { ...SAVED, 'plan-file': fileOf(plan) };
      expect((await stage.run(saved)).outputs['status']).toBe('partial');
      const again = await stage.run(saved);
      expect(again.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      expect(outcomesOf(again)).toEqual(['b updated']);
      expect((await stage.run(saved)).outputs['status']).toBe('unchanged');
    }));

  test.each<[string, (stage: Stage) => void, string]>([
    [
      'a source',
      ({ edit }) => edit({ trafficAllocation: 7 }, 'Staging', 'b'),
      'source b in Staging: traffic allocation',
    ],
    [
      'a target',
      ({ edit }) => edit({ trafficAllocation: 7 }, 'QA', 'b'),
      'target b in QA: traffic allocation',
    ],
    [
      'a target by a kill',
      ({ edit }) => edit({ killed: true }, 'QA', 'b'),
      'target b in QA: kill state: live → killed',
    ],
    [
      'a target outside the sections',
      ({ edit }) => edit({ impressionsDisabled: true }, 'QA', 'b'),
      'target b in QA: something outside of the sections changed',
    ],
    [
      'a target that is gone',
      ({ environment }) => void environment('QA').definitions.delete('b'),
      'target b in QA: it has no definition any more',
    ],
  ])('is not applied at all when %s changed since', (_what, change, words) =>
    onShop(async (stage) => {
      const plan = await planned(stage);
      change(stage);
      const ended = await stage.run({ ...SAVED, 'plan-file': fileOf(plan), 'on-failure': 'continue' });
      expectFailure(ended, 'plan-stale', 'failed');
      expect(stage.writes()).toEqual([]);
      expect(ended.summary.replaceAll('<span></span>', '')).toContain(words);
      expect(outcomesOf(ended)).toEqual(FLAGS.map((flag) => `${flag} not-attempted`));
    }),
  );

  test('is applied whatever the API notes beside the definitions', () =>
    onShop(async (stage) => {
      const plan = await planned(stage);
      stage.edit({ lastTrafficReceivedAt: 5 }, 'QA', 'b');
      expect((await stage.run({ ...SAVED, 'plan-file': fileOf(plan) })).outputs['status']).toBe('applied');
    }));

  test('is checked again', () =>
    onShop(async (stage) => {
      const plan = await planned(stage);
      const ended = await stage.run({ ...SAVED, 'plan-file': fileOf(plan), 'max-changes': '2' });
      expectFailure(ended, 'checks-failed', 'refused');
      expect(stage.writes()).toEqual([]);
    }));

  test('that is not the one which was approved is not applied', () =>
    onShop(async (stage) => {
      const [plan, other] = [await planned(stage), await planned(stage, { flags: 'a' })];
      const ended = await stage.run({
        ...{ ...SAVED, 'plan-file': fileOf(plan) },
        'expected-fingerprint': other.outputs['fingerprint'] ?? '',
      });
      expectFailure(ended, 'plan-stale', 'failed');
      expect(stage.emulator.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    }));

  test('keeps every number and text to the byte', () =>
    onShop(async (stage) => {
      stage.edit({ xbig: parseJson('9007199254740993'), xfine: parseJson('1.0') }, 'QA', 'a');
      const plan = await planned(stage, { flags: 'a' });
      const applied = await stage.run({ ...SAVED, 'plan-file': fileOf(plan) });
      expect(applied.outputs['status']).toBe('applied');
      const [put] = stage.emulator.requests.filter(({ method }) => method === 'PUT');
      expect(toJson(put?.body ?? null)).toContain('"xbig":9007199254740993,"xfine":1.0');
    }));

  test.each<[string, (text: string) => string, string]>([
    ['that is cut off', (text) => text.slice(0, -200), 'is cut off, or no JSON'],
    ['that is something else', () => '{"a":1}', 'is no plan file'],
    ['of another version', (text) => text.replace('"format":1', '"format":2'), 'has format 2'],
    [
      'that was edited',
      (text) => text.replace('"defaultTreatment":"off"', '"defaultTreatment":"on"'),
      'was edited: its content does not match its fingerprint',
    ],
    ['for another API', (text) => text.replace('127.0.0.1', 'localhost'), 'was made for http://localhost'],
    [
      'without a member',
      (text) => text.replace('"killChange":', '"x":').replace('"before":', '"y":'),
      'is not as a run writes it',
    ],
  ])('in a file %s is not usable', (_what, change, words) =>
    onShop(async (stage) => {
      const path = rewritten(await planned(stage), change);
      const before = stage.emulator.requests.length;
      for (const mode of ['apply', 'rollback']) {
        const ended = await stage.run({ ...SAVED, mode, 'plan-file': path });
        expect(expectFailure(ended, 'invalid-input', 'failed')).toContain(words);
        expect(ended.outputs['headline']).toBe('Failed (invalid-input): nothing was written.');
      }
      expect(stage.emulator.requests).toHaveLength(before);
    }),
  );

  test('that creates a definition and a rule on another flag is applied, parents first', () =>
    onShop(async (stage) => {
      stage.environment('QA').definitions.delete('a');
      setDefinition(
        stage.emulator.world,
        { workspace: 'Default', environment: 'Staging', flag: 'b' },
        {
          ...BASE,
          rules: [rule([{ type: 'IN_SPLIT', depends: { splitName: 'a', treatments: ['on'] } }], { on: 100 })],
        },
      );
      const plan = await planned(stage);
      const applied = await stage.run({ ...SAVED, 'plan-file': fileOf(plan) });
      expect(outcomesOf(applied)).toEqual(['a created', 'b updated', 'c updated']);
    }));
});
