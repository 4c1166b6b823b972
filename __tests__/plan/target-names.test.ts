// With `show-targets: false`, texts of others name no individual target.
import { describe, expect, test } from '@jest/globals';
import { targetHider, withoutTargetNames } from '../../src/plan/target-names.ts';
import { definition, treatment } from '../definition/samples.ts';
import { changeRequest, itemOf } from './samples.ts';

const source = definition({
  treatments: [treatment('on', { keys: ['user-1', 'user-12'], segments: ['staff'] }), treatment('off')],
});
const before = definition({
  treatments: [treatment('on', { largeSegments: ['news'] }), treatment('off', { keys: ['me', 'qa1'] })],
});
const hide = targetHider([itemOf(source, before)]);

test('names of source and target are hidden, whole', () => {
  expect(hide('user-12, user-1, staff and news')).toBe('(target), (target), (target) and (target)');
});

test('names as short as words are left', () => {
  expect(hide('me and qa1 on')).toBe('me and qa1 on');
});

test('short names are hidden where backticks tell them from words', () => {
  expect(hide('segment `qa1` for me')).toBe('segment (target) for me');
});

test('names that were cut off are hidden, other words are not', () => {
  expect(hide('sta… staf… user… somebody…')).toBe('sta… (target)… (target)… somebody…');
  expect(hide('"user-1… (staf… by:user-…')).toBe('"(target)… ((target)… by:(target)…');
});

test('names that only the result has are hidden, too', () => {
  const renaming = { rules: new Map(), segments: new Map([['staff', 'everybody']]) };

  expect(targetHider([itemOf(source, before, { overrides: [renaming] })])('staff, everybody')).toBe(
    '(target), (target)',
  );
});

test('a new target has no names yet', () => {
  expect(targetHider([itemOf(source, undefined)])('staff news')).toBe('(target) news');
  expect(targetHider([])('staff')).toBe('staff');
});

describe('a result without the names of individual targets', () => {
  const item = itemOf(definition(), definition());
  const hide = (text: string): string => text.replaceAll('ada', '(target)');
  const found = { code: 'targets-lost', severity: 'warning', place: 'on', fix: 'Keep ada.' } as const;
  const bare = { outcome: 'failed', written: 'no', warnings: [] } as const;

  test('has none in its message, its warnings, its findings and the title of its change request', () => {
    const result = withoutTargetNames(
      {
        ...{ ...bare, item: { ...item, findings: [{ ...found, message: 'ada is lost.' }] } },
        ...{ message: 'No ada.', request: changeRequest({ title: 'Move ada' }), warnings: ['Put ada back.'] },
      },
      hide,
    );

    expect(result).toMatchObject({
      ...bare,
      message: 'No (target).',
      warnings: ['Put (target) back.'],
      request: { id: changeRequest({}).id, title: 'Move (target)' },
      item: { target: item.target, findings: [{ ...found, message: '(target) is lost.' }] },
    });
  });

  test('has nothing that it had not before', () => {
    expect(withoutTargetNames({ ...bare, item }, hide)).toEqual({ ...bare, item });
    const untitled = changeRequest({ title: undefined });
    expect(withoutTargetNames({ ...bare, item, request: untitled }, hide).request).toEqual(untitled);
  });
});
