// How a run ends: the first status that holds, and whether it is in effect.
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/failure.ts';
import {
  isInEffect,
  outlook,
  statusOf,
  withCause,
  type ItemResult,
  type Mode,
  type Outcome,
  type Written,
} from '../../src/plan/outcome.ts';
import type { Item } from '../../src/plan/plan.ts';
import { buckets, definition, treatment } from '../definition/samples.ts';
import { itemOf } from './samples.ts';

const item = itemOf(definition(), definition());

const ended = (outcome: Outcome, written: Written = 'no'): ItemResult => ({
  item,
  outcome,
  written,
  warnings: [],
});

describe('the status', () => {
  test.each<[string, Mode, boolean, readonly ItemResult[], string]>([
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
    ['some written, some refused', 'apply', true, [ended('updated', 'yes'), ended('refused')], 'partial'],
    ['refused', 'apply', true, [ended('refused')], 'refused'],
    ['some refused, nothing written', 'apply', true, [ended('not-attempted'), ended('refused')], 'refused'],
    ['a plan that is refused', 'plan', true, [ended('would-update'), ended('refused')], 'refused'],
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
    expect(statusOf({ mode, failed, results })).toBe(status);
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
    ...(
      [
        'would-create',
        'would-update',
        'pending-approval',
        'restored',
        'refused',
        'failed',
        'not-attempted',
      ] as const
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
      message: unsound.findings.map(({ message, fix }) => `${message} ${fix}`).join(' '),
    });
    expect(unsound.findings.length).toBeGreaterThan(1);
  });

  test('that is refused though it changes nothing is refused', () => {
    const same = definition({ treatments: [treatment('off')] });

    expect(outlook(itemOf(same, same), 'plan').outcome).toBe('refused');
  });
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
