// `npm run bench`: start-up, one flag among thousands beside the vendor's script, and one very large definition.
// Prints figures and gates nothing: times depend on the machine, the tests hold counts and bytes.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { startEmulator } from '../emulator/emulator.ts';
import { bigWorld } from '../emulator/seed.ts';
import { addEnvironment, addFlag, addWorkspace, emptyWorld, setDefinition } from '../emulator/world.ts';
import { runAction } from './run-action.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PRELOAD = pathToFileURL(join(ROOT, 'scripts', 'bench', 'peak-memory.mjs')).href;
const START_RUNS = 20;
const LARGE_RUNS = 5;
const LATENCY_MILLISECONDS = 30;

/** @param {readonly number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** @param {number} value @param {number} [digits] */
const decimal = (value, digits = 0) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** @param {number} bytes */
const megabytes = (bytes) => `${decimal(bytes / 1e6, 1)} MB`;

/** @param {string} title @param {readonly (readonly string[])[]} rows the first holds the heads */
function printTable(title, rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  /** @param {readonly string[]} row */
  const line = (row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  const [head = [], ...body] = rows;
  console.log(`\n${title}\n`);
  console.log(
    [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(line)].join('\n'),
  );
}

/**
 * Runs a program as the runner would. Its folder is removed.
 * @param {Record<string, string>} inputs
 * @param {import('./run-action.mjs').RunOptions} [options]
 */
async function timed(inputs, options) {
  const run = await runAction(inputs, { maximumSeconds: 300, ...options });
  rmSync(run.directory, { recursive: true });
  return run;
}

/** As `timed`, with peak memory. @param {Record<string, string>} inputs @param {string} folder @param {string} [entry] */
async function measured(inputs, folder, entry) {
  const file = join(folder, 'peak-memory');
  const run = await timed(inputs, {
    nodeArguments: ['--import', PRELOAD],
    env: { PEAK_MEMORY_FILE: file },
    ...(entry !== undefined && { entry }),
  });
  if (run.exitCode !== 0) throw new Error(`exit code ${run.exitCode}\n${run.stdout}${run.stderr}`);
  return { run, milliseconds: run.milliseconds, peakBytes: Number(readFileSync(file, 'utf8')) };
}

/** A program that imports what ours imports and does nothing. @param {string} outfile */
async function buildEmptyProgram(outfile) {
  await build({
    stdin: {
      contents: `
        import * as core from '@actions/core';
        import * as diff from 'diff';
        import leven from 'leven';
        import * as undici from 'undici';
        import * as z from 'zod';
        globalThis.kept = [core.info, diff.structuredPatch, leven, undici.Agent, undici.EnvHttpProxyAgent, z.object];
        if (process.argv.length > 9) globalThis.github = await import('@actions/github');`,
      resolveDir: ROOT,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: {
      js: "import { createRequire as $require } from 'node:module';\nconst require = $require(import.meta.url);",
    },
  });
}

/** @param {string} folder */
async function benchStart(folder) {
  const nothing = join(folder, 'nothing.mjs');
  const empty = join(folder, 'empty.mjs');
  const bundle = join(ROOT, 'dist', 'index.js');
  writeFileSync(nothing, '');
  await buildEmptyProgram(empty);
  const programs = [
    { name: 'bare Node (an empty file)', entry: nothing },
    { name: 'an empty program with the same packages', entry: empty },
    { name: 'dist/index.js, failing on missing inputs', entry: bundle },
  ];
  /** @type {Map<string, number[]>} */
  const times = new Map(programs.map(({ entry }) => [entry, []]));
  // In turns, so that a slow moment of the machine meets all of them.
  for (let round = 0; round < START_RUNS; round += 1) {
    for (const { entry } of programs) times.get(entry)?.push((await timed({}, { entry })).milliseconds);
  }
  const bare = median(times.get(nothing) ?? []);
  printTable(`Start-up, median of ${START_RUNS} runs`, [
    ['program', 'ms', 'above bare Node', 'bytes'],
    ...programs.map(({ name, entry }) => {
      const time = median(times.get(entry) ?? []);
      return [name, decimal(time), decimal(time - bare), decimal(statSync(entry).size)];
    }),
  ]);
}

/** @param {string} folder @param {string} [entry] */
async function copyOneOfMany(folder, entry) {
  const emulator = await startEmulator({ world: bigWorld({ flags: 2000 }), latencyMs: LATENCY_MILLISECONDS });
  try {
    // Any flag that differs; every third does.
    const flag = [...(emulator.world.workspaces[0]?.flags.keys() ?? [])][999] ?? '';
    const { milliseconds, peakBytes } = await measured(
      {
        'api-key': 'bench-key',
        'api-url': emulator.apiUrl,
        flags: flag,
        'source-environment': 'Production',
        'target-environment': 'Staging',
      },
      folder,
      entry,
    );
    const received = emulator.requests.reduce((sum, { bytes }) => sum + bytes, 0);
    return { requests: emulator.requests.length, received, milliseconds, peakBytes };
  } finally {
    await emulator.close();
  }
}

/** @param {string} folder */
async function benchOneOfMany(folder) {
  const ours = await copyOneOfMany(folder);
  const reference = await copyOneOfMany(folder, join(ROOT, 'scripts', 'bench', 'reference.mjs'));
  /** @param {number} a @param {number} b */
  const ratio = (a, b) => `${decimal(b / a, 1)} ×`;
  printTable(
    `One flag of 2,000 in each environment, ${LATENCY_MILLISECONDS} ms a request (limits: 7 requests, 250,000 bytes)`,
    [
      ['', 'requests', 'bytes received', 'ms', 'peak memory'],
      ...[
        { name: 'this Action', figures: ours },
        { name: "the vendor's requests, sent from Node", figures: reference },
      ].map(({ name, figures }) => [
        name,
        decimal(figures.requests),
        decimal(figures.received),
        decimal(figures.milliseconds),
        megabytes(figures.peakBytes),
      ]),
      [
        'ratio',
        ratio(ours.requests, reference.requests),
        ratio(ours.received, reference.received),
        ratio(ours.milliseconds, reference.milliseconds),
        ratio(ours.peakBytes, reference.peakBytes),
      ],
    ],
  );
}

/** One definition of 30,000 individual targets and 800 rules, none of which the other side has. @param {string} side */
const largeDefinition = (side) => ({
  treatments: ['on', 'off'].map((name) => ({
    name,
    keys: Array.from({ length: 15_000 }, (_, at) => `${side}-user-${name}-${at}`),
  })),
  defaultTreatment: 'off',
  baselineTreatment: 'off',
  trafficAllocation: 100,
  rules: Array.from({ length: 800 }, (_, at) => ({
    condition: {
      combiner: 'AND',
      matchers: [
        { type: 'IN_LIST_STRING', attribute: 'account', strings: [`${side}-${at}`, `${side}-b-${at}`] },
      ],
    },
    buckets: [
      { treatment: 'on', size: (at % 99) + 1 },
      { treatment: 'off', size: 99 - (at % 99) },
    ],
  })),
  defaultRule: [{ treatment: side === 'source' ? 'on' : 'off', size: 100 }],
});

/** @param {string} folder */
async function benchLarge(folder) {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Default' });
  addFlag(workspace, { name: 'large' });
  for (const [environment, side] of /** @type {const} */ ([
    ['Production', 'source'],
    ['Staging', 'target'],
  ])) {
    addEnvironment(workspace, { name: environment });
    setDefinition(world, { workspace: 'Default', environment, flag: 'large' }, largeDefinition(side));
  }
  const emulator = await startEmulator({ world });
  const runs = [];
  try {
    for (let round = 0; round < LARGE_RUNS; round += 1) {
      const inputs = { flags: 'large', 'source-environment': 'Production', 'target-environment': 'Staging' };
      runs.push(
        await measured(
          { 'api-key': 'bench-key', 'api-url': emulator.apiUrl, mode: 'plan', ...inputs },
          folder,
        ),
      );
    }
  } finally {
    await emulator.close();
  }
  printTable(
    `30,000 individual targets and 800 rules on each side, all different; mode: plan, median of ${LARGE_RUNS} (limits: 2,000 ms, 250 MB)`,
    [
      ['', 'ms', 'peak memory', 'bytes of summary'],
      [
        'this Action',
        decimal(median(runs.map(({ milliseconds }) => milliseconds))),
        megabytes(median(runs.map(({ peakBytes }) => peakBytes))),
        decimal(Buffer.byteLength(runs[0]?.run.summary ?? '')),
      ],
    ],
  );
}

console.log(`Node ${process.version}, ${process.platform}-${process.arch}`);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  await benchStart(folder);
  await benchOneOfMany(folder);
  await benchLarge(folder);
} finally {
  rmSync(folder, { recursive: true });
}
