// The story of a run inside the test process, over HTTP: what the process tests show users, here with every branch in reach.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.ts';
import { bigWorld } from '../emulator/seed.ts';
import { editDefinition, getDefinition } from '../emulator/world.ts';
import { Failure } from '../src/failure.ts';
import type { Runner } from '../src/github/runner.ts';
import { toJson } from '../src/json.ts';
import { play, type Client, type Play } from './in-process.ts';
import { simulatedClock } from './simulated-clock.ts';

const at = (environment: string, flag = 'clients') => ({ workspace: 'Default', environment, flag });

async function onEmulator(
  run: (
    emulator: Emulator,
    start: (options?: Omit<Play, 'apiUrl'>) => ReturnType<typeof play>,
  ) => Promise<void>,
  options?: EmulatorOptions,
): Promise<void> {
  const emulator = await startEmulator(options);
  try {
    await run(emulator, (more) => play({ apiUrl: emulator.apiUrl, ...more }));
  } finally {
    await emulator.close();
  }
}

/** The same runner, where something happens before the plan file is written, whole or in part. */
const saving = (runner: Runner, before: () => void | Promise<void>): Pick<Runner, 'planFile'> => ({
  planFile: () => {
    const file = runner.planFile();
    return {
      ...file,
      replace: async (pieces) => {
        await before();
        await file.replace(pieces);
      },
      overwrite: async (slots) => {
        await before();
        await file.overwrite(slots);
      },
    };
  },
});

