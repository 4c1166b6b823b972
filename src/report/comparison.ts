// Two states of one definition and what differs between them: what tables, lists and diffs are drawn from.
import type { Definition } from '../definition/definition.ts';
import { sectionOfDifference, type Difference } from '../definition/difference.ts';
import { SECTIONS, type ChangedPart, type Section } from '../definition/sections.ts';
import type { ItemResult, Outcome } from '../plan/outcome.ts';

/** What a comparison is drawn with. */
export interface Comparison {
  readonly before: Definition | undefined;
  readonly after: Definition;
  readonly changed: readonly ChangedPart[];
  readonly unchanged: readonly Section[];
  readonly differences: readonly Difference[];
  /** Column titles, Markdown. */
  readonly titles: readonly [before: string, after: string];
  /** `false`: individual targets appear as counts only. */
  readonly showTargets: boolean;
}

const DONE: ReadonlySet<Outcome> = new Set(['created', 'updated']);

/** Whether the target is now as meant because of this run: what it rolled back is, what it put back is not. */
export const isDone = ({ outcome, written }: Pick<ItemResult, 'outcome' | 'written'>): boolean =>
  DONE.has(outcome) || (outcome === 'restored' && written === 'yes');

function afterTitle(result: ItemResult): string {
  if (isDone(result)) return 'After';
  return result.outcome === 'failed' ? 'Meant' : 'Would be';
}

/** What an item changes, or would change; not a kill state that a change request could not ask for. */
export const changedParts = ({
  item,
  notRequested,
}: Pick<ItemResult, 'item' | 'notRequested'>): readonly ChangedPart[] =>
  notRequested === undefined ? item.changed : item.changed.filter((part) => part !== 'kill-state');

/** What an item changes, or would change, on its target. `environment` is Markdown. */
export function planned(
  result: ItemResult,
  options: {
    readonly environment: string;
    readonly showTargets: boolean;
    readonly copied: readonly Section[];
  },
): Comparison {
  const { environment, showTargets, copied } = options;
  const { item, notRequested } = result;
  return {
    before: item.before,
    after:
      notRequested === undefined ? item.result : { ...item.result, killed: item.before?.killed === true },
    changed: changedParts({ item, notRequested }),
    unchanged: copied.filter((section) => !item.changed.includes(section)),
    differences: item.differences,
    titles: [`Before (${environment})`, afterTitle(result)],
    showTargets,
  };
}

/** What a read-back still lacks of the result; `undefined` where there is no read-back that lacks anything. */
export function lacking(
  { item, readBack, residual }: ItemResult,
  { showTargets }: { readonly showTargets: boolean },
): Comparison | undefined {
  if (readBack === undefined || residual === undefined) return undefined;
  const killChanged = (readBack.killed === true) !== (item.result.killed === true);
  const sections = new Set(residual.map(sectionOfDifference));
  const changed = [
    ...SECTIONS.filter((section) => sections.has(section)),
    ...(killChanged ? ['kill-state' as const] : []),
  ];
  if (changed.length === 0) return undefined;
  return {
    before: readBack,
    after: item.result,
    changed,
    unchanged: [],
    differences: residual,
    titles: ['Read back', 'Meant'],
    showTargets,
  };
}
