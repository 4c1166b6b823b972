// How long the bundle takes to start, beside bare Node and a program that imports the same and does nothing.
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { decimal, median, printTable } from './print.mjs';
import { timed } from './run.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_RUNS = 20;

/** A program that imports what ours imports and does nothing. @param {string} outfile */
async function buildEmptyProgram(outfile) {
  await build({
    stdin: {
      contents: `
        import * as core from '@actions/core';
        import * as diff from 'diff';
        import * as yaml from 'js-yaml';
        import leven from 'leven';
        import * as undici from 'undici';
        import * as z from 'zod';
        globalThis.kept = [core.info, diff.structuredPatch, yaml.loadAll, leven, undici.Agent, undici.EnvHttpProxyAgent, z.object];
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
export async function startUp(folder) {
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
