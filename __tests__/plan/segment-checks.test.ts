// The check on segments: of the right kind, in the target environment, for the flag's traffic type.
import { describe, expect, test } from '@jest/globals';
import type { SegmentKind } from '../../src/definition/references.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import type { Finding } from '../../src/plan/finding.ts';
import { segmentsAreThere } from '../../src/plan/segment-checks.ts';
import type { Segment, Surroundings, TrafficType } from '../../src/plan/surroundings.ts';
import { definition, inSegment, matcher, rule, treatment } from '../definition/samples.ts';
import { UNKNOWN, candidate, place } from './samples.ts';

const named = (name: string, trafficType: TrafficType = {}): Segment => ({ name, trafficType });

/** The lists of segments there are, by kind; those of other kinds are empty. */
const lists = (there: Partial<Record<SegmentKind, readonly Segment[] | typeof UNKNOWN>>) => {
  const listOf = (kind: SegmentKind) => {
    const list = there[kind] ?? [];
    return 'unverified' in list ? list : { known: list };
  };
  return new Map((['standard', 'large', 'rule-based'] as const).map((kind) => [kind, listOf(kind)] as const));
};

const naming = (members: JsonObject, segments: Surroundings['segments'], more: JsonObject = {}) =>
  candidate({ sourceDefinition: definition({ ...members, ...more }) }, { around: { segments } });

const missing = (what: string, where: string): Finding => ({
  ...{ code: 'segment-missing', severity: 'error', place: where },
  message: `The ${what} is not in Production.`,
  fix: 'Add it to Production first, or take it out of the definition.',
});

const doubtful = (what: string, where: string, why: string): Finding => ({
  ...{ code: 'segment-missing', severity: 'warning', unverified: true, place: where },
  message: `Could not be verified: whether ${what} in Production. ${why}`,
  fix: 'Look it up in the web console, or use a key that may read it.',
});

describe('a segment of individual targets', () => {
  const LISTS = [
    ['segments', 'standard', 'segment'],
    ['largeSegments', 'large', 'large segment'],
    ['ruleBasedSegments', 'rule-based', 'rule-based segment'],
  ] as const;
  const targeting = (list: string): JsonObject => ({
    treatments: [treatment('on', { [list]: ['qa'] }), treatment('off')],
  });

  test.each(LISTS)('in %s is looked for among those of kind %s', (list, kind, words) => {
    expect(segmentsAreThere(naming(targeting(list), lists({ [kind]: [named('qa')] })))).toEqual([]);
    expect(segmentsAreThere(naming(targeting(list), lists({})))).toEqual([
      missing(`${words} \`qa\``, 'treatment `on`'),
    ]);
  });

  test.each(LISTS)(
    'in %s is missing where only other kinds than %s have one of its name',
    (list, kind, words) => {
      const all = { standard: [named('qa')], large: [named('qa')], 'rule-based': [named('qa')] };

      expect(segmentsAreThere(naming(targeting(list), lists({ ...all, [kind]: [] })))).toEqual([
        missing(`${words} \`qa\``, 'treatment `on`'),
      ]);
    },
  );

  test('is not that of a name in another case', () => {
    expect(segmentsAreThere(naming(targeting('segments'), lists({ standard: [named('QA')] })))).toHaveLength(
      1,
    );
  });

  test('is no matter of the lists of other kinds, which cannot be read', () => {
    const segments = lists({ standard: [named('qa')], large: UNKNOWN, 'rule-based': UNKNOWN });

    expect(segmentsAreThere(naming(targeting('segments'), segments))).toEqual([]);
    expect(segmentsAreThere(naming(targeting('segments'), lists({ large: UNKNOWN })))).toEqual([
      missing('segment `qa`', 'treatment `on`'),
    ]);
  });
});

