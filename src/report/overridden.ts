// What overrides changed: the source, what became of it, and what the target had, part by part.
import { overriddenParts, type Overridden } from '../plan/overridden.ts';
import type { ItemResult } from '../plan/outcome.ts';
import type { Item, Plan } from '../plan/plan.ts';
import { OPEN, blockOf } from './depth.ts';
import type { Block } from './budget.ts';
import { changeWords } from './change-words.ts';
import { conditionSentence } from '../plan/condition-words.ts';
import { code, details, table, text } from './markdown.ts';
import type { RunReport } from './report.ts';
import { partCell } from './section-table.ts';
import { bucketBars, bucketWords, CELL_LIMIT } from './share.ts';
import { count, listed, partWords, short } from './words.ts';

/** Individual targets that got another name, which are not to be named. */
interface Unnamed {
  readonly part: 'targets';
  readonly amount: number;
}

/** What is shown of the parts: with `showTargets` all of it. */
function shown(item: Item, plan: Plan, showTargets: boolean): readonly (Overridden | Unnamed)[] {
  const parts = overriddenParts(item, plan);
  if (showTargets) return parts;
  const named = parts.filter((part) => part.part !== 'segment' || !part.isTarget);
  const amount = parts.length - named.length;
  return amount === 0 ? named : [...named, { part: 'targets', amount }];
}

const names = (segments: readonly string[], say: (name: string) => string): string =>
  listed(
    segments.map((segment) => say(segment)),
    CELL_LIMIT,
  ) || 'named already';

const unnamedWords = ({ amount }: Unnamed): string => `${count(amount, 'segment')} renamed`;

function row(part: Overridden | Unnamed, { sourceDefinition, before, result }: Item): readonly string[] {
  switch (part.part) {
    case 'rule':
      return [
        `rule ${part.position}: ${conditionSentence(part.after, code)}`,
        bucketBars(part.source.buckets),
        bucketBars(part.after.buckets),
        part.before === undefined ? 'no such rule' : bucketBars(part.before.buckets),
      ];
    case 'segment':
      return ['segment', names(part.from, code), names(part.to, code), '–'];
    case 'targets':
      return ['individual targets', '–', unnamedWords(part), '–'];
    default:
      return [
        partWords(part.part),
        partCell(part.part, sourceDefinition),
        partCell(part.part, result),
        before === undefined ? 'no definition' : partCell(part.part, before),
      ];
  }
}

/** Source, after overrides, and target before. */
const overriddenTable = (rows: readonly (readonly string[])[], { source, target }: Item): string =>
  table(
    [
      'Overridden',
      `Source (${text(source.environment.name)})`,
      'After overrides',
      `Before (${text(target.environment.name)})`,
    ],
    rows,
  );

/** What overrides changed. A rollback has none: it goes back to what was there. */
export function overriddenBlocks(
  { item }: ItemResult,
  { mode, showTargets }: RunReport,
  plan: Plan,
): readonly Block[] {
  const rows = mode === 'rollback' ? [] : shown(item, plan, showTargets).map((part) => row(part, item));
  const more = rows.slice(OPEN);
  const folded =
    more.length === 0 ? [] : [details(count(more.length, 'more override'), overriddenTable(more, item))];
  return [
    ...(rows.length === 0
      ? []
      : blockOf('sections', 'overrides', [overriddenTable(rows.slice(0, OPEN), item)])),
    ...blockOf('moreRules', 'overrides', folded),
  ];
}

function words(part: Overridden | Unnamed, { sourceDefinition, result }: Item): string {
  switch (part.part) {
    case 'rule':
      return `rule ${part.position}: ${bucketWords(part.source.buckets)} → ${bucketWords(part.after.buckets)}`;
    case 'segment':
      return `segment: ${names(part.from, short)} → ${names(part.to, short)}`;
    case 'targets':
      return `individual targets: ${unnamedWords(part)}`;
    default: {
      const change = { before: sourceDefinition, after: result, differences: [] };
      return `${partWords(part.part)}: ${changeWords(part.part, change)}`;
    }
  }
}

/** Lines of the log that are told of one item. */
const MOST_LINES = 20;

/** Plain text, a line each: `override of rule 2: on 100 % → on 10 %, off 90 %`. */
export function overriddenLines(item: Item, plan: Plan, showTargets: boolean): readonly string[] {
  const lines = shown(item, plan, showTargets).map((part) => `override of ${words(part, item)}`);
  const rest = lines.length - MOST_LINES;
  return rest > 0 ? [...lines.slice(0, MOST_LINES), `and ${count(rest, 'more override')}`] : lines;
}
