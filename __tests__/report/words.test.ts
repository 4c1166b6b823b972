import { describe, expect, test } from '@jest/globals';
import { count, fileName, listed, momentWords, partWords, short, visible } from '../../src/report/words.ts';
import { numbered } from './samples.ts';

describe('visible', () => {
  test.each([
    ['a\nb', 'a\\u000ab'],
    ['\u0000\u001b', '\\u0000\\u001b'],
    ['evil\u202etxt\u2066\u2069', 'evil\\u202etxt\\u2066\\u2069'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['\u2028\u2029', '\\u2028\\u2029'],
    ['no\u00a0break', 'no\\u00a0break'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['filler\u3164', 'filler\\u3164'],
    ['##[error]', '#\\u0023[error]'],
    ['###[x', '##\\u0023[x'],
    ['## [x] #[x]', '## [x] #[x]'],
    ['Größe 😀 ok', 'Größe 😀 ok'],
  ])('of %j is %j', (value, shown) => {
    expect(visible(value)).toBe(shown);
  });
});

describe('short', () => {
  test('keeps what fits and ends the rest with an ellipsis, counting whole characters', () => {
    expect(short('abcd', 4)).toBe('abcd');
    expect(short('abcde', 4)).toBe('abc…');
    expect(short('😀😀😀😀', 4)).toBe('😀😀😀😀');
    expect(short('😀😀😀😀😀', 4)).toBe('😀😀😀…');
    expect(short('a'.repeat(80))).toBe('a'.repeat(80));
    expect(short('a'.repeat(1_000_000))).toBe(`${'a'.repeat(79)}…`);
  });

  test('counts what is made visible', () => {
    expect(short('\u202eabc', 7)).toBe('\\u202e…');
  });
});

test('count groups thousands and has one singular', () => {
  expect(count(0, 'key')).toBe('0 keys');
  expect(count(1, 'key')).toBe('1 key');
  expect(count(30_000, 'key')).toBe('30,000 keys');
  expect(count(1, 'retry', 'retries')).toBe('1 retry');
  expect(count(2, 'retry', 'retries')).toBe('2 retries');
});

test('listed names the first and counts the rest', () => {
  expect(listed([])).toBe('');
  expect(listed(['a', 'b'], 2)).toBe('a, b');
  expect(listed(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(listed(numbered('n', 0, 1009))).toBe(
    'n-0, n-1, n-2, n-3, n-4, n-5, n-6, n-7, n-8, n-9 and 1,000 more',
  );
});

test('parts and paths have short names', () => {
  expect(partWords('baseline-treatment')).toBe('baseline treatment');
  expect(partWords('kill-state')).toBe('kill state');
  expect(fileName('/tmp/a/plan.json')).toBe('plan.json');
  expect(fileName('C:\\temp\\plan.json')).toBe('plan.json');
  expect(fileName('plan.json')).toBe('plan.json');
});

test.each([
  [1_750_000_000_000, '2025-06-15 15:06 UTC'],
  [0, '1970-01-01 00:00 UTC'],
  [-1, undefined],
  [Number.NaN, undefined],
  [1e15, undefined],
  [1e18, undefined],
])('the moment %d is %s', (time, words) => {
  expect(momentWords(time)).toBe(words);
});
