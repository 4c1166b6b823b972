// The checks on the result alone: what each finds, and the near miss it lets pass.
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/json.ts';
import type { Finding } from '../../src/plan/finding.ts';
import {
  bucketSums,
  homelessTargets,
  treatmentNames,
  treatmentReferences,
} from '../../src/plan/structure-checks.ts';
import { buckets, definition, inList, json, rule, treatment } from '../definition/samples.ts';
import { candidate } from './samples.ts';

const FIX_SECTIONS =
  'Copy the sections that belong together, or correct the definition in the source environment.';

const structure = (place: string, message: string, fix = FIX_SECTIONS): Finding => ({
  ...{ code: 'structure', severity: 'error', place },
  ...{ message, fix },
});

describe('treatments', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['two', ['on', 'off'], []],
    ['names that differ in case', ['on', 'On'], []],
    ['one', ['on'], ['The result has 1 treatment; a definition needs at least two.']],
    ['none', [], ['The result has 0 treatments; a definition needs at least two.']],
    ['a name twice', ['on', 'off', 'on'], ['The result has more than one treatment named `on`.']],
    [
      'a name three times is told once',
      ['on', 'on', 'on'],
      ['The result has more than one treatment named `on`.'],
    ],
    [
      'two names twice',
      ['on', 'off', 'off', 'on'],
      [
        'The result has more than one treatment named `off`.',
        'The result has more than one treatment named `on`.',
      ],
    ],
  ])('%s', (_what, names, messages) => {
    const result = definition({ treatments: names.map((name) => treatment(name)) });

    expect(treatmentNames(candidate({}, { result }))).toEqual(
      messages.map((message) => structure('treatments', message)),
    );
  });
});

describe('treatments that are named', () => {
  const naming = (where: string, name: string): Finding =>
    structure(where, `It names treatment \`${name}\`, which the result does not have.`);

  test.each<[string, Readonly<Record<string, Json>>, readonly Finding[]]>([
    ['are there', { baselineTreatment: 'on', rules: [rule(inList('a', 'b'), { on: 1, off: 99 })] }, []],
    ['by the default treatment', { defaultTreatment: 'gone' }, [naming('default treatment', 'gone')]],
    [
      'by the default treatment in another case',
      { defaultTreatment: 'Off' },
      [naming('default treatment', 'Off')],
    ],
    ['by the baseline treatment', { baselineTreatment: 'gone' }, [naming('baseline treatment', 'gone')]],
    ['by an empty baseline treatment', { baselineTreatment: '' }, [naming('baseline treatment', '')]],
    ['by no baseline treatment', { baselineTreatment: null }, []],
    ['by the default rule', { defaultRule: buckets({ gone: 100 }) }, [naming('default rule', 'gone')]],
    [
      'by the second rule, twice',
      {
        rules: [
          rule(inList('a', 'b')),
          { ...rule(inList('a', 'c')), buckets: [...buckets({ gone: 50 }), ...buckets({ gone: 50 })] },
        ],
      },
      [naming('rule 2', 'gone')],
    ],
    [
      'in several places',
      { defaultTreatment: 'x', rules: [rule(inList('a', 'b'), { y: 50, z: 50 })] },
      [naming('default treatment', 'x'), naming('rule 1', 'y'), naming('rule 1', 'z')],
    ],
    ['by no rule', { rules: null }, []],
  ])('%s', (_what, members, findings) => {
    expect(treatmentReferences(candidate({}, { result: definition(members) }))).toEqual(findings);
  });
});

describe('percentages', () => {
  const wrong = (where: string, sizes: string): Finding =>
    structure(where, `Its percentages (${sizes}) do not make 100.`);
  const sizes = (...values: readonly Json[]): Json => values.map((size) => ({ treatment: 'on', size }));

  test.each<[string, Json, readonly Finding[]]>([
    ['100', sizes(100), []],
    ['60 and 40', sizes(60, 40), []],
    ['0 and 100', sizes(0, 100), []],
    ['100, spelled otherwise', sizes(json('1e2')), []],
    ['fractions', sizes(33.3, json('33.30'), 33.4), []],
    ['too much', sizes(60, 41), [wrong('default rule', '60 + 41')]],
    ['a hair too little', sizes(33.33, 33.33, 33.33), [wrong('default rule', '33.33 + 33.33 + 33.33')]],
    ['a hair too much', sizes(50, 50.000001), [wrong('default rule', '50 + 50.000001')]],
    ['too little', sizes(60, 39), [wrong('default rule', '60 + 39')]],
    ['negative', sizes(-1, 101), [wrong('default rule', '-1 + 101')]],
    ['one that is 0', sizes(0), [wrong('default rule', '0')]],
    ['no buckets', sizes(), [wrong('default rule', 'none')]],
  ])('of %s', (_what, defaultRule, findings) => {
    expect(bucketSums(candidate({}, { result: definition({ defaultRule }) }))).toEqual(findings);
  });

  test('are checked rule by rule', () => {
    const rules = [
      rule(inList('a', 'b'), { on: 99 }),
      rule(inList('a', 'c')),
      rule(inList('a', 'd'), { on: 1, off: 1 }),
    ];

    expect(bucketSums(candidate({}, { result: definition({ rules }) }))).toEqual([
      wrong('rule 1', '99'),
      wrong('rule 3', '1 + 1'),
    ]);
  });

  // In binary fractions, 0.1 + 64.1 + 35.8 is 99.99999999999999.
  test('of decimal fractions make 100 where their decimals do', () => {
    const defaultRule = sizes(0.1, 64.1, 35.8);

    expect(bucketSums(candidate({}, { result: definition({ defaultRule }) }))).toEqual([]);
  });
});

describe('individual targets of the source', () => {
  const FIX = 'Copy section `treatments` too, or leave out `individual-targets`.';
  const homeless = (words: string, name: string): Finding =>
    structure(
      'individual targets',
      `The source has ${words} on treatment \`${name}\`, which the result does not have.`,
      FIX,
    );
  const sourceDefinition = definition({
    treatments: [
      treatment('on', { keys: ['x'] }),
      treatment('beta', { keys: ['a'] }),
      treatment('gamma', {
        keys: ['a'],
        segments: ['b'],
        largeSegments: ['c', 'd'],
        ruleBasedSegments: ['e'],
      }),
      treatment('delta', { keys: [], segments: null }),
    ],
  });

  test('need a treatment of the result', () => {
    expect(
      homelessTargets(candidate({ sourceDefinition }, { wanted: { sections: ['individual-targets'] } })),
    ).toEqual([homeless('1 individual target', 'beta'), homeless('5 individual targets', 'gamma')]);
  });

  test('have one where the treatments are there', () => {
    expect(homelessTargets(candidate({ sourceDefinition }))).toEqual([]);
  });

  test('do not matter where they are not copied', () => {
    expect(
      homelessTargets(
        candidate({ sourceDefinition }, { result: definition(), sections: ['treatments', 'rules'] }),
      ),
    ).toEqual([]);
  });

  test('do not matter where the definition is new: its treatments come along', () => {
    expect(
      homelessTargets(candidate({ sourceDefinition, before: undefined }, { result: definition() })),
    ).toEqual([]);
  });
});
