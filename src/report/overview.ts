// Many items at a glance: one row each, and the order in which their details follow.
import type { ItemResult } from '../plan/outcome.ts';
import { differs, type Item } from '../plan/plan.ts';
import { changedParts, isDone } from './comparison.ts';
import { table, text } from './markdown.ts';
import { percentBar } from './share.ts';
import { count, listed, partWords, visible } from './words.ts';

const MARKS: Readonly<Record<ItemResult['outcome'], string>> = {
  unchanged: '',
  'would-create': '📝',
  'would-update': '📝',
  created: '✅',
  updated: '✅',
  'pending-approval': '⏳',
  restored: '↩️',
  refused: '❌',
  failed: '❌',
  'not-attempted': '⏸️',
};

/** Whether there is more to say of an item than that it is equal. */
export const isTold = ({ item, outcome }: ItemResult): boolean => differs(item) || outcome !== 'unchanged';

/** What needs somebody comes first, then what is new or changes its kill state, then the number of differences. */
function effect(result: ItemResult): number {
  const { item, outcome } = result;
  const needsSomebody = outcome === 'failed' || outcome === 'refused' ? 1_000_000 : 0;
  const isNew = item.before === undefined ? 1000 : 0;
  const changesKillState = item.killChange === undefined ? 0 : 1000;
  return needsSomebody + isNew + changesKillState + item.differences.length;
}

/** The items there is something to say of, the biggest effect first. */
export const byEffect = (results: readonly ItemResult[]): readonly ItemResult[] =>
  results.filter(isTold).toSorted((left, right) => effect(right) - effect(left));

/** `updated`, `failed (network)`. */
export const plainOutcome = ({ outcome, reason }: ItemResult): string =>
  `${outcome.replaceAll('-', ' ')}${reason === undefined ? '' : ` (${reason})`}`;

/** `✅ updated`, `❌ failed (network)`. */
export const outcomeWords = (result: ItemResult): string =>
  `${MARKS[result.outcome]} ${plainOutcome(result)}`;

/** What somebody has to do about an item, in a few words; `undefined` where nothing is left to do. */
export function toDo(result: ItemResult): string | undefined {
  const { outcome, written } = result;
  if (isDone(result)) return undefined;
  switch (outcome) {
    case 'refused':
      return 'settle what was found';
    case 'failed':
      return written === 'no' ? 'see why, then run again' : 'look at the target, then run again';
    case 'not-attempted':
      return 'run again';
    case 'pending-approval':
      return 'have the change request decided';
    case 'restored':
      return 'nothing: it is as it was';
    default:
      return undefined;
  }
}

/** The largest share of an audience that gets another treatment. */
function shiftCell(item: Item): string {
  if (!differs(item)) return '–';
  return item.largestShift === undefined ? 'new' : percentBar(item.largestShift);
}

/** Tables of `size` rows, one for every item that is not equal, in the order of the plan, and how many are equal. */
export function overviewTables(results: readonly ItemResult[], size: number): readonly string[] {
  const told = results.filter(isTold);
  const equal = results.length - told.length;
  // Only where something is left to do is there a column for it.
  const asks = told.some((result) => toDo(result) !== undefined);
  const rows = told.map((result) => {
    const { item } = result;
    const { flag, environment } = item.target;
    const parts = item.removes === true ? ['all, removed'] : changedParts(result).map(partWords);
    return [
      ...[
        text(flag),
        text(environment.name),
        outcomeWords(result),
        shiftCell(item),
        listed(parts.map(visible)) || '–',
      ],
      ...(asks ? [toDo(result) ?? '–'] : []),
    ];
  });
  const heads = [
    'Flag',
    'Environment',
    'Outcome',
    'Largest shift',
    'Sections',
    ...(asks ? ['What to do'] : []),
  ];
  const tables = Array.from({ length: Math.ceil(rows.length / size) }, (_, number) =>
    table(heads, rows.slice(number * size, (number + 1) * size)),
  );
  return [...tables, ...(equal === 0 ? [] : [`${count(equal, 'item')} already equal.`])];
}
