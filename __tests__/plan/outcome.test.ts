// How a run ends: the first status that holds, and whether it is in effect.
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/failure.ts';
import { finding, unverified, type FindingCode } from '../../src/plan/finding.ts';
import {
  isInEffect,
  outlook,
  reasonOf,
  statusOf,
  withCause,
  type ItemResult,
  type Mode,
  type Outcome,
  type Written,
} from '../../src/plan/outcome.ts';
import type { Item } from '../../src/plan/plan.ts';
import { buckets, definition, treatment } from '../definition/samples.ts';
import { changeRequest, itemOf } from './samples.ts';

const item = itemOf(definition(), definition());

const ended = (outcome: Outcome, written: Written = 'no'): ItemResult => ({
  item,
  outcome,
  written,
  warnings: [],
});

/** Whether the run failed, and whether that was for a check. */
type Failed = boolean | 'refused';

describe('the status', () => {
  test.each<[string, Mode, Failed, readonly ItemResult[], string]>([
    ['some written, some failed', 'apply', true, [ended('updated', 'yes'), ended('failed')], 'partial'],
    [
      'some written, some not attempted',
      'apply',
      true,
      [ended('not-attempted'), ended('created', 'yes')],
      'partial',
    ],
    ['a write that nothing tells of', 'apply', true, [ended('failed', 'unknown')], 'partial'],
    ['a write the read-back refutes', 'apply', true, [ended('failed', 'yes')], 'partial'],
    [
      'some written, some refused',
      'apply',
      'refused',
      [ended('updated', 'yes'), ended('refused')],
      'partial',
    ],
    ['refused', 'apply', 'refused', [ended('refused')], 'refused'],
    [
      'some refused, nothing written',
      'apply',
      'refused',
      [ended('not-attempted'), ended('refused')],
      'refused',
    ],
    ['a plan that is refused', 'plan', 'refused', [ended('would-update'), ended('refused')], 'refused'],
    ['refused as a whole', 'apply', 'refused', [ended('not-attempted'), ended('not-attempted')], 'refused'],
    ['a check that was ignored', 'apply', false, [ended('updated', 'yes')], 'applied'],
    ['a change request nobody decided in time', 'apply', true, [ended('pending-approval')], 'failed'],
    [
      'a change request nobody decided in time, after a write',
      'apply',
      true,
      [ended('updated', 'yes'), ended('pending-approval')],
      'partial',
    ],
    ['failed, nothing written', 'apply', true, [ended('failed'), ended('not-attempted')], 'failed'],
    ['all restored', 'apply', true, [ended('restored')], 'failed'],
    ['failed before there was an item', 'apply', true, [], 'failed'],
    ['failed, though nothing differed', 'apply', true, [ended('unchanged')], 'failed'],
    [
      'a change request among writes',
      'apply',
      false,
      [ended('updated', 'yes'), ended('pending-approval')],
      'pending-approval',
    ],
    ['nothing differed', 'apply', false, [ended('unchanged'), ended('unchanged')], 'unchanged'],
    ['nothing differed in a plan', 'plan', false, [ended('unchanged')], 'unchanged'],
    ['some differ in a plan', 'plan', false, [ended('unchanged'), ended('would-update')], 'planned'],
    ['one to create in a plan', 'plan', false, [ended('would-create')], 'planned'],
    ['all written', 'apply', false, [ended('updated', 'yes'), ended('created', 'yes')], 'applied'],
    [
      'some written, the others unchanged',
      'apply',
      false,
      [ended('unchanged'), ended('updated', 'yes')],
      'applied',
    ],
  ])('%s', (_what, mode, failed, results, status) => {
    const refused = failed === 'refused';

    expect(statusOf({ mode, failed: failed !== false, refused, results })).toBe(status);
  });
});

describe('in effect', () => {
  test.each<[string, readonly ItemResult[], boolean]>([
    [
      'every target serves what was meant',
      [ended('unchanged'), ended('created', 'yes'), ended('updated', 'yes')],
      true,
    ],
    ['nothing was read', [], false],
    [
      'one was written, but not its kill state',
      [ended('updated', 'yes'), { ...ended('updated', 'yes'), notRequested: 'kill' }],
      false,
    ],
    ...(
      ['would-create', 'would-update', 'pending-approval', 'refused', 'failed', 'not-attempted'] as const
    ).map((outcome): [string, readonly ItemResult[], boolean] => [
      `one is ${outcome}`,
      [ended('updated', 'yes'), ended(outcome)],
      false,
    ]),
  ])('%s', (_what, results, inEffect) => {
    expect(isInEffect(results)).toBe(inEffect);
  });
});

