// What the checks know of a target environment, taken from definitions.
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/json.ts';
import {
  isOtherTrafficType,
  neighbourOf,
  trafficTypeOf,
  type TrafficType,
} from '../../src/plan/surroundings.ts';
import { definition, inSplit, rule } from '../definition/samples.ts';

describe('a definition, as rules of other flags see it', () => {
  test('is its treatments, its kill state, its default and what it asks itself', () => {
    const there = definition({
      killed: true,
      defaultTreatment: 'on',
      rules: [rule(inSplit('parent', 'on'))],
    });

    expect(neighbourOf('child', there)).toEqual({
      flag: 'child',
      killed: true,
      defaultTreatment: 'on',
      treatments: ['on', 'off'],
      dependencies: [{ flag: 'parent', treatments: ['on'], place: 'rule 1' }],
    });
  });

  test.each([[false], [null]])('is live where `killed` is %s', (killed) => {
    expect(neighbourOf('child', definition({ killed })).killed).toBe(false);
  });
});

describe('the traffic type of a definition', () => {
  test.each<[string, Json, TrafficType]>([
    ['with id and name', { id: 't1', name: 'user', other: 1 }, { id: 't1', name: 'user' }],
    ['with a name alone', { name: 'user' }, { id: undefined, name: 'user' }],
    ['with an id alone', { id: 't1' }, { id: 't1', name: undefined }],
    ['with what are no texts', { id: 1, name: null }, { id: undefined, name: undefined }],
    ['that is null', null, {}],
    ['that is a text', 'user', {}],
  ])('%s', (_what, trafficType, type) => {
    expect(trafficTypeOf(definition({ trafficType }))).toEqual(type);
  });

  test('is not known where there is none, or no definition', () => {
    expect(trafficTypeOf(definition())).toEqual({});
    expect(trafficTypeOf(undefined)).toEqual({});
  });
});

describe('two traffic types', () => {
  const [user, account] = [
    { id: 't1', name: 'user' },
    { id: 't2', name: 'account' },
  ];

  test.each<[string, TrafficType, TrafficType, boolean, boolean]>([
    ['that are the same', user, { ...user }, true, false],
    ['of other ids and names', user, account, true, true],
    ['of one id and other names, since a name can change', user, { id: 't1', name: 'client' }, true, false],
    ['of other ids and one name', user, { id: 't2', name: 'user' }, true, true],
    ['of other ids and one name, across workspaces', user, { id: 't9', name: 'user' }, false, false],
    ['of one id and other names, across workspaces', user, { id: 't1', name: 'account' }, false, true],
    ['of other names, where one has no id', user, { name: 'account' }, true, true],
    ['of one name, where one has no id', { name: 'user' }, user, true, false],
    ['of which one has an id alone and the other a name alone', { id: 't1' }, { name: 'x' }, true, false],
    ['of ids alone, across workspaces', { id: 't1' }, { id: 't2' }, false, false],
    ['of which one is not known', user, {}, true, false],
    ['of which none is known', {}, {}, false, false],
  ])('%s', (_what, left, right, sameWorkspace, other) => {
    expect(isOtherTrafficType(left, right, { sameWorkspace })).toBe(other);
    expect(isOtherTrafficType(right, left, { sameWorkspace })).toBe(other);
  });
});
