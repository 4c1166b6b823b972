// How many users of an audience get something else: interval arithmetic over two outcomes.
import { BUCKETS, type Outcome, type Share, type Slice } from './outcome.ts';

/** Users who get something else; with the same treatment twice, it is their dynamic configuration that differs. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  /** Of ten thousand. */
  readonly share: number;
}

export interface Shift {
  /** In the order of the buckets. */
  readonly transitions: readonly Transition[];
  /** Of ten thousand: who gets another treatment. A change of `configurations` alone moves nobody. */
  readonly moved: number;
}

/** What both sides serve in a strip of buckets, and how wide the strip is. */
interface Strip {
  readonly from: string;
  readonly to: string;
  readonly width: number;
}

/** Cuts the buckets wherever either side has a boundary. */
function strips(before: readonly Slice[], after: readonly Slice[]): readonly Strip[] {
  const cuts = [...new Set([...before, ...after].map(({ upTo }) => upTo))].toSorted((a, b) => a - b);
  const at = (slices: readonly Slice[], cut: number): readonly Slice[] =>
    slices.filter(({ upTo }) => upTo >= cut).slice(0, 1);
  return cuts.flatMap((cut, position) =>
    at(before, cut).flatMap(({ treatment: from }) =>
      at(after, cut).map(({ treatment: to }) => ({ from, to, width: cut - (cuts[position - 1] ?? 0) })),
    ),
  );
}

const INSIDE = 'inside';

/** The traffic allocation as slices of its own hash. */
const allocationOf = ({ allocated }: Outcome): readonly Slice[] => [
  { treatment: INSIDE, upTo: allocated },
  { treatment: 'outside', upTo: BUCKETS },
];

/** A side in its traffic allocation, or outside of it. */
const side = ({ slices, outside }: Outcome, isInside: boolean): readonly Slice[] =>
  isInside ? slices : [{ treatment: outside, upTo: BUCKETS }];

/** The shift from one outcome to another. `reconfigured` are the treatments whose dynamic configuration differs. */
export function shiftOf(before: Outcome, after: Outcome, reconfigured: ReadonlySet<string>): Shift {
  // The two hashes have seeds of their own, so a share is a product: of buckets of allocation and of treatment.
  const rows = strips(allocationOf(before), allocationOf(after));
  const transitions = new Map<string, Transition>();
  let moved = 0;
  for (const row of rows) {
    for (const { from, to, width } of strips(
      side(before, row.from === INSIDE),
      side(after, row.to === INSIDE),
    )) {
      const share = row.width * width;
      if (share === 0 || (from === to && !reconfigured.has(to))) continue;
      const key = JSON.stringify([from, to]);
      transitions.set(key, { from, to, share: (transitions.get(key)?.share ?? 0) + share });
      if (from !== to) moved += share;
    }
  }
  return { transitions: [...transitions.values()], moved };
}

/** The buckets of `after` put into the order in which `before` has its treatments; new ones come last. */
function inOrderOf(before: Outcome, after: Outcome): Outcome {
  const rank = ({ treatment }: Share): number => {
    const place = before.order.indexOf(treatment);
    return place === -1 ? before.order.length : place;
  };
  const sizes = after.slices.map(({ treatment, upTo }, at) => ({
    treatment,
    share: upTo - (after.slices[at - 1]?.upTo ?? 0),
  }));
  let sum = 0;
  const slices = sizes
    .toSorted((left, right) => rank(left) - rank(right))
    .map(({ treatment, share }) => ({ treatment, upTo: (sum += share) }));
  return { ...after, slices };
}

/** Of ten thousand: how many fewer the same bucket sizes would move in the order of the side before. */
export function spared(before: Outcome, after: Outcome): number {
  const moved = (outcome: Outcome): number => shiftOf(before, outcome, new Set()).moved;
  return Math.max(0, moved(after) - moved(inOrderOf(before, after)));
}
