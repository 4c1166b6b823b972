// Runs for a pull request: a stage with a stand-in for GitHub's API, and the event the runner would write.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import type { ActionRun, RunOptions } from '../../scripts/run-action.mjs';
import { startGitHub, type GitHub } from './github-api.ts';
import { onStage, type Stage } from './stage.ts';

/** What the runner writes for `on: pull_request`, as far as it matters. */
export const EVENT = JSON.stringify({ action: 'opened', number: 7, pull_request: { number: 7 } });

/** The look at the first page of comments, as `asked` tells it. */
export const LIST = '7/comments?per_page=100&page=1';

/** The marker that a comment begins with. */
export const markerOf = (body = ''): string =>
  /^<!-- promote-split-flags [0-9a-f]{64} -->\n/.exec(body)?.[0] ?? '';

export interface PullRequestStage extends Stage {
  readonly github: GitHub;
  /** What the runner says of the pull request. */
  readonly variables: Readonly<Record<string, string>>;
  /** Runs with `comment-on-pull-request`, as a job `preview` of preview.yml. */
  readonly preview: (
    inputs?: Readonly<Record<string, string>>,
    options?: RunOptions & { readonly event?: string },
  ) => Promise<ActionRun>;
  /** Bodies of the comments that are there. */
  readonly bodies: () => readonly string[];
  /** Requests to GitHub, as `METHOD path` without the repository. */
  readonly asked: () => readonly string[];
}

export const onPullRequest = (
  test: (stage: PullRequestStage) => Promise<void>,
  { prefix, ...options }: EmulatorOptions & { readonly prefix?: string } = {},
): Promise<void> =>
  onStage(async (stage) => {
    const github = await startGitHub(prefix);
    const directory = mkdtempSync(join(tmpdir(), 'event-'));
    const path = join(directory, 'event.json');
    writeFileSync(path, EVENT);
    const variables = {
      GITHUB_API_URL: github.apiUrl,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: path,
      GITHUB_JOB: 'preview',
      GITHUB_WORKFLOW_REF: 'octo-org/web-shop/.github/workflows/preview.yml@refs/pull/7/merge',
    };
    try {
      await test({
        ...{ ...stage, github, variables },
        preview(inputs, { event = EVENT, env, ...others } = {}) {
          writeFileSync(path, event);
          return stage.run(
            { mode: 'plan', 'comment-on-pull-request': 'true', ...inputs },
            { ...others, env: { ...variables, ...env } },
          );
        },
        bodies: () => github.comments.map(({ body }) => body),
        asked: () =>
          github.requests.map(
            ({ method, path }) => `${method} ${path.replace('/repos/octo-org/web-shop/issues/', '')}`,
          ),
      });
    } finally {
      await github.close();
      rmSync(directory, { recursive: true, force: true });
    }
  }, options);