describe('a run', () => {
  test('that changes something records every step before and after it', () =>
    onEmulator(async (_emulator, start) => {
      const { outputs, planFiles, failure, masked } = await start();
      expect(failure).toBeUndefined();
      expect(outputs['status']).toBe('applied');
      expect(masked).toEqual(['a-key']);
      expect(planFiles).toMatchObject(
        ['planned', 'started', 'written', 'confirmed', 'confirmed'].map((state) => ({
          items: [{ progress: { state } }],
        })),
      );
    }));

  test('that restores a flag does so after the read-back, and reads again', () =>
    onEmulator(async (emulator, start) => {
      const { outputs } = await start({ inputs: { flags: 'payments_gateway', 'kill-state': 'copy' } });
      expect(outputs).toMatchObject({ status: 'applied', 'in-effect': 'true' });
      const kinds = emulator.requests
        .slice(5)
        .map(({ method, path }) => `${method} ${path.endsWith('restore') ? 'restore' : ''}`);
      expect(kinds).toEqual(['PUT ', 'GET ', 'PUT restore', 'GET ']);
    }));

  test('that cannot restore says that the definition was written', () =>
    onEmulator(async (emulator, start) => {
      emulator.fault({ method: 'PUT', path: '/restore', mutate: (stored) => ({ ...stored, killed: true }) });
      const { outputs, failure } = await start({
        inputs: { flags: 'payments_gateway', 'kill-state': 'copy' },
      });
      expect(outputs).toMatchObject({ status: 'partial', 'failure-reason': 'verification-failed' });
      expect(failure?.message).toContain('is not as it was meant to be: `kill-state`.');
    }));

  test('whose restore is in doubt sends it again when the flag is still killed', () =>
    onEmulator(async (emulator, start) => {
      emulator.fault({ method: 'PUT', path: '/restore', answer: { status: 500, body: '' } });
      const { outputs } = await start({ inputs: { flags: 'payments_gateway', 'kill-state': 'copy' } });
      expect(outputs['status']).toBe('applied');
      expect(getDefinition(emulator.world, at('Staging', 'payments_gateway'))?.['killed']).toBe(false);
    }));

  test('whose repeated kill fails says so and leaves the item failed', () =>
    onEmulator(
      async (emulator, start) => {
        emulator.fault({ method: 'PUT', path: '/kill', answer: { status: 403, body: '' } });
        const { outputs, failure, summary } = await start({ inputs: { flags: 'payments_gateway' } });
        expect(outputs).toMatchObject({ status: 'partial', 'failure-reason': 'verification-failed' });
        expect(failure?.message).toContain('is live, though it was meant to be killed');
        expect(summary).toContain('What the read-back lacks');
      },
      { switches: { putUnkills: true } },
    ));

  test('that is cancelled before its write attempts nothing', () =>
    onEmulator(async (emulator, start) => {
      const { outputs } = await start({
        onStart: ({ cancel }) =>
          emulator.fault({ path: '/clients/', after: 1, then: () => setImmediate(() => cancel.abort()) }),
        runner: (runner) => ({
          // The plan file is written after the reads: by then the job is cancelled.
          ...saving(runner, () => new Promise((resolve) => setImmediate(resolve))),
        }),
      });
      expect(outputs).toMatchObject({
        status: 'failed',
        'failure-reason': 'cancelled',
        'in-effect': 'false',
      });
      expect(emulator.requests.every(({ method }) => method === 'GET')).toBe(true);
    }));

  test('whose plan file cannot be kept current before the write does not write', () =>
    onEmulator(async (emulator, start) => {
      let writes = 0;
      const { outputs, failure } = await start({
        runner: (runner) => ({
          ...saving(runner, () => {
            writes += 1;
            if (writes === 2) throw new Failure('invalid-input', 'disk full');
          }),
        }),
      });
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'invalid-input' });
      expect(failure?.message).toContain('disk full');
      expect(emulator.requests.some(({ method }) => method !== 'GET')).toBe(false);
    }));

  test('whose plan file falls behind after the write still reads back, and warns', () =>
    onEmulator(async (_emulator, start) => {
      let writes = 0;
      const { outputs, warnings } = await start({
        runner: (runner) => ({
          ...saving(runner, () => {
            writes += 1;
            if (writes > 2) throw new Error('disk full');
          }),
        }),
      });
      expect(outputs['status']).toBe('applied');
      expect(warnings.join()).toContain(
        'The plan file is behind: This Action ran into an unexpected error: disk full.',
      );
    }));

  test('that finds a killed target live kills it again though the plan file cannot be written', () =>
    onEmulator(
      async (emulator, start) => {
        const { outputs, warnings } = await start({
          inputs: { flags: 'payments_gateway' },
          runner: (runner) => ({
            ...saving(runner, () => {
              if (emulator.requests.some(({ method }) => method === 'PUT')) throw new Error('disk full');
            }),
          }),
        });
        expect(outputs).toMatchObject({ status: 'partial', 'failure-reason': 'verification-failed' });
        expect(getDefinition(emulator.world, at('Staging', 'payments_gateway'))?.['killed']).toBe(true);
        expect(warnings.join()).toContain('disk full');
      },
      { switches: { putUnkills: true } },
    ));

  test('that meets a fault of its own ends red, with every output set', () =>
    onEmulator(async (_emulator, start) => {
      const { outputs, failure } = await start({
        runner: (runner) => ({
          ...saving(runner, () => {
            // oxlint-disable-next-line typescript/only-throw-error -- whatever is thrown must fail the step
            throw 'odd';
          }),
        }),
      });
      expect(outputs).toMatchObject({ status: 'failed', 'failure-reason': 'api-error' });
      expect(failure?.message).toBe(
        'This Action ran into an unexpected error: odd. Please report it with the debug log.',
      );
      expect(failure?.link).toBe('See docs/troubleshooting.md#api-error');
    }));

  test('that meets a fault of its own after the write says that the target was written', () =>
    onEmulator(async (emulator, start) => {
      const { outputs, warnings } = await start({
        runner: (runner) => ({
          warning: (message) => {
            if (message.startsWith('The plan file is behind')) throw new Error('log closed');
            runner.warning(message);
          },
          ...saving(runner, () => {
            if (emulator.requests.some(({ method }) => method === 'PUT')) throw new Error('disk full');
          }),
        }),
      });
      expect(outputs).toMatchObject({ status: 'partial', 'failure-reason': 'api-error' });
      expect(outputs['results']).toContain('The target was changed; the plan file holds its old definition.');
      expect(warnings.join()).toContain('log closed');
    }));

  test('is told about its own source however the ids are spelled', () =>
    onEmulator(
      async (emulator, start) => {
        const production = emulator.world.workspaces[0]?.environments[0]?.id ?? '';
        const workspace = emulator.world.workspaces[0]?.id ?? '';
        const { outputs } = await start({ inputs: { workspace, 'target-environment': production } });
        expect(outputs['failure-reason']).toBe('invalid-input');
      },
      { switches: { listsRefused: 403 } },
    ));

  test('finds nobody to ask about a flag, and says what it knows', () =>
    onEmulator(async (emulator, start) => {
      emulator.fault({
        method: 'GET',
        path: /\/splits\/ws\/[^/]+\/gone$/,
        answer: { status: 403, body: '' },
      });
      const { failure } = await start({ inputs: { flags: 'gone' } });
      expect(failure?.message).toContain('Flag `gone` has no definition in Production that the key can see');
      emulator.fault({ method: 'GET', path: /\/splits\/ws\/[^/]+\?/, answer: { status: 403, body: '' } });
      expect((await start({ inputs: { flags: 'gone' } })).failure?.message).toBe(
        'There is no flag `gone` in workspace Default that the key can see.',
      );
      emulator.fault({ method: 'GET', path: /\/splits\/ws\/[^/]+\?/, answer: { status: 400, body: '' } });
      expect((await start({ inputs: { flags: 'gone' } })).failure?.message).toBe(
        'There is no flag `gone` in workspace Default that the key can see.',
      );
    }));

  test('creates in an environment given by an id that the list may not confirm', () =>
    onEmulator(
      async (emulator, start) => {
        const [workspace] = emulator.world.workspaces;
        const [production, staging] = workspace?.environments.map(({ id }) => id) ?? [];
        const inputs = {
          workspace: workspace?.id ?? '',
          flags: 'new_onboarding',
          'source-environment': production ?? '',
          'target-environment': staging ?? '',
        };
        const { outputs } = await start({ inputs });
        expect(outputs['status']).toBe('applied');
        expect(outputs['results']).toContain('"environment":"Staging"');
      },
      { switches: { listsRefused: 401 } },
    ));

  test('makes a plan of two environments that are equal whatever their bookkeeping says', () =>
    onEmulator(async (emulator, start) => {
      await start();
      editDefinition(emulator.world, at('Staging'), { lastTrafficReceivedAt: 5, changeNumber: 9 });
      const { outputs } = await start();
      expect(outputs).toMatchObject({ status: 'unchanged', changed: 'false' });
    }));
});

