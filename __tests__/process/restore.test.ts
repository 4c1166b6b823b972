// `on-failure: restore`: what a run that fails wrote is put back, where it is still what the run wrote.
import { describe, expect, test } from '@jest/globals';
import type { EmulatorOptions, Fault } from '../../emulator/emulator.ts';
import { rule, split } from '../../emulator/seed-parts.ts';
import { setDefinition } from '../../emulator/world.ts';
import type { ActionRun, RunOptions } from '../../scripts/run-action.mjs';
import { withoutBookkeeping } from '../../src/definition/equality.ts';
import type { JsonObject } from '../../src/json.ts';
import { addNeighbour, BASE, shop } from './checks.ts';
import { expectFailure } from './endings.ts';
import { expectGolden } from './golden.ts';
import { onStage, planFileOf, resultsOf, type Stage } from './stage.ts';

const OLD = { defaultRule: split({ off: 100 }) };
const KILLED = { killed: true };

/** Members in which source and target are other than `BASE`; without a target, one is to be created. */
type Flags = Readonly<
  Record<string, { readonly source?: JsonObject; readonly target?: JsonObject | undefined }>
>;

const refusal: Fault = { method: 'PUT', answer: { status: 403, body: { code: 403, message: 'no' } } };

interface ShopStage extends Stage {
  /** Promotes all flags. */
  readonly play: (inputs?: Readonly<Record<string, string>>, options?: RunOptions) => Promise<ActionRun>;
  /** The target's path. */
  readonly path: (flag: string) => string;
  /** What targets hold, by flag. */
  readonly targets: () => JsonObject;
  /** What was sent to change something, as `flag METHOD`, from the n-th on. */
  readonly sent: (from?: number) => readonly string[];
}

function onShop(
  flags: Flags,
  test: (stage: ShopStage) => Promise<void>,
  switches: EmulatorOptions['switches'] = {},
): Promise<void> {
  return onStage(
    async (stage) => {
      const { emulator, idOf, stored } = stage;
      for (const [flag, { source = {}, target }] of Object.entries(flags)) {
        addNeighbour(stage, flag, { environments: ['Staging'], ...source });
        if (target === undefined) continue;
        const place = { workspace: 'Default', environment: 'QA', flag };
        setDefinition(emulator.world, place, { ...BASE, ...target });
      }
      await test({
        ...stage,
        play: (inputs, options) =>
          stage.run(
            {
              ...{ 'source-environment': 'Staging', 'target-environment': 'QA', 'kill-state': 'copy' },
              ...{ flags: Object.keys(flags).join(', '), 'on-failure': 'restore', ...inputs },
            },
            options,
          ),
        path: (flag) => `/${flag}/environments/${idOf('QA')}`,
        targets: () =>
          Object.fromEntries(
            Object.keys(flags).map((flag) => {
              const definition = stored('QA', flag);
              return [flag, definition === undefined ? null : withoutBookkeeping(definition)];
            }),
          ),
        sent: (from = 0) =>
          emulator.requests
            .filter(({ method }) => method !== 'GET')
            .slice(from)
            .map(({ method, path }) => {
              const [, flag, verb = ''] = /\/([^/]+)\/environments\/[^/?]+\/?(\w*)/.exec(path) ?? [];
              return `${flag} ${verb === '' ? method : verb}`;
            }),
      });
    },
    { world: shop(), switches },
  );
}

/** Written after flag `a`, since its rules ask that one. */
const last = (parent = 'a') => ({
  source: {
    rules: [rule([{ type: 'IN_SPLIT', depends: { splitName: parent, treatments: ['on'] } }], { on: 100 })],
  },
  target: OLD,
});

/** `flag: outcome reason` of every item, and its message. */
const told = (run: ActionRun): Readonly<Record<string, readonly [string, string]>> =>
  Object.fromEntries(
    resultsOf(run).map(({ targetFlag, outcome, reason, message }) => [
      String(targetFlag),
      [[outcome, reason ?? ''].join(' ').trim(), String(message)] as const,
    ]),
  );

