// A write that the API accepted is not yet one that took: what is read back, with how many requests, and when.
import { describe, expect, test } from '@jest/globals';
import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { split } from '../../emulator/seed-parts.ts';
import { addFlag, setDefinition } from '../../emulator/world.ts';
import type { ActionRun } from '../../scripts/run-action.mjs';
import type { JsonObject } from '../../src/json.ts';
import { BASE, shop } from './checks.ts';
import { expectFailure } from './endings.ts';
import { onStage, resultsOf, type Stage } from './stage.ts';

const OLD = { defaultRule: split({ off: 100 }) };

/** So many flags fill two pages and a bit of a third. */
const MANY = 120;

const nameOf = (number: number): string => `f${String(number).padStart(3, '0')}`;

/** A shop in which flags `f000`, `f001`, … differ between Staging and QA. */
function onShop(
  amount: number,
  test: (
    stage: Stage & {
      readonly play: (flags: string, inputs?: Readonly<Record<string, string>>) => Promise<ActionRun>;
      readonly path: (flag: string) => string;
    },
  ) => Promise<void>,
  {
    source = {},
    target = {},
    switches = {},
  }: {
    readonly source?: JsonObject;
    readonly target?: JsonObject;
    readonly switches?: EmulatorOptions['switches'];
  } = {},
): Promise<void> {
  return onStage(
    async (stage) => {
      const { world } = stage.emulator;
      for (const flag of Array.from({ length: amount }, (_, number) => nameOf(number))) {
        addFlag(stage.workspace(), { name: flag });
        const at = (environment: string) => ({ workspace: 'Default', environment, flag });
        setDefinition(world, at('Staging'), { ...BASE, ...source });
        setDefinition(world, at('QA'), { ...BASE, ...OLD, ...target });
      }
      await test({
        ...stage,
        play: (flags, inputs) =>
          stage.run({
            ...{ 'source-environment': 'Staging', 'target-environment': 'QA', 'max-changes': '500' },
            ...{ flags, ...inputs },
          }),
        path: (flag) => `/${flag}/environments/${stage.idOf('QA')}`,
      });
    },
    { world: shop(), switches },
  );
}

/** Every `step`-th flag. */
const every = (step: number): string =>
  Array.from({ length: Math.ceil(MANY / step) }, (_, number) => nameOf(number * step)).join(', ');

/** What was asked of definitions, as `PUT`, `kill`, `restore`, `GET` of one and `page` of many. */
const kinds = ({ requests }: Emulator): readonly string[] =>
  requests.flatMap(({ method, path }) => {
    if (!path.includes('/splits/')) return [];
    const [, verb] = /\/(kill|restore)$/.exec(path) ?? [];
    return [verb ?? (path.includes('?') ? 'page' : method)];
  });

const after = (list: readonly string[], kind: string): readonly string[] =>
  list.slice(list.lastIndexOf(kind) + 1);

const amountOf = (list: readonly string[], kind: string): number =>
  list.filter((each) => each === kind).length;

const outcomesOf = (run: ActionRun): readonly string[] =>
  resultsOf(run).map(({ outcome }) => String(outcome));

