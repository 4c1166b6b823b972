import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../src/json.ts';
import { isRawNumber } from '../../src/json.ts';
import { bucketBars, bucketWords, percentBar, percentWords } from '../../src/report/share.ts';

const raw = (text: string) => {
  const value = parseJson(text);
  if (!isRawNumber(value)) throw new Error(`${text} is a plain number.`);
  return value;
};

describe('A bar', () => {
  test.each([
    [-5, '░░░░░░░░░░&nbsp;-5&nbsp;%'],
    [0, '░░░░░░░░░░&nbsp;0&nbsp;%'],
    [1, '█░░░░░░░░░&nbsp;1&nbsp;%'],
    [14, '█░░░░░░░░░&nbsp;14&nbsp;%'],
    [15, '██░░░░░░░░&nbsp;15&nbsp;%'],
    [60, '██████░░░░&nbsp;60&nbsp;%'],
    [94, '█████████░&nbsp;94&nbsp;%'],
    [99, '█████████░&nbsp;99&nbsp;%'],
    [100, '██████████&nbsp;100&nbsp;%'],
    [200, '██████████&nbsp;200&nbsp;%'],
  ])('of %d is %s', (size, shown) => {
    expect(percentBar(size)).toBe(shown);
  });

  test('keeps the text of a number as it came', () => {
    expect(percentBar(raw('33.30'))).toBe('███░░░░░░░&nbsp;33.30&nbsp;%');
    expect(percentWords(raw('9007199254740993'))).toBe('9007199254740993 %');
  });
});

describe('Buckets', () => {
  const two = [
    { treatment: 'on', size: 60 },
    { treatment: 'o|ff', size: 40 },
  ];
  const many = Array.from({ length: 22 }, () => ({ treatment: 'on', size: 1 }));

  test('are one bar a line in a cell', () => {
    expect(bucketBars(two)).toBe(
      '██████░░░░&nbsp;`on`&nbsp;60&nbsp;%<br>████░░░░░░&nbsp;<code>o&#124;ff</code>&nbsp;40&nbsp;%',
    );
    expect(bucketBars([])).toBe('none');
    expect(bucketBars(many)).toBe(`${'█░░░░░░░░░&nbsp;`on`&nbsp;1&nbsp;%<br>'.repeat(20)}and 2 more`);
    expect(bucketBars(many.slice(2))).not.toContain('more');
  });

  test('are a list in a line of the log', () => {
    expect(bucketWords(two)).toBe('on 60 %, o|ff 40 %');
    expect(bucketWords([])).toBe('none');
    expect(bucketWords(many)).toBe(`${Array.from({ length: 10 }, () => 'on 1 %').join(', ')} and 12 more`);
  });
});
