// The checks on the target as it is: the flag, its traffic type, open change requests, targets and kill state.
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/json.ts';
import type { Finding } from '../../src/plan/finding.ts';
import type { FlagFacts } from '../../src/plan/surroundings.ts';
import {
  definitionMayBeCreated,
  flagIsThere,
  noChangeIsPending,
  targetIsLive,
  targetsAreKept,
  trafficTypesAgree,
} from '../../src/plan/target-checks.ts';
import { definition, treatment } from '../definition/samples.ts';
import { UNKNOWN, candidate, changeRequest, place } from './samples.ts';

const FIX_UNVERIFIED = 'Look it up in the web console, or use a key that may read it.';
const facts = (trafficType: FlagFacts['trafficType'] = {}) => ({
  known: { trafficType, rolloutStatus: undefined },
});

describe('the flag', () => {
  const missing: Finding = {
    ...{ code: 'flag-missing', severity: 'error', place: 'flag' },
    message: 'There is no flag `clients` in workspace Default that the key can see.',
    fix: 'Create it there first, with the traffic type of the source, or correct `target-flag` or `target-workspace`.',
  };
  const doubtful: Finding = {
    ...{ code: 'flag-missing', severity: 'warning', unverified: true, place: 'flag' },
    message: 'Could not be verified: whether flag `clients` is in workspace Default. The API answered 403.',
    fix: FIX_UNVERIFIED,
  };

  test.each<[string, Parameters<typeof candidate>[1], readonly Finding[]]>([
    ['that is there', { around: { flags: new Map([['clients', facts()]]) } }, []],
    ['that was not looked up, since its definition shows it', {}, []],
    ['that is not there', { around: { flags: new Map([['clients', { known: undefined }]]) } }, [missing]],
    ['that could not be looked up', { around: { flags: new Map([['clients', UNKNOWN]]) } }, [doubtful]],
    ['of another name', { around: { flags: new Map([['other', { known: undefined }]]) } }, []],
  ])('%s', (_what, sight, findings) => {
    expect(flagIsThere(candidate({ before: undefined }, sight))).toEqual(findings);
  });
});

describe('a missing definition', () => {
  const missing: Finding = {
    ...{ code: 'definition-missing', severity: 'error', place: 'target' },
    message: 'The flag has no definition in Production, and `create-missing` is `false`.',
    fix: 'Add the flag to the environment first, or set `create-missing: true`.',
  };

  test.each([
    ['there, to be created', true, true, []],
    ['there, not to be created', true, false, []],
    ['missing, to be created', false, true, []],
    ['missing, not to be created', false, false, [missing]],
  ])('is %s', (_what, there, createMissing, findings) => {
    const before = there ? definition() : undefined;

    expect(definitionMayBeCreated(candidate({ before }, { createMissing }))).toEqual(findings);
  });
});

describe('traffic types', () => {
  const elsewhere = place('Production', { flag: 'users', workspace: { id: 'w2', name: 'Mobile' } });
  const differs = (from: string, to: string): Finding => ({
    ...{ code: 'traffic-type-differs', severity: 'error', place: 'traffic type' },
    message: `\`clients\` is for traffic type \`${from}\`, but \`users\` in workspace Mobile is for \`${to}\`.`,
    fix: 'Copy to a flag of the same traffic type: the traffic type of a flag cannot be changed.',
  });

  test.each<[string, JsonObject, JsonObject, readonly Finding[]]>([
    [
      'of one name and two ids, in two workspaces',
      { id: 't1', name: 'user' },
      { id: 't2', name: 'user' },
      [],
    ],
    ['of two names', { name: 'user' }, { name: 'account' }, [differs('user', 'account')]],
    [
      'of two names and one id, in two workspaces',
      { id: 't', name: 'user' },
      { id: 't', name: 'account' },
      [differs('user', 'account')],
    ],
    ['of two ids alone, in two workspaces', { id: 't1' }, { id: 't2' }, []],
    ['of which one is not known', { name: 'user' }, {}, []],
  ])('%s', (_what, from, to, findings) => {
    const seen = candidate({
      ...{ sourceDefinition: definition({ trafficType: from }), before: definition({ trafficType: to }) },
      target: elsewhere,
    });

    expect(trafficTypesAgree(seen)).toEqual(findings);
  });

  test.each<[string, JsonObject, number]>([
    ['differ by their ids', { id: 't2' }, 1],
    ['are the same by their ids, whatever the names', { id: 't1', name: 'client' }, 0],
  ])('within one workspace %s', (_what, trafficType, findings) => {
    const seen = candidate({
      sourceDefinition: definition({ trafficType: { id: 't1', name: 'user' } }),
      before: definition({ trafficType }),
      target: place('Production', { flag: 'users' }),
    });

    expect(trafficTypesAgree(seen)).toHaveLength(findings);
  });

  test('that have no names are told by their ids', () => {
    const seen = candidate({
      sourceDefinition: definition({ trafficType: { id: 't1' } }),
      before: definition({ trafficType: { id: 't2' } }),
    });

    expect(trafficTypesAgree(seen)[0]?.message).toContain(
      'traffic type `t1`, but `clients` in workspace Default is for `t2`.',
    );
  });

  test("are compared with the flag's where there is no definition yet", () => {
    const sourceDefinition = definition({ trafficType: { name: 'user' } });
    const to = (name: string) =>
      candidate(
        { sourceDefinition, before: undefined, target: elsewhere },
        { around: { flags: new Map([['users', facts({ name })]]) } },
      );

    expect(trafficTypesAgree(to('account'))).toEqual([differs('user', 'account')]);
    expect(trafficTypesAgree(to('user'))).toEqual([]);
  });
});

