// Keys, roles, scopes and the rate limit let through what they should, and refuse in the API's order.
import { describe, expect, test } from '@jest/globals';
import type { Role, Scope, Token } from '../../emulator/world.ts';
import { HERE, onOff, REQUESTS_HERE, smallWorld, THERE, update, withEmulator } from './asking.ts';

describe('a key', () => {
  test('is taken from either header; any will do while none are listed', () =>
    withEmulator({ world: smallWorld() }, async ({ emulator }) => {
      const status = async (headers: Record<string, string>): Promise<number> =>
        (await fetch(`${emulator.apiUrl}/workspaces`, { headers })).status;
      expect(await status({ authorization: 'Bearer anything' })).toBe(200);
      expect(await status({ 'x-api-key': 'anything' })).toBe(200);
      expect(await status({ authorization: 'Basic anything' })).toBe(401);
      expect(await status({})).toBe(401);
      emulator.world.tokens.push({ key: 'known', role: 'API_ALL_GRANTED', scope: 'GLOBAL' });
      expect(await status({ authorization: 'Bearer anything' })).toBe(401);
      expect(await status({ 'x-api-key': 'known' })).toBe(200);
    }));

  test('that is missing is told before anything else, and does not count against the limit', () =>
    withEmulator({ world: smallWorld(), rateLimit: { limit: 1, windowSeconds: 60 } }, async (ask) => {
      expect((await ask('GET', '/nowhere', undefined, { authorization: '' })).body).toMatchObject({
        code: 401,
      });
      expect((await ask('GET', '/nowhere')).status).toBe(404);
      expect((await ask('GET', '/nowhere')).status).toBe(429);
    }));
});

const REQUESTS = {
  'list workspaces': ['GET', '/workspaces'],
  'list environments': ['GET', '/environments/ws/w'],
  'list flags': ['GET', '/splits/ws/w'],
  'patch a flag': ['PATCH', '/splits/ws/w/flag'],
  'list definitions': ['GET', '/splits/ws/w/environments/e1'],
  'read a definition': ['GET', HERE],
  'write a definition': ['PUT', HERE],
  'kill a flag': ['PUT', `${HERE}/kill`],
  'list segments': ['GET', '/segments/ws/w/environments/e1'],
  'read keys of a segment': ['GET', '/segments/e1/employees/keys'],
  'list traffic types': ['GET', '/trafficTypes/ws/w'],
  'list change requests': ['GET', '/changeRequests'],
  'submit a change request': ['POST', REQUESTS_HERE],
} as const;

const DEFINITIONS = ['list definitions', 'read a definition'];
const DEFINITION_WRITES = ['write a definition', 'kill a flag'];
const SEGMENTS = ['list segments', 'read keys of a segment'];
const REQUEST = 'submit a change request';
const REQUEST_LIST = 'list change requests';
const LISTS = ['list workspaces', 'list environments'];

test.each<[Role, Scope, readonly string[]]>([
  ['API_ALL_GRANTED', 'GLOBAL', Object.keys(REQUESTS)],
  ['API_ADMIN', 'GLOBAL', [...LISTS, 'list traffic types']],
  ['API_APIKEY', 'GLOBAL', []],
  [
    'API_FEATURE_FLAG_EDITOR',
    'GLOBAL',
    [
      ...['list flags', 'patch a flag', ...DEFINITIONS, ...DEFINITION_WRITES, 'list traffic types'],
      ...[REQUEST_LIST, REQUEST],
    ],
  ],
  ['API_FEATURE_FLAG_EDITOR', 'ENVIRONMENT', [...DEFINITIONS, ...DEFINITION_WRITES, REQUEST_LIST, REQUEST]],
  [
    'API_FEATURE_FLAG_VIEWER',
    'WORKSPACE',
    ['list flags', ...DEFINITIONS, 'list traffic types', REQUEST_LIST],
  ],
  ['API_SEGMENT_VIEWER', 'ENVIRONMENT', SEGMENTS],
])('%s with scope %s may %j', (role, scope, allowed) =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    ask.emulator.world.tokens.push({ key: 'key', role, scope, ids: scope === 'WORKSPACE' ? ['w'] : ['e1'] });
    const outcomes = [];
    for (const [name, [method, path]] of Object.entries(REQUESTS)) {
      const { status } = await ask(
        method,
        path,
        { PATCH: [], PUT: onOff, POST: update(), GET: undefined }[method],
      );
      outcomes.push([name, status]);
    }
    expect(outcomes).toEqual(Object.keys(REQUESTS).map((name) => [name, allowed.includes(name) ? 200 : 403]));
  }),
);