const outcomesOf = (run: ActionRun): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(told(run)).map(([flag, [outcome]]) => [flag, outcome]));

const progressOf = (run: ActionRun, flag: string): JsonObject | undefined =>
  (planFileOf(run)['items'] as readonly { target: { flag: string }; progress: JsonObject }[]).find(
    ({ target }) => target.flag === flag,
  )?.progress;

describe('a failed write', () => {
  test('has all that was written put back, newest first, and a table says of each what happened', () =>
    onShop(
      {
        changed: { target: OLD },
        created: {},
        killed: { source: KILLED, target: OLD },
        killed_alone: { source: KILLED, target: {} },
        z_last: last('changed'),
      },
      async ({ emulator, play, path, targets, sent, sinceFirstWrite }) => {
        emulator.fault({ ...refusal, path: path('z_last') });
        const before = targets();
        const ended = await play();

        expectFailure(ended, 'permission', 'failed');
        expect(outcomesOf(ended)).toEqual({
          ...{ changed: 'restored', created: 'restored', killed: 'restored', killed_alone: 'restored' },
          z_last: 'failed permission',
        });
        expect(targets()).toEqual(before);
        const written = sent().indexOf('z_last PUT') + 1;
        expect(sent(written)).toEqual([
          ...['killed_alone restore', 'killed PUT', 'created DELETE', 'changed PUT', 'killed restore'],
        ]);
        const removal = sinceFirstWrite().find(({ method }) => method === 'DELETE');
        const query = new URL(removal?.path ?? '', 'http://x').searchParams;
        expect(query.get('title')).toMatch(/^Undo: .*created/);
        expect(query.get('comment')).toContain('Promoted by octocat');
        for (const flag of ['changed', 'created', 'killed', 'killed_alone']) {
          expect(progressOf(ended, flag)).toMatchObject({ state: 'restored', outcome: 'restored' });
        }
        expectGolden('many/what-was-written-is-put-back', ended);
      },
    ));

  test('to restore a flag has the others killed again before they are put back', () =>
    onShop(
      { a: { target: { ...OLD, ...KILLED } }, b: { target: { ...OLD, ...KILLED } }, c: { target: KILLED } },
      async ({ emulator, play, path, targets, sent }) => {
        emulator.fault({ ...refusal, path: `${path('b')}/restore` });
        const before = targets();
        const ended = await play();

        expectFailure(ended, 'permission', 'failed');
        expect(outcomesOf(ended)).toEqual({ a: 'restored', b: 'restored permission', c: 'restored' });
        expect(targets()).toEqual(before);
        expect(sent(sent().indexOf('b restore') + 1).filter((what) => !what.endsWith('restore'))).toEqual([
          ...['c kill', 'b PUT', 'a kill', 'a PUT'],
        ]);
      },
    ));

  test('keeps a killed flag killed whose restore was still to come', () =>
    onShop(
      { a: { target: { ...OLD, ...KILLED } }, z_last: last() },
      async ({ emulator, play, path, targets, sent }) => {
        emulator.fault({ ...refusal, path: path('z_last') });
        const before = targets();
        const ended = await play();

        expectFailure(ended, 'permission', 'failed');
        expect(targets()).toEqual(before);
        expect(sent()).toEqual(['a PUT', 'z_last PUT', 'a PUT']);
        expect(told(ended)['a']?.[1]).toBe(
          'Another item failed, so flag `a` in QA was left killed. The target was changed; the plan file holds its old definition. It was put back.',
        );
      },
    ));
});