describe('open change requests', () => {
  const pending = (words: string): Finding => ({
    ...{ code: 'change-pending', severity: 'error', place: 'flag' },
    message: `Change request ${words} and locks the flag in Production.`,
    fix: 'Have it decided or withdrawn, then run again.',
  });
  const FULL = '`cr-1` "Promote clients" by ada is open since 2025-12-31 23:59 UTC';
  const bare = { title: undefined, submitter: undefined, since: undefined };

  test.each<[string, Parameters<typeof changeRequest>[0], string]>([
    ['with title, who asked and since when', {}, FULL],
    ['without a title', { title: undefined }, '`cr-1` by ada is open since 2025-12-31 23:59 UTC'],
    ['with an empty title', { title: '' }, '`cr-1` by ada is open since 2025-12-31 23:59 UTC'],
    [
      'of somebody unknown',
      { submitter: undefined },
      '`cr-1` "Promote clients" is open since 2025-12-31 23:59 UTC',
    ],
    ['of an unknown time', { since: undefined }, '`cr-1` "Promote clients" by ada is open'],
    ['with an id alone', bare, '`cr-1` is open'],
    ['since what is no date', { ...bare, since: 1.7e18 }, '`cr-1` is open since 1700000000000000000'],
    ['with backticks in the title', { ...bare, title: 'Use `on`' }, '`cr-1` "Use \'on\'" is open'],
    ['with a long title', { ...bare, title: 'a'.repeat(101) }, `\`cr-1\` "${'a'.repeat(100)}…" is open`],
    ['that kills it', { ...bare, operation: 'KILL' }, '`cr-1` is open'],
  ])('%s', (_what, members, words) => {
    const changeRequests = { known: [changeRequest(members)] };

    expect(noChangeIsPending(candidate({}, { around: { changeRequests } }))).toEqual([pending(words)]);
  });

  test('are each told', () => {
    const known = [changeRequest({ ...bare }), changeRequest({ ...bare, id: 'cr-2' })];

    expect(noChangeIsPending(candidate({}, { around: { changeRequests: { known } } }))).toEqual([
      pending('`cr-1` is open'),
      pending('`cr-2` is open'),
    ]);
  });

  test.each([['other'], [undefined]])('on %s do not lock this flag', (flag) => {
    const changeRequests = { known: [changeRequest({ flag })] };

    expect(noChangeIsPending(candidate({}, { around: { changeRequests } }))).toEqual([]);
  });

  test.each([
    ['in another environment', { environment: 'staging' }, 0],
    ['here', { environment: 'production' }, 1],
    ['decided', { status: 'PUBLISHED' }, 0],
    ['withdrawn', { status: 'WITHDRAWN' }, 0],
  ])('that are %s lock the flag or not: %j', (_what, members, findings) => {
    const changeRequests = { known: [changeRequest(members)] };

    expect(noChangeIsPending(candidate({}, { around: { changeRequests } }))).toHaveLength(findings);
  });

  test('that ask for exactly this result are ours; any other one locks the flag all the same', () => {
    const openRequest = changeRequest({ id: 'ours' });
    const around = { changeRequests: { known: [openRequest] } };

    expect(noChangeIsPending(candidate({}, { openRequest, around }))).toEqual([]);
    expect(
      noChangeIsPending(
        candidate({}, { openRequest, around: { changeRequests: { known: [openRequest, changeRequest()] } } }),
      ),
    ).toEqual([pending(FULL)]);
  });

  test('that could not be read are a warning', () => {
    expect(noChangeIsPending(candidate({}, { around: { changeRequests: UNKNOWN } }))).toEqual([
      {
        ...{ code: 'change-pending', severity: 'warning', unverified: true, place: 'flag' },
        message:
          'Could not be verified: whether a change request is open on `clients` in Production. The API answered 403.',
        fix: FIX_UNVERIFIED,
      },
    ]);
  });

  test('that were not looked up are nothing', () => {
    expect(noChangeIsPending(candidate())).toEqual([]);
  });
});

