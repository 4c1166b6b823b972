// Workflows, played: the jobs of a file, with the inputs that GitHub would pass on, run the committed bundle.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { parse } from 'yaml';
import { parseOutputs, runAction, type ActionRun, type RunOptions } from '../../scripts/run-action.mjs';
import { isThisAction, type Job, type Step, type Workflow } from '../contract/workflow.ts';
import { KEY, type Stage } from './stage.ts';

type Texts = Readonly<Record<string, string>>;

/** The value of an expression: names, texts, `||`, and the one way in which names are taken out of results. */
function valueOf(expression: string, known: Texts): string {
  const [first = '', ...others] = expression.split(' || ').map((part) => part.trim());
  const listed = /^join\(fromJSON\(([\w.-]+)$/.exec(first)?.[1];
  if (listed !== undefined) {
    const results = parse(known[listed] ?? '[]') as readonly { readonly flag: string }[];
    return results.map(({ flag }) => flag).join(' ');
  }
  const text = /^'(.*)'$/.exec(first)?.[1];
  // An input that the caller does not give is empty; any other name that is not known is a mistake in the file.
  const value = text ?? known[first] ?? (first.startsWith('inputs.') ? '' : undefined);
  if (value === undefined && !first.startsWith('secrets.'))
    throw new TypeError(`Nothing is known of ${first}.`);
  return value || (others.length === 0 ? '' : valueOf(others.join(' || '), known));
}

export const filled = (text: string, known: Texts): string =>
  text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_braces, expression: string) => valueOf(expression, known));

const filledAll = (texts: Texts, known: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, filled(value, known)]));

const prefixed = (prefix: string, texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([name, value]) => [`${prefix}.${name}`, value]));

/** What a called workflow knows: its inputs, with their defaults, and its secrets. */
export function calling(workflow: Workflow, inputs: Texts): Texts {
  const declared = Object.entries(workflow.on.workflow_call?.inputs ?? {});
  const defaults = declared.map(([name, { default: value = '' }]) => [name, String(value)]);
  return {
    ...prefixed('inputs', { ...(Object.fromEntries(defaults) as Texts), ...inputs }),
    'secrets.SPLIT_ADMIN_API_KEY': KEY,
    'secrets.SPLIT_VIEWER_API_KEY': KEY,
    'github.run_attempt': '1',
    'github.token': 'token-of-the-run',
  };
}

export interface PlayedJob {
  readonly run: ActionRun;
  /** The job's outputs, as `needs` of the next one has them. */
  readonly outputs: Texts;
}

/** Runs the Action's step of a job with exactly the inputs it is given there, and with the emulator as the API. */
export async function playJob(
  { emulator }: Stage,
  job: Job | undefined,
  known: Texts,
  options?: RunOptions,
): Promise<PlayedJob> {
  const step = (job?.steps ?? []).find(isThisAction);
  if (!step) throw new TypeError('The job does not run the Action.');
  const run = await runAction({ ...filledAll(step.with ?? {}, known), 'api-url': emulator.apiUrl }, options);
  return { run, outputs: filledAll(job?.outputs ?? {}, prefixed('steps.promote.outputs', run.outputs)) };
}

/** Runs a step's shell script as GitHub would, and returns its outputs. Throws where it fails. */
export function playScript(
  step: Step | undefined,
  {
    arrange = () => undefined,
    known = {},
    env = {},
  }: {
    /** Puts files into the folder that RUNNER_TEMP is. */
    readonly arrange?: (temp: string) => void;
    readonly known?: Texts;
    /** Beside those of the step. */
    readonly env?: Texts;
  },
): Texts {
  const temp = mkdtempSync(join(tmpdir(), 'workflow-'));
  const output = join(temp, 'output');
  writeFileSync(output, '');
  arrange(temp);
  const variables = {
    PATH: process.env['PATH'] ?? '',
    RUNNER_TEMP: temp,
    GITHUB_OUTPUT: output,
    ...filledAll(step?.env ?? {}, known),
    ...env,
  };
  execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? 'exit 1'], {
    env: variables,
    stdio: 'pipe',
  });
  return parseOutputs(readFileSync(output, 'utf8'));
}

/** Puts the plan file of a run where the download of its artifact would. */
export const download =
  (...runs: readonly ActionRun[]) =>
  (temp: string): void => {
    mkdirSync(join(temp, 'promotion'));
    for (const { outputs } of runs) {
      const file = outputs['plan-file'] ?? '';
      copyFileSync(file, join(temp, 'promotion', basename(file)));
    }
  };

/** Runs the script of a step of `actions/github-script` with what that gives to it. */
export async function playGitHubScript(
  step: Step | undefined,
  github: unknown,
  context: unknown,
  known: Texts,
): Promise<void> {
  const script = `return (async () => { ${step?.with?.['script'] ?? 'throw new Error("no script");'}\n })();`;
  const play = compileFunction(script, ['github', 'context', 'process']) as (
    ...given: readonly unknown[]
  ) => Promise<void>;
  await play(github, context, { env: filledAll(step?.env ?? {}, known) });
}
