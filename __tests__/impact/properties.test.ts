// Laws of the impact, and its agreement with a count of all 100 x 100 buckets.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseDefinition, type Definition } from '../../src/definition/definition.ts';
import { impactOf, type Audience } from '../../src/impact/impact.ts';
import { ALL } from '../../src/impact/outcome.ts';
import {
  definitionPair,
  respelledDefinition,
  definition as anyDefinition,
} from '../definition/arbitrary-meaning.ts';
import { change, USERS } from './arbitrary-change.ts';
import { everyAudience } from './spoken.ts';
import { countPairs, serving, type Count, type User } from './brute-force.ts';

/** What a function from pairs of buckets to treatments serves, told by enough of them to know all it serves. */
const fingerprint = (definition: Definition, user: User): string => {
  const serve = serving(definition, user);
  const row = (allocation: number) =>
    Array.from({ length: 100 }, (_, at) => serve(allocation, at + 1)[0]).join('');
  return [row(1), row(100), serve(1, 1) + String(definition.trafficAllocation)].join(' ');
};

/** The moves among the counts of an audience, as the brute force has them. */
const movesOf = ({ transitions }: Audience): readonly Count[] =>
  transitions
    .map(({ from, to, share }) => [from, to, share] as const)
    .toSorted((left, right) => (`${left[0]} ${left[1]}` < `${right[0]} ${right[1]}` ? -1 : 1));

const sharesOf = (counts: readonly Count[], side: 0 | 1): string => {
  const sums = new Map<string, number>();
  for (const count of counts) sums.set(count[side], (sums.get(count[side]) ?? 0) + count[2]);
  return JSON.stringify([...sums].map((sum) => sum.join(' ')).toSorted());
};

const audienceShares = (shares: Audience['after'] | undefined): string =>
  Array.isArray(shares)
    ? JSON.stringify(
        shares
          .map(({ treatment, share }: { treatment: string; share: number }) => `${treatment} ${share}`)
          .toSorted(),
      )
    : String(shares);

const textOf = (audience: Audience): string =>
  JSON.stringify([audienceShares(audience.before), audienceShares(audience.after), movesOf(audience)]);

const countsText = (counts: readonly Count[]): string =>
  JSON.stringify([sharesOf(counts, 0), sharesOf(counts, 1), counts.filter(([from, to]) => from !== to)]);

