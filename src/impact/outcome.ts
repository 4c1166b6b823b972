// What a group of users is served: treatments by buckets of two hashes, in whole numbers.
import { toNumber, type Bucket, type Definition } from '../definition/definition.ts';

/** Both hashes put a user into one of so many buckets. */
export const BUCKETS = 100;

/** All users of an audience: pairs of a bucket of traffic allocation and a bucket of treatment. Shares count them. */
export const ALL = BUCKETS * BUCKETS;

/** What SDKs serve where there is nothing to serve. */
const CONTROL = 'control';

/** A treatment, and the last bucket that gets it; the slice before says where it begins. */
export interface Slice {
  readonly treatment: string;
  readonly upTo: number;
}

export interface Outcome {
  /** So many buckets of traffic allocation get a treatment by their slice. */
  readonly allocated: number;
  /** In the definition's order, without those of no bucket; the last one ends with the last bucket. */
  readonly slices: readonly Slice[];
  /** What everybody outside of the traffic allocation gets. */
  readonly outside: string;
  /** The treatments as they are listed, those of no bucket included. */
  readonly order: readonly string[];
}

/** A treatment, and how many of {@link ALL} get it. */
export interface Share {
  readonly treatment: string;
  readonly share: number;
}

/** A place between two buckets: SDKs hash into whole ones, so a fraction of one reaches nobody. */
const boundary = (percent: number): number =>
  // Sums of decimals are off by less than this: 33.3 + 33.3 + 33.4 must be 100.
  Math.min(BUCKETS, Math.max(0, Math.floor(percent + 1e-6)));

export const constant = (treatment: string): Outcome => ({
  allocated: BUCKETS,
  slices: [{ treatment, upTo: BUCKETS }],
  outside: treatment,
  order: [treatment],
});

/** What the buckets of a rule, or of the default rule, serve under a definition's traffic allocation. */
export function outcomeOf(
  { trafficAllocation, defaultTreatment }: Definition,
  buckets: readonly Bucket[],
): Outcome {
  let sum = 0;
  const slices: Slice[] = [];
  const ends = buckets.map(({ treatment, size }) => ({
    treatment,
    upTo: boundary((sum += Math.max(0, toNumber(size)))),
  }));
  for (const slice of [...ends, { treatment: CONTROL, upTo: BUCKETS }]) {
    if (slice.upTo > (slices.at(-1)?.upTo ?? 0)) slices.push(slice);
  }
  return {
    allocated: trafficAllocation == null ? BUCKETS : boundary(toNumber(trafficAllocation)),
    slices,
    outside: defaultTreatment,
    order: buckets.map(({ treatment }) => treatment),
  };
}

/** Makes {@link outcomeOf} give the same value for buckets that are served alike, so that they can be told by it. */
export function outcomesOf(definition: Definition): (buckets: readonly Bucket[]) => Outcome {
  const known = new Map<string, Outcome>();
  return (buckets) => {
    const outcome = outcomeOf(definition, buckets);
    const text = JSON.stringify(outcome);
    const same = known.get(text) ?? outcome;
    known.set(text, same);
    return same;
  };
}

/** What everybody gets while a flag is killed; `undefined` while it is not. */
export const killedOutcome = (definition: Definition): Outcome | undefined =>
  definition.killed === true ? constant(definition.defaultTreatment) : undefined;

/** How many of {@link ALL} get which treatment: in the order of the buckets, then those outside of the allocation. */
export function sharesOf({ allocated, slices, outside }: Outcome): readonly Share[] {
  const shares = new Map<string, number>();
  const add = (treatment: string, share: number): void => {
    if (share > 0) shares.set(treatment, (shares.get(treatment) ?? 0) + share);
  };
  slices.forEach(({ treatment, upTo }, at) => {
    add(treatment, allocated * (upTo - (slices[at - 1]?.upTo ?? 0)));
  });
  add(outside, (BUCKETS - allocated) * BUCKETS);
  return [...shares].map(([treatment, share]) => ({ treatment, share }));
}

/** `90`, `12.5`, `0.01`: a share in percent, exact. */
export const percentOf = (share: number): string => String(share / BUCKETS);
