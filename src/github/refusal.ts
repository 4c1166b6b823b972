// What GitHub's API answered when it did not do what was asked: why, in words, and whether to ask again.
import { Failure } from '../failure.ts';

/** Characters of GitHub's message; a proxy may send a whole page instead. */
const LONGEST_MESSAGE = 300;

/** Pause before the second attempt; it doubles with each. */
const FIRST_PAUSE_MILLISECONDS = 500;

/** Who is to wait longer than this need not wait at all: a comment is not worth it. */
const LONGEST_PAUSE_MILLISECONDS = 20_000;

export interface Refusal {
  readonly failure: Failure;
  /** Milliseconds to wait before another attempt; `undefined`: another one would end the same. */
  readonly pause: number | undefined;
}

interface Asking {
  /** Counted from 0. */
  readonly attempt: number;
  /** Takes the secrets out of a text: done before it is cut. */
  readonly redact: (text: string) => string;
}

/** The error of Octokit; without a response the request was not answered. */
interface RequestError {
  readonly message?: unknown;
  readonly status?: unknown;
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>> };
}

const PERMISSION =
  'Give the job `permissions: pull-requests: write`. For a pull request from a fork the token only reads, whatever the workflow says, and for one of Dependabot unless the job has that permission: read the job summary there.';

const ADVICE: ReadonlyMap<number, string> = new Map([
  [401, 'Give `github-token` a token that is valid on this server, or leave it out.'],
  [403, PERMISSION],
  [404, PERMISSION],
]);

/** What an error comes down to: that a connection was lost is told by the cause of the cause. */
function rootOf(error: unknown): { readonly words: string; readonly code: unknown } {
  if (!(error instanceof Error)) return { words: String(error), code: undefined };
  if (error.cause instanceof Error) return rootOf(error.cause);
  const { code } = error as { readonly code?: unknown };
  return { words: error.message || String(code), code };
}

/** @param attempt counted from 0 */
const pauseAfter = (attempt: number): number => FIRST_PAUSE_MILLISECONDS * 2 ** attempt;

function unanswered(error: unknown, { attempt, redact }: Asking): Refusal {
  const { words, code } = rootOf(error);
  const said = `GitHub gave no usable answer (${redact(words).slice(0, LONGEST_MESSAGE)}).`;
  const advice = 'Look whether the runner reaches the address in GITHUB_API_URL.';
  return {
    failure: new Failure('network', `${said} ${advice}`, { cause: error }),
    pause: code === 'ERR_INVALID_URL' ? undefined : pauseAfter(attempt),
  };
}

const reasonOf = (status: number): Failure['reason'] => {
  if (status === 401) return 'authentication';
  return status === 403 || status === 404 ? 'permission' : 'api-error';
};

/** What to make of an error that a request to GitHub threw. */
export function refusalOf(error: unknown, asking: Asking): Refusal {
  const { response, status, message } = error as RequestError;
  if (response === undefined || typeof status !== 'number') return unanswered(error, asking);
  const words = asking.redact(String(message));
  const said = `GitHub answered ${status}: ${words.slice(0, LONGEST_MESSAGE)}.`;
  const after = String(response.headers?.['retry-after']);
  const asked = /^\d+$/.test(after) ? Number(after) * 1000 : undefined;
  // Some limits on requests are a 403.
  if (status === 429 || (status === 403 && (asked !== undefined || /rate limit/i.test(words)))) {
    const isSoon = asked !== undefined && asked <= LONGEST_PAUSE_MILLISECONDS;
    return {
      failure: new Failure('rate-limited', `${said} Run again later.`, { cause: error }),
      pause: isSoon ? asked : undefined,
    };
  }
  const advice = ADVICE.get(status) ?? 'Run again, or read the job summary.';
  return {
    failure: new Failure(reasonOf(status), `${said} ${advice}`, { cause: error }),
    pause: status >= 500 || status === 408 ? pauseAfter(asking.attempt) : undefined,
  };
}
