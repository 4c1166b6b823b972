// Arbitrary pairs of small definitions whose rules are near enough to overlap, nest, exclude and move.
import * as fc from 'fast-check';
import { parseDefinition, type Definition } from '../../src/definition/definition.ts';
import type { Json, JsonObject } from '../../src/json.ts';
import type { User } from './brute-force.ts';

const TREATMENTS = ['on', 'off', 'beta'];
const PLANS = ['pro', 'pro-plus', 'team'];
const KEYS = ['anna', 'ben'];

const treatmentName = () => fc.constantFrom(...TREATMENTS);

/** Sizes that add up to 100; now and then nothing is left of a bucket. */
export const buckets = () =>
  fc
    .tuple(fc.shuffledSubarray(TREATMENTS, { minLength: 1 }), fc.nat(100), fc.nat(100))
    .map(([names, one, other]) => {
      const cuts = [Math.min(one, other), Math.max(one, other)].slice(0, names.length - 1);
      return names.map((treatment, at) => ({
        treatment,
        size: (at === names.length - 1 ? 100 : (cuts[at] ?? 100)) - (cuts[at - 1] ?? 0),
      }));
    });

const some = (values: readonly string[]) => fc.shuffledSubarray([...values], { minLength: 1 });

const positive = (): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: some(PLANS).map((strings) => ({ type: 'IN_LIST_STRING', attribute: 'plan', strings })),
    },
    { weight: 1, arbitrary: some(KEYS).map((strings) => ({ type: 'IN_LIST_STRING', strings })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('STARTS_WITH_STRING', 'CONTAINS_STRING'), some(['pro', 'plus', 't']))
        .map(([type, strings]) => ({ type, attribute: 'plan', strings })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom('EQUAL_NUMBER', 'LESS_THAN_OR_EQUAL_NUMBER', 'GREATER_THAN_OR_EQUAL_NUMBER'),
          fc.nat(3),
        )
        .map(([type, number]) => ({ type, attribute: 'age', number })),
    },
    { weight: 1, arbitrary: fc.boolean().map((bool) => ({ type: 'BOOLEAN', attribute: 'beta', bool })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('qa', 'staff').map((string) => ({ type: 'IN_SEGMENT', string })),
    },
    { weight: 1, arbitrary: fc.constant({ type: 'ALL_KEYS' }) },
  );

export const matcher = (): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(positive(), fc.boolean(), fc.boolean())
    .map(([value, one, other]) => ({ ...value, negate: one && other }));

const rule = (): fc.Arbitrary<JsonObject> =>
  fc
    .tuple(fc.array(matcher(), { minLength: 1, maxLength: 2 }), buckets())
    .map(([matchers, sizes]) => ({ condition: { combiner: 'AND', matchers }, buckets: sizes }));

const allocation = () => fc.oneof(fc.constant(100), fc.nat(100));

const rest = () =>
  fc.record({
    killed: fc.nat(9).map((pick) => pick === 0),
    defaultTreatment: treatmentName(),
    trafficAllocation: allocation(),
    defaultRule: buckets(),
  });

const treatments: Json = TREATMENTS.map((name) => ({ name }));

const make = (members: JsonObject, rules: readonly Json[]): Definition =>
  parseDefinition({ ...members, treatments, rules });

/** Two definitions; most rules of the second are rules of the first, in any order and with other buckets. */
export const change = (): fc.Arbitrary<readonly [Definition, Definition]> =>
  fc
    .tuple(fc.array(rule(), { maxLength: 4 }), fc.array(rule(), { maxLength: 2 }), rest(), rest())
    .chain(([rules, others, before, after]) =>
      fc
        .tuple(
          fc.shuffledSubarray([...rules, ...others]),
          fc.array(buckets(), { minLength: 6, maxLength: 6 }),
          fc.boolean(),
        )
        .map(([chosen, sizes, areEdited]) => {
          const edited = chosen.map((one, at) => (areEdited ? { ...one, buckets: sizes[at] ?? [] } : one));
          return [make(before, rules), make(after, edited)] as const;
        }),
    );

/** One user of every kind that the conditions can tell apart. */
export const USERS: readonly User[] = [undefined, 'pro', 'pro-plus', 'team', 'trial'].flatMap((plan) =>
  [undefined, 0, 1, 2, 3].flatMap((age) =>
    [undefined, true, false].flatMap((beta) =>
      [[], ['qa'], ['staff'], ['qa', 'staff']].flatMap((segments) =>
        [...KEYS, 'carl'].map((key) => ({
          key,
          segments,
          attributes: {
            ...(plan === undefined ? {} : { plan }),
            ...(age === undefined ? {} : { age }),
            ...(beta === undefined ? {} : { beta }),
          },
        })),
      ),
    ),
  ),
);
