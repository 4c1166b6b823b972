// The adapter to pull requests, asked in this process: how long it waits, and when it gives up.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createFindPullRequest, type Surroundings } from '../../src/github/octokit-pull-request.ts';
import type { Access, Commented } from '../../src/github/pull-request.ts';
import { APP_TOKEN, startGitHub, type GitHub } from '../process/github-api.ts';
import { EVENT } from '../process/pull-request.ts';

const ACCESS: Access = { token: APP_TOKEN, requestTimeoutMilliseconds: 5000, maxRetries: 5 };

let github: GitHub;
let directory: string;
let pauses: number[];

beforeAll(async () => {
  github = await startGitHub();
  // Octokit looks at it when it is loaded, which is once.
  process.env['GITHUB_API_URL'] = github.apiUrl;
  delete process.env['GITHUB_EVENT_PATH'];
  directory = mkdtempSync(join(tmpdir(), 'event-'));
  writeFileSync(join(directory, 'event.json'), EVENT);
});

afterAll(async () => {
  await github.close();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(() => {
  pauses = [];
});

/** Leaves one comment; pauses take no time. */
async function comment(surroundings: Partial<Surroundings> = {}): Promise<readonly Commented[] | undefined> {
  const find = createFindPullRequest({
    environment: {
      GITHUB_EVENT_PATH: join(directory, 'event.json'),
      GITHUB_REPOSITORY: 'octo-org/web-shop',
    },
    redact: (text) => text,
    debug: () => undefined,
    sleep: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
    timeUp: new AbortController().signal,
    ...surroundings,
  });
  return (await find())?.comment([{ target: 'Staging', markdown: 'text', isNews: true }], ACCESS);
}

test('asks for nothing when the time is up', async () => {
  await expect(comment({ timeUp: AbortSignal.abort() })).rejects.toMatchObject({ reason: 'network' });
  expect(github.requests).toEqual([]);
});

test('pauses twice as long before each further attempt', async () => {
  github.fault({ method: 'GET', status: 502, times: 4 });
  expect(await comment()).toEqual(['added']);
  expect(pauses).toEqual([500, 1000, 2000, 4000]);
});

test('pauses as long as it is told, up to twenty seconds', async () => {
  github.fault({ method: 'GET', status: 429, headers: { 'retry-after': '20' } });
  expect(await comment()).toEqual(['updated']);
  github.fault({ method: 'GET', status: 403, headers: { 'retry-after': '21' } });
  await expect(comment()).rejects.toMatchObject({ reason: 'rate-limited' });
  github.fault({ method: 'GET', status: 429, headers: { 'retry-after': 'tomorrow' } });
  await expect(comment()).rejects.toMatchObject({ reason: 'rate-limited' });
  expect(pauses).toEqual([20_000]);
});

test('gives up on a list of comments that never ends', async () => {
  const headers = { link: `<${github.apiUrl}/more>; rel="next"` };
  github.fault({
    method: 'GET',
    status: 200,
    body: [{}, null, { id: 1, body: 'x' }],
    headers,
    times: Infinity,
  });
  await expect(comment({ longestMilliseconds: 300 })).rejects.toMatchObject({ reason: 'network' });
  expect(github.requests.length).toBeGreaterThan(10);
});
