// What a run leaves on its pull request: one comment for each target, updated in place.
import { describe, expect, test } from '@jest/globals';
import { split } from '../../emulator/seed-parts.ts';
import { addSegment } from '../../emulator/world.ts';
import type { ActionRun } from '../../scripts/run-action.mjs';
import { proseNodes, rendered } from '../report/render.ts';
import { APP_TOKEN, PERSON_TOKEN, startGitHub } from './github-api.ts';
import { expectFiles } from './golden.ts';
import { withProxy } from './proxy.ts';
import { LIST, markerOf, onPullRequest, type PullRequestStage } from './pull-request.ts';
import { KEY } from './stage.ts';

const SAME = { flags: 'dark_mode' };
const TWO = { 'target-environment': 'Staging, QA' };

const MONALISA = { login: 'monalisa', type: 'User' };
const GITHUB_BOT = { login: 'github-actions[bot]', type: 'Bot' };

const expectBodies = (scenario: string, run: ActionRun, { bodies }: PullRequestStage): void =>
  expectFiles(
    `pull-request/${scenario}`,
    run,
    Object.fromEntries(bodies().map((body, position) => [`comment-${position + 1}.md`, body])),
  );

describe('a comment', () => {
  test('is added by the first run, and updated in place by the next', () =>
    onPullRequest(async (stage) => {
      const first = await stage.preview();
      expect(first.outputs['status']).toBe('planned');
      expect(stage.asked()).toEqual([`GET ${LIST}`, 'POST 7/comments']);
      expect(first.stdout).toContain('Comments on pull request 7: Staging added.');
      expectBodies('plans-the-copy-of-a-flag', first, stage);

      stage.edit({ defaultRule: split({ off: 100 }) }, 'Production');
      const second = await stage.preview();
      expect(stage.asked().slice(2)).toEqual([`GET ${LIST}`, 'PATCH comments/4100000000']);
      expect(second.stdout).toContain('Comments on pull request 7: Staging updated.');
      expectBodies('plans-again', second, stage);
    }));

  test('is not added where nothing would change', () =>
    onPullRequest(async (stage) => {
      const ended = await stage.preview(SAME);
      expect(ended.outputs['status']).toBe('unchanged');
      expect(stage.asked()).toEqual([`GET ${LIST}`]);
      expect(ended.stdout).toContain('Comments on pull request 7: Staging not needed.');
    }));

  test('that is there is corrected where nothing would change any more', () =>
    onPullRequest(async (stage) => {
      await stage.preview();
      await stage.run();
      const ended = await stage.preview();
      expect(ended.outputs['status']).toBe('unchanged');
      expect(stage.bodies()).toHaveLength(1);
      expectBodies('says-that-nothing-would-change-any-more', ended, stage);
    }));

  test('says what was applied, and how to undo it', () =>
    onPullRequest(async (stage) => {
      await stage.preview();
      expectBodies('applies-the-copy-of-a-flag', await stage.preview({ mode: 'apply' }), stage);
    }));

  test('names no individual targets, though the summary does', () =>
    onPullRequest(async (stage) => {
      const run = await stage.preview({ 'show-targets': 'true' });
      for (const name of ['user-2210', 'qa-automation-1'])
        expect([run.summary.includes(name), stage.bodies()[0]?.includes(name)]).toEqual([true, false]);
    }));

  test('names no individual targets that the API names in its messages', () =>
    onPullRequest(async (stage) => {
      const body = { code: 400, message: 'key user-2210 is not allowed' };
      stage.emulator.fault({ method: 'PUT', answer: { status: 400, body } });
      const run = await stage.preview({ mode: 'apply' });
      expect(run.summary).toContain('user-2210');
      expect(stage.bodies()[0]).toContain('key (target) is not allowed');
      expectBodies('hides-names-in-the-messages-of-a-failure', run, stage);
    }));

  test('tells of a failure before there was a plan in the place where the plan is told of', () =>
    onPullRequest(async (stage) => {
      const failing = await stage.preview({ workspace: 'Defualt' });
      expect(failing.outputs['failure-reason']).toBe('not-found');
      expectBodies('fails-before-there-is-a-plan', failing, stage);
      await stage.preview();
      expect(stage.bodies()).toHaveLength(1);
      expect(stage.bodies()[0]).toContain('Plan: nothing is written yet');
    }));

  test('keeps its place where the target is given by its id', () =>
    onPullRequest(async (stage) => {
      const target = { 'target-environment': stage.idOf('Staging').toUpperCase() };
      await stage.preview({ ...target, flags: 'no_such_flag' });
      await stage.preview(target);
      expect(stage.bodies()).toHaveLength(1);
      expect(stage.bodies()[0]).toContain('Would update clients');
    }));

  test('tells of a run that was cancelled', () =>
    onPullRequest(async (stage) => {
      let stop = (): void => undefined;
      stage.emulator.fault({ path: '/clients/', times: 2, hang: true, then: () => stop() });
      const run = await stage.preview({}, { onStart: (child) => (stop = () => child.kill('SIGINT')) });
      expect(run.outputs['failure-reason']).toBe('cancelled');
      expect(stage.bodies()[0]).toContain('Reason `cancelled`');
    }));

  test('shows hostile names as text, and no name ends the marker', () =>
    onPullRequest(async (stage) => {
      const target = '--> <b>@everyone</b> #1 ![](https://example.com)';
      await stage.preview({ 'target-environment': target });
      const [body = ''] = stage.bodies();
      expect(body).toContain('everyone');
      expect(body.slice(markerOf(body).length)).toMatch(/^## /);
      const { elements } = rendered(body);
      expect(elements.filter((name) => ['b', 'img', 'a'].includes(name))).toEqual(['a']);
      expect(proseNodes(body).join('\n')).not.toMatch(/@everyone|#1\b|https:\/\//);
    }));
});

describe('two targets', () => {
  test('have a comment each, about their own items', () =>
    onPullRequest(async (stage) => {
      const run = await stage.preview({ ...TWO, flags: 'clients,payments_gateway' });
      expect(stage.asked()).toEqual([`GET ${LIST}`, 'POST 7/comments', 'POST 7/comments']);
      expectBodies('plans-two-flags-for-two-targets', run, stage);
      await stage.preview({ ...TWO, flags: 'clients,payments_gateway' });
      expect(stage.bodies()).toHaveLength(2);
    }));

  test('of which one has nothing to do have one comment', () =>
    onPullRequest(async (stage) => {
      await stage.run({ 'target-environment': 'QA' });
      const run = await stage.preview(TWO);
      expect(run.stdout).toContain('Comments on pull request 7: Staging added, QA not needed.');
      expect(stage.bodies()).toHaveLength(1);
    }));

  test('of which one is refused: the other says what would change, and why the run failed', () =>
    onPullRequest(async (stage) => {
      addSegment(stage.workspace(), stage.environment('QA'), { name: 'partners_emea' });
      const run = await stage.preview({ ...TWO, flags: 'partner_portal' });
      expect(run.outputs['status']).toBe('refused');
      expectBodies('refuses-one-of-two-targets', run, stage);
    }));

  test('of which one is written before the other fails say how it is for each', () =>
    onPullRequest(async (stage) => {
      const path = `/clients/environments/${stage.idOf('QA')}`;
      stage.emulator.fault({ method: 'PUT', path, answer: { status: 400, body: { message: 'no' } } });
      const run = await stage.preview({ ...TWO, mode: 'apply' });
      expect(run.outputs['status']).toBe('partial');
      expectBodies('writes-one-of-two-targets', run, stage);
    }));

  test('of a plan that is stale say so, though one has nothing to do', () =>
    onPullRequest(async (stage) => {
      const stale = { mode: 'apply', 'expected-fingerprint': '0'.repeat(64) };
      await stage.preview({ ...SAME, ...TWO, ...stale });
      expect(stage.bodies()).toHaveLength(2);
      for (const body of stage.bodies())
        expect(body).toContain('Reason `plan-stale`: The plan has fingerprint');
    }));

  test('that are the same have one comment', () =>
    onPullRequest(async (stage) => {
      await stage.preview({ 'target-environment': `Staging,${stage.idOf('Staging')}` });
      expect(stage.bodies()).toHaveLength(1);
    }));
});

describe('a run of a plan file', () => {
  test('has the comment of its target by the name in it', () =>
    onPullRequest(async (stage) => {
      const applied = await stage.preview({ mode: 'apply' });
      const saved = { flags: '', 'source-environment': '', 'target-environment': '', mode: 'rollback' };
      await stage.preview({ ...saved, 'plan-file': applied.outputs['plan-file'] ?? '' });
      expect(stage.bodies()).toHaveLength(1);
      expect(stage.bodies()[0]).toContain('Rolled back');
    }));

  test('that names no target and has no plan has no comment', () =>
    onPullRequest(async (stage) => {
      const saved = { flags: '', 'source-environment': '', 'target-environment': '', mode: 'apply' };
      const run = await stage.preview({ ...saved, 'plan-file': 'nowhere.json' });
      expect(run.stdout).toContain('Comments on pull request 7: no target is known.');
      expect(stage.bodies()).toEqual([]);
    }));
});

describe('which comment is its own', () => {
  test.each([
    ['another target', { 'target-environment': 'QA' }, {}],
    ['another job', {}, { GITHUB_JOB: 'other' }],
    ['another workflow', {}, { GITHUB_WORKFLOW_REF: 'octo-org/web-shop/.github/workflows/b.yml@refs/x' }],
    ['another workflow by its name', {}, { GITHUB_WORKFLOW_REF: undefined, GITHUB_WORKFLOW: 'Other' }],
  ])('is not that of %s', (_what, inputs, env) =>
    onPullRequest(async (stage) => {
      await stage.preview();
      await stage.preview(inputs, { env });
      expect(new Set(stage.bodies().map(markerOf)).size).toBe(2);
    }),
  );

  test('does not depend on the branch', () =>
    onPullRequest(async (stage) => {
      await stage.preview();
      const GITHUB_WORKFLOW_REF = 'octo-org/web-shop/.github/workflows/preview.yml@refs/heads/a@b';
      await stage.preview({}, { env: { GITHUB_WORKFLOW_REF } });
      expect(stage.bodies()).toHaveLength(1);
    }));

  test('is found on any page', () =>
    onPullRequest(async (stage) => {
      await stage.preview();
      const [body = ''] = stage.bodies();
      stage.github.comments.length = 0;
      for (let number = 0; number < 250; number += 1) stage.github.plant(`comment ${number}`);
      const own = stage.github.plant(body, GITHUB_BOT);
      await stage.preview({ mode: 'apply' });
      expect(stage.asked().slice(2)).toEqual([
        ...[1, 2, 3].map((page) => `GET 7/comments?per_page=100&page=${page}`),
        `PATCH comments/${own.id}`,
      ]);
      expect(own.body).toContain('Promoted');
    }));

  test('is the oldest of several', () =>
    onPullRequest(async (stage) => {
      await stage.preview();
      const [body = ''] = stage.bodies();
      stage.github.plant(body, GITHUB_BOT);
      await stage.preview({ mode: 'apply' });
      expect(stage.bodies()[0]).toContain('Promoted');
      expect(stage.bodies()[1]).toBe(body);
    }));

  test('begins with the marker: one that quotes it is another', () =>
    onPullRequest(async (stage) => {
      await stage.preview();
      const [body = ''] = stage.bodies();
      stage.github.comments.length = 0;
      stage.github.plant(`> ${body}`, GITHUB_BOT);
      await stage.preview();
      expect(stage.bodies()).toHaveLength(2);
    }));

  test.each([
    ['a person, with a token of the job', MONALISA, APP_TOKEN],
    ['a user who is gone, with a token of the job', null, APP_TOKEN],
    ['a user who is gone, with a token of a person', null, PERSON_TOKEN],
    ['somebody else, with a token of a person', { login: 'mallory', type: 'User' }, PERSON_TOKEN],
    ['a bot, with a token of a person', GITHUB_BOT, PERSON_TOKEN],
  ])('is not one that a stranger planted: %s', (_who, user, token) =>
    onPullRequest(async (stage) => {
      await stage.preview({ 'github-token': token });
      const [body = ''] = stage.bodies();
      stage.github.comments.length = 0;
      const planted = stage.github.plant(`${markerOf(body)}planted`, user);
      await stage.preview({ 'github-token': token });
      expect(planted.body).toBe(`${markerOf(body)}planted`);
      expect(stage.bodies()).toHaveLength(2);
    }),
  );

  test('is one of the person whose token it is, who is asked for only then', () =>
    onPullRequest(async (stage) => {
      await stage.preview({ 'github-token': PERSON_TOKEN });
      expect(stage.asked()).toEqual([`GET ${LIST}`, 'POST 7/comments']);
      await stage.preview({ 'github-token': PERSON_TOKEN });
      expect(stage.asked().slice(2)).toEqual([`GET ${LIST}`, 'GET /user', 'PATCH comments/4100000000']);
    }));
});

describe('GitHub is asked', () => {
  test('only where a comment is wanted, and only then its client is loaded', () =>
    onPullRequest(async (stage) => {
      // What only that client looks at.
      const trap = `process.env = new Proxy(process.env, { get(target, name) {
        if (name === 'GITHUB_GRAPHQL_URL') process.stderr.write('Octokit is loaded');
        return target[name];
      } })`;
      const nodeArguments = ['--import', `data:text/javascript,${encodeURIComponent(trap)}`];
      const options = { nodeArguments, env: { GITHUB_GRAPHQL_URL: undefined } };
      const without = await stage.preview({ 'comment-on-pull-request': 'false' }, options);
      expect([without.outputs['status'], without.stderr]).toEqual(['planned', '']);
      expect(stage.asked()).toEqual([]);
      const wanted = await stage.preview({}, options);
      expect(wanted.stderr).toContain('Octokit is loaded');
    }));

  test('with its token alone, which is not shown and goes nowhere else', () =>
    onPullRequest(async (stage) => {
      stage.edit({ comment: PERSON_TOKEN }, 'Production');
      const run = await stage.preview({ 'github-token': PERSON_TOKEN, flags: `clients,${PERSON_TOKEN}` });
      const shown = run.stdout.replaceAll(`::add-mask::${PERSON_TOKEN}`, '') + run.stderr + run.summary;
      expect(shown + JSON.stringify(run.outputs) + stage.bodies().join()).not.toContain(PERSON_TOKEN);
      expect(run.stdout.indexOf('::add-mask::ghp_')).toBeLessThan(run.stdout.indexOf('Planning'));
      const seen = new Set(stage.github.requests.map(({ authorization }) => authorization));
      expect(seen).toEqual(new Set([`token ${PERSON_TOKEN}`]));
      expect(JSON.stringify(stage.github.requests) + stage.bodies().join()).not.toContain(KEY);
      for (const { headers } of stage.emulator.requests)
        expect(JSON.stringify(headers)).not.toContain(PERSON_TOKEN);
    }));

  test('on Enterprise Server below its path', () =>
    onPullRequest(
      async (stage) => {
        await stage.preview();
        expect(stage.github.apiUrl).toMatch(/\/api\/v3$/);
        expect(stage.asked()).toEqual([`GET ${LIST}`, 'POST 7/comments']);
        expect(stage.bodies()).toHaveLength(1);
      },
      { prefix: '/api/v3' },
    ));

  test('through the proxy of the runner', () =>
    onPullRequest((stage) =>
      withProxy(async (proxy, asked) => {
        const host = `github.example.com:${stage.github.port}`;
        const env = { GITHUB_API_URL: `http://${host}`, http_proxy: proxy, no_proxy: '127.0.0.1' };
        await stage.preview({}, { env });
        expect(new Set(asked)).toEqual(new Set([host]));
        expect(stage.bodies()).toHaveLength(1);
      }),
    ));

  test('never elsewhere with the token, wherever an answer leads', () =>
    onPullRequest(async (stage) => {
      const elsewhere = await startGitHub();
      try {
        const location = `${elsewhere.apiUrl}/repos/octo-org/web-shop/issues/7/comments`;
        stage.github.fault({ method: 'GET', status: 302, headers: { location } });
        await stage.preview();
        expect(elsewhere.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
        stage.github.fault({
          method: 'GET',
          status: 200,
          body: [],
          headers: { link: `<${location}?page=2>; rel="next"` },
        });
        await stage.preview();
        expect(elsewhere.requests).toHaveLength(1);
        expect(stage.bodies()).toHaveLength(1);
      } finally {
        await elsewhere.close();
      }
    }));
});
