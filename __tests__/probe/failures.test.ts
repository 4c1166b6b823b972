// Whatever goes wrong, the probe says what, and removes what it has created or says how.
import { expect, test } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator.ts';
import { reportOf } from '../../scripts/probe/report.ts';
import { simulatedClock } from '../simulated-clock.ts';
import { KEY, probing, sandboxWorld, traceOf, UNTOUCHED, WORKSPACE, writesOf } from './sandbox.ts';

const NOTHING_WRITTEN = (emulator: Emulator): void => expect(writesOf(emulator)).toEqual([]);

test('a key that is refused is said to be, or to be one that may not list', () =>
  probing({ options: { apiKey: 'not-a-key-of-anybody' } }, ({ problem, emulator }) => {
    expect(problem).toBe(
      'The list of environments was refused: 401 “Invalid or missing API key”. Is the key right, and has it not expired? ' +
        'For one that may do everything but list, name the workspace by its id, and say --not-production if that is so.',
    );
    NOTHING_WRITTEN(emulator);
  }));

test('a key that is refused everywhere is told by the first thing it may not do', () =>
  probing(
    { options: { apiKey: 'not-a-key-of-anybody', workspace: WORKSPACE, notProduction: true } },
    ({ problem, left, emulator }) => {
      expect(problem).toMatch(
        /^The creation of flag probe_[\da-f]{24}_parent was refused: 401 “Invalid or missing API key”\. It takes a key with role/,
      );
      // Nobody knows whether there is something: what that key may not remove, it did not create.
      expect(left).toHaveLength(1);
      expect(traceOf(emulator)).toEqual(UNTOUCHED);
    },
  ));

test.each([
  [{ environment: 'Production' }, 'Production is a production environment. The probe does not go there.'],
  [
    { environment: 'Production', notProduction: true },
    'Production is a production environment. The probe does not go there.',
  ],
  [
    { approvalsEnvironment: 'Production' },
    'Production is a production environment. The probe does not go there.',
  ],
  [
    { approvalsEnvironment: 'Sandbox' },
    '--approvals-environment must be another environment than --environment.',
  ],
  [
    { environment: 'Sandbx' },
    'There is no environment Sandbx. Did you mean `Sandbox`? There are: `Sandbox`, `Gated`, `Production`.',
  ],
  [
    { workspace: 'Playgrund' },
    'There is no workspace Playgrund. Did you mean `Playground`? There are: `Playground`.',
  ],
])('%j is refused before anything is written', (options, message) =>
  probing({ options }, ({ problem, emulator }) => {
    expect(problem).toBe(message);
    NOTHING_WRITTEN(emulator);
  }),
);

test('an environment that does not say whether it is one of production is not taken for none', () =>
  probing(
    {
      before: (emulator) =>
        emulator.fault({
          path: '/environments/ws/',
          answer: {
            status: 200,
            body: [
              { id: 'e', name: 'Sandbox' },
              { id: 'g', name: 'Gated' },
            ],
          },
        }),
    },
    ({ problem, emulator }) => {
      expect(problem).toBe(
        'The API does not say whether Sandbox is a production environment; --not-production does.',
      );
      NOTHING_WRITTEN(emulator);
    },
  ));

test('of workspaces of the same name one has to be named by its id', () => {
  const world = sandboxWorld();
  const [workspace] = world.workspaces;
  if (workspace) world.workspaces.push({ ...workspace, id: 'another' });
  return probing({ emulator: { world } }, ({ problem }) => {
    expect(problem).toBe('There are several workspaces Playground; name one by its id.');
  });
});

test.each([
  ['workspaces', '/workspaces'],
  ['environments', '/environments/ws/'],
])('a list of %s that is none is not taken for an empty one', (what, path) =>
  probing(
    {
      before: (emulator) =>
        emulator.fault({
          path,
          answer: { status: 200, body: '"hello"', headers: { 'content-type': 'application/json' } },
        }),
    },
    ({ problem, emulator }) => {
      expect(problem).toBe(`The list of ${what} is not what the API documents. Check --api-url.`);
      NOTHING_WRITTEN(emulator);
    },
  ),
);

test('a flag whose creation is refused ends the probe, with what is needed for one', () =>
  probing({ options: { trafficType: 'account' } }, ({ problem, left, emulator }) => {
    expect(problem).toMatch(
      /was refused: 404 “Could not find traffic type account”\. It takes .* a traffic type account \(--traffic-type\)\.$/,
    );
    expect(left).toEqual([]);
    expect(traceOf(emulator)).toEqual(UNTOUCHED);
  }));

test('a definition whose creation is refused ends the probe, and the flags are removed', () =>
  probing(
    {
      before: (emulator) =>
        emulator.fault({
          method: 'POST',
          path: '/environments/',
          answer: { status: 499, body: { code: 499, message: 'policy denied' } },
        }),
    },
    ({ problem, left, emulator }) => {
      expect(problem).toBe('The creation of a definition in Sandbox was refused: 499 “policy denied”.');
      expect(left).toEqual([]);
      expect(traceOf(emulator)).toEqual(UNTOUCHED);
    },
  ));

