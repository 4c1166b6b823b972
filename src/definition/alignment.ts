// Pairs the elements of two ordered lists and finds out which of the pairs moved.

export interface Pair<T> {
  readonly from: number;
  readonly to: number;
  readonly before: T;
  readonly after: T;
  /** Whether the pair stands in another order than the pairs around it. */
  readonly moved: boolean;
}

export interface Alignment<T> {
  readonly pairs: readonly Pair<T>[];
  readonly removed: readonly { readonly from: number; readonly before: T }[];
  readonly added: readonly { readonly to: number; readonly after: T }[];
}

interface Link {
  readonly position: number;
  readonly value: number;
  readonly previous: Link | undefined;
}

/** Positions (in `values`, which are distinct) of one longest increasing subsequence. */
function longestIncreasing(values: readonly number[]): ReadonlySet<number> {
  // The n-th link ends the subsequence of n + 1 values that ends lowest.
  const ends: Link[] = [];
  values.forEach((value, position) => {
    const higher = ends.findIndex((end) => end.value > value);
    const place = higher === -1 ? ends.length : higher;
    ends[place] = { position, value, previous: ends[place - 1] };
  });
  const kept = new Set<number>();
  for (let link = ends.at(-1); link !== undefined; link = link.previous) kept.add(link.position);
  return kept;
}

/**
 * Pairs the elements of two lists by the first of `keys` on which they agree; equal keys pair in order.
 * A pair is moved when it is not part of one longest run of pairs that kept their order.
 */
export function align<T>(
  before: readonly T[],
  after: readonly T[],
  keys: readonly ((element: T) => string)[],
): Alignment<T> {
  const partner = new Map<number, number>();
  const taken = new Set<number>();
  for (const key of keys) {
    const free = new Map<string, number[]>();
    after.forEach((element, to) => {
      if (taken.has(to)) return;
      const group = free.get(key(element));
      if (group === undefined) free.set(key(element), [to]);
      else group.push(to);
    });
    before.forEach((element, from) => {
      if (partner.has(from)) return;
      const to = free.get(key(element))?.shift();
      if (to === undefined) return;
      partner.set(from, to);
      taken.add(to);
    });
  }
  const matched = before.flatMap((element, from) => {
    const to = partner.get(from);
    return to === undefined ? [] : [{ from, to, before: element }];
  });
  const inOrder = longestIncreasing(matched.map(({ to }) => to));
  return {
    pairs: matched.flatMap((pair, position) =>
      after
        .slice(pair.to, pair.to + 1)
        .map((element) => ({ ...pair, after: element, moved: !inOrder.has(position) })),
    ),
    removed: before.flatMap((element, from) => (partner.has(from) ? [] : [{ from, before: element }])),
    added: after.flatMap((element, to) => (taken.has(to) ? [] : [{ to, after: element }])),
  };
}
