// What is taken for a definition: the documented members by their types, everything else as it comes.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { TARGET_LISTS, parseDefinition, toNumber } from '../../src/definition/definition.ts';
import { toJson, type Json, type JsonObject } from '../../src/json.ts';
import { definition as anyDefinition } from './arbitrary-meaning.ts';
import { buckets, inList, json, rule, treatment } from './samples.ts';

const plain = { treatments: [treatment('on')], defaultTreatment: 'on', defaultRule: buckets({ on: 100 }) };

describe('a definition', () => {
  test('is given back itself, not a copy that a schema made', () => {
    expect(parseDefinition(plain)).toBe(plain);
  });

  test('may hold anything that is not documented, at every depth', () => {
    const value =
      json(`{"treatments":[{"name":"on","xcolor":{"y":1.0}}],"defaultTreatment":"on","xflag":[null],"__proto__":{"z":1},
      "rules":[{"condition":{"matchers":[{"type":"X","string":7,"depends":[]}],"combiner":3},"buckets":[],"xrule":-0}],
      "defaultRule":[{"treatment":"on","size":1e2,"xbucket":true}],"flagSets":{}}`);

    expect(toJson(parseDefinition(value))).toBe(toJson(value));
  });

  test.each<[string, JsonObject]>([
    ['without the members that may be absent', {}],
    ['with null for them', { rules: null, baselineTreatment: null, trafficAllocation: null, killed: null }],
    [
      'with values for them',
      { rules: [rule(inList('a', 'b'))], baselineTreatment: 'on', trafficAllocation: 1, killed: true },
    ],
    ['with empty lists', { treatments: [], defaultRule: [], rules: [] }],
    [
      'with null for the texts of a treatment',
      { treatments: [treatment('on', { description: null, configurations: null })] },
    ],
    [
      'with null for individual targets',
      { treatments: [treatment('on', Object.fromEntries(TARGET_LISTS.map((list) => [list, null])))] },
    ],
    [
      'with numbers kept as text',
      { trafficAllocation: json('1.0'), defaultRule: [{ treatment: 'on', size: json('100.0') }] },
    ],
  ])('is one %s', (_what, members) => {
    expect(() => parseDefinition({ ...plain, ...members })).not.toThrow();
  });

  test.each<[string, string, Json]>([
    ['treatments', 'treatments', null],
    ['treatments', 'treatments', {}],
    ['treatments.0', 'treatments', ['on']],
    ['treatments.0.name', 'treatments', [{}]],
    ['treatments.0.name', 'treatments', [{ name: 1 }]],
    ['treatments.1.description', 'treatments', [treatment('on'), treatment('off', { description: 1 })]],
    ['treatments.0.configurations', 'treatments', [treatment('on', { configurations: {} })]],
    ...TARGET_LISTS.flatMap((list): [string, string, Json][] => [
      [`treatments.0.${list}`, 'treatments', [treatment('on', { [list]: 'a' })]],
      [`treatments.0.${list}.1`, 'treatments', [treatment('on', { [list]: ['a', null] })]],
    ]),
    ['defaultTreatment', 'defaultTreatment', null],
    ['defaultTreatment', 'defaultTreatment', 1],
    ['baselineTreatment', 'baselineTreatment', 1],
    ['trafficAllocation', 'trafficAllocation', '100'],
    ['trafficAllocation', 'trafficAllocation', { rawJSON: '100' }],
    ['killed', 'killed', 'false'],
    ['rules', 'rules', {}],
    ['rules.0.condition', 'rules', [{ buckets: [] }]],
    ['rules.0.condition.matchers', 'rules', [{ condition: {}, buckets: [] }]],
    ['rules.0.condition.matchers.0.type', 'rules', [{ condition: { matchers: [{}] }, buckets: [] }]],
    ['rules.0.buckets', 'rules', [{ condition: { matchers: [] } }]],
    ['rules.0.buckets.0.treatment', 'rules', [{ condition: { matchers: [] }, buckets: [{ size: 1 }] }]],
    ['rules.0.buckets.0.size', 'rules', [{ condition: { matchers: [] }, buckets: [{ treatment: 'on' }] }]],
    ['defaultRule', 'defaultRule', null],
    ['defaultRule.0.treatment', 'defaultRule', [{ size: 100 }]],
    ['defaultRule.0.size', 'defaultRule', [{ treatment: 'on', size: '100' }]],
    ['defaultRule.0.size', 'defaultRule', [{ treatment: 'on', size: null }]],
  ])('with a wrong %s is none (%#)', (path, member, value) => {
    const problem = expect.objectContaining({
      path: path.split('.').map((step) => (/^\d+$/u.test(step) ? Number(step) : step)),
    });

    expect(() => parseDefinition({ ...plain, [member]: value })).toThrow(
      expect.objectContaining({ issues: [problem] }),
    );
  });

  test.each(['treatments', 'defaultTreatment', 'defaultRule'])('without %s is none', (member) => {
    expect(() => parseDefinition({ ...plain, [member]: undefined })).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ path: [member] })] }),
    );
  });

  test.each<[Json]>([[null], [[]], ['x'], [1]])('is no %j', (value) => {
    expect(() => parseDefinition(value)).toThrow();
  });

  test('loses nothing, whatever it holds', () => {
    fc.assert(
      fc.property(anyDefinition(), (value) => {
        expect(toJson(parseDefinition(json(toJson(value))))).toBe(toJson(value));
      }),
    );
  });
});

test.each([
  ['1', 1],
  ['33.30', 33.3],
  ['1e2', 100],
  ['-0', -0],
  ['9007199254740993', 9007199254740992],
  ['1e400', Infinity],
])('the size %s has the value %d', (text, value) => {
  expect(toNumber(json(text) as number)).toBe(value);
});
