// Finds a Node 24 or newer, the runtime of the Action, whatever Node the machine has.
// As a command, `node scripts/node24.mjs <args…>` runs that Node with these arguments.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { npm } from './npm.mjs';

const TOOLS = fileURLToPath(new URL('../tools/node24/', import.meta.url));
const PLATFORM_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** @returns {string} where `npm ci` in tools/node24 puts the binary of this platform */
const installed = () =>
  join(TOOLS, 'node_modules', PLATFORM_PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** @param {string} binary */
const works = (binary) => existsSync(binary) && spawnSync(binary, ['--version']).status === 0;

/** @returns {string | undefined} the version of Node that tools/node24 brings for this platform */
const offered = () =>
  JSON.parse(readFileSync(join(TOOLS, 'package.json'), 'utf8')).optionalDependencies[PLATFORM_PACKAGE];

/**
 * Path of a Node 24 or newer: the running one if it is new enough, else the one in tools/node24, which is
 * installed first where it is missing. Throws a sentence that says what to do where there is none.
 * @param {(message: string) => void} [say] told before an installation starts
 * @returns {string}
 */
export function node24(say = (message) => process.stderr.write(`${message}\n`)) {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const binary = installed();
  if (works(binary)) return binary;
  const version = offered();
  if (version === undefined) {
    throw new Error(
      `The Action runs on Node 24; this is Node ${process.versions.node}, and the npm registry has no Node for ` +
        `${process.platform}-${process.arch}. Install Node 24 or newer (https://nodejs.org) and try again.`,
    );
  }
  say(`Installing Node ${version} into tools/node24 (about 60 MB, once) …`);
  npm(['ci'], { cwd: TOOLS });
  if (!works(binary)) {
    throw new Error(`Node ${version} was installed but does not run: ${binary}. Install Node 24 or newer.`);
  }
  return binary;
}

/**
 * Runs a Node 24 or newer with these arguments, and ends as it does.
 * @param {string[]} args
 * @param {(message: string) => void} [say] told before an installation starts
 */
export function runOnNode24(args, say) {
  const child = spawn(node24(say), args, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the whole group, a process manager only to this process: pass it on.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('close', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    runOnNode24(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
