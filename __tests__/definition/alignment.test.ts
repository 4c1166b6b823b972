// Pairing of two ordered lists: equal first, then alike; what moved is the least that explains the order.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { align } from '../../src/definition/alignment.ts';

const itself = (element: string): string => element;
const firstLetter = (element: string): string => element.slice(0, 1);

/** `a→b` for pairs, a star after those that moved. */
const shown = (before: string, after: string, keys = [itself, firstLetter]) => {
  const { pairs, removed, added } = align(
    before.split(' ').filter(Boolean),
    after.split(' ').filter(Boolean),
    keys,
  );
  return {
    pairs: pairs
      .map((pair) => `${pair.before}${pair.from}→${pair.after}${pair.to}${pair.moved ? '*' : ''}`)
      .join(' '),
    removed: removed.map(({ from, before }) => `${before}${from}`).join(' '),
    added: added.map(({ to, after }) => `${after}${to}`).join(' '),
  };
};

describe('pairs', () => {
  test.each([
    ['nothing', '', '', { pairs: '', removed: '', added: '' }],
    ['equal lists', 'a b', 'a b', { pairs: 'a0→a0 b1→b1', removed: '', added: '' }],
    ['an element more', 'a c', 'a b c', { pairs: 'a0→a0 c1→c2', removed: '', added: 'b1' }],
    ['an element less', 'a b c', 'a c', { pairs: 'a0→a0 c2→c1', removed: 'b1', added: '' }],
    ['an element edited', 'a b1 c', 'a b2 c', { pairs: 'a0→a0 b11→b21 c2→c2', removed: '', added: '' }],
    ['equal before alike', 'x1 x2', 'x2 x3', { pairs: 'x10→x31* x21→x20', removed: '', added: '' }],
    ['equal elements in order', 'a a', 'a a', { pairs: 'a0→a0 a1→a1', removed: '', added: '' }],
    ['equal elements as far as they go', 'a a', 'a', { pairs: 'a0→a0', removed: 'a1', added: '' }],
    ['equal elements that became more', 'a', 'a a', { pairs: 'a0→a0', removed: '', added: 'a1' }],
    ['alike elements in order', 'x1 x2', 'x3 x4', { pairs: 'x10→x30 x21→x41', removed: '', added: '' }],
    ['strangers', 'a', 'b', { pairs: '', removed: 'a0', added: 'b0' }],
  ])('%s', (_what, before, after, expected) => {
    expect(shown(before, after)).toEqual(expected);
  });
});

describe('moves', () => {
  test.each([
    ['the first to the end', 'a b c d', 'b c d a', 'a0→a3* b1→b0 c2→c1 d3→d2'],
    ['the last to the front', 'a b c d', 'd a b c', 'a0→a1 b1→b2 c2→c3 d3→d0*'],
    ['two neighbours', 'a b c', 'a c b', 'a0→a0 b1→b2* c2→c1'],
    ['one across others that were removed', 'a b c', 'c a', 'a0→a1* c2→c0'],
    ['nothing, where others were added before', 'a b', 'x a y b', 'a0→a1 b1→b3'],
    ['nothing, where others were removed before', 'x a y b', 'a b', 'a1→a0 b3→b1'],
    ['all but one of a reversal', 'a b c', 'c b a', 'a0→a2* b1→b1* c2→c0'],
    ['the two outside a longer run', 'a b c d e f', 'f b c d e a', 'a0→a5* b1→b1 c2→c2 d3→d3 e4→e4 f5→f0*'],
    ['a run of two past a run of three', 'a b c d e', 'd e a b c', 'a0→a2 b1→b3 c2→c4 d3→d0* e4→e1*'],
  ])('%s', (_what, before, after, pairs) => {
    expect(shown(before, after).pairs).toBe(pairs);
  });
});

/** Length of the longest increasing subsequence, the slow and plain way. */
const longestRun = (values: readonly number[]): number => {
  const lengths: number[] = [];
  for (const [position, value] of values.entries()) {
    const before = lengths.filter((_, earlier) => (values[earlier] ?? Infinity) < value);
    lengths[position] = 1 + Math.max(0, ...before);
  }
  return Math.max(0, ...lengths);
};

describe('laws', () => {
  const list = () =>
    fc.array(fc.constantFrom('a', 'b', 'c', 'c1', 'c2', 'd', 'd1', 'e', 'f', 'g'), { maxLength: 12 });

  test('every element is in a pair, removed or added, exactly once', () => {
    fc.assert(
      fc.property(list(), list(), (before, after) => {
        const { pairs, removed, added } = align(before, after, [itself, firstLetter]);

        expect(
          [...pairs, ...removed].map(({ from }) => from).toSorted((left, right) => left - right),
        ).toEqual([...before.keys()]);
        expect([...pairs, ...added].map(({ to }) => to).toSorted((left, right) => left - right)).toEqual([
          ...after.keys(),
        ]);
        for (const pair of pairs) {
          expect(pair.before).toBe(before[pair.from]);
          expect(pair.after).toBe(after[pair.to]);
          expect(firstLetter(pair.before)).toBe(firstLetter(pair.after));
        }
        for (const entry of removed) expect(entry.before).toBe(before[entry.from]);
        for (const entry of added) expect(entry.after).toBe(after[entry.to]);
      }),
    );
  });

  test('as few pairs as possible count as moved, and those that did not keep their order', () => {
    fc.assert(
      fc.property(list(), list(), (before, after) => {
        const { pairs } = align(before, after, [itself, firstLetter]);
        const kept = pairs.filter(({ moved }) => !moved).map(({ to }) => to);

        expect(kept).toEqual(kept.toSorted((left, right) => left - right));
        expect(kept).toHaveLength(longestRun(pairs.map(({ to }) => to)));
      }),
    );
  });

  test('a list against itself has neither moves nor changes', () => {
    fc.assert(
      fc.property(list(), (elements) => {
        const { pairs, removed, added } = align(elements, elements, [itself]);

        expect(pairs.every(({ from, to, moved }) => from === to && !moved)).toBe(true);
        expect(pairs).toHaveLength(elements.length);
        expect([...removed, ...added]).toEqual([]);
      }),
    );
  });
});
