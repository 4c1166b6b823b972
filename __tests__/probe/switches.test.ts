// The probe finds every position of every switch of the emulator, and leaves nothing behind.
import { expect, test } from '@jest/globals';
import { EVERY_SWITCH, switchesWith, type Switches } from '../../emulator/switches.ts';
import { reportOf } from '../../scripts/probe/report.ts';
import { GATED, probing, SANDBOX, traceOf, UNTOUCHED, WORKSPACE, writesOf } from './sandbox.ts';

const POSITIONS = EVERY_SWITCH.flatMap(([name, { positions }]) =>
  positions.slice(1).map((position) => ({ name, position })),
);

/** Where lists are refused, places are named by their ids, and that they are safe has to be said. */
const BY_ID = {
  workspace: WORKSPACE,
  environment: SANDBOX,
  approvalsEnvironment: GATED,
  notProduction: true,
};

test.each(POSITIONS)('$name: $position is found', async ({ name, position }) => {
  const switches = { [name]: position } as Partial<Switches>;
  await probing({ emulator: { switches }, options: name === 'listsRefused' ? BY_ID : {} }, (probed) => {
    expect(probed.problem).toBeUndefined();
    expect(probed.left).toEqual([]);
    // A list that is refused says nothing of its filter, nor names that are not checked of their kinds.
    const unasked = { listsRefused: ['ignoreNameFilter'], checkSegments: ['inSegmentCoversAllKinds'] };
    const missing: readonly string[] = Object.entries(unasked).find(([known]) => known === name)?.[1] ?? [];
    const expected = Object.entries(switchesWith(switches)).filter(([known]) => !missing.includes(known));
    expect(probed.switches).toEqual(Object.fromEntries(expected));
    expect(reportOf(probed)).toContain(`1 of ${expected.length} switches are other than assumed`);
    expect(reportOf(probed)).toContain(`\`${name}=${position}\`, **other than assumed**`);
    expect(traceOf(probed.emulator)).toEqual(UNTOUCHED);
  });
});

test('several at once are found as well as one', () => {
  const switches = {
    putStatus: 204,
    putCreates: true,
    nulls: 'emit',
    emptyArrays: 'emit',
    unknownMembers: 'drop',
    putWithoutKilled: 'keep',
    openChangeRequestIdOnGet: true,
    changeRequestNeedsRolloutStatus: true,
  } as const;
  return probing({ emulator: { switches } }, (probed) => {
    expect(probed.switches).toEqual(switchesWith(switches));
    expect(traceOf(probed.emulator)).toEqual(UNTOUCHED);
  });
});

test('at the defaults everything is as assumed, in a report of each question and answer', () =>
  probing({}, (probed) => {
    expect(probed.switches).toEqual(switchesWith());
    const report = reportOf(probed);
    expect(report).toContain('0 of 28 switches are other than assumed.');
    for (const line of [
      '| GET of a flag that is not there | `404 “Could not find splitmetadata <flag>”` |',
      '| A key that nobody has | `401 “Invalid or missing API key”` |',
      '| A write with a key that may only read flags | `403 “A key with role API_FEATURE_FLAG_VIEWER may not write definitions”` |',
      '| A write where approvals are required | `403 “Approvals are required. orgId=<id> envId=<id>”` |',
      '| Buckets that add up to 50 | `400 “Buckets of defaultRule must add up to 100, not 50”` |',
      '| A second change request | `423 “Something was wrong: A pending change request with id:<id> for this object already exists”` |',
      '| ETag of a GET | `none` |',
    ])
      expect(report).toContain(line);
  }));

test('of the account the report has no names and no ids', () =>
  probing({}, (probed) => {
    const report = reportOf(probed);
    expect(report).not.toMatch(/Playground|Sandbox|Gated|probe_|[\da-f]{8}-[\da-f]{4}-/);
  }));

test('only its own two flags are written to, in the environments that were named', () =>
  probing({}, ({ emulator }) => {
    const own =
      /^(POST|PUT|DELETE) \/internal\/api\/v2\/(splits\/ws\/[^/]+\/(trafficTypes\/user$|probe_[\da-f]{24})|changeRequests\/)/;
    expect(writesOf(emulator).filter((write) => !own.test(write))).toEqual([]);
    expect(emulator.requests.length).toBeLessThan(80);
  }));

test('what is not observable without further arguments is said to be so, not guessed', () =>
  probing(
    {
      options: {
        viewerKey: undefined,
        environmentKey: undefined,
        approvalsEnvironment: undefined,
        flagSet: undefined,
        archive: false,
      },
    },
    (probed) => {
      const {
        outOfScope,
        environmentKeysSeeChangeRequests,
        flagRolesListSegments,
        putWithoutFlagSets,
        ...rest
      } = switchesWith();
      expect(probed.switches).toEqual(rest);
      const report = reportOf(probed);
      for (const [name, missing] of [
        ['outOfScope', '--environment-key-env'],
        ['environmentKeysSeeChangeRequests', '--environment-key-env'],
        ['flagRolesListSegments', '--viewer-key-env'],
        ['putWithoutFlagSets', '--flag-set'],
      ])
        expect(report).toMatch(new RegExp(`not observed, because no ${missing} was given .*\`${name}\` \\|`));
      expect([
        outOfScope,
        environmentKeysSeeChangeRequests,
        flagRolesListSegments,
        putWithoutFlagSets,
      ]).toEqual([404, true, false, 'clear']);
      expect(report).toContain('not observed, because no --approvals-environment was given');
      expect(report).toContain('not observed, because --archive was not given');
    },
  ));

test('a behaviour that no position has decides nothing', () =>
  probing(
    {
      before: (emulator) =>
        emulator.fault({
          method: 'GET',
          path: 'limit=51',
          answer: { status: 200, body: { objects: [], limit: 51 } },
        }),
    },
    (probed) => {
      expect('overLimit' in probed.switches).toBe(false);
      expect(reportOf(probed)).toContain('asked for 51, got limit 51 (no position of the switch)');
    },
  ));

test('headers of the rate limit and an ETag are noted where they come', () =>
  probing(
    {
      emulator: { rateLimit: { limit: 1000, windowSeconds: 60, headers: 'always' } },
      before: (emulator) =>
        emulator.fault({
          method: 'GET',
          path: /probe_[\da-f]{24}\/environments/,
          applied: true,
          times: 100,
          answer: { status: 200, headers: { etag: '"1"' }, body: { killed: false } },
        }),
    },
    (probed) => {
      expect(reportOf(probed)).toContain('| ETag of a GET | `there is one` |');
      expect(reportOf(probed)).toContain('x-ratelimit-remaining-org: ');
    },
  ));
