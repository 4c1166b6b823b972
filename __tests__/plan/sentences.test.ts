// Names, numbers and places as parts of plain sentences.
import { expect, test } from '@jest/globals';
import { firstOf, listed, placesOf, plural } from '../../src/plan/sentences.ts';

test.each([
  [['a'], '`a`'],
  [['a', 'b'], '`a`, `b`'],
  [['a', 'b', 'c'], '`a`, `b` and 1 more'],
  [['a', 'b', 'c', 'd'], '`a`, `b` and 2 more'],
])('of the names %j two are listed as %s', (names, words) => {
  expect(listed(names, 2)).toBe(words);
});

test('ten names are listed unless told otherwise', () => {
  expect(listed('a b c d e f g h i j'.split(' '))).not.toContain('more');
  expect(listed('a b c d e f g h i j k'.split(' '))).toMatch(/`j` and 1 more$/u);
});

test.each([
  [0, '0 targets'],
  [1, '1 target'],
  [2, '2 targets'],
  [999, '999 targets'],
  [1000, '1,000 targets'],
  [1_234_567, '1,234,567 targets'],
])('%d is told as %s', (amount, words) => {
  expect(plural(amount, 'target')).toBe(words);
});

test('places are told once each, and many of them are counted', () => {
  const rules = (amount: number) =>
    Array.from({ length: amount }, (_, number) => ({ place: `rule ${number + 1}` }));

  expect(placesOf([...rules(2), ...rules(1)])).toBe('rule 1, rule 2');
  expect(placesOf(rules(8))).toMatch(/rule 7, rule 8$/u);
  expect(placesOf(rules(500))).toMatch(/^rule 1, .*rule 8 and 492 more$/u);
});

test('of more than fifty sentences the first fifty are told, and how many more there are', () => {
  const sentences = Array.from({ length: 50 }, (_, at) => `Sentence ${at}.`);

  expect(firstOf(sentences)).toBe(sentences);
  expect(firstOf([...sentences, 'One.', 'Two.'])).toEqual([...sentences, 'And 2 more.']);
});
