// Runs of the Action that are timed, and whose peak memory is taken.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../run-action.mjs';

const PRELOAD = new URL('peak-memory.mjs', import.meta.url).href;

/**
 * Does something with a folder that is removed afterwards.
 * @template T
 * @param {(folder: string) => Promise<T>} work
 */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Runs a program as the runner would. Its folder is removed.
 * @param {Record<string, string>} inputs
 * @param {import('../run-action.mjs').RunOptions} [options]
 */
export async function timed(inputs, options) {
  const run = await runAction(inputs, { maximumSeconds: 300, ...options });
  rmSync(run.directory, { recursive: true });
  return run;
}

/** As `timed`, with peak memory. @param {Record<string, string>} inputs @param {string} folder @param {string} [entry] */
export async function measured(inputs, folder, entry) {
  const file = join(folder, 'peak-memory');
  const run = await timed(inputs, {
    nodeArguments: ['--import', PRELOAD],
    env: { PEAK_MEMORY_FILE: file },
    ...(entry !== undefined && { entry }),
  });
  if (run.exitCode !== 0) throw new Error(`exit code ${run.exitCode}\n${run.stdout}${run.stderr}`);
  return { run, milliseconds: run.milliseconds, peakBytes: Number(readFileSync(file, 'utf8')) };
}