test('a network that goes away in the middle ends the probe; what is known is reported, and everything removed', () =>
  probing(
    { before: (emulator) => emulator.fault({ method: 'PUT', path: '/kill', times: 5, reset: true }) },
    (probed) => {
      expect(probed.problem).toMatch(
        /^Could not PUT \/splits\/ws\/.*\/kill: the connection was closed before the answer was complete/,
      );
      expect(probed.switches).toMatchObject({ createStatus: 200, unknownMembers: 'keep' });
      expect('putUnkills' in probed.switches).toBe(false);
      expect(reportOf(probed)).toMatch(
        /\| not observed, because the probe ended before \| `false` \| `putUnkills` \|/,
      );
      expect(probed.left).toEqual([]);
      expect(traceOf(probed.emulator)).toEqual(UNTOUCHED);
    },
  ));

test.each(['/trafficTypes/', '/environments/', '/changeRequests/'])(
  'what was created by a POST to …%s… whose answer was lost is removed too',
  (path) =>
    probing(
      { before: (emulator) => emulator.fault({ method: 'POST', path, applied: true, reset: true }) },
      (probed) => {
        expect(probed.problem).toContain('Could not POST');
        expect(probed.left).toEqual([]);
        expect(traceOf(probed.emulator)).toEqual(UNTOUCHED);
      },
    ),
);

test('transient failures are tried again, also while removing', () =>
  probing(
    {
      before: (emulator) => {
        emulator.fault({ method: 'GET', path: '/environments/', times: 2, answer: { status: 500 } });
        emulator.fault({ method: 'DELETE', path: '/probe_', times: 2, answer: { status: 500 } });
      },
    },
    (probed) => {
      expect([probed.problem, probed.left]).toEqual([undefined, []]);
      expect(traceOf(probed.emulator)).toEqual(UNTOUCHED);
    },
  ));

test('what cannot be removed is named, with how to remove it by hand', () =>
  probing(
    {
      before: (emulator) =>
        emulator.fault({
          method: 'DELETE',
          path: /\/probe_[\da-f]{24}$/,
          answer: { status: 403, body: { code: 403, message: 'No' } },
        }),
    },
    (probed) => {
      expect(probed.left).toEqual([
        expect.stringMatching(
          /^Flag (probe_[\da-f]{24}) of workspace Playground could not be removed \(403 “No”\)\. By hand: delete it in the web console, or send DELETE http:\S+\/splits\/ws\/[-\da-f]{36}\/\1$/,
        ),
      ]);
      expect([...(probed.emulator.world.workspaces[0]?.flags.keys() ?? [])]).toHaveLength(2);
    },
  ));

test('a probe that is stopped sends nothing new but what removes', () => {
  let before = 0;
  return probing(
    {
      before: (emulator, stop) =>
        emulator.fault({
          method: 'PUT',
          path: '/kill',
          then: () => {
            before = emulator.requests.length;
            stop.abort();
          },
        }),
    },
    ({ problem, left, emulator, said }) => {
      expect([problem, left]).toEqual(['Stopped.', []]);
      expect(said).toContain('Stopped. What was created is removed now.');
      expect(emulator.requests.slice(before).map(({ method }) => method)).toEqual(Array(4).fill('DELETE'));
      expect(traceOf(emulator)).toEqual(UNTOUCHED);
    },
  );
});

test('it keeps to a rate limit, and notes how one refuses', async () => {
  let underWay = (): boolean => true;
  const clock = simulatedClock(() => !underWay());
  try {
    await probing(
      {
        emulator: { rateLimit: { limit: 20, windowSeconds: 10, body: 'json' }, now: clock.now },
        clock: { ...clock, random: () => 0.5 },
        before: (emulator) => (underWay = () => emulator.requests.some(({ status }) => status === undefined)),
      },
      (probed) => {
        expect([probed.problem, probed.left]).toEqual([undefined, []]);
        const refused = probed.emulator.requests.filter(({ status }) => status === 429);
        expect(refused.length).toBeLessThan(6);
        expect(clock.elapsed()).toBeGreaterThan(20_000);
        expect(reportOf(probed)).toContain(
          '`429 “TOO_MANY_REQUESTS”; x-ratelimit-remaining-org, x-ratelimit-remaining-ip, x-ratelimit-reset-seconds-org, x-ratelimit-reset-seconds-ip`',
        );
      },
    );
  } finally {
    clock.stop();
  }
});

test('a key that an API gives back is not shown, in a success either', () =>
  probing(
    {
      before: (emulator) =>
        emulator.fault({ method: 'PUT', path: '/restore', answer: { status: 200, body: { you: KEY } } }),
    },
    (probed) => {
      expect(reportOf(probed)).toContain('| Restore | `200 {"you":"***"}` |');
    },
  ));

test('what an API says does nothing in the report, and a key in it is not shown', () =>
  probing(
    {
      before: (emulator) =>
        emulator.fault({
          method: 'PUT',
          path: '/restore',
          answer: { status: 400, body: { code: 400, message: `${KEY}\n::error::x | <img src=x> ##[error]` } },
        }),
    },
    (probed) => {
      const report = reportOf(probed);
      expect(report).not.toContain(KEY);
      expect(report).not.toContain('<img');
      expect(report).not.toMatch(/^::error/m);
      expect(report).not.toContain('##[');
    },
  ));
