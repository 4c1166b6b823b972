// Near misses: what is offered for a name that is not there.
import { describe, expect, test } from '@jest/globals';
import { suggest } from '../src/near-misses.ts';

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday'];

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

describe('names that are near are asked for', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['Staging', ['staging', 'Production'], ['staging']],
    ['PRODUCTION', ['staging', 'Production'], ['Production']],
    ['prod', ['prob', 'pr', 'p', 'other'], ['prob', 'pr']],
    ['abcd', ['ab12'], ['ab12']],
    ['abcd', ['a123'], []],
    [
      'production-europe-12',
      ['production-europe-99', 'prxxxxxion-europe-12', 'prxxxxxxxn-europe-12'],
      ['production-europe-99', 'prxxxxxion-europe-12'],
    ],
    ['a', ['z1', 'a12', 'a1', 'a'], ['a', 'a1', 'z1']],
    ['Sunday', DAYS, ['Monday']],
    ['December', DAYS, []],
  ])('%s among %j', (wanted, names, near) => {
    const question = near.length > 0 ? ` Did you mean ${listed(near)}?` : '';

    expect(suggest(wanted, names)).toBe(`${question} There are: ${listed(names)}.`);
  });

  test('the nearest first, three at most, in their order where they are as near', () => {
    expect(suggest('aa', ['ab', 'ac', 'aa', 'ad', 'ae'])).toMatch(/^ Did you mean `aa`, `ab`, `ac`\? /u);
  });
});

describe('what is there is listed', () => {
  const many = (count: number) => Array.from({ length: count }, (_, number) => `environment-${number}`);

  test('up to twenty names', () => {
    expect(suggest('q', many(20))).toBe(` There are: ${listed(many(20))}.`);
  });

  test('and the others counted', () => {
    expect(suggest('q', many(22))).toBe(` There are: ${listed(many(20))} and 2 more.`);
  });

  test('nothing is said where there is nothing', () => {
    expect(suggest('q', [])).toBe('');
  });
});
