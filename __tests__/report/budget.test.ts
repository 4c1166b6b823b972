import { describe, expect, test } from '@jest/globals';
import { fit, type Block } from '../../src/report/budget.ts';

const block = (depth: number, what: string, size: number): Block => ({
  depth,
  what,
  markdown: what.padEnd(size, 'é'),
});
const blocks = [block(0, 'head', 10), block(3, 'table', 10), block(9, 'names', 400), block(9, 'diff', 300)];
const bytes = (text: string): number => Buffer.byteLength(text);
const whole = fit(blocks, { budget: 10_000, planFile: undefined });

describe('A text that is too large', () => {
  test('is whole while it fits, to the byte', () => {
    expect(whole).toBe(`${blocks.map(({ markdown }) => markdown).join('\n\n')}\n\n`);
    expect(fit(blocks, { budget: bytes(whole), planFile: undefined })).toBe(whole);
    expect(fit(blocks, { budget: bytes(whole) - 1, planFile: undefined })).not.toBe(whole);
  });

  test('loses the deepest block first, of these the largest, and says so after the first', () => {
    expect(fit(blocks, { budget: bytes(whole) - 1, planFile: '/tmp/plan.json' })).toBe(
      `${[
        blocks[0]?.markdown,
        '**Left out because the summary would be too large:** names. The plan file has everything: `/tmp/plan.json`.',
        blocks[1]?.markdown,
        blocks[3]?.markdown,
      ].join('\n\n')}\n\n`,
    );
    expect(fit(blocks, { budget: 600, planFile: undefined })).toBe(
      `${[
        blocks[0]?.markdown,
        '**Left out because the summary would be too large:** diff, names.',
        blocks[1]?.markdown,
      ].join('\n\n')}\n\n`,
    );
  });

  test('keeps small blocks that fit though a large one has to go', () => {
    const some = [
      block(0, 'head', 10),
      block(5, 'rules', 5000),
      block(7, 'names', 20),
      block(8, 'diff', 400),
    ];
    expect(fit(some, { budget: 1200, planFile: undefined })).toBe(
      `${[
        some[0]?.markdown,
        '**Left out because the summary would be too large:** rules.',
        some[2]?.markdown,
        some[3]?.markdown,
      ].join('\n\n')}\n\n`,
    );
    expect(fit(some, { budget: 600, planFile: undefined })).toContain('too large:** diff, rules.');
  });

  test('names each kind that is left out once', () => {
    const twice = [block(0, 'head', 10), block(5, 'rules', 900), block(4, 'rules', 900)];
    expect(fit(twice, { budget: 200, planFile: undefined })).toContain('too large:** rules.\n');
  });

  test('may be the sentence alone, or nothing', () => {
    const sentence = '**Left out because the summary would be too large:** diff, head, names, table.\n\n';
    expect(fit(blocks, { budget: bytes(sentence), planFile: undefined })).toBe(sentence);
    expect(fit(blocks, { budget: bytes(sentence) - 1, planFile: undefined })).toBe('');
    expect(fit([], { budget: 0, planFile: undefined })).toBe('');
  });
});
