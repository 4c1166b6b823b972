// `npm run action`: runs the committed bundle as the runner would, on inputs from `.env` or another file (`--env FILE`),
// and on `name=value` arguments, which win. Shows the log, the outputs, and the job summary as a page.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, parseEnv } from 'node:util';
import { renderSummary } from './render-summary.mjs';
import { runAction, shownOf } from './run-action.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const INPUT = /^INPUT_/i;

/** @param {string | undefined} given */
function variablesOf(given) {
  const file = given ?? '.env';
  if (given === undefined && !existsSync(file)) return {};
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read. .env.example shows what stands in one.`, {
      cause: error,
    });
  }
}

/** @param {string} argument */
function inputOf(argument) {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(argument) ?? [];
  if (name === undefined || value === undefined)
    throw new Error(`${argument} is not of the form name=value.`);
  return [name, value];
}

/** Passes on whole lines, without what the runner would not show; the rest at the end. @param {(text: string) => void} show */
function byLine(show) {
  let rest = '';
  /** @param {string} text */
  const take = (text) => {
    const end = (rest + text).lastIndexOf('\n') + 1;
    show(shownOf((rest + text).slice(0, end)));
    rest = (rest + text).slice(end);
  };
  return { take, end: () => take('\n') };
}

async function main() {
  const { values, positionals } = parseArgs({
    // Not `--env-file`: Node takes that for its own, wherever it stands.
    options: { env: { type: 'string' } },
    allowPositionals: true,
  });
  const variables = Object.entries(variablesOf(values.env));
  const given = variables.filter(([name]) => INPUT.test(name));
  const inputs = Object.fromEntries([
    ...given.map(([name, value]) => [name.replace(INPUT, '').toLowerCase(), value]),
    ...positionals.map(inputOf),
  ]);
  if (Object.keys(inputs).length === 0) {
    throw new Error('There are no inputs. Copy .env.example to .env, or give some as name=value.');
  }
  const parent = join(ROOT, '.demo');
  mkdirSync(parent, { recursive: true });
  const log = byLine((text) => process.stdout.write(text));
  const { exitCode, outputs, summary, directory } = await runAction(inputs, {
    parent,
    cwd: process.cwd(),
    // A plan file may be named from here.
    env: {
      GITHUB_WORKSPACE: process.cwd(),
      ...Object.fromEntries(variables.filter(([name]) => !INPUT.test(name))),
    },
    onOutput: log.take,
    maximumSeconds: 6 * 60 * 60,
  });
  log.end();
  const page = join(directory, 'summary.html');
  writeFileSync(page, renderSummary(summary));
  console.log(`Exit code ${exitCode}. Outputs:`);
  for (const [name, value] of Object.entries(outputs)) console.log(`  ${name}: ${value}`);
  console.log(`\nThe job summary, as GitHub would show it (open in a browser):\n  ${page}`);
  process.exitCode = exitCode ?? 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
