// Serves every pair of buckets singly, as docs/impact.md says it is done, and counts: nothing is shared with src/impact.
import { toNumber, type Bucket, type Definition, type Matcher } from '../../src/definition/definition.ts';
import type { Json } from '../../src/json.ts';

export interface User {
  readonly key: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly segments: readonly string[];
}

function meetsPlainly({ type, ...asked }: Matcher, value: Json | undefined, user: User): boolean {
  const strings: readonly unknown[] = Array.isArray(asked['strings']) ? asked['strings'] : [];
  switch (type) {
    case 'ALL_KEYS':
      return true;
    case 'IN_SEGMENT':
      return user.segments.includes(String(asked['string']));
    case 'IN_LIST_STRING':
      return strings.includes(value);
    case 'STARTS_WITH_STRING':
      return strings.some((start) => typeof value === 'string' && value.startsWith(String(start)));
    case 'CONTAINS_STRING':
      return strings.some((part) => typeof value === 'string' && value.includes(String(part)));
    case 'BOOLEAN':
      return value === asked['bool'];
    case 'EQUAL_NUMBER':
      return value === asked['number'];
    case 'LESS_THAN_OR_EQUAL_NUMBER':
      return typeof value === 'number' && value <= Number(asked['number']);
    case 'GREATER_THAN_OR_EQUAL_NUMBER':
      return typeof value === 'number' && value >= Number(asked['number']);
    default:
      throw new Error(`${type} is not generated.`);
  }
}

const meets = (matcher: Matcher, user: User): boolean => {
  const value = matcher['attribute'] == null ? user.key : user.attributes[String(matcher['attribute'])];
  return meetsPlainly(matcher, value, user) !== (matcher['negate'] === true);
};

function treatmentOf(buckets: readonly Bucket[], bucket: number): string {
  let sum = 0;
  for (const { treatment, size } of buckets) {
    sum += toNumber(size);
    if (bucket <= sum) return treatment;
  }
  return 'control';
}

/** How a user is served, by the bucket of traffic allocation and the bucket of treatments. */
export function serving(definition: Definition, user: User): (allocation: number, bucket: number) => string {
  if (definition.killed === true) return () => definition.defaultTreatment;
  const targeted = definition.treatments.find(
    ({ keys, segments }) =>
      keys?.includes(user.key) || segments?.some((name) => user.segments.includes(name)),
  );
  if (targeted) return () => targeted.name;
  const rule = definition.rules?.find(({ condition }) =>
    condition.matchers.every((matcher) => meets(matcher, user)),
  );
  const buckets = rule?.buckets ?? definition.defaultRule;
  const allocated = toNumber(definition.trafficAllocation ?? 100);
  return (allocation, bucket) =>
    allocation <= allocated ? treatmentOf(buckets, bucket) : definition.defaultTreatment;
}

/** `['off', 'on', 2000]`: how many of all pairs of buckets go from one treatment to another. Sorted by name. */
export type Count = readonly [from: string, to: string, pairs: number];

export function countPairs(before: Definition, after: Definition, user: User): readonly Count[] {
  const [old, current] = [serving(before, user), serving(after, user)];
  const counts = new Map<string, number>();
  for (let allocation = 1; allocation <= 100; allocation++) {
    for (let bucket = 1; bucket <= 100; bucket++) {
      const key = `${old(allocation, bucket)} ${current(allocation, bucket)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, pairs]) => {
      const [from = '', to = ''] = key.split(' ');
      return [from, to, pairs];
    });
}