describe('targets are read back', () => {
  test.each([
    ['singly where they are few', 'f000, f050, f100', { GET: 3, page: 0 }],
    ['by pages where they are many', every(1), { GET: 0, page: 3 }],
    [
      'by the pages that hold more than one of them',
      'f000, f001, f002, f003, f004, f119',
      { GET: 1, page: 1 },
    ],
  ])('%s', (_what, flags, expected) =>
    onShop(MANY, async ({ emulator, play }) => {
      const ended = await play(flags);

      expect(ended.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      const readBack = after(kinds(emulator), 'PUT');
      expect({ GET: amountOf(readBack, 'GET'), page: amountOf(readBack, 'page') }).toEqual(expected);
    }),
  );

  test('singly where a page cannot be read', () =>
    onShop(MANY, async ({ emulator, idOf, play }) => {
      // Three pages are read for the plan.
      const path = `/environments/${idOf('QA')}?`;
      emulator.fault({ method: 'GET', path, after: 3, times: 9, answer: { status: 500 } });
      const ended = await play(every(2), { 'max-retries': '0' });

      expect(ended.outputs['status']).toBe('applied');
      expect(amountOf(after(kinds(emulator), 'PUT'), 'GET')).toBe(60);
    }));
});

describe('a write that was answered with 200', () => {
  test.each([
    ['nothing', ''],
    ['something that is no definition', { done: true }],
  ])('and %s, without effect, is refuted by the read-back', (_what, body) =>
    onShop(10, async ({ emulator, play, path, stored }) => {
      emulator.fault({ method: 'PUT', path: path('f004'), answer: { status: 200, body } });
      const ended = await play('f*');

      const words = expectFailure(ended, 'verification-failed', 'partial');
      expect(words).toContain('flag `f004` in QA is not as it was meant to be: `default-rule`.');
      expect(outcomesOf(ended).filter((outcome) => outcome === 'updated')).toHaveLength(9);
      expect(outcomesOf(ended)[4]).toBe('failed');
      expect(stored('QA', 'f004')).toMatchObject(OLD);
    }),
  );

  test('and something else than was meant stops the run at once', () =>
    onShop(30, async ({ emulator, play, path }) => {
      const mutate = (stored: JsonObject) => ({ ...stored, trafficAllocation: 7 });
      emulator.fault({ method: 'PUT', path: path('f000'), mutate });
      const ended = await play('f*');

      expectFailure(ended, 'verification-failed', 'partial');
      expect(kinds(emulator).slice(-2)).toEqual(['PUT', 'GET']);
      expect(outcomesOf(ended).filter((outcome) => outcome === 'not-attempted')).toHaveLength(29);
    }));

  test('and something else than is there by now is right', () =>
    onShop(3, async ({ emulator, play }) => {
      const body = { ...BASE, ...OLD };
      emulator.fault({ method: 'PUT', applied: true, answer: { status: 200, body } });
      const ended = await play('f*');

      expect(ended.outputs['status']).toBe('applied');
      // The one in doubt is read at once, and not again with the others.
      expect(
        kinds(emulator)
          .filter((kind) => kind !== 'page')
          .slice(-6),
      ).toEqual([...['PUT', 'GET', 'PUT', 'PUT', 'GET', 'GET']]);
    }));
});

describe('a killed target that the write makes live', () => {
  test('is killed again at once, even among many', () =>
    onShop(
      MANY,
      async ({ emulator, play, path, stored }) => {
        emulator.fault({
          method: 'PUT',
          path: path('f000'),
          mutate: (definition) => ({ ...definition, killed: false }),
        });
        const ended = await play('f*', { 'on-failure': 'continue' });

        expectFailure(ended, 'verification-failed', 'partial');
        const written = kinds(emulator);
        const first = written.indexOf('PUT');
        expect(written.slice(first, first + 3)).toEqual(['PUT', 'kill', 'GET']);
        expect(stored('QA', 'f000')?.['killed']).toBe(true);
        expect(amountOf(written, 'PUT')).toBe(MANY);
        expect(amountOf(written, 'kill')).toBe(1);
      },
      { target: { killed: true } },
    ));

  test('is killed again though it cannot be read', () =>
    onShop(
      1,
      async ({ emulator, play, path, stored }) => {
        emulator.fault({ method: 'GET', path: path('f000'), after: 1, times: 9, answer: { status: 500 } });
        const ended = await play('f000', { 'max-retries': '0' });

        expectFailure(ended, 'api-error', 'partial');
        expect(stored('QA', 'f000')?.['killed']).toBe(true);
      },
      { target: { killed: true }, switches: { putUnkills: true } },
    ));

  test('is killed again where only the read-back tells it', () =>
    onShop(
      30,
      async ({ emulator, play, path, stored }) => {
        emulator.fault({
          method: 'PUT',
          path: path('f020'),
          mutate: (definition) => ({ ...definition, killed: false }),
          applied: true,
          answer: { status: 200, body: { ...BASE, trafficAllocation: 100, killed: true } },
        });
        const ended = await play('f*');

        expectFailure(ended, 'verification-failed', 'partial');
        const steps = kinds(emulator);
        expect(steps.slice(steps.indexOf('kill') - 2)).toEqual(['PUT', 'page', 'kill', 'GET']);
        expect(stored('QA', 'f020')?.['killed']).toBe(true);
      },
      { target: { killed: true } },
    ));
});

describe('with the kill state copied', () => {
  test('targets are restored only after all are read back, and read back once more', () =>
    onShop(
      12,
      async ({ emulator, play, stored }) => {
        const ended = await play('f*', { 'kill-state': 'copy' });

        expect(ended.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
        const steps = kinds(emulator).slice(kinds(emulator).indexOf('PUT'));
        expect(steps).toEqual([
          ...Array.from({ length: 12 }, () => 'PUT'),
          'page',
          ...Array.from({ length: 12 }, () => 'restore'),
          'page',
        ]);
        expect(stored('QA', 'f011')?.['killed']).toBe(false);
      },
      { target: { killed: true } },
    ));

  test('a target that is not as meant stays killed, and so do the others', () =>
    onShop(
      12,
      async ({ emulator, play, path, stored }) => {
        const mutate = (definition: JsonObject) => ({ ...definition, trafficAllocation: 7 });
        const silent = { applied: true, answer: { status: 200, body: { done: true } } };
        emulator.fault({ method: 'PUT', path: path('f005'), mutate, ...silent });
        const ended = await play('f*', { 'kill-state': 'copy' });

        expectFailure(ended, 'verification-failed', 'partial');
        expect(kinds(emulator)).not.toContain('restore');
        expect(stored('QA', 'f000')).toMatchObject({ ...BASE, killed: true });
      },
      { target: { killed: true } },
    ));

  test('targets are killed before anything is written to them', () =>
    onShop(
      6,
      async ({ emulator, play }) => {
        const ended = await play('f*', { 'kill-state': 'copy' });

        expect(ended.outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
        const perFlag = Array.from({ length: 6 }, (_, number) =>
          emulator.requests
            .filter(({ method, path }) => method === 'PUT' && path.includes(`/${nameOf(number)}/`))
            .map(({ path }) => (path.endsWith('/kill') ? 'kill' : 'PUT')),
        );
        expect(perFlag).toEqual(perFlag.map(() => ['kill', 'PUT']));
      },
      { source: { killed: true } },
    ));
});
