// All checks together: every finding is told, in one order, and the run as a whole is looked at.
import { describe, expect, test } from '@jest/globals';
import { changesAreFew, check } from '../../src/plan/checks.ts';
import { neighbourOf } from '../../src/plan/surroundings.ts';
import { buckets, definition, inSegment, inSplit, rule, treatment } from '../definition/samples.ts';
import { alsoBecomes, candidate, changeRequest, neighbours, place } from './samples.ts';

test('a sound item has no findings', () => {
  expect(check(candidate({ sourceDefinition: definition({ defaultTreatment: 'on' }) }))).toEqual([]);
});

test('all findings of all checks are told, in the order of the checks', () => {
  const sourceDefinition = definition({
    treatments: [treatment('on')],
    trafficType: { id: 't1', name: 'user' },
    rules: [rule(inSegment('qa')), rule([inSplit('gone', 'on'), inSplit('parent', 'on')])],
    lastUpdateTime: 1,
  });
  const before = definition({
    treatments: [treatment('on', { keys: ['a'] }), treatment('off')],
    trafficType: { id: 't2', name: 'account' },
    killed: true,
    lastUpdateTime: 2,
  });
  const target = place('Live', { environment: { id: 'live', name: 'Live', production: true } });
  const seen = candidate(
    { sourceDefinition, before, target },
    {
      around: {
        segments: new Map(
          (['standard', 'large', 'rule-based'] as const).map((kind) => [kind, { known: [] }]),
        ),
        neighbours: neighbours({
          gone: undefined,
          parent: definition({ killed: true, rules: [rule(inSplit('clients', 'off'))] }),
        }),
        everyone: {
          known: [neighbourOf('child', definition({ rules: [rule(inSplit('clients', 'off'))] }))],
        },
        flags: new Map([['clients', { known: undefined }]]),
        changeRequests: { known: [changeRequest()] },
      },
    },
  );

  expect(check(seen).map(({ code }) => code)).toEqual([
    'flag-missing',
    'traffic-type-differs',
    'change-pending',
    ...['structure', 'structure', 'structure'],
    'segment-missing',
    'parent-missing',
    'parent-killed',
    'dependency-cycle',
    'dependent-breaks',
    'killed-target',
    'targets-lost',
    'into-production-from-nowhere',
    'from-production',
  ]);
  expect(check({ ...seen, before: undefined, createMissing: false }).map(({ code }) => code)).toContain(
    'definition-missing',
  );
});

describe('an item that changes nothing', () => {
  const unsound = { defaultRule: buckets({ on: 60 }), rules: [rule(inSegment('qa'))] };
  const around = {
    flags: new Map([['clients', { known: undefined }]]),
    changeRequests: { known: [changeRequest()] },
  };

  test('is looked at for its structure, and for nothing else', () => {
    const same = candidate(
      { sourceDefinition: definition(unsound), before: definition(unsound) },
      { around },
    );
    const differs = candidate({ sourceDefinition: definition(unsound) }, { around });

    expect(check(same).map(({ code }) => code)).toEqual(['structure']);
    expect(check(differs).map(({ code }) => code)).toEqual([
      ...['flag-missing', 'change-pending', 'structure', 'segment-missing'],
    ]);
  });

  test('has no findings where it is sound', () => {
    expect(check(candidate({}, { around }))).toEqual([]);
  });
});

describe('the number of changes', () => {
  const changes = ['a', 'b', 'c'].map((flag) =>
    alsoBecomes(flag, definition({ defaultRule: buckets({ on: 100 }) }), definition()),
  );
  const unchanged = alsoBecomes('d', definition());

  test('may be as large as `max-changes`; what does not differ does not count', () => {
    expect(changesAreFew([...changes, unchanged], { maxChanges: 3, mode: 'apply' })).toEqual([]);
  });

  test('beyond `max-changes` is an error of the plan', () => {
    expect(changesAreFew([...changes, unchanged], { maxChanges: 2, mode: 'apply' })).toEqual([
      {
        ...{ code: 'too-many-changes', severity: 'error', place: 'plan' },
        message: '3 items would change, and `max-changes` is 2.',
        fix: 'See whether all of them are meant; then raise `max-changes`, or name fewer flags.',
      },
    ]);
  });

  test('beyond `max-changes` is a warning where nothing is to be written', () => {
    expect(changesAreFew(changes, { maxChanges: 2, mode: 'plan' })).toMatchObject([
      { code: 'too-many-changes', severity: 'warning' },
    ]);
    expect(changesAreFew(changes, { maxChanges: 3, mode: 'plan' })).toEqual([]);
  });

  test('of one is told as one', () => {
    expect(changesAreFew(changes.slice(1, 2), { maxChanges: 0, mode: 'apply' })).toMatchObject([
      { message: '1 item would change, and `max-changes` is 0.' },
    ]);
  });
});