describe('an item that is not put back', () => {
  test('is one that somebody changed meanwhile: it is left alone and says why', () =>
    onShop(
      { a: { target: OLD }, b: { target: OLD }, z_last: last() },
      async ({ emulator, play, path, edit, stored, sent }) => {
        emulator.fault({ ...refusal, path: path('z_last') });
        // Read for the plan, and read back.
        const edited = (): void => edit({ trafficAllocation: 7 }, 'QA', 'a');
        emulator.fault({ method: 'GET', path: path('a'), after: 2, then: edited });
        const ended = await play();

        expectFailure(ended, 'permission', 'partial');
        expect(outcomesOf(ended)).toEqual({
          ...{ a: 'failed target-changed', b: 'restored', z_last: 'failed permission' },
        });
        expect(told(ended)['a']?.[1]).toContain(
          'It could not be put back: it is no longer what this run wrote, so it was left as it is.',
        );
        expect(stored('QA', 'a')?.['trafficAllocation']).toBe(7);
        expect(sent().filter((what) => what.startsWith('a '))).toEqual(['a PUT']);
      },
    ));

  test('is one that somebody removed meanwhile', () =>
    onShop({ a: { target: OLD }, z_last: last() }, async ({ emulator, environment, play, path, sent }) => {
      emulator.fault({ ...refusal, path: path('z_last') });
      const removed = (): void => void environment('QA').definitions.delete('a');
      emulator.fault({ method: 'GET', path: path('a'), after: 2, then: removed });
      const ended = await play();

      expectFailure(ended, 'permission', 'partial');
      expect(outcomesOf(ended)['a']).toBe('failed target-changed');
      expect(sent()).toEqual(['a PUT', 'z_last PUT']);
    }));

  test('is one whose put-back is refused, which is told', () =>
    onShop(
      { a: { target: OLD }, b: { target: OLD }, z_last: last() },
      async ({ emulator, play, path, stored }) => {
        emulator.fault({ ...refusal, path: path('z_last') });
        emulator.fault({ ...refusal, path: path('a'), after: 1 });
        const ended = await play();

        expectFailure(ended, 'permission', 'partial');
        expect(outcomesOf(ended)).toEqual({
          ...{ a: 'failed permission', b: 'restored', z_last: 'failed permission' },
        });
        const [, message = ''] = told(ended)['a'] ?? [];
        expect(message).toMatch(
          /^It was written\. It could not be put back: .*403.* It is left as this run wrote it; the plan file holds its old definition\.$/,
        );
        expect(stored('QA', 'a')).toMatchObject({ defaultRule: BASE['defaultRule'] });
        expect(progressOf(ended, 'a')).toMatchObject({ state: 'written', outcome: 'failed', written: 'yes' });
        expectGolden('many/what-was-written-is-put-back-in-part', ended);
      },
    ));

  test('is one whose put-back the API accepted, but which did not take', () =>
    onShop({ a: { target: OLD }, z_last: last() }, async ({ emulator, play, path }) => {
      emulator.fault({ ...refusal, path: path('z_last') });
      emulator.fault({ method: 'PUT', path: path('a'), after: 1, answer: { status: 200, body: '' } });
      const ended = await play();

      expectFailure(ended, 'permission', 'partial');
      expect(outcomesOf(ended)['a']).toBe('failed verification-failed');
    }));

  test('is one whose removal did not take', () =>
    onShop({ a: {}, z_last: last() }, async ({ emulator, play, path, stored }) => {
      emulator.fault({ ...refusal, path: path('z_last') });
      emulator.fault({ method: 'DELETE', answer: { status: 200, body: true } });
      const ended = await play();

      expectFailure(ended, 'permission', 'partial');
      expect(told(ended)['a']?.[1]).toContain('was removed, but it is still there');
      expect(stored('QA', 'a')).toBeDefined();
    }));

  test('is one whose put-back is of unknown outcome', () =>
    onShop({ a: { target: OLD }, z_last: last() }, async ({ emulator, play, path }) => {
      emulator.fault({ ...refusal, path: path('z_last') });
      emulator.fault({ method: 'PUT', path: path('a'), after: 1, reset: true });
      // Read for the plan, read back, and looked at.
      emulator.fault({ method: 'GET', path: path('a'), after: 3, times: 9, answer: { status: 500 } });
      const ended = await play({ 'max-retries': '0' });

      expectFailure(ended, 'permission', 'partial');
      expect(outcomesOf(ended)['a']).toBe('failed network');
      expect(told(ended)['a']?.[1]).toContain('Whether it was put back is not known');
      expect(progressOf(ended, 'a')).toMatchObject({ state: 'started', written: 'unknown' });
    }));

  test('is one of which the server drops something that no section covers', () =>
    onShop(
      { a: { target: { ...OLD, note: 'ours' } }, z_last: last() },
      async ({ emulator, play, path, stored }) => {
        emulator.fault({ ...refusal, path: path('z_last') });
        const ended = await play();

        expectFailure(ended, 'permission', 'partial');
        expect(outcomesOf(ended)['a']).toBe('failed verification-failed');
        expect(told(ended)['a']?.[1]).toContain('not all of it came back. Not as it was');
        expect(stored('QA', 'a')).toMatchObject(OLD);
      },
      { unknownMembers: 'drop' },
    ));
});

