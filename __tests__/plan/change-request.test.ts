// Change requests: which one a run makes, whether an open one asks for exactly that, and how far it has come.
import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../../src/definition/definition.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import {
  asksFor,
  decisionOn,
  operationFor,
  proposedKillState,
  shortTitle,
} from '../../src/plan/change-request.ts';
import {
  buckets,
  definition,
  inSplit,
  json,
  matcher,
  rule,
  treatment,
  without,
} from '../definition/samples.ts';
import { changeRequest, itemOf } from './samples.ts';

const [live, killed] = [definition({ killed: false }), definition({ killed: true })];
const changed = (state: Definition) => definition({ ...state, defaultTreatment: 'on' });

describe('the one request that can be made', () => {
  test.each<[string, Definition, Definition | undefined, string]>([
    ['for a definition that is not there', live, undefined, 'CREATE'],
    ['for one that is not there and is to be killed', killed, undefined, 'CREATE'],
    ['for a change', changed(live), live, 'UPDATE'],
    ['for a change beside a kill', changed(killed), live, 'UPDATE'],
    ['for a change beside a restore', changed(live), killed, 'UPDATE'],
    ['for a kill alone', killed, live, 'KILL'],
    ['for a restore alone', live, killed, 'RESTORE'],
  ])('%s', (_what, source, before, operation) => {
    expect(operationFor(itemOf(source, before, { killState: 'copy' }))).toBe(operation);
  });
});

describe('an open change request asks for exactly this', () => {
  const source = definition({
    treatments: [treatment('on', { keys: ['a', 'b'] }), treatment('off')],
    defaultTreatment: 'on',
    trafficAllocation: 50,
    rules: [rule(inSplit('parent', 'on'))],
  });
  const before = definition({ id: 'i', name: 'clients', flagSets: [{ id: 'fs' }], owner: null });
  const item = itemOf(source, before);
  const { result } = item;
  const asks = (proposal: JsonObject) => asksFor(changeRequest({ proposal }), item);

  test('where it proposes the result', () => {
    expect(asks(result)).toBe(true);
  });

  test.each<[string, JsonObject]>([
    [
      'the older form of depends',
      { rules: [rule(matcher('IN_SPLIT', { depends: { splitName: 'parent', treatment: 'on' } }))] },
    ],
    ['targets in another order', { treatments: [treatment('on', { keys: ['b', 'a'] }), treatment('off')] }],
    ['numbers with needless digits', { trafficAllocation: json('50.0') }],
    [
      'defaults said in full',
      {
        rules: [rule(inSplit('parent', 'on'))].map((one) => ({
          ...one,
          condition: { ...one.condition, matchers: [{ ...inSplit('parent', 'on'), negate: false }] },
        })),
      },
    ],
    ['bookkeeping of its own', { id: 'j', openChangeRequestId: 'cr-1', lastUpdateTime: 9 }],
    ['its environment and traffic type', { environment: { id: 'production' }, trafficType: { id: 't' } }],
    ['members of its own that say nothing', { xnew: null, tags: [] }],
  ])('where it is spelled otherwise: %s', (_what, members) => {
    expect(asks({ ...result, ...members })).toBe(true);
  });

  test.each([
    ['a name', 'name'],
    ['a member outside the sections', 'flagSets'],
    ['rules, where none are meant', 'rules'],
    ['a kill state', 'killed'],
  ])('where it lacks %s', (_what, member) => {
    const none = itemOf(definition({ defaultTreatment: 'on' }), before);

    expect(asksFor(changeRequest({ proposal: without(none.result, member) }), none)).toBe(true);
  });

  test.each<[string, JsonObject]>([
    ['another default treatment', { defaultTreatment: 'off' }],
    ['another percentage', { defaultRule: buckets({ off: 99, on: 1 }) }],
    ['another traffic allocation', { trafficAllocation: 51 }],
    ['another order of treatments', { treatments: result.treatments.toReversed() }],
    [
      'more individual targets',
      { treatments: [treatment('on', { keys: ['a', 'b', 'c'] }), treatment('off')] },
    ],
    ['other rules', { rules: [rule(inSplit('parent', 'off'))] }],
    ['a baseline treatment', { baselineTreatment: 'on' }],
    ['another value of a member outside the sections', { flagSets: [{ id: 'other' }] }],
    ['a member outside the sections that is not meant', { impressionsDisabled: true }],
  ])('not where it has %s', (_what, members) => {
    expect(asks({ ...result, ...members })).toBe(false);
  });

  test.each(['rules', 'trafficAllocation'])('not where it lacks %s that are meant', (member) => {
    expect(asks(without(result, member))).toBe(false);
  });

  test.each<[string, Json]>([
    ['is empty', {}],
    ['lacks its treatments', without(result, 'treatments')],
    ['has treatments that are none', { ...result, treatments: 'on' }],
  ])('not where the proposal %s', (_what, proposal) => {
    expect(asks(proposal as JsonObject)).toBe(false);
  });

  test.each<[string, Parameters<typeof changeRequest>[0]]>([
    ['is on another flag', { flag: 'other' }],
    ['is on no flag', { flag: undefined }],
    ['creates', { operation: 'CREATE' }],
    ['archives', { operation: 'ARCHIVE' }],
    ['kills', { operation: 'KILL' }],
    ['does not say what it does', { operation: undefined }],
  ])('not where it %s', (_what, members) => {
    expect(asksFor(changeRequest({ proposal: result, ...members }), item)).toBe(false);
  });

  test('not where a rule has a member that is not meant', () => {
    expect(asks({ ...result, rules: [{ ...rule(inSplit('parent', 'on')), weight: 3 }] })).toBe(false);
  });

  test.each([
    ['decided already', { status: 'REJECTED' }, false],
    ['in another environment', { environment: 'staging' }, false],
    ['here by id', { environment: 'production' }, true],
    ['here by name', { environment: 'Production' }, true],
  ])('where it is %s: %j is %s', (_what, members, isOurs) => {
    expect(asksFor(changeRequest({ proposal: result, ...members }), item)).toBe(isOurs);
  });

  test('with a member at its default that the definition does not show', () => {
    expect(asks({ ...result, somethingDisabled: false })).toBe(true);
    expect(asks({ ...result, somethingDisabled: true })).toBe(false);
  });

  test.each([
    [false, undefined, true],
    [true, undefined, false],
    [true, true, true],
    [false, true, false],
  ])('with a kill state of %s, where the target is by now killed %s: %s', (killed, now, isOurs) => {
    const request = changeRequest({ proposal: { ...result, killed } });

    expect(asksFor(request, item, now)).toBe(isOurs);
  });

  test('beside which a change of the kill state would be a request of its own', () => {
    const killing = itemOf(changed(killed), live, { killState: 'copy' });
    const asked = (state: boolean) =>
      asksFor(changeRequest({ proposal: { ...killing.result, killed: state } }), killing);

    expect(asked(false)).toBe(true);
    expect(asked(true)).toBe(false);
  });

  test('of a new definition with the kill state that is meant', () => {
    const created = itemOf(killed, undefined, { killState: 'copy' });
    const asked = (proposal: JsonObject) =>
      asksFor(changeRequest({ operation: 'CREATE', proposal }), created);

    expect(asked(created.result)).toBe(true);
    expect(asked({ ...created.result, killed: false })).toBe(false);
    expect(asked(without(created.result, 'killed'))).toBe(true);
  });

  test('where it creates what is not there', () => {
    const created = itemOf(source, undefined);
    const proposal = created.result;

    expect(asksFor(changeRequest({ operation: 'CREATE', proposal }), created)).toBe(true);
    expect(asksFor(changeRequest({ operation: 'UPDATE', proposal }), created)).toBe(false);
  });

  test.each([
    ['KILL', killed, live, 'RESTORE'],
    ['RESTORE', live, killed, 'KILL'],
  ] as const)('where it is to %s the flag, whatever else it shows', (operation, from, to, opposite) => {
    const state = itemOf(from, to, { killState: 'copy' });

    expect(asksFor(changeRequest({ operation, proposal: {} }), state)).toBe(true);
    expect(asksFor(changeRequest({ operation, proposal: source }), state)).toBe(true);
    expect(asksFor(changeRequest({ operation: opposite, proposal: {} }), state)).toBe(false);
    expect(asksFor(changeRequest({ operation: 'UPDATE', proposal: state.result }), state)).toBe(false);
    expect(asksFor(changeRequest({ operation, flag: 'other' }), state)).toBe(false);
  });
});