describe('a segment of a rule', () => {
  const asking = (matchers: Json): JsonObject => ({ rules: [rule(matchers)] });

  test.each<[SegmentKind]>([['standard'], ['large'], ['rule-based']])(
    'named by IN_SEGMENT may be of kind %s',
    (kind) => {
      expect(segmentsAreThere(naming(asking(inSegment('qa')), lists({ [kind]: [named('qa')] })))).toEqual([]);
    },
  );

  test('named by IN_SEGMENT is missing where no kind has it', () => {
    const segments = lists({ standard: [named('a')], large: [named('b')], 'rule-based': [named('c')] });

    expect(segmentsAreThere(naming(asking(inSegment('qa')), segments))).toEqual([
      missing('segment `qa`', 'rule 1'),
    ]);
  });

  test.each([
    ['IN_LARGE_SEGMENT', 'large', 'large segment'],
    ['IN_RULE_BASED_SEGMENT', 'rule-based', 'rule-based segment'],
  ] as const)('named by %s is of kind %s and no other', (type, kind, words) => {
    const members = asking(matcher(type, { string: 'qa' }));

    expect(segmentsAreThere(naming(members, lists({ [kind]: [named('qa')] })))).toEqual([]);
    expect(segmentsAreThere(naming(members, lists({ standard: [named('qa')] })))).toEqual([
      missing(`${words} \`qa\``, 'rule 1'),
    ]);
  });
});

test('a segment is told once, with all the places that name it', () => {
  const members = {
    treatments: [treatment('on', { segments: ['qa'] }), treatment('off', { segments: ['beta'] })],
    rules: [rule([inSegment('qa'), inSegment('qa')]), rule(inSegment('qa'))],
  };

  expect(segmentsAreThere(naming(members, lists({})))).toEqual([
    missing('segment `qa`', 'treatment `on`, rule 1, rule 2'),
    missing('segment `beta`', 'treatment `off`'),
  ]);
});

describe('a name that stands for a segment of one kind, and for one of any kind', () => {
  const members = {
    treatments: [treatment('on', { segments: ['qa'] }), treatment('off')],
    rules: [rule(inSegment('qa'))],
  };

  test.each<[string, Parameters<typeof lists>[0], readonly Finding[]]>([
    ['large', { large: [named('qa')] }, [missing('segment `qa`', 'treatment `on`')]],
    ['rule-based', { 'rule-based': [named('qa')] }, [missing('segment `qa`', 'treatment `on`')]],
    ['standard', { standard: [named('qa')] }, []],
  ])('is judged for each where there is a %s one', (_what, there, findings) => {
    expect(segmentsAreThere(naming(members, lists(there)))).toEqual(findings);
  });

  test('is missing for the one, and in doubt for the other, where another list cannot be read', () => {
    expect(segmentsAreThere(naming(members, lists({ large: UNKNOWN })))).toEqual([
      missing('segment `qa`', 'treatment `on`'),
      doubtful('segment `qa` is', 'rule 1', 'The API answered 403.'),
    ]);
  });
});

test('a definition that names no segment has no findings, whatever the lists are', () => {
  expect(segmentsAreThere(naming({}, new Map()))).toEqual([]);
});