describe('the rate limit', () => {
  /** How many requests passed in each window; one opens with the first request after the last. */
  const windowsOf = (moments: readonly number[]): readonly number[] => {
    const windows: number[] = [];
    let opened = Number.NEGATIVE_INFINITY;
    for (const at of moments) {
      if (at >= opened + 2000) {
        opened = at;
        windows.push(0);
      }
      windows.push((windows.pop() ?? 0) + 1);
    }
    return windows;
  };

  test('is left by a quarter to others, but not by what undoes a run', async () => {
    let client: Client | undefined;
    const clock = simulatedClock(() => client?.traffic.requests === client?.debugged.length);
    const emulator = await startEmulator({
      world: bigWorld({ flags: 120 }),
      now: clock.now,
      rateLimit: { limit: 20, windowSeconds: 2, headers: 'always' },
    });
    const file = join(mkdtempSync(join(tmpdir(), 'limit-')), 'plan.json');
    const windows = async (inputs: Readonly<Record<string, string>>): Promise<readonly number[]> => {
      const from = emulator.requests.length;
      const ended = await play({
        ...{ apiUrl: emulator.apiUrl, inputs, client: { clock } },
        onStart: (started) => (client = started),
      });
      expect(ended.failure).toBeUndefined();
      writeFileSync(file, toJson(ended.planFiles.at(-1) ?? null));
      const requests = emulator.requests.slice(from);
      expect(requests.filter(({ status }) => status === 429)).toEqual([]);
      return windowsOf(requests.map(({ at }) => at));
    };
    try {
      expect(Math.max(...(await windows({ flags: '*' })))).toBe(15);
      const undo = { flags: '', 'source-environment': '', 'target-environment': '', 'plan-file': file };
      expect(Math.max(...(await windows({ ...undo, mode: 'rollback' })))).toBe(20);
    } finally {
      clock.stop();
      await emulator.close();
    }
  });
});
