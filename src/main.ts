// The process edge: makes the adapters and runs the Action.
import { createAdminApi, authorization } from './admin-api/client.ts';
import type { Clock } from './admin-api/exchange.ts';
import { createDispatcher } from './admin-api/http.ts';
import { createRunner } from './github/actions-runner.ts';
import { promote } from './promote.ts';
import { VERSION } from './version.ts';

/** A job that is cancelled gets SIGINT, and SIGTERM 7.5 s later; a write under way may take this much of that. */
const GRACE_MILLISECONDS = 3000;

const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];

const clock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    }),
};

const cancel = new AbortController();
const timeUp = new AbortController();
const onSignal = (): void => {
  if (cancel.signal.aborted) return;
  cancel.abort();
  setTimeout(() => timeUp.abort(), GRACE_MILLISECONDS).unref();
};
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);

const runner = createRunner(process.env);
const traffic = { requests: 0, retries: 0 };
let disconnect = (): Promise<void> => Promise.resolve();

await promote({
  runner,
  traffic,
  now: clock.now,
  cancelled: cancel.signal,
  connect(inputs) {
    const dispatcher = createDispatcher({
      useProxy: PROXY_VARIABLES.some((variable) => process.env[variable]),
      connectTimeoutMilliseconds: inputs.requestTimeoutMilliseconds,
    });
    disconnect = () => dispatcher.destroy();
    const withKey = (key: string) =>
      createAdminApi({
        dispatcher,
        apiUrl: inputs.apiUrl,
        headers: {
          ...authorization(key),
          'user-agent': `promote-split-flags/${VERSION} (GitHub Actions run ${runner.context.runId})`,
        },
        timeoutMilliseconds: inputs.requestTimeoutMilliseconds,
        maxRetries: inputs.maxRetries,
        clock,
        traffic,
        cancelled: cancel.signal,
        timeUp: timeUp.signal,
        debug: runner.debug,
      });
    const target = withKey(inputs.apiKey);
    return { target, source: inputs.sourceApiKey === inputs.apiKey ? target : withKey(inputs.sourceApiKey) };
  },
});
// Connections are cut rather than closed: an answer nobody waits for must not keep the job alive.
await disconnect();