describe('a list that is not known', () => {
  const members = (...names: readonly string[]): JsonObject => ({
    rules: names.map((name) => rule(matcher('IN_LARGE_SEGMENT', { string: name }))),
  });

  test('makes a warning, and never says that a segment is missing', () => {
    expect(segmentsAreThere(naming(members('qa'), lists({ large: UNKNOWN })))).toEqual([
      doubtful('segment `qa` is', 'rule 1', 'The API answered 403.'),
    ]);
  });

  test('makes one warning for all its segments', () => {
    expect(segmentsAreThere(naming(members('qa', 'beta', 'qa'), lists({ large: UNKNOWN })))).toEqual([
      doubtful('segments `qa`, `beta` are', 'rule 1, rule 3, rule 2', 'The API answered 403.'),
    ]);
  });

  test('since it was not looked up makes a warning, too', () => {
    expect(segmentsAreThere(naming(members('qa'), new Map()))).toEqual([
      doubtful('segment `qa` is', 'rule 1', 'It was not looked up.'),
    ]);
  });

  test('leaves in doubt what IN_SEGMENT names, unless another list has it', () => {
    const asking = { rules: [rule(inSegment('qa'))] };

    expect(segmentsAreThere(naming(asking, lists({ large: UNKNOWN })))).toEqual([
      doubtful('segment `qa` is', 'rule 1', 'The API answered 403.'),
    ]);
    expect(segmentsAreThere(naming(asking, lists({ large: UNKNOWN, 'rule-based': [named('qa')] })))).toEqual(
      [],
    );
  });

  test('does not hide what is missing for sure', () => {
    const both = {
      rules: [...[rule(matcher('IN_LARGE_SEGMENT', { string: 'qa' }))], rule(inSegment('beta'))],
    };
    const segments = lists({ large: UNKNOWN });
    const sure = { ...both, treatments: [treatment('on', { segments: ['staff'] }), treatment('off')] };

    expect(segmentsAreThere(naming(sure, segments))).toEqual([
      missing('segment `staff`', 'treatment `on`'),
      doubtful('segments `qa`, `beta` are', 'rule 1, rule 2', 'The API answered 403.'),
    ]);
  });
});

describe('a segment for another traffic type', () => {
  const members = { rules: [rule(inSegment('qa'))] };
  const of = (flag: TrafficType | undefined, ...segments: readonly TrafficType[]) => {
    const trafficType = flag === undefined ? undefined : { ...flag };
    const before = definition(trafficType === undefined ? {} : { trafficType });
    return candidate(
      { sourceDefinition: definition(members), before },
      { around: { segments: lists({ standard: segments.map((type) => named('qa', type)) }) } },
    );
  };
  const other = (apart: string): Finding => ({
    ...{ code: 'segment-missing', severity: 'error', place: 'rule 1' },
    message: `In Production, the segment \`qa\` is for ${apart}.`,
    fix: 'Add a segment of that name and traffic type to Production, or take it out of the definition.',
  });
  const user = { id: 't1', name: 'user' };

  test.each<[string, TrafficType | undefined, readonly TrafficType[], readonly Finding[]]>([
    [
      'by its id',
      user,
      [{ id: 't2', name: 'account' }],
      [other('traffic type `account`, and the flag for `user`')],
    ],
    ['by its id alone', { id: 't1' }, [{ id: 't2' }], [other('another traffic type than the flag')]],
    [
      'by its name',
      { name: 'user' },
      [{ name: 'account' }],
      [other('traffic type `account`, and the flag for `user`')],
    ],
    ['not, by its id', user, [{ id: 't1', name: 'renamed' }], []],
    ['not for all that is known: the segment does not say', user, [{}], []],
    ['not for all that is known: the flag does not say', undefined, [user], []],
    ['beside one of the right one', user, [{ id: 't2', name: 'account' }, user], []],
  ])('%s', (_what, flag, segments, findings) => {
    expect(segmentsAreThere(of(flag, ...segments))).toEqual(findings);
  });

  const created = (workspace: string, segment: TrafficType) =>
    candidate(
      {
        sourceDefinition: definition({ ...members, trafficType: user }),
        before: undefined,
        target: place('Production', { workspace: { id: workspace, name: 'Other' } }),
      },
      { around: { segments: lists({ standard: [named('qa', segment)] }) } },
    );

  test("is told where the definition is new: it gets the source's", () => {
    expect(segmentsAreThere(created('w1', { id: 't2' }))).toEqual([
      other('another traffic type than the flag'),
    ]);
    expect(segmentsAreThere(created('w1', { id: 't1' }))).toEqual([]);
  });

  test('is told by names alone across workspaces', () => {
    expect(segmentsAreThere(created('w2', { id: 't2', name: 'user' }))).toEqual([]);
    expect(segmentsAreThere(created('w2', { id: 't1', name: 'account' }))).toEqual([
      other('traffic type `account`, and the flag for `user`'),
    ]);
  });
});
