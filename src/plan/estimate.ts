// What applying a plan takes: how many requests, and about how long the rate limit makes that.
import { groups } from './groups.ts';
import { differs, isRefused, type Item, type Plan } from './plan.ts';

/** How many requests the API lets pass in how many milliseconds. */
export interface RateLimit {
  readonly requests: number;
  readonly milliseconds: number;
}

export interface Estimate {
  readonly requests: number;
  readonly milliseconds: number;
  readonly limit: RateLimit;
  /** Part of the limit that is left to others. */
  readonly reserve: number;
}

/** The vendor speaks of about 20 requests in 10 seconds for an organisation (developer.harness.io, MCP server). */
const DOCUMENTED: RateLimit = { requests: 20, milliseconds: 10_000 };

/** Part of every window that a run leaves to other users of the organisation; what undoes a run leaves nothing. */
export const RESERVE = 0.25;

/**
 * @param options.cost requests that reading the targets of some items of one environment takes
 * @param options.limit the rate limit, where it is known
 * @param options.reserve part of it that is left to others
 */
export function estimateOf(
  plan: Plan,
  {
    cost,
    limit = DOCUMENTED,
    reserve = RESERVE,
  }: {
    readonly cost: (items: readonly [Item, ...Item[]]) => number;
    readonly limit?: RateLimit | undefined;
    readonly reserve?: number;
  },
): Estimate | undefined {
  const items = plan.items.filter((item) => differs(item) && !isRefused(item));
  if (items.length === 0) return undefined;
  const reading = (among: readonly Item[]): number =>
    groups(among, ({ target }) => target.environment.id).reduce((sum, there) => sum + cost(there), 0);
  const isRestored = ({ killChange }: Item): boolean => killChange === 'restore';
  const writes = items.reduce(
    (sum, { changed, killChange }) => sum + (killChange !== undefined && changed.length > 1 ? 2 : 1),
    0,
  );
  const once = writes + reading(items) + reading(items.filter(isRestored));
  const inWindow = Math.max(1, Math.floor(limit.requests * (1 - reserve)));
  // What does not fit into one window is looked at again before it is written.
  const requests = once <= inWindow ? once : once + reading(items);
  const windows = Math.ceil(requests / inWindow) - 1;
  return { requests, milliseconds: windows * limit.milliseconds, limit, reserve };
}