describe('the outlook of an item', () => {
  const changes = itemOf(definition({ defaultTreatment: 'on' }), definition());
  const creates = itemOf(definition(), undefined);
  const unsound = itemOf(
    definition({ treatments: [treatment('off')], defaultRule: buckets({ off: 99 }) }),
    definition(),
  );
  const untouched = { written: 'no', warnings: [] };

  test.each<[string, Item, Mode, string]>([
    ['that changes nothing, in a plan', item, 'plan', 'unchanged'],
    ['that changes nothing', item, 'apply', 'unchanged'],
    ['that differs, in a plan', changes, 'plan', 'would-update'],
    ['that is new, in a plan', creates, 'plan', 'would-create'],
    ['that differs', changes, 'apply', 'not-attempted'],
    ['that is new', creates, 'apply', 'not-attempted'],
  ])('%s', (_what, of, mode, outcome) => {
    expect(outlook(of, mode)).toEqual({ ...untouched, item: of, outcome });
  });

  test.each(['plan', 'apply'] as const)('that is refused says why, with mode %s', (mode) => {
    expect(outlook(unsound, mode)).toEqual({
      ...untouched,
      item: unsound,
      outcome: 'refused',
      reason: 'checks-failed',
      message:
        'treatments: The result has 1 treatment; a definition needs at least two. Copy the sections that belong together, or correct the definition in the source environment. default rule: Its percentages (99) do not make 100. Copy the sections that belong together, or correct the definition in the source environment.',
    });
    expect(unsound.findings.some(({ severity }) => severity === 'warning')).toBe(true);
  });

  test('that is refused for an open change request has a reason of its own', () => {
    const pending = finding('change-pending', { place: 'flag', message: 'It is open.', fix: 'Decide it.' });
    const locked = { ...changes, findings: [pending] };

    expect(outlook(locked, 'apply')).toMatchObject({
      outcome: 'refused',
      reason: 'pending-change',
      message: 'flag: It is open. Decide it.',
    });
    expect(outlook({ ...unsound, findings: [pending, ...unsound.findings] }, 'apply').reason).toBe(
      'checks-failed',
    );
  });

  test('that changes nothing is refused only for what it could not take over', () => {
    const source = definition({
      treatments: [treatment('on'), treatment('off'), treatment('beta', { keys: ['a'] })],
    });
    const sections = ['individual-targets'] as const;

    expect(outlook(itemOf(source, definition(), { sections }), 'plan').outcome).toBe('refused');
    expect(outlook(itemOf(definition(), definition(), { sections }), 'plan').outcome).toBe('unchanged');
  });

  test('for which a change request is open already names it, in every mode', () => {
    const openRequest = changeRequest();
    const asked = { ...changes, openRequest };

    expect(outlook(asked, 'apply')).toEqual({
      ...untouched,
      item: asked,
      outcome: 'not-attempted',
      request: openRequest,
    });
    expect(outlook(asked, 'plan')).toMatchObject({ outcome: 'would-update', request: openRequest });
    expect(outlook({ ...unsound, openRequest }, 'plan')).toMatchObject({
      outcome: 'refused',
      request: openRequest,
    });
    expect(outlook(asked, 'plan').notRequested).toBeUndefined();
    const killing = { ...asked, killChange: 'kill', changed: [...asked.changed, 'kill-state'] } as const;
    expect(outlook(killing, 'plan').notRequested).toBe('kill');
    expect(outlook({ ...killing, changed: ['kill-state'] }, 'plan').notRequested).toBeUndefined();
  });
});

test.each<[string, readonly FindingCode[], string]>([
  ['open change requests alone', ['change-pending', 'change-pending'], 'pending-change'],
  ['another error', ['structure'], 'checks-failed'],
  ['an open change request beside another error', ['change-pending', 'structure'], 'checks-failed'],
])('the reason of %s', (_what, codes, reason) => {
  const told = { place: 'x', message: 'x', fix: 'x' };

  expect(reasonOf(codes.map((code) => finding(code, told)))).toBe(reason);
});

test('a change request that may be open is no reason of its own', () => {
  const doubt = unverified('change-pending', { place: 'flag', subject: 'whether one is open', why: 'No.' });
  const sure = finding('change-pending', { place: 'flag', message: 'One is open.', fix: 'Decide it.' });

  expect(reasonOf([sure])).toBe('pending-change');
  expect(reasonOf([doubt])).toBe('checks-failed');
  expect(reasonOf([sure, doubt])).toBe('checks-failed');
});

describe('the cause', () => {
  const failure = new Failure('plan-stale', 'Too late.');

  test('is told of what was not attempted, and of nothing else', () => {
    const results = [ended('not-attempted'), ended('unchanged'), ended('failed'), ended('updated', 'yes')];

    expect(withCause(results, failure)).toEqual([
      { ...ended('not-attempted'), reason: 'plan-stale', message: 'Too late.' },
      ...results.slice(1),
    ]);
  });

  test('stays what it was where there is one', () => {
    const results = [{ ...ended('not-attempted'), reason: 'cancelled', message: 'Stopped.' } as const];

    expect(withCause(results, failure)).toEqual(results);
  });

  test('is none without a failure', () => {
    expect(withCause([ended('not-attempted')], undefined)).toEqual([ended('not-attempted')]);
  });
});

test('what was changed since is a reason of its own, unless there is more', () => {
  const found = (code: FindingCode) => finding(code, { place: 'rules', message: 'm', fix: 'f' });

  expect(reasonOf([found('changed-since')])).toBe('target-changed');
  expect(reasonOf([found('changed-since'), found('change-pending')])).toBe('checks-failed');
});
