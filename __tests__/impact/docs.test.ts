// The worked tables of docs/impact.md are what is computed.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { impactOf } from '../../src/impact/impact.ts';
import { spoken, transitionWords, whoWords } from './spoken.ts';

const page = readFileSync(new URL('../../docs/impact.md', import.meta.url), 'utf8');

/** The rows of the table with this first heading, each as its cells. */
const rowsOf = (heading: string): readonly (readonly string[])[] => {
  const [, ...rest] = page.split(new RegExp(`^\\| ${heading} +\\|.*\\n\\| -.*\\n`, 'mu'));
  return (
    rest
      .join('')
      .split('\n\n')[0]
      ?.trim()
      .split('\n')
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ) ?? []
  );
};

const shifts = [...rowsOf('Before'), ...rowsOf('Before, by the vendor')];

test('the table of shifts is read', () => {
  expect(shifts.length).toBeGreaterThan(20);
});

test.each(shifts)('%s, then %s: %s', (before, after, changes, inAll, reshuffle) => {
  const impact = impactOf(spoken(before), spoken(after));
  expect(impact.audiences.map(whoWords)).toEqual(['everyone else']);
  expect({
    changes: transitionWords(impact.audiences[0]?.transitions ?? []),
    inAll: `${impact.largestShift} %`,
    reshuffle: impact.reshuffle ? 'yes' : 'no',
  }).toEqual({ changes, inAll, reshuffle });
});

interface Case {
  readonly before: string;
  readonly after: string;
  readonly audiences: readonly (readonly string[])[];
}

/** Rows without rules belong to the row above. */
const cases = rowsOf('Rules before').reduce<readonly Case[]>(
  (found, [before = '', after = '', ...audience]) => {
    const last = found.at(-1);
    if (before !== '' || last === undefined) return [...found, { before, after, audiences: [audience] }];
    return [...found.slice(0, -1), { ...last, audiences: [...last.audiences, audience] }];
  },
  [],
);

describe('audiences', () => {
  test('the table of rules is read', () => {
    expect(cases.length).toBeGreaterThan(5);
  });

  test.each(cases)('$before, then $after', ({ before, after, audiences }) => {
    const impact = impactOf(spoken('off 100', before), spoken('off 100', after));
    expect(
      impact.audiences.map((audience) => [
        whoWords(audience),
        transitionWords(audience.transitions),
        audience.certainty,
      ]),
    ).toEqual(audiences);
  });
});