describe('individual targets', () => {
  const targeted = (on: JsonObject, off: JsonObject = {}) =>
    definition({ treatments: [treatment('on', on), treatment('off', off)] });
  const FIX = 'To keep them, add them to the source, or leave out section `individual-targets`.';
  const FIX_GONE =
    'They go with the treatment; to keep them, keep it, or add them to another one in the source.';
  const lost = (name: string, amount: string, targets: readonly string[], fix = FIX): Finding => ({
    ...{ code: 'targets-lost', severity: 'warning', place: `treatment \`${name}\`` },
    message: `Production loses ${amount} of it.`,
    fix,
    targets,
  });

  test.each<[string, ReturnType<typeof definition>, ReturnType<typeof definition>, readonly Finding[]]>([
    ['that stay', targeted({ keys: ['a'] }), targeted({ keys: ['a', 'b'] }), []],
    [
      'that go',
      targeted({ keys: ['a', 'b'] }),
      targeted({ keys: ['b'] }),
      [lost('on', '1 individual target', ['a'])],
    ],
    ['that move to another treatment', targeted({ keys: ['a'] }), targeted({}, { keys: ['a'] }), []],
    [
      'whose name is only that of a segment now',
      targeted({ keys: ['a'] }),
      targeted({ segments: ['a'] }),
      [lost('on', '1 individual target', ['a'])],
    ],
    [
      'of every kind',
      targeted({ keys: ['k'], segments: ['s'], largeSegments: ['l'], ruleBasedSegments: ['r'] }),
      targeted({}),
      [lost('on', '4 individual targets', ['k', 's', 'l', 'r'])],
    ],
    [
      'of each treatment, that of one which goes away included',
      definition({
        treatments: [
          treatment('on', { keys: ['a'] }),
          treatment('off', { keys: ['b'] }),
          treatment('old', { keys: ['c'] }),
        ],
      }),
      targeted({ keys: ['b'] }),
      [lost('on', '1 individual target', ['a']), lost('old', '1 individual target', ['c'], FIX_GONE)],
    ],
    [
      'of which only the first few are named',
      targeted({ keys: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }),
      targeted({}),
      [lost('on', '7 individual targets', ['a', 'b', 'c', 'd', 'e'])],
    ],
    [
      'that are named twice count once',
      targeted({ keys: ['a', 'a'] }),
      targeted({}),
      [lost('on', '1 individual target', ['a'])],
    ],
    ['that are null are none', targeted({ keys: null }), targeted({}), []],
  ])('%s', (_what, before, sourceDefinition, findings) => {
    expect(targetsAreKept(candidate({ before, sourceDefinition }))).toEqual(findings);
  });

  test('cannot be lost where there is no definition yet', () => {
    expect(targetsAreKept(candidate({ before: undefined }))).toEqual([]);
  });
});

describe('a target that is killed', () => {
  const killed = (defaultTreatment: string, more: JsonObject = {}) =>
    definition({ killed: true, defaultTreatment, ...more });
  const FIX = 'Restore it when the new rules are to count; `kill-state: copy` takes the state of the source.';

  test('says what everyone gets, and when the new rules show', () => {
    expect(targetIsLive(candidate({ before: killed('off') }))).toEqual([
      {
        ...{ code: 'killed-target', severity: 'warning', place: 'kill state', fix: FIX },
        message:
          'The flag is killed in Production: everyone gets the default treatment `off`; what is copied shows only when the flag is restored.',
      },
    ]);
  });

  test('says louder that a new default treatment shows at once', () => {
    expect(targetIsLive(candidate({ before: killed('on') }))).toEqual([
      {
        ...{ code: 'killed-target', severity: 'warning', place: 'default treatment', fix: FIX },
        message:
          'The flag is killed in Production: everyone gets the default treatment, and it changes at once from `on` to `off` for all users; the rest shows only when the flag is restored.',
      },
    ]);
  });

  test.each<[string, Parameters<typeof candidate>[0], Parameters<typeof candidate>[1]]>([
    ['is live', { before: definition({ killed: false }) }, {}],
    ['does not say that it is killed', { before: definition() }, {}],
    ['is restored by this run', { before: killed('on') }, { wanted: { killState: 'copy' } }],
    ['is killed by this run', { sourceDefinition: killed('off') }, { wanted: { killState: 'copy' } }],
    ['is not there yet', { before: undefined }, {}],
  ])('is none where it %s', (_what, read, sight) => {
    expect(targetIsLive(candidate(read, sight))).toEqual([]);
  });

  test('stays one where the source is killed, too', () => {
    const seen = candidate(
      { before: killed('off'), sourceDefinition: killed('off') },
      { wanted: { killState: 'copy' } },
    );

    expect(targetIsLive(seen)).toHaveLength(1);
  });
});
