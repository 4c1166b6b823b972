// The probe as a process: what it prints and writes, how it ends, and that Ctrl-C leaves nothing behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { optionsOf as emulatorOptionsOf } from '../../emulator/options.ts';
import { switchesWith } from '../../emulator/switches.ts';
import { ENVIRONMENT_KEY, KEY, sandboxWorld, traceOf, UNTOUCHED, VIEWER_KEY, writesOf } from './sandbox.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'probe-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const OUTPUT = join(FOLDER, 'switches.json');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const PROBE = ['scripts/probe/main.ts'];
const THROUGH_NPM = ['scripts/fresh.mjs', ...PROBE];

async function run(
  emulator: Emulator,
  options: readonly string[] = [],
  { program = PROBE, onStart }: { program?: readonly string[]; onStart?: (child: ChildProcess) => void } = {},
): Promise<Ended> {
  const args = ['--workspace', 'Playground', '--environment', 'Sandbox', '--output', OUTPUT];
  const child = spawn(process.execPath, [...program, ...args, '--api-url', emulator.apiUrl, ...options], {
    env: { PATH: process.env['PATH'], SPLIT_ADMIN_API_KEY: KEY, VIEWER: VIEWER_KEY, NARROW: ENVIRONMENT_KEY },
  });
  onStart?.(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => (stdout += String(text)));
  child.stderr.on('data', (text) => (stderr += String(text)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

async function against(
  use: (emulator: Emulator) => Promise<void>,
  options: Parameters<typeof startEmulator>[0] = {},
): Promise<void> {
  const emulator = await startEmulator({ world: sandboxWorld(), ...options });
  try {
    await use(emulator);
  } finally {
    await emulator.close();
  }
}

const ALL = [
  ...['--viewer-key-env', 'VIEWER', '--environment-key-env', 'NARROW'],
  ...['--approvals-environment', 'Gated', '--flag-set', 'set-1'],
];

test('it prints the table, says what it creates and that it is removed, and writes a file that the emulator takes', () =>
  against(
    async (emulator) => {
      const { code, stdout, stderr } = await run(emulator, ALL);
      expect([code, stderr]).toEqual([0, expect.stringContaining('Everything that was created is removed.')]);
      expect(stderr).toMatch(
        /^Creates flags (probe_[\da-f]{24}) and \1_parent in workspace Playground, defined in Sandbox\.$/m,
      );
      expect(stdout).toContain('| what | observed | assumed | switch |');
      for (const key of [KEY, VIEWER_KEY, ENVIRONMENT_KEY]) expect(stdout + stderr).not.toContain(key);
      const found = switchesWith({ putStatus: 204, nulls: 'emit', enforceQuotas: false });
      expect(JSON.parse(readFileSync(OUTPUT, 'utf8'))).toEqual(found);
      expect(emulatorOptionsOf(['--switches', OUTPUT])).toMatchObject({ switches: found });
      expect(traceOf(emulator)).toEqual(UNTOUCHED);
    },
    { switches: { putStatus: 204, nulls: 'emit', enforceQuotas: false } },
  ));

test.each([
  ['the probe', PROBE, 'SIGINT'],
  ['the probe', PROBE, 'SIGTERM'],
  ['npm run probe', THROUGH_NPM, 'SIGINT'],
] as const)('%s that gets a signal in the middle removes the flags before it ends', (_, program, signal) =>
  against(async (emulator) => {
    let child: ChildProcess | undefined;
    emulator.fault({ method: 'PUT', path: '/kill', then: () => child?.kill(signal) });
    const { code, stderr } = await run(emulator, [], { program, onStart: (started) => (child = started) });
    expect(code).toBe(1);
    expect(stderr).toContain('Stopped. What was created is removed now.');
    expect(writesOf(emulator).filter((write) => write.startsWith('DELETE'))).toHaveLength(4);
    expect(traceOf(emulator)).toEqual(UNTOUCHED);
  }),
);

test('a second signal does not keep it from removing the flags', () =>
  against(async (emulator) => {
    let child: ChildProcess | undefined;
    emulator.fault({ method: 'PUT', path: '/kill', then: () => child?.kill('SIGINT') });
    emulator.fault({ method: 'DELETE', then: () => child?.kill('SIGINT') });
    const { code } = await run(emulator, [], { onStart: (started) => (child = started) });
    expect(code).toBe(1);
    expect(traceOf(emulator)).toEqual(UNTOUCHED);
  }));

test('it ends red, with one sentence, where there is nobody to ask', async () => {
  const emulator = await startEmulator();
  await emulator.close();
  const { code, stderr } = await run(emulator, ['--not-production']);
  expect(code).toBe(1);
  expect(stderr).toContain('Could not GET /workspaces: the connection was refused.');
});

test('it ends red where something is left', () =>
  against(async (emulator) => {
    emulator.fault({ method: 'DELETE', path: '/probe_', times: 4, answer: { status: 403 } });
    const { code, stderr } = await run(emulator);
    expect(code).toBe(1);
    expect(stderr).toContain('NOT everything that was created is removed:');
    expect(stderr.match(/By hand: /g)).toHaveLength(4);
  }));

test('a production environment is refused in one sentence', () =>
  against(async (emulator) => {
    const { code, stderr } = await run(emulator, ['--environment', 'Production']);
    expect(code).toBe(1);
    expect(stderr).toContain('Production is a production environment. The probe does not go there.');
    expect(writesOf(emulator)).toEqual([]);
  }));
