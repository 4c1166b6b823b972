// The vendor's own evaluator serves what is computed: thousands of keys, before and after, within sampling error.
import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { toNumber, type Bucket, type Definition } from '../../src/definition/definition.ts';
import { impactOf } from '../../src/impact/impact.ts';
import { spoken } from './spoken.ts';

const { evaluateFeature } = createRequire(import.meta.url)(
  '@splitsoftware/splitio-commons/cjs/evaluator/index.js',
) as {
  readonly evaluateFeature: (
    log: object,
    key: string,
    flag: string,
    attributes: object,
    storage: object,
  ) => { readonly treatment: string };
};

const LOG = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const condition = (matcher: object, buckets: readonly Bucket[]) => ({
  conditionType: 'ROLLOUT',
  matcherGroup: { combiner: 'AND', matchers: [{ negate: false, ...matcher }] },
  partitions: buckets.map(({ treatment, size }) => ({ treatment, size: toNumber(size) })),
  label: 'a rule',
});

/** A definition as SDKs download it. The seeds belong to the target, so they are the same before and after. */
const forSdk = (definition: Definition) => ({
  killed: definition.killed === true,
  seed: 1_234_567,
  trafficAllocation: toNumber(definition.trafficAllocation ?? 100),
  trafficAllocationSeed: -7_654_321,
  status: 'ACTIVE',
  defaultTreatment: definition.defaultTreatment,
  conditions: [
    ...(definition.rules ?? []).map(({ condition: { matchers }, buckets }) =>
      condition(
        {
          matcherType: 'WHITELIST',
          keySelector: { attribute: matchers[0]?.['attribute'] },
          whitelistMatcherData: { whitelist: matchers[0]?.['strings'] },
        },
        buckets,
      ),
    ),
    condition({ matcherType: 'ALL_KEYS' }, definition.defaultRule),
  ],
});

const KEYS = Array.from({ length: 20_000 }, (_, at) => `user-${at}`);

/** Of all keys, the percentage for each transition. */
function counted(before: Definition, after: Definition, attributes: object): ReadonlyMap<string, number> {
  const [old, current] = [before, after].map((definition) => {
    const value = forSdk(definition);
    const storage = { definitions: { get: () => value } };
    return KEYS.map((key) => evaluateFeature(LOG, key, 'flag', attributes, storage).treatment);
  });
  const shares = new Map<string, number>();
  old?.forEach((treatment, at) => {
    const transition = `${treatment} → ${current?.[at]}`;
    shares.set(transition, (shares.get(transition) ?? 0) + 100 / KEYS.length);
  });
  return shares;
}

describe('the vendor’s evaluator', () => {
  test.each([
    ['on 10, off 90', 'none', 'off 70, on 30', 'none'],
    ['on 50, off 50; 33 % of traffic, else off', 'none', 'on 25, off 75; 67 % of traffic, else off', 'none'],
    ['killed, off', 'none', 'on 40, beta 60; 51 % of traffic, else off', 'none'],
    [
      'off 100; 80 % of traffic, else off',
      'plan in [pro] → on 10, beta 40, off 50',
      'off 100; 80 % of traffic, else beta',
      'plan in [pro] → beta 20, on 50, off 30',
    ],
  ])('%s (rules: %s), then %s (rules: %s)', (before, rules, after, newRules) => {
    const [old, current] = [spoken(before, rules), spoken(after, newRules)];
    const [first] = impactOf(old, current).audiences;
    const shares = counted(old, current, { plan: 'pro' });
    const moves = [...shares.keys()].filter((transition) => !/^(.+) → \1$/u.test(transition));
    const computed = (first?.transitions ?? []).map(({ from, to }) => `${from} → ${to}`);
    expect(moves.toSorted()).toEqual(computed.toSorted());
    for (const { from, to, share } of first?.transitions ?? []) {
      // Four standard deviations of a share of 20,000 keys are at most 1.5 percent.
      expect(Math.abs((shares.get(`${from} → ${to}`) ?? 0) - share / 100)).toBeLessThan(1.5);
    }
  });
});
