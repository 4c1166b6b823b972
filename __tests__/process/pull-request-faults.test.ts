// What a run does where it cannot comment on its pull request: it says so, and ends as it would have.
import { describe, expect, test } from '@jest/globals';
import type { ActionRun } from '../../scripts/run-action.mjs';
import { APP_TOKEN, type Fault } from './github-api.ts';
import { LIST, onPullRequest, type PullRequestStage } from './pull-request.ts';
import { errorsOf } from './stage.ts';

/** Warnings about the comment. */
const warningsOf = ({ stdout }: ActionRun): readonly string[] =>
  stdout.split('\n').filter((line) => line.startsWith('::warning::The pull request'));

/** The one warning of a run that ended as it would have without a comment. */
function expectWarned(run: ActionRun): string {
  expect(run.outputs).toMatchObject({ status: 'planned', 'failure-reason': '' });
  expect([run.exitCode, errorsOf(run), run.stderr]).toEqual([0, [], '']);
  const warnings = warningsOf(run);
  expect(warnings).toHaveLength(1);
  return warnings[0] ?? '';
}

const expectOneComment = ({ bodies }: PullRequestStage, run: ActionRun): void => {
  expect(warningsOf(run)).toEqual([]);
  expect(bodies()).toHaveLength(1);
};

describe('an answer that says no', () => {
  test.each([
    [401, 'Bad credentials', 'Give `github-token` a token that is valid on this server'],
    [403, 'Resource not accessible by integration', 'Give the job `permissions: pull-requests: write`.'],
    [404, 'Not Found', 'Give the job `permissions: pull-requests: write`.'],
    [422, 'Validation Failed', 'read the job summary'],
  ])('%i is a warning with its words and what to do, and not asked for again', (status, message, advice) =>
    onPullRequest(async (stage) => {
      stage.github.fault({ method: 'POST', status, message });
      const warning = expectWarned(await stage.preview());
      expect(warning).toContain(`GitHub answered ${status}: ${message}.`);
      expect(warning).toContain(advice);
      expect(stage.asked()).toEqual([`GET ${LIST}`, 'POST 7/comments']);
    }),
  );

  test('to a fork is explained, and nobody is led to another event', () =>
    onPullRequest(async (stage) => {
      stage.github.fault({ method: 'POST', status: 403, message: 'Resource not accessible by integration' });
      const warning = expectWarned(await stage.preview());
      expect(warning).toMatch(/For a pull request from a fork the token only reads.*Dependabot/);
      expect(warning).not.toContain('pull_request_target');
    }));

  test('does no harm by its words', () =>
    onPullRequest(async (stage) => {
      const message = `no\n::error::planted\n##[error]planted ${'x'.repeat(10_000)}`;
      stage.github.fault({ method: 'POST', status: 403, message });
      const run = await stage.preview();
      expect(expectWarned(run).length).toBeLessThan(1500);
      expect(run.stdout).not.toMatch(/^\s*::error|##\[/m);
    }));

  test('shows no part of a token that it repeats', () =>
    onPullRequest(async (stage) => {
      stage.github.fault({ method: 'POST', status: 403, message: `${'x'.repeat(290)}${APP_TOKEN}` });
      expect(expectWarned(await stage.preview())).not.toContain('ghs_');
    }));

  test.each(['API rate limit exceeded for installation', 'You have exceeded a secondary rate limit'])(
    'that is a limit, %s, is not taken for a lack of permission',
    (message) =>
      onPullRequest(async (stage) => {
        stage.github.fault({ method: 'POST', status: 403, message });
        const warning = expectWarned(await stage.preview());
        expect(warning).toContain(`${message}. Run again later.`);
        expect(warning).not.toContain('permissions');
      }),
  );

  test('hides no failure of the run', () =>
    onPullRequest(async (stage) => {
      stage.github.fault({ method: 'GET', status: 403 });
      const run = await stage.preview({ flags: 'no_such_flag' });
      expect([run.exitCode, run.outputs['failure-reason']]).toEqual([1, 'not-found']);
      expect(errorsOf(run)).toHaveLength(1);
      expect(warningsOf(run)).toHaveLength(1);
    }));
});

describe('GitHub is asked again', () => {
  test.each<readonly [string, Fault]>([
    ['a 502', { method: 'GET', status: 502 }],
    ['a reset', { method: 'GET', connection: 'reset' }],
    ['a body that is no list', { method: 'GET', status: 200, body: { message: 'hello' } }],
    ['a limit that says when to come again', { method: 'GET', status: 403, headers: { 'retry-after': '0' } }],
    ['a 429', { method: 'GET', status: 429, headers: { 'retry-after': '0' } }],
    ['a 500 to a new comment', { method: 'POST', status: 500 }],
  ])('after %s', (_what, fault) =>
    onPullRequest(async (stage) => {
      stage.github.fault(fault);
      expectOneComment(stage, await stage.preview());
    }),
  );

  test('whether a comment is there of which the answer was lost, before it is added twice', () =>
    onPullRequest(async (stage) => {
      stage.github.fault({ method: 'POST', connection: 'lose' });
      expectOneComment(stage, await stage.preview());
      expect(stage.asked()).toEqual([
        `GET ${LIST}`,
        'POST 7/comments',
        `GET ${LIST}`,
        'PATCH comments/4100000000',
      ]);
    }));

  test('for the second of two comments alone where the first was taken', () =>
    onPullRequest(async (stage) => {
      await stage.preview({ 'target-environment': 'Staging,QA' });
      stage.github.fault({ method: 'PATCH' });
      await stage.preview({ 'target-environment': 'Staging,QA' });
      expect(stage.asked().slice(4)).toEqual([
        'PATCH comments/4100000000',
        `GET ${LIST}`,
        'PATCH comments/4100000000',
        'PATCH comments/4100000001',
      ]);
    }));

  test('as often as `max-retries` says, then it is a warning', () =>
    onPullRequest(async (stage) => {
      stage.github.fault({ method: 'GET', status: 503, times: 9 });
      const warning = expectWarned(await stage.preview({ 'max-retries': '1' }));
      expect(warning).toContain('GitHub answered 503');
      expect(stage.asked()).toEqual([`GET ${LIST}`, `GET ${LIST}`]);
    }));

  test('not where it says to come again in an hour', () =>
    onPullRequest(async (stage) => {
      stage.github.fault({ method: 'GET', status: 403, headers: { 'retry-after': '3600' } });
      expectWarned(await stage.preview());
      expect(stage.asked()).toEqual([`GET ${LIST}`]);
    }));
});

describe('without an answer', () => {
  test('a run ends after `request-timeout-seconds`', () =>
    onPullRequest(async (stage) => {
      stage.github.fault({ method: 'GET', connection: 'hang' });
      const run = await stage.preview({ 'request-timeout-seconds': '2', 'max-retries': '0' });
      expect(expectWarned(run)).toContain(
        'GitHub gave no usable answer (The operation was aborted due to timeout).',
      );
      expect(run.milliseconds).toBeLessThan(10_000);
    }));

  test('a run whose job is cancelled ends before the runner kills it', () =>
    onPullRequest(async (stage) => {
      let stop = (): void => undefined;
      stage.github.fault({ method: 'GET', connection: 'hang', before: () => stop() });
      const run = await stage.preview({}, { onStart: (child) => (stop = () => child.kill('SIGINT')) });
      expect(expectWarned(run)).toContain('GitHub gave no usable answer');
      expect(stage.asked()).toEqual([`GET ${LIST}`]);
      expect(run.milliseconds).toBeLessThan(7500);
    }));

  test('a run says which address it could not reach', () =>
    onPullRequest(async (stage) => {
      await stage.github.close();
      const warning = expectWarned(await stage.preview({ 'max-retries': '0' }));
      expect(warning).toContain(`connect ECONNREFUSED 127.0.0.1:${stage.github.port}`);
      expect(warning).toContain('GITHUB_API_URL');
    }));

  test('an address that is none is not tried again', () =>
    onPullRequest(async (stage) => {
      const run = await stage.preview({}, { env: { GITHUB_API_URL: 'http://[nowhere' } });
      expect(expectWarned(run)).toContain('Invalid URL');
      expect(run.stdout.match(/GitHub gave no usable answer/g)).toHaveLength(2);
    }));

  test('a proxy that is none is a warning', () =>
    onPullRequest(async (stage) => {
      const env = {
        GITHUB_API_URL: 'http://github.example.com',
        http_proxy: 'http://127.0.0.1:9',
        no_proxy: '127.0.0.1',
      };
      expect(expectWarned(await stage.preview({ 'max-retries': '0' }, { env }))).toContain('ECONNREFUSED');
    }));
});

describe('the event', () => {
  test.each([
    ['a push', {}],
    ['an issue', { issue: { number: 7 } }],
    ['a number that is text', { pull_request: { number: '7/../../../user' } }],
    ['a number that is none', { pull_request: { number: -1 } }],
    ['a pull request that is none', { pull_request: null }],
    ['nothing', null],
    ['a list', [7]],
  ])('of %s has no pull request: a notice, and GitHub is not asked', (_what, event) =>
    onPullRequest(async (stage) => {
      const run = await stage.preview({}, { event: JSON.stringify(event) });
      expect([run.exitCode, run.outputs['status'], warningsOf(run)]).toEqual([0, 'planned', []]);
      expect(run.stdout).toMatch(/^::notice::.*has no pull request, so there is no comment\.$/m);
      expect(stage.asked()).toEqual([]);
    }),
  );

  test('of a comment on a pull request has one', () =>
    onPullRequest(async (stage) => {
      const event = JSON.stringify({ issue: { number: 7, pull_request: { url: '…' } }, comment: {} });
      expectOneComment(stage, await stage.preview({}, { event }));
    }));

  test.each([
    ['is no JSON', '{"pull_request": ::error::', {}],
    ['is empty', '', {}],
    ['is not there', '{}', { GITHUB_EVENT_PATH: '/nowhere/event.json' }],
  ])('that %s is a warning', (_what, event, env) =>
    onPullRequest(async (stage) => {
      const run = await stage.preview({}, { event, env });
      expect(expectWarned(run)).toContain('Make GITHUB_EVENT_PATH the JSON file that the runner wrote.');
      expect(run.stdout).not.toMatch(/^\s*::error/m);
      expect(stage.asked()).toEqual([]);
    }),
  );

  test.each([undefined, 'octo-org'])('in the repository %s has no pull request', (GITHUB_REPOSITORY) =>
    onPullRequest(async (stage) => {
      await stage.preview({}, { env: { GITHUB_REPOSITORY } });
      expect(stage.asked()).toEqual([]);
    }),
  );
});
