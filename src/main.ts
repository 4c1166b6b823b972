// The process edge: makes the adapters and runs the Action.
import { cancelled, endEverything, timeUp } from './cancellation.ts';
import { createAdminApi, authorization } from './admin-api/client.ts';
import { createDispatcher } from './admin-api/http.ts';
import { createPace } from './admin-api/pace.ts';
import { createTurns, type ClockAndChance, type Traffic } from './admin-api/turns.ts';
import { createRunner } from './github/actions-runner.ts';
import { createFindPullRequest } from './github/octokit-pull-request.ts';
import { promote } from './promote.ts';
import { VERSION } from './version.ts';

const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];

const clock: ClockAndChance = {
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

const runner = createRunner(process.env);
const traffic: Traffic = { requests: 0, retries: 0, waitedMilliseconds: 0 };
const pace = createPace();
const turns = createTurns({ pace, clock, traffic });
let disconnect = (): Promise<void> => Promise.resolve();

await promote({
  runner,
  traffic,
  clock,
  cancelled,
  findPullRequest: createFindPullRequest({ ...runner, environment: process.env, sleep: clock.sleep, timeUp }),
  connect(inputs, { tick, expect }) {
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
        turns,
        redact: runner.redact,
        cancelled,
        timeUp,
        debug: runner.debug,
        ...{ tick, expect },
      });
    const target = withKey(inputs.apiKey);
    const source = inputs.sourceApiKey === inputs.apiKey ? target : withKey(inputs.sourceApiKey);
    return { source, target, limit: pace };
  },
});
// Pauses and connections are cut rather than closed: an answer nobody waits for must not keep the job alive.
endEverything();
await disconnect();
