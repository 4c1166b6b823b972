// The seven sections: what belongs to each, and in which of them two definitions differ.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Definition } from '../../src/definition/definition.ts';
import {
  SECTIONS,
  changedSections,
  sectionOf,
  targetsOf,
  withoutTargets,
  type Section,
} from '../../src/definition/sections.ts';
import { toJson, type Json, type JsonObject } from '../../src/json.ts';
import { definition as anyDefinition, definitionPair, respelledDefinition } from './arbitrary-meaning.ts';
import { buckets, definition, inList, json, rule, treatment } from './samples.ts';

test('there are seven, in the order of the documentation', () => {
  expect(SECTIONS).toEqual([
    'treatments',
    'individual-targets',
    'default-treatment',
    'baseline-treatment',
    'traffic-allocation',
    'rules',
    'default-rule',
  ]);
});

describe('the members of a treatment', () => {
  const whole = treatment('on', {
    ...{ keys: ['a'], segments: ['b'], largeSegments: [], ruleBasedSegments: null },
    ...{ description: '', configurations: '{"a": 1.0}', xcolor: { keys: [1] } },
  });

  test('other than its individual targets are the treatment', () => {
    expect(withoutTargets(whole)).toEqual({
      name: 'on',
      description: '',
      configurations: '{"a": 1.0}',
      xcolor: { keys: [1] },
    });
  });

  test('keys, segments, largeSegments and ruleBasedSegments are its individual targets', () => {
    expect(targetsOf(whole)).toEqual({
      keys: ['a'],
      segments: ['b'],
      largeSegments: [],
      ruleBasedSegments: null,
    });
  });

  test('with names like __proto__ are kept', () => {
    const odd = definition({ treatments: json('[{"name":"on","__proto__":{"a":1},"constructor":2}]') })
      .treatments[0];

    expect(toJson(withoutTargets(odd ?? treatment('')))).toBe(
      '{"name":"on","__proto__":{"a":1},"constructor":2}',
    );
  });
});

describe('the content of a section', () => {
  const whole = definition({
    treatments: [
      treatment('b', { keys: ['k'], description: 'd' }),
      treatment('a', { segments: ['s'] }),
      treatment('c'),
    ],
    baselineTreatment: 'a',
    trafficAllocation: 7,
    rules: [rule(inList('x', 'y'))],
  });

  test.each<[Section, Json]>([
    ['treatments', [{ name: 'b', description: 'd' }, { name: 'a' }, { name: 'c' }]],
    [
      'individual-targets',
      [
        { name: 'a', targets: { segments: ['s'] } },
        { name: 'b', targets: { keys: ['k'] } },
      ],
    ],
    ['default-treatment', 'off'],
    ['baseline-treatment', 'a'],
    ['traffic-allocation', 7],
    ['rules', [rule(inList('x', 'y'))]],
    ['default-rule', buckets({ off: 100 })],
  ])('%s', (section, content) => {
    expect(sectionOf(whole, section)).toEqual(content);
  });
});

test.each(['a b c', 'a c b', 'b a c', 'b c a', 'c a b', 'c b a'])(
  'individual targets of treatments in the order %s are the same',
  (order) => {
    const treatments = order.split(' ').map((name) => treatment(name, { keys: [name] }));

    expect(sectionOf(definition({ treatments }), 'individual-targets')).toEqual([
      { name: 'a', targets: { keys: ['a'] } },
      { name: 'b', targets: { keys: ['b'] } },
      { name: 'c', targets: { keys: ['c'] } },
    ]);
  },
);