describe('a write of unknown outcome', () => {
  test.each([
    ['that took effect is put back', true, ['a PUT', 'b PUT', 'b PUT', 'a PUT'], 'It was put back.'],
    ['that did not is left as it was', false, ['a PUT', 'b PUT', 'a PUT'], 'It is as it was before.'],
  ])('%s', (_what, applied, writes, words) =>
    onShop({ a: { target: OLD }, b: { target: OLD } }, async ({ emulator, play, path, targets, sent }) => {
      emulator.fault({ method: 'PUT', path: path('b'), reset: true, applied });
      emulator.fault({ method: 'GET', path: path('b'), after: 1, answer: { status: 500 } });
      const before = targets();
      const ended = await play({ 'max-retries': '0' });

      expectFailure(ended, 'network', 'failed');
      expect(outcomesOf(ended)).toEqual({ a: 'restored', b: 'restored network' });
      expect(told(ended)['b']?.[1]).toContain(words);
      expect(targets()).toEqual(before);
      expect(sent()).toEqual(writes);
      expect(progressOf(ended, 'b')).toMatchObject({ state: 'restored', written: 'no' });
    }),
  );

  test('of a kill that took effect is put back', () =>
    onShop({ a: { source: KILLED, target: OLD } }, async ({ emulator, play, path, targets, sent }) => {
      emulator.fault({ method: 'PUT', path: `${path('a')}/kill`, reset: true, applied: true });
      emulator.fault({ method: 'GET', path: path('a'), after: 1, answer: { status: 500 } });
      const before = targets();
      const ended = await play({ 'max-retries': '0' });

      expectFailure(ended, 'network', 'failed');
      expect(targets()).toEqual(before);
      expect(sent()).toEqual(['a kill', 'a restore']);
    }));
});

test('a write whose answer shows something else is put back at once', () =>
  onShop(
    {
      a: { target: OLD },
      b: { source: { defaultRule: [{ treatment: 'on', size: 100, future: 1 }] }, target: OLD },
    },
    async ({ play, targets, sent }) => {
      const before = targets();
      const ended = await play();

      expectFailure(ended, 'verification-failed', 'failed');
      expect(outcomesOf(ended)).toEqual({ a: 'restored', b: 'restored verification-failed' });
      expect(targets()).toEqual(before);
      expect(sent()).toEqual(['a PUT', 'b PUT', 'b PUT', 'a PUT']);
    },
    { unknownMembers: 'drop' },
  ));

test('a run that is cancelled puts nothing back', () =>
  onShop({ a: { target: OLD }, z_last: last() }, async ({ emulator, play, path, sent }) => {
    let stop = (): void => undefined;
    emulator.fault({ ...refusal, path: path('z_last'), delayMs: 100, then: () => stop() });
    const ended = await play({}, { onStart: (child) => (stop = () => child.kill('SIGINT')) });

    expect(ended.outputs['status']).toBe('partial');
    expect(outcomesOf(ended)['a']).toBe('updated');
    expect(sent()).toEqual(['a PUT', 'z_last PUT']);
  }));
