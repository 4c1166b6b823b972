// The demo itself: flag `clients` of workspace `Default`, promoted from Production to Staging on a local Admin
// API by the committed bundle, first planned, then applied. Runs on Node 24, which reads the emulator's TypeScript.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startEmulator } from '../emulator/emulator.ts';
import { seededWorld } from '../emulator/seed.ts';
import { runAction, shownOf } from './run-action.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, '.demo', 'clients');

const INPUTS = {
  'api-key': 'demo-key-that-is-no-secret',
  flags: 'clients',
  workspace: 'Default',
  'source-environment': 'Production',
  'target-environment': 'Staging',
};

/** @param {import('./run-action.mjs').ActionRun} run @param {number} requests */
const story = ({ stdout, stderr, exitCode, milliseconds, outputs }, requests) =>
  [
    shownOf(stdout) + stderr,
    `Exit code ${exitCode}, ${Math.round(milliseconds)} ms, ${requests} requests. Outputs:`,
    ...Object.entries(outputs).map(([name, value]) => `  ${name}: ${value}`),
    '',
  ].join('\n');

/** @type {typeof import('./demo-run.mjs').demonstrate} */
export async function demonstrate({ folder, modes, say = () => undefined }) {
  const { renderSummary } = await import('./render-summary.mjs');
  const emulator = await startEmulator({ world: seededWorld() });
  const steps = [];
  try {
    say(`\nAn emulated Admin API answers at ${emulator.apiUrl}.`);
    for (const mode of modes) {
      say(`\n── mode: ${mode} ${'─'.repeat(60)}`);
      const inputs = { ...INPUTS, mode, 'api-url': emulator.apiUrl };
      const run = await runAction(inputs, { cwd: ROOT, parent: folder });
      say(story(run, emulator.requests.length));
      emulator.forget();
      const page = join(folder, `${mode}.html`);
      writeFileSync(join(folder, `${mode}.md`), run.summary);
      writeFileSync(page, renderSummary(run.summary));
      steps.push({ mode, run, page });
    }
  } finally {
    await emulator.close();
  }
  return steps;
}

async function main() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const pages = await demonstrate({ folder: FOLDER, modes: ['plan', 'apply'], say: console.log });
  console.log('The job summaries, as GitHub would show them (open in a browser):');
  for (const { mode, page } of pages) console.log(`  ${mode.padEnd(5)}  ${page}`);
  if (pages.some(({ run }) => run.exitCode !== 0)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
