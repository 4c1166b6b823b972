// The body of a change request: the whole result, as the flag's approvers are asked for it.
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/json.ts';
import { requestBodyOf } from '../../src/plan/result.ts';
import { buckets, definition, json, treatment } from '../definition/samples.ts';
import { itemOf, place, planFor, reading } from './samples.ts';

const AUDIT = { title: 'T', comment: 'C' };
const OPTIONS = { operation: 'UPDATE', killed: false, approvers: [], rolloutStatus: undefined } as const;

const READ_ONLY: JsonObject = {
  ...{ id: 'i', creationTime: 1, lastUpdateTime: 2, lastTrafficReceivedAt: 3, changeNumber: 4 },
  ...{ openChangeRequestId: '5', environment: { id: 'e' }, trafficType: { id: 't' } },
};
const KEPT = { name: 'clients', flagSets: [{ id: 'fs' }], xown: json('1.0') };
const before = definition({
  ...{ ...READ_ONLY, ...KEPT },
  ...{ trafficAllocation: 7, baselineTreatment: 'off' },
});
const item = itemOf(definition({ defaultTreatment: 'on' }), before);

describe('the body of a change request', () => {
  test('is the whole result but for the members that only the server sets, and the words of the run', () => {
    expect(requestBodyOf(item, AUDIT, OPTIONS)).toEqual({
      split: {
        ...KEPT,
        ...{ treatments: [treatment('on'), treatment('off')], defaultTreatment: 'on' },
        ...{ baselineTreatment: 'off', trafficAllocation: 7, rules: [] },
        ...{ defaultRule: buckets({ off: 100 }), killed: false },
      },
      ...{ operationType: 'UPDATE', title: 'T', comment: 'C', approvers: [] },
    });
  });

  test('names the flag of the target, whatever the definition calls itself', () => {
    const target = place('Production', { flag: 'theirs' });
    const read = reading({ target, before: definition({ name: 'old', defaultTreatment: 'on' }) });
    const [landing] = planFor([read]).items;

    expect(landing && requestBodyOf(landing, AUDIT, OPTIONS)['split']).toMatchObject({ name: 'theirs' });
  });

  test('of a new definition is its source, under the name of the target flag', () => {
    const created = itemOf(definition({ ...READ_ONLY, name: 'source' }), undefined);

    expect(requestBodyOf(created, AUDIT, { ...OPTIONS, operation: 'CREATE' })).toEqual({
      split: { ...definition(), name: 'clients', killed: false, rules: [] },
      ...{ operationType: 'CREATE', title: 'T', comment: 'C', approvers: [] },
    });
  });

  test.each([
    [true, true, false],
    [true, false, true],
    [false, true, true],
    [false, false, false],
  ])('leaves the kill state as it is: target killed %s, source killed %s', (killed, sourceKilled) => {
    const copied = itemOf(
      definition({ killed: sourceKilled, defaultTreatment: 'on' }),
      definition({ killed }),
      { killState: 'copy' },
    );

    expect(requestBodyOf(copied, AUDIT, { ...OPTIONS, killed })['split']).toMatchObject({ killed });
  });

  test.each(['KILL', 'RESTORE'] as const)('to %s names only the flag', (operation) => {
    expect(requestBodyOf(item, AUDIT, { ...OPTIONS, operation, approvers: ['a@example.com'] })).toEqual({
      split: { name: 'clients' },
      ...{ operationType: operation, title: 'T', comment: 'C', approvers: ['a@example.com'] },
    });
  });

  test('names who is to approve it, in their order', () => {
    const approvers = ['b@example.com', 'a@example.com'];

    expect(requestBodyOf(item, AUDIT, { ...OPTIONS, approvers })['approvers']).toEqual(approvers);
  });

  test("has the flag's own rollout status, and none where it is not known", () => {
    expect(requestBodyOf(item, AUDIT, { ...OPTIONS, rolloutStatus: 'rs-1' })['rolloutStatus']).toEqual({
      id: 'rs-1',
    });
    expect(Object.keys(requestBodyOf(item, AUDIT, OPTIONS))).not.toContain('rolloutStatus');
  });
});
