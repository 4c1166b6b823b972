// The adapter to pull requests on GitHub, and the only place that knows @actions/github.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Failure } from '../failure.ts';
import type { Access, Comment, Commented, FindPullRequest } from './pull-request.ts';
import { refusalOf } from './refusal.ts';

/** However many attempts are left, commenting takes no longer than this. */
const LONGEST_MILLISECONDS = 90_000;

/** The most that GitHub puts on a page (docs.github.com: list issue comments). */
const PER_PAGE = 100;

/** A token of an app, such as GITHUB_TOKEN, may not ask whose it is; what is written with it has a bot for an author. */
const APP_TOKEN = /^ghs_/;

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Takes the secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly debug: (line: string) => void;
  /** Resolves after the time, or at once when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Aborted when a cancelled job has to end. */
  readonly timeUp: AbortSignal;
  readonly longestMilliseconds?: number;
}

interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

/** A comment that is there, as far as it matters. */
interface Found {
  readonly id: number;
  readonly body: string;
  /** `undefined` for one whose author is gone. */
  readonly author: unknown;
  readonly isByBot: boolean;
}

interface Event {
  readonly pull_request?: { readonly number?: unknown };
  readonly issue?: { readonly number?: unknown; readonly pull_request?: unknown };
}

/** The number of the pull request that an event is about; `undefined` where it is about none. */
function numberIn(event: Event | null): number | undefined {
  // A comment on a pull request is an event of its issue.
  const subject = event?.pull_request ?? (event?.issue?.pull_request ? event.issue : undefined);
  const number = subject?.number;
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

async function eventAt(path: string): Promise<Event | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Event | null;
  } catch (cause) {
    throw new Failure(
      'invalid-input',
      `The event of this run could not be read (${String(cause)}). Make GITHUB_EVENT_PATH the JSON file that the runner wrote.`,
      { cause },
    );
  }
}

interface Listed {
  readonly id?: unknown;
  readonly body?: unknown;
  readonly user?: { readonly login?: unknown; readonly type?: unknown } | null;
}

function foundIn(page: unknown): readonly Found[] {
  if (!Array.isArray(page)) throw new TypeError('it is no list of comments');
  return (page as readonly (Listed | null)[]).flatMap((listed) => {
    const { id, body, user } = listed ?? {};
    if (typeof id !== 'number' || typeof body !== 'string') return [];
    return [{ id, body, author: user?.login, isByBot: user?.type === 'Bot' }];
  });
}

/**
 * What a comment begins with and no reader sees. The names are hashed, so that none of them can end it, and so that it
 * is as short for long ones. Of the workflow the path counts, which is the same on every branch.
 */
function markerOf(target: string, environment: Surroundings['environment']): string {
  const { GITHUB_WORKFLOW_REF, GITHUB_WORKFLOW, GITHUB_JOB } = environment;
  const workflow = GITHUB_WORKFLOW_REF?.replace(/@refs\/.*$/s, '') || GITHUB_WORKFLOW;
  const names = JSON.stringify([workflow ?? '', GITHUB_JOB ?? '', target]);
  return `<!-- promote-split-flags ${createHash('sha256').update(names).digest('hex')} -->`;
}

/** GitHub's API, asked with one token about one pull request. Every function throws what Octokit throws. */
async function open(
  { owner, repo, number }: Place,
  { token, requestTimeoutMilliseconds }: Access,
  ended: AbortSignal,
) {
  // Loaded here, since most runs do not need it. It reads GITHUB_API_URL and the proxies when it is.
  const { getOctokit } = await import('@actions/github');
  const { request } = getOctokit(token);
  const options = () => ({
    request: { signal: AbortSignal.any([ended, AbortSignal.timeout(requestTimeoutMilliseconds)]) },
  });

  async function isOurs(): Promise<(found: Found) => boolean> {
    if (APP_TOKEN.test(token)) return ({ isByBot }) => isByBot;
    const { login } = (await request('GET /user', options())).data;
    return ({ author }) => author !== undefined && author === login;
  }

  return {
    /** Comments that begin with one of the markers and were written with a token such as this, the oldest first. */
    async find(markers: readonly string[]): Promise<readonly Found[]> {
      const marked: Found[] = [];
      for (let page = 1, isLast = false; !isLast; page += 1) {
        const { data, headers } = await request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
          ...options(),
          ...{ owner, repo, issue_number: number, per_page: PER_PAGE, page },
        });
        const found = foundIn(data);
        marked.push(...found.filter(({ body }) => markers.some((marker) => body.startsWith(marker))));
        // The next page is asked for by its number: an address in an answer may lead elsewhere.
        isLast = data.length === 0 || !/\brel="next"/.test(headers.link ?? '');
      }
      return marked.length === 0 ? [] : marked.filter(await isOurs());
    },
    add: (body: string) =>
      request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...options(),
        ...{ owner, repo, issue_number: number, body },
      }),
    update: (id: number, body: string) =>
      request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        ...options(),
        ...{ owner, repo, comment_id: id, body },
      }),
  };
}

/** Makes the function that finds the pull request of this run's event. */
export function createFindPullRequest(surroundings: Surroundings): FindPullRequest {
  const {
    environment,
    redact,
    debug,
    sleep,
    timeUp,
    longestMilliseconds = LONGEST_MILLISECONDS,
  } = surroundings;

  async function comment(
    place: Place,
    comments: readonly Comment[],
    access: Access,
  ): Promise<readonly Commented[]> {
    const ended = AbortSignal.any([timeUp, AbortSignal.timeout(longestMilliseconds)]);
    const marked = comments.map((each) => ({ ...each, marker: markerOf(each.target, environment) }));
    const done: Commented[] = [];

    /** Goes on behind what is done. It begins with a look: a comment whose answer was lost may be there. */
    async function attempt(): Promise<void> {
      const api = await open(place, access, ended);
      const there = await api.find(marked.map(({ marker }) => marker));
      for (const { marker, markdown, isNews } of marked.slice(done.length)) {
        const body = redact(`${marker}\n${markdown}`);
        const own = there.find((found) => found.body.startsWith(marker));
        if (own !== undefined) await api.update(own.id, body);
        else if (isNews) await api.add(body);
        done.push(own === undefined ? (isNews ? 'added' : 'not needed') : 'updated');
      }
    }

    for (let count = 0; ; count += 1) {
      try {
        await attempt();
        return done;
      } catch (error) {
        const { failure, pause } = refusalOf(error, { attempt: count, redact });
        debug(failure.message);
        if (pause === undefined || count === access.maxRetries || ended.aborted) throw failure;
        await sleep(pause, ended);
      }
    }
  }

  return async () => {
    const { GITHUB_EVENT_PATH, GITHUB_REPOSITORY = '' } = environment;
    const number = GITHUB_EVENT_PATH ? numberIn(await eventAt(GITHUB_EVENT_PATH)) : undefined;
    const [owner = '', repo = ''] = GITHUB_REPOSITORY.split('/');
    if (number === undefined || repo === '') return undefined;
    return { number, comment: (comments, access) => comment({ owner, repo, number }, comments, access) };
  };
}