test('a key sees nothing outside its scope', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    const hold = (token: Omit<Token, 'key' | 'role'>): void => {
      ask.emulator.world.tokens.splice(0, 1, { key: 'key', role: 'API_ALL_GRANTED', ...token });
    };
    hold({ scope: 'ENVIRONMENT', ids: ['e2'] });
    expect((await ask('GET', '/environments/ws/w')).body).toMatchObject([{ id: 'e2' }]);
    expect((await ask('GET', HERE)).body).toMatchObject({
      code: 404,
      message: 'Could not find environment e1',
    });
    expect((await ask('GET', '/segments/e1/employees/keys')).status).toBe(404);
    hold({ scope: 'WORKSPACE', ids: ['other'] });
    expect((await ask('GET', '/workspaces')).body).toMatchObject({ totalCount: 0 });
    expect((await ask('GET', HERE)).body).toMatchObject({ code: 404, message: 'Could not find workspace w' });
    hold({ scope: 'WORKSPACE' });
    expect((await ask('GET', HERE)).status).toBe(404);
  }));

test('refusals come in order: what is out of sight, the role, what is missing, approvals, title, body', () =>
  withEmulator({ world: smallWorld() }, async (ask) => {
    const { world } = ask.emulator;
    const [workspace] = world.workspaces;
    const [environment] = workspace?.environments ?? [];
    if (workspace === undefined || environment === undefined) throw new Error('no environment');
    workspace.requiresTitleAndComments = true;
    environment.approvalsRequired = true;
    world.tokens.push({ key: 'key', role: 'API_FEATURE_FLAG_VIEWER', scope: 'GLOBAL' });
    const absent = '/splits/ws/w/absent/environments/e1';
    const put = async (path: string, body: string): Promise<number> => (await ask('PUT', path, body)).status;
    expect(await put('/splits/ws/w/absent/environments/none', '{')).toBe(404);
    expect(await put(absent, '{')).toBe(403);
    world.tokens.pop();
    expect(await put(absent, '{')).toBe(404);
    expect(await put(THERE, '{')).toBe(404);
    environment.openChangeRequests.set('flag', 'cr');
    expect(await put(HERE, '{')).toBe(423);
    environment.openChangeRequests.clear();
    expect(await put(HERE, '{')).toBe(403);
    environment.approvalsRequired = false;
    expect((await ask('PUT', HERE, '{')).text).toBe('');
    workspace.requiresTitleAndComments = false;
    expect((await ask('PUT', HERE, '{')).body).toMatchObject({ message: 'The body is not valid JSON' });
  }));

describe('the rate limit', () => {
  const NAMES = ['remaining-org', 'remaining-ip', 'reset-seconds-org', 'reset-seconds-ip'];
  const headersOf = (headers: Headers): readonly (string | null)[] =>
    NAMES.map((name) => headers.get(`x-ratelimit-${name}`));

  test('lets so many through in a window, says when it ends, and opens the next', () => {
    let now = 1_000_000;
    return withEmulator(
      { world: smallWorld(), rateLimit: { limit: 2, windowSeconds: 10 }, now: () => now },
      async (ask) => {
        expect((await ask('GET', HERE)).status).toBe(200);
        now += 3_500;
        const last = await ask('GET', HERE);
        expect([last.status, headersOf(last.headers)]).toEqual([200, [null, null, null, null]]);
        const refused = await ask('GET', HERE);
        expect([refused.status, refused.text, headersOf(refused.headers)]).toEqual([
          429,
          '',
          ['0', '0', '7', '7'],
        ]);
        now += 6_499;
        expect((await ask('GET', HERE)).status).toBe(429);
        now += 1;
        expect((await ask('GET', HERE)).status).toBe(200);
        expect(ask.emulator.requests.map(({ at: moment, status }) => [moment, status])).toEqual([
          [0, 200],
          [3_500, 200],
          [3_500, 429],
          [9_999, 429],
          [10_000, 200],
        ]);
      },
    );
  });

  test.each([
    ['always', ['1', '1', '60', '60'], ['0', '0', '60', '60']],
    ['on-429', [null, null, null, null], ['0', '0', '60', '60']],
    ['never', [null, null, null, null], [null, null, null, null]],
  ] as const)('sends its headers %s', (headers, passing, refused) =>
    withEmulator(
      { world: smallWorld(), rateLimit: { limit: 2, windowSeconds: 60, headers }, now: () => 0 },
      async (ask) => {
        expect(headersOf((await ask('GET', HERE)).headers)).toEqual(passing);
        await ask('GET', HERE);
        expect(headersOf((await ask('GET', HERE)).headers)).toEqual(refused);
      },
    ),
  );

  test.each([
    ['empty', '', 'text/plain'],
    ['json', '{"code":429,"message":"TOO_MANY_REQUESTS"}', 'application/json'],
    ['html', '<html><body>Too Many Requests</body></html>', 'text/html'],
  ] as const)('says so with a body that is %s', (body, text, type) =>
    withEmulator({ world: smallWorld(), rateLimit: { limit: 0, windowSeconds: 60, body } }, async (ask) => {
      const refused = await ask('GET', HERE);
      expect([refused.status, refused.text, refused.headers.get('content-type')?.split(';')[0]]).toEqual([
        429,
        text,
        type,
      ]);
    }),
  );
});