describe('against all pairs of buckets', () => {
  test('every user is in an audience that goes from what they were served to what they are served', () => {
    fc.assert(
      fc.property(change(), ([before, after]) => {
        const impact = impactOf(before, after);
        const audiences = new Set(everyAudience(before, after).map(textOf));
        const counted = new Map<string, readonly Count[]>();
        for (const user of USERS) {
          const key = `${fingerprint(before, user)} ${fingerprint(after, user)}`;
          if (!counted.has(key)) counted.set(key, countPairs(before, after, user));
        }
        for (const counts of counted.values()) {
          const moves = counts.filter(([from, to]) => from !== to);
          // A group of two rules whom nothing happens to is not told.
          if (moves.length > 0) expect([...audiences]).toContain(countsText(counts));
          const moved = moves.reduce((sum, [, , pairs]) => sum + pairs, 0);
          expect(moved).toBeLessThanOrEqual(Math.round((impact.largestShift ?? 0) * 100));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('without rules, the shares are those counted', () => {
    fc.assert(
      fc.property(change(), ([one, other]) => {
        const [before, after] = [
          { ...one, rules: [] },
          { ...other, rules: [] },
        ];
        const [audience, ...more] = impactOf(before, after).audiences;
        const counts = countPairs(before, after, { key: '', attributes: {}, segments: [] });
        expect(more).toEqual([]);
        expect(audience && textOf(audience)).toBe(countsText(counts));
      }),
      { numRuns: 200 },
    );
  });
});

/** Audiences without the texts of their rules, which are spelled otherwise on the other side. */
const told = (before: Definition | undefined, after: Definition) => {
  const { audiences: _rules, mostMoved: _mostMoved, ...rest } = impactOf(before, after);
  return {
    ...rest,
    audiences: everyAudience(before, after).map(({ who, ...audience }) => ({ kind: who.kind, ...audience })),
  };
};

/** Matchers, strings and depended-on treatments in another order, where order means nothing. */
const reordered = (definition: Definition): Definition =>
  parseDefinition({
    ...definition,
    rules:
      definition.rules?.map((rule) => ({
        ...rule,
        condition: {
          ...rule.condition,
          matchers: rule.condition.matchers.toReversed().map((matcher) => {
            const { strings } = matcher;
            return Array.isArray(strings) ? { ...matcher, strings: strings.toReversed() } : matcher;
          }),
        },
      })) ?? null,
  });

describe('laws', () => {
  test('identical definitions move nobody', () => {
    fc.assert(
      fc.property(anyDefinition(), (definition) => {
        const { audiences, largestShift, reshuffle } = impactOf(definition, definition);
        expect(audiences.flatMap(({ transitions }) => transitions)).toEqual([]);
        expect([largestShift, reshuffle]).toEqual([0, false]);
      }),
    );
  });

  test('another spelling of the same definition moves nobody', () => {
    fc.assert(
      fc.property(anyDefinition(), (definition) => {
        const { largestShift, reshuffle } = impactOf(definition, respelledDefinition(definition));
        expect([largestShift, reshuffle]).toEqual([0, false]);
      }),
    );
  });

  test('the order of matchers and of their strings changes nothing', () => {
    fc.assert(
      fc.property(change(), ([before, after]) => {
        expect(told(reordered(before), after)).toEqual(told(before, after));
      }),
    );
  });

  test('other names of treatments change only the names', () => {
    const renamed = (definition: Definition): Definition =>
      JSON.parse(
        JSON.stringify(definition).replaceAll(/"(on|off|beta)"(?=[,}])/gu, '"new-$1"'),
      ) as Definition;
    fc.assert(
      fc.property(change(), ([before, after]) => {
        const names = JSON.stringify(told(renamed(before), renamed(after)));
        expect(names.replaceAll('new-', '')).toBe(JSON.stringify(told(before, after)));
      }),
    );
  });

  test('shares of transitions add up to the share that changes, and what is served to everybody', () => {
    fc.assert(
      fc.property(definitionPair(), ([before, after]) => {
        const { largestShift, reshuffle } = impactOf(before, after);
        for (const audience of everyAudience(before, after)) {
          const { who, transitions, moved, before: old, after: current, spared } = audience;
          const moves = transitions.filter(({ from, to }) => from !== to);
          if (old !== 'unknown' && current !== 'unknown') {
            expect(moves.reduce((sum, { share }) => sum + share, 0)).toBe(moved);
          }
          for (const side of [old, current]) {
            if (!Array.isArray(side)) continue;
            expect(side.reduce((sum: number, { share }: { share: number }) => sum + share, 0)).toBe(ALL);
          }
          expect(spared).toBeLessThanOrEqual(moved);
          const isTarget = who.kind === 'key' || who.kind === 'segment';
          if (!isTarget) expect(moved).toBeLessThanOrEqual(Math.round((largestShift ?? -1) * 100));
          if (!isTarget && spared > 0) expect(reshuffle).toBe(true);
        }
      }),
    );
  });

  test('the way back moves as many, in the other direction', () => {
    fc.assert(
      fc.property(change(), ([before, after]) => {
        const moves = (one: Definition, other: Definition, isBack: boolean) =>
          everyAudience(one, other)
            .flatMap(({ transitions }) => transitions)
            .map(({ from, to, share }) => (isBack ? [to, from, share] : [from, to, share]).join(' '));
        // Users who may meet one of several rules are one audience on one of the ways, and several on the other.
        expect(new Set(moves(after, before, true))).toEqual(new Set(moves(before, after, false)));
      }),
    );
  });

  test('a created definition moves nobody and says whom it serves what', () => {
    fc.assert(
      fc.property(anyDefinition(), (definition) => {
        const { largestShift, reshuffle } = impactOf(undefined, definition);
        const audiences = everyAudience(undefined, definition);
        expect([largestShift, reshuffle]).toEqual([undefined, false]);
        expect(audiences.flatMap(({ transitions }) => transitions)).toEqual([]);
        expect(audiences.every(({ before }) => before === undefined)).toBe(true);
        expect(audiences.every(({ moved }) => moved === 0)).toBe(true);
      }),
    );
  });
});