describe('a definition differs', () => {
  const before = definition({
    treatments: [treatment('on', { keys: ['a', 'b'] }), treatment('off')],
    baselineTreatment: 'off',
    trafficAllocation: 100,
    rules: [rule(inList('x', 'y')), rule(inList('x', 'z'))],
  });

  test.each<[string, JsonObject, readonly Section[]]>([
    ['nowhere, when it is the same', {}, []],
    [
      'in its treatments, when their order changed',
      { treatments: [treatment('off'), treatment('on', { keys: ['a', 'b'] })] },
      ['treatments'],
    ],
    [
      'in its treatments, when a description changed',
      { treatments: [treatment('on', { keys: ['a', 'b'], description: 'x' }), treatment('off')] },
      ['treatments'],
    ],
    [
      'in its treatments, when an unknown member changed',
      { treatments: [treatment('on', { keys: ['a', 'b'], xcolor: 1 }), treatment('off')] },
      ['treatments'],
    ],
    [
      'in its treatments, when one without targets is new',
      { treatments: [treatment('on', { keys: ['a', 'b'] }), treatment('off'), treatment('new')] },
      ['treatments'],
    ],
    [
      'in individual targets, when a key is gone',
      { treatments: [treatment('on', { keys: ['a'] }), treatment('off')] },
      ['individual-targets'],
    ],
    [
      'in individual targets, when a key changed its treatment',
      { treatments: [treatment('on', { keys: ['a'] }), treatment('off', { keys: ['b'] })] },
      ['individual-targets'],
    ],
    [
      'in individual targets, when a key became a segment',
      { treatments: [treatment('on', { segments: ['a', 'b'] }), treatment('off')] },
      ['individual-targets'],
    ],
    [
      'in individual targets, when a large segment is new',
      { treatments: [treatment('on', { keys: ['a', 'b'] }), treatment('off', { largeSegments: ['a'] })] },
      ['individual-targets'],
    ],
    [
      'in individual targets, when a rule-based segment is new',
      { treatments: [treatment('on', { keys: ['a', 'b'] }), treatment('off', { ruleBasedSegments: ['a'] })] },
      ['individual-targets'],
    ],
    [
      'in both, when a treatment with targets is gone',
      { treatments: [treatment('off')] },
      ['treatments', 'individual-targets'],
    ],
    [
      'nowhere, when keys changed their order',
      { treatments: [treatment('on', { keys: ['b', 'a'] }), treatment('off', { keys: [] })] },
      [],
    ],
    ['in its default treatment', { defaultTreatment: 'on' }, ['default-treatment']],
    ['in its baseline treatment', { baselineTreatment: 'on' }, ['baseline-treatment']],
    ['in its baseline treatment, when that is gone', { baselineTreatment: null }, ['baseline-treatment']],
    ['in its traffic allocation', { trafficAllocation: 99 }, ['traffic-allocation']],
    ['nowhere, when its traffic allocation is spelled otherwise', { trafficAllocation: json('1e2') }, []],
    [
      'in its rules, when their order changed',
      { rules: [rule(inList('x', 'z')), rule(inList('x', 'y'))] },
      ['rules'],
    ],
    ['in its rules, when they are gone', { rules: null }, ['rules']],
    ['in its default rule', { defaultRule: buckets({ off: 50, on: 50 }) }, ['default-rule']],
    ['nowhere, when what no section covers changed', { killed: true, flagSets: [1], id: 'x', xother: 1 }, []],
    [
      'in several sections, in their order',
      { defaultRule: buckets({ on: 100 }), rules: [], defaultTreatment: 'on' },
      ['default-treatment', 'rules', 'default-rule'],
    ],
  ])('%s', (_what, members, sections) => {
    expect(changedSections(before, definition({ ...before, ...members }))).toEqual(sections);
    expect(changedSections(definition({ ...before, ...members }), before)).toEqual(sections);
  });

  test('from none in every section that holds something', () => {
    expect(changedSections(undefined, before)).toEqual(SECTIONS);
    expect(changedSections(undefined, definition())).toEqual([
      'treatments',
      'default-treatment',
      'default-rule',
    ]);
  });

  test('nowhere from itself in another spelling', () => {
    fc.assert(
      fc.property(anyDefinition(), (value) => {
        expect(changedSections(value, respelledDefinition(value))).toEqual([]);
      }),
    );
  });

  test('in the same sections either way round', () => {
    fc.assert(
      fc.property(definitionPair(), ([left, right]: readonly [Definition, Definition]) => {
        expect(changedSections(left, right)).toEqual(changedSections(right, left));
      }),
    );
  });
});
