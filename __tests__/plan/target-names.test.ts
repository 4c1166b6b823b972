// With `show-targets: false`, texts of others name no individual target.
import { expect, test } from '@jest/globals';
import { targetHider } from '../../src/plan/target-names.ts';
import { definition, treatment } from '../definition/samples.ts';
import { itemOf } from './samples.ts';

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

test('a new target has no names yet', () => {
  expect(targetHider([itemOf(source, undefined)])('staff news')).toBe('(target) news');
  expect(targetHider([])('staff')).toBe('staff');
});
