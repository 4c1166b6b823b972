// The adapter to the GitHub runner, and the only place that knows @actions/core.
import { randomUUID } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { SHORTEST_KEY } from '../inputs.ts';
import { Failure } from '../failure.ts';
import { durableFile } from './durable-file.ts';
import { inertLines } from './log-line.ts';
import type { Runner } from './runner.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const INPUT_PREFIX = 'INPUT_';

/** GitHub shows at most 4,096 characters of an annotation. */
const LONGEST_ANNOTATION = 4000;

const UNKNOWN = 'unknown';

function runUrlOf(environment: Environment): string {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = environment;
  if (!GITHUB_REPOSITORY || !GITHUB_RUN_ID) return UNKNOWN;
  const attempt = GITHUB_RUN_ATTEMPT && GITHUB_RUN_ATTEMPT !== '1' ? `/attempts/${GITHUB_RUN_ATTEMPT}` : '';
  return `${GITHUB_SERVER_URL || 'https://github.com'}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}${attempt}`;
}

/** The page that explains failures, at the version of this Action that runs; relative where that is unknown. */
function troubleshootingPage(environment: Environment): string {
  const { GITHUB_SERVER_URL, GITHUB_ACTION_REPOSITORY, GITHUB_ACTION_REF } = environment;
  const page = 'docs/troubleshooting.md';
  if (!GITHUB_ACTION_REPOSITORY || !GITHUB_ACTION_REF) return page;
  return `${GITHUB_SERVER_URL || 'https://github.com'}/${GITHUB_ACTION_REPOSITORY}/blob/${GITHUB_ACTION_REF}/${page}`;
}

/** The runner of this step, seen through its environment variables and files. */
export function createRunner(environment: Environment): Runner {
  const secrets: string[] = [];
  const directory = environment['RUNNER_TEMP'] || tmpdir();
  const workspace = environment['GITHUB_WORKSPACE'] || '.';
  const name = join(directory, `promote-split-flags-${randomUUID()}`);

  const redact = (text: string): string =>
    secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);

  const inert = (text: string): readonly string[] => inertLines(redact(text));

  const annotation = (text: string, end = ''): string => {
    const message = inert(text).join('\n');
    const room = LONGEST_ANNOTATION - end.length;
    return (message.length > room ? `${message.slice(0, room)}…` : message) + end;
  };

  const info = (text: string): void => {
    for (const line of inert(text)) core.info(line);
  };

  return {
    context: {
      actor: environment['GITHUB_ACTOR'] || UNKNOWN,
      sha: environment['GITHUB_SHA'] || UNKNOWN,
      repository: environment['GITHUB_REPOSITORY'] || UNKNOWN,
      // It goes into a header, which takes no line breaks.
      runId: environment['GITHUB_RUN_ID']?.replaceAll(/[^\x20-\x7e]/g, '') || UNKNOWN,
      runUrl: runUrlOf(environment),
      troubleshooting: troubleshootingPage(environment),
    },

    givenInputs: () =>
      new Map(
        Object.entries(environment)
          .filter(([variable]) => variable.startsWith(INPUT_PREFIX))
          .map(([variable, value]) => [variable.slice(INPUT_PREFIX.length).toLowerCase(), value ?? '']),
      ),

    mask(secret) {
      core.setSecret(secret);
      // The runner still masks a shorter one in the log.
      if (secret.length >= SHORTEST_KEY) secrets.push(secret);
    },

    redact,
    info,
    group(title, lines) {
      core.startGroup(inert(title).join(' '));
      for (const line of lines) info(line);
      core.endGroup();
    },
    debug: (text) => {
      for (const line of inert(text)) core.debug(line);
    },
    notice: (message) => core.notice(annotation(message)),
    warning: (message) => core.warning(annotation(message)),
    fail: (message, link) => core.setFailed(annotation(message, ` ${link}`)),
    async readFile(path) {
      try {
        // Text that is not UTF-8 would be read as something else.
        return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(resolve(workspace, path)));
      } catch (cause) {
        throw new Failure(
          'invalid-input',
          `The plan file ${path} could not be read (${String(cause)}). Give \`plan-file\` the path of a plan file that this step can read.`,
          { cause },
        );
      }
    },

    setOutput: (output, value) => core.setOutput(output, redact(value)),

    planFile() {
      const path = `${name}.json`;
      const file = durableFile(path);
      const written = async (writing: Promise<void>): Promise<void> => {
        try {
          await writing;
        } catch (cause) {
          throw new Failure(
            'invalid-input',
            `The plan file ${path} could not be written (${String(cause)}). Make RUNNER_TEMP a directory that this step may write to.`,
            { cause },
          );
        }
      };
      const redacted = function* (pieces: Iterable<string>): Generator<string> {
        for (const piece of pieces) yield redact(piece);
      };
      return {
        path,
        replace: (pieces) => written(file.replace(redacted(pieces))),
        overwrite: (slots) => written(file.overwrite(slots)),
      };
    },

    async writeSummary(markdown) {
      const text = redact(markdown);
      const path = `${name}.md`;
      const onStep = environment['GITHUB_STEP_SUMMARY'];
      try {
        if (!onStep) throw new Error('GITHUB_STEP_SUMMARY is not set');
        await appendFile(onStep, `${text}\n`, 'utf8');
      } catch (cause) {
        info(`There is no job summary here (${String(cause)}).`);
      }
      try {
        await durableFile(path).replace([text]);
        return path;
      } catch (cause) {
        info(`The summary could not be kept in a file (${String(cause)}).`);
        return '';
      }
    },
  };
}
