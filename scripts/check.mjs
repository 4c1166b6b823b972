// `npm test`: everything that must hold before a change may go in, step by step, up to the first that does not.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { node24 } from './node24.mjs';
import { npm } from './npm.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

// Quick answers first; dist before the tests, because the process tests run what is committed.
const STEPS = [
  { name: 'format', run: ['run', '--silent', 'format:check'], repair: 'npm run format' },
  { name: 'lint', run: ['run', '--silent', 'lint'], repair: 'npm run lint' },
  { name: 'types', run: ['run', '--silent', 'typecheck'], repair: 'npm run typecheck' },
  { name: 'dist freshness', run: ['run', '--silent', 'check-dist'], repair: 'npm run build' },
  {
    name: 'tests and coverage floor',
    // .ci/run counts the tests from the file.
    run: ['run', '--silent', 'jest', '--', '--coverage', '--json', '--outputFile=reports/jest.json'],
    repair: 'npm run jest -- <file>',
  },
];

function main() {
  // Jest does not make the folder; results of an earlier run must not count.
  mkdirSync(join(ROOT, 'reports'), { recursive: true });
  rmSync(join(ROOT, 'reports', 'jest.json'), { force: true });
  // An installation in the middle of a step would look like the step's own output.
  node24(console.log);
  const started = performance.now();
  for (const [at, { name, run, repair }] of STEPS.entries()) {
    const title = `[${at + 1}/${STEPS.length}] ${name}`;
    console.log(`\n${title} …`);
    const begun = performance.now();
    try {
      npm(run, { cwd: ROOT });
    } catch {
      console.error(`\n${title}: FAILED, the steps after it did not run. Try: ${repair}`);
      process.exitCode = 1;
      return;
    }
    console.log(`${title}: passed in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
  console.log(
    `\nAll ${STEPS.length} steps passed in ${((performance.now() - started) / 1000).toFixed(0)} s.`,
  );
}

main();
