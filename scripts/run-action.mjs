// Runs the committed dist/index.js on Node 24 exactly as the runner would, and returns all it left behind.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { node24 } from './node24.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMMAND_FILES = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH'];

// What a process needs to run at all; nothing else of this machine's environment reaches the Action.
const INHERITED = ['PATH', 'HOME', ...(process.platform === 'win32' ? ['SystemRoot', 'TEMP', 'TMP'] : [])];

/** Every input of action.yml with its default. The runner sets those without one too, to nothing. @returns {Record<string, string>} */
function defaults() {
  const { inputs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { default: value }]) => [name, expanded(value ?? '')]),
  );
}

/** The one expression that a default may hold. @param {string} value */
const expanded = (value) => value.replaceAll(/\$\{\{\s*github\.token\s*\}\}/g, 'ghs_runner_token');

/**
 * The environment variables the runner makes of inputs: upper case, spaces to underscores, hyphens kept.
 * @param {Record<string, string>} inputs
 */
const inputVariables = (inputs) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );

/** @param {string} directory */
function runnerVariables(directory) {
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_EVENT_PATH: join(directory, 'event.json'),
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_JOB: 'promote',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REPOSITORY: 'octo-org/web-shop',
    GITHUB_REPOSITORY_OWNER: 'octo-org',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1658821493',
    GITHUB_RUN_NUMBER: '3',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: 'ffac537e6cbbf934b08745a378932722df287a53',
    GITHUB_WORKFLOW: 'Promote',
    GITHUB_WORKSPACE: directory,
    RUNNER_ARCH: 'X64',
    RUNNER_NAME: 'local',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: join(directory, 'temp'),
    ...Object.fromEntries(COMMAND_FILES.map((name) => [name, join(directory, name)])),
  };
}

/** @param {string} directory */
function layOut(directory) {
  mkdirSync(join(directory, 'temp'), { recursive: true });
  for (const name of COMMAND_FILES) writeFileSync(join(directory, name), '');
  writeFileSync(join(directory, 'event.json'), '{}');
}

/**
 * The runner's file format: `name=value`, or `name<<delimiter`, the value's lines, `delimiter`.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseOutputs(text) {
  /** @type {Record<string, string>} */
  const outputs = {};
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, mark, rest] = /^(.*?)(=|<<)(.*)$/.exec(lines[at] ?? '') ?? [];
    if (name === undefined || rest === undefined) continue;
    if (mark === '=') {
      outputs[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (end === -1) throw new Error(`Output ${name} has no closing ${rest}, the runner would fail the step.`);
    outputs[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return outputs;
}

/** @type {typeof import('./run-action.mjs').shownOf} */
export const shownOf = (log) => log.replaceAll(/^::(add-mask|debug)::.*\n/gm, '');

/** @param {import('node:stream').Readable | null} stream @param {(text: string) => void} [seen] */
function collect(stream, seen) {
  let text = '';
  stream?.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
    text += chunk;
    seen?.(chunk);
  });
  return () => text;
}

/** @type {typeof import('./run-action.mjs').runAction} */
export async function runAction(inputs, options = {}) {
  const { env = {}, cwd, onStart, onOutput, maximumSeconds = 60, nodeArguments = [], entry } = options;
  const directory = mkdtempSync(join(options.parent ?? tmpdir(), 'run-action-'));
  layOut(directory);
  const variables = {
    ...Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
    ...runnerVariables(directory),
    ...inputVariables({ ...defaults(), ...inputs }),
    ...env,
  };
  const started = performance.now();
  const child = spawn(node24(), [...nodeArguments, entry ?? join(ROOT, 'dist', 'index.js')], {
    cwd: cwd ?? directory,
    env: Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = collect(child.stdout, onOutput);
  const stderr = collect(child.stderr, onOutput);
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, maximumSeconds * 1000);
  try {
    /** @type {{ exitCode: number | null, signal: NodeJS.Signals | null }} */
    const end = await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode, signal) => resolve({ exitCode, signal }));
      onStart?.(child);
    });
    if (late) {
      throw new Error(`The Action was still running after ${maximumSeconds} s.\n${stdout()}${stderr()}`);
    }
    return {
      ...end,
      stdout: stdout(),
      stderr: stderr(),
      summary: readFileSync(join(directory, 'GITHUB_STEP_SUMMARY'), 'utf8'),
      outputs: parseOutputs(readFileSync(join(directory, 'GITHUB_OUTPUT'), 'utf8')),
      milliseconds: performance.now() - started,
      directory,
    };
  } finally {
    clearTimeout(limit);
  }
}
