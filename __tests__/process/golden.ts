// Golden files: what a user sees of a run, as files to be read and reviewed. UPDATE_GOLDEN=1 writes them anew.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import type { ActionRun } from '../../scripts/run-action.mjs';
import { parseJson, toJson, type Json } from '../../src/json.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);

/** Takes out what differs from run to run: folders, ports, durations. */
const steady = (text: string, run: ActionRun): string =>
  text
    .replaceAll(run.directory, '/runner')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/promote-split-flags-[0-9a-f-]{36}/g, 'promote-split-flags-UUID')
    .replaceAll(/\b\d+\.\d s\b/g, 'N s');

/** What the runner shows without debug logging. */
const logOf = (run: ActionRun): string =>
  run.stdout
    .split('\n')
    .filter((line) => !line.startsWith('::debug::') && !line.startsWith('::add-mask::'))
    .join('\n');

function outputsOf(run: ActionRun): string {
  const isJson = (name: string): boolean => name === 'results' || name === 'change-request-ids';
  const outputs: Record<string, Json> = {};
  for (const [name, value] of Object.entries(run.outputs))
    outputs[name] = isJson(name) ? parseJson(value) : value;
  return `${toJson(outputs, 2)}
`;
}

/** Compares texts that a run left with the files of a scenario. */
export function expectFiles(scenario: string, run: ActionRun, seen: Readonly<Record<string, string>>): void {
  const folder = fileURLToPath(new URL(`${scenario}/`, FIXTURES));
  for (const [name, text] of Object.entries(seen)) {
    const path = `${folder}${name}`;
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, steady(text, run));
    }
    expect(steady(text, run)).toBe(readFileSync(path, 'utf8'));
  }
}

/** Compares log, summary and outputs with the files of a scenario. */
export const expectGolden = (scenario: string, run: ActionRun): void =>
  expectFiles(scenario, run, {
    'log.txt': logOf(run),
    'summary.md': run.summary,
    'outputs.json': outputsOf(run),
  });