test.each([
  ['an update leaves it as it is, live', live, changed(killed), false, false],
  ['an update leaves it as it is, killed', live, changed(killed), true, true],
  ['a new definition comes killed where that is meant', undefined, killed, false, true],
  ['a new definition comes live where that is meant', undefined, live, false, false],
])('the kill state that is proposed: %s', (_what, before, source, now, proposed) => {
  expect(proposedKillState(itemOf(source, before, { killState: 'copy' }), now)).toBe(proposed);
});

test.each([
  ['PUBLISHED', 'published'],
  ['REJECTED', 'rejected'],
  ['WITHDRAWN', 'rejected'],
  ['REQUESTED', 'open'],
  ['APPROVED', 'open'],
  ['SCHEDULED', 'open'],
  ['published', 'open'],
])('a request of status %s is %s', (status, decision) => {
  expect(decisionOn(changeRequest({ status }))).toBe(decision);
});

test('a title in a sentence is short, and breaks no code span', () => {
  expect(shortTitle('Use `on`')).toBe("Use 'on'");
  expect(shortTitle('a'.repeat(100))).toHaveLength(100);
  expect(shortTitle('a'.repeat(101))).toBe(`${'a'.repeat(100)}…`);
});

test('a removal asks to take the definition away, whatever it is', () => {
  const item = { ...itemOf(live, live), removes: true };

  expect(operationFor(item)).toBe('ARCHIVE');
  expect(asksFor(changeRequest({ operation: 'ARCHIVE', flag: item.target.flag }), item)).toBe(true);
  expect(asksFor(changeRequest({ operation: 'UPDATE', flag: item.target.flag }), item)).toBe(false);
});
