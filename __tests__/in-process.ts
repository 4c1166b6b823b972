// A run inside the test process: the real client over HTTP, a clock that does not wait, a runner that remembers.
import { readFile } from 'node:fs/promises';
import { createAdminApi, authorization } from '../src/admin-api/client.ts';
import { createExchange, type Exchange } from '../src/admin-api/exchange.ts';
import { createDispatcher } from '../src/admin-api/http.ts';
import { createPace } from '../src/admin-api/pace.ts';
import { createTurns, type ClockAndChance, type Traffic } from '../src/admin-api/turns.ts';
import type { AdminApi, Clock, Keys } from '../src/execute/ports.ts';
import type { Runner } from '../src/github/runner.ts';
import { parseJson, type Json } from '../src/json.ts';
import type { Progress } from '../src/progress.ts';
import { promote } from '../src/promote.ts';

export interface Client {
  readonly api: AdminApi;
  /** The client as both keys; whoever connects is told of the progress. */
  readonly connect: (listener?: Pick<Progress, 'tick' | 'expect'>) => Keys;
  /** What the client sends with, for requests of one's own. */
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Milliseconds of every pause, in order. */
  readonly pauses: readonly number[];
  readonly traffic: Traffic;
  /** Counts of requests ended and pauses made at every tick, in order. */
  readonly ticks: readonly (readonly [ended: number, pauses: number])[];
  readonly debugged: readonly string[];
  readonly cancel: AbortController;
  readonly timeUp: AbortController;
  readonly close: () => Promise<void>;
}

/** A client whose pauses take no time, unless it gets a clock. Chance is always one half. */
export function createClient(
  apiUrl: string,
  options: {
    readonly maxRetries?: number;
    readonly timeoutMilliseconds?: number;
    readonly onPause?: () => void;
    readonly clock?: Clock;
  } = {},
): Client {
  const { maxRetries = 5, timeoutMilliseconds = 5000, onPause } = options;
  const dispatcher = createDispatcher({ useProxy: false, connectTimeoutMilliseconds: timeoutMilliseconds });
  const [pauses, debugged]: [number[], string[]] = [[], []];
  const ticks: [number, number][] = [];
  const traffic = { requests: 0, retries: 0, waitedMilliseconds: 0 };
  const [cancel, timeUp] = [new AbortController(), new AbortController()];
  const pace = createPace();
  let listener: Pick<Progress, 'tick' | 'expect'> | undefined;
  let time = Date.UTC(2026, 0, 1);
  const clock: ClockAndChance = {
    now: options.clock?.now ?? (() => time),
    random: () => 0.5,
    // Pauses take no time, but the clock moves on.
    sleep: (milliseconds, signal) => {
      pauses.push(milliseconds);
      time += milliseconds;
      onPause?.();
      return options.clock?.sleep(milliseconds, signal) ?? Promise.resolve();
    },
  };
  const exchangeOptions = {
    dispatcher,
    apiUrl,
    headers: { ...authorization('a-key'), 'user-agent': 'test' },
    timeoutMilliseconds,
    redact: (text: string) => text,
    maxRetries,
    clock,
    turns: createTurns({ pace, clock, traffic }),
    traffic,
    cancelled: cancel.signal,
    timeUp: timeUp.signal,
    debug: (line: string) => debugged.push(line),
    tick: () => {
      ticks.push([debugged.length, pauses.length]);
      listener?.tick();
    },
    expect: (requests: number) => listener?.expect(requests),
  };
  const api = createAdminApi(exchangeOptions);
  return {
    api,
    connect(heard) {
      listener = heard;
      return { source: api, target: api, limit: pace };
    },
    exchange: createExchange(exchangeOptions),
    ...{ clock, pauses, traffic, ticks, debugged, cancel, timeUp },
    close: () => dispatcher.destroy(),
  };
}

export interface Remembered {
  readonly log: string[];
  readonly notices: string[];
  readonly warnings: string[];
  readonly masked: string[];
  readonly outputs: Record<string, string>;
  readonly planFiles: Json[];
  failure?: { readonly message: string; readonly link: string };
  summary: string;
}

export interface Play {
  readonly apiUrl: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Changes parts of the runner. */
  readonly runner?: (runner: Runner, remembered: Remembered) => Partial<Runner>;
  readonly client?: Parameters<typeof createClient>[1];
  readonly onStart?: (client: Client) => void;
}

/** Runs the whole story, `clients` from Production to Staging unless the inputs say otherwise. */
export async function play({
  apiUrl,
  inputs,
  runner: changed,
  client: options,
  onStart,
}: Play): Promise<Remembered> {
  const remembered: Remembered = {
    log: [],
    notices: [],
    warnings: [],
    masked: [],
    outputs: {},
    planFiles: [],
    summary: '',
  };
  const client = createClient(apiUrl, options);
  onStart?.(client);
  const runner: Runner = {
    context: {
      actor: 'octocat',
      sha: 'abc',
      repository: 'octo-org/web-shop',
      runId: '1',
      runUrl: 'https://example.test/1',
      troubleshooting: 'docs/troubleshooting.md',
    },
    givenInputs: () =>
      new Map(
        Object.entries({
          'api-key': 'a-key',
          'api-url': apiUrl,
          flags: 'clients',
          'source-environment': 'Production',
          'target-environment': 'Staging',
          ...inputs,
        }),
      ),
    mask: (secret) => void remembered.masked.push(secret),
    redact: (text) => text,
    info: (line) => void remembered.log.push(line),
    group: (title, lines) => void remembered.log.push(title, ...lines),
    debug: () => undefined,
    notice: (message) => void remembered.notices.push(message),
    warning: (message) => void remembered.warnings.push(message),
    fail: (message, link) => void (remembered.failure = { message, link }),
    readFile: (path) => readFile(path, 'utf8'),
    setOutput: (name, value) => void (remembered.outputs[name] = value),
    planFile: () => {
      let pieces: string[] = [];
      return {
        path: '/temp/plan.json',
        replace: (all) => {
          pieces = [...all];
          remembered.planFiles.push(parseJson(pieces.join('')));
          return Promise.resolve();
        },
        overwrite: (slots) => {
          for (const [slot, text] of slots) pieces[slot * 2 + 1] = text;
          remembered.planFiles.push(parseJson(pieces.join('')));
          return Promise.resolve();
        },
      };
    },
    writeSummary: (markdown) => {
      remembered.summary = markdown;
      return Promise.resolve('/temp/summary.md');
    },
  };
  try {
    await promote({
      runner: { ...runner, ...changed?.(runner, remembered) },
      findPullRequest: () => Promise.resolve(undefined),
      connect: (_inputs, progress) => client.connect(progress),
      traffic: client.traffic,
      clock: client.clock,
      cancelled: client.cancel.signal,
    });
  } finally {
    await client.close();
  }
  return remembered;
}
