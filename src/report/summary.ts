// The job summary: verdict first, then each item, then how to go on and where the traces are.
import type { ItemResult, Status } from '../plan/outcome.ts';
import { differs, type Plan } from '../plan/plan.ts';
import { largestShiftWords } from './audiences.ts';
import { fit, type Block } from './budget.ts';
import { allFindingBlocks, findingLine } from './finding-blocks.ts';
import { headlineOf } from './headline.ts';
import { itemBlocks } from './item-blocks.ts';
import { estimateWords, trafficWords } from './log.ts';
import { code, details, fence, prose, text } from './markdown.ts';
import { byEffect, outcomeWords, overviewTables } from './overview.ts';
import type { RunReport } from './report.ts';
import { count, fileName } from './words.ts';

/** Bytes. GitHub drops a summary of more than 1,048,576 bytes a step whole; the difference is spare room. */
const BUDGET = 1_000_000;

const VERDICTS: Readonly<Record<Status, string>> = {
  applied: '✅ Promoted',
  planned: '📝 Plan: nothing is written yet',
  'rolled-back': '↩️ Rolled back',
  unchanged: '✅ Nothing to do',
  'pending-approval': '⏳ Waiting for approval',
  refused: '❌ Refused: nothing was written',
  failed: '❌ Failed: nothing is left written',
  partial: '⚠️ Failed after writing began',
};

const head = (report: RunReport): Block => ({
  depth: 0,
  what: 'headline',
  markdown: `## ${VERDICTS[report.status]}\n\n**${text(headlineOf(report), 500)}**`,
});

/** How many users change at most: what an approver wants to know first. */
function shiftBlocks({ results }: RunReport): readonly Block[] {
  const words = largestShiftWords(results);
  return words === undefined ? [] : [{ depth: 0, what: 'largest shift', markdown: words }];
}

function failureBlocks({ failure, status }: RunReport): readonly Block[] {
  if (failure === undefined) return [];
  const { reason, help } = failure;
  // What the checks found follows, item by item.
  const isFindings =
    status === 'refused' && ['checks-failed', 'pending-change', 'target-changed'].includes(reason);
  const message = isFindings ? 'What was found is below.' : failure.message;
  const page = /^https?:/u.test(help) ? `[what to do](${encodeURI(help)})` : code(help, 500);
  const markdown = `Reason ${code(reason)}: ${prose(message, 4000)} See ${page}.`;
  return [{ depth: 1, what: 'failure message', markdown }];
}

/** What checks found on the plan as a whole. */
function planFindingBlocks({ showTargets }: RunReport, { findings }: Plan): readonly Block[] {
  if (findings.length === 0) return [];
  const lines = findings.map((found) => findingLine(found, showTargets));
  return [{ depth: 1, what: 'findings', markdown: lines.join('\n') }];
}

/** How a page shows many items. */
export interface Style {
  /** Rows of one table: of a table that does not fit, all rows are left out. */
  readonly rows: number;
  /** Details of more items than this would leave no room for their rows. */
  readonly mostDetailed: number;
  /** Details of one item among many, folded under a title. */
  readonly fold: (title: string, details: readonly Block[]) => readonly Block[];
}

/** What holds the details together is left out last. */
const STYLE: Style = {
  rows: 500,
  mostDetailed: 1000,
  fold: (title, blocks) => [
    { depth: 1, what: 'items', markdown: `<details>\n<summary>${title}</summary>` },
    ...blocks,
    { depth: 1, what: 'items', markdown: '</details>' },
  ],
};

function foldedBlocks(
  result: ItemResult,
  { report, plan, fold }: { readonly report: RunReport; readonly plan: Plan; readonly fold: Style['fold'] },
): readonly Block[] {
  const { flag, environment } = result.item.target;
  const title = `${text(flag)} in ${text(environment.name)}: ${outcomeWords(result)}`;
  return fold(title, itemBlocks(result, report, plan));
}

/** The names of all flags that were selected, folded. */
function selectionBlocks({ items }: Plan): readonly Block[] {
  const flags = [...new Set(items.map(({ source }) => source.flag))];
  const title = `${count(flags.length, 'flag')} selected`;
  return [
    {
      depth: 4,
      what: 'selected flags',
      markdown: details(title, flags.map((flag) => text(flag)).join(', ')),
    },
  ];
}

/** One item has its names in the headline; of several each has a row, what refuses them is open, and details are folded. */
function allItemBlocks(report: RunReport, plan: Plan, { rows, mostDetailed, fold }: Style): readonly Block[] {
  const { results } = report;
  const [first, ...others] = results;
  if (first === undefined) return [];
  if (others.length === 0) return itemBlocks(first, report, plan);
  const detailed = byEffect(results).slice(0, mostDetailed);
  return [
    ...overviewTables(results, rows).map((markdown) => ({ depth: 0, what: 'rows of items', markdown })),
    ...allFindingBlocks(report),
    ...selectionBlocks(plan),
    ...detailed.flatMap((result) => foldedBlocks(result, { report, plan, fold })),
  ];
}

/** After a promotion: how to undo it. */
function undoBlocks({ undo }: RunReport): readonly Block[] {
  if (undo === undefined) return [];
  return [{ depth: 1, what: 'how to undo', markdown: `To undo this:\n\n${fence('sh', [undo])}` }];
}

/** In plan mode: how to apply exactly this plan. */
function nextBlocks({ mode, failure, results, estimate }: RunReport, plan: Plan): readonly Block[] {
  const applicable = failure === undefined || failure.reason === 'changes-found';
  if (mode !== 'plan' || !applicable || !results.some(({ item }) => differs(item))) return [];
  const takes = estimate === undefined ? '' : `${estimateWords(estimate)}\n\n`;
  const markdown = `${takes}To apply exactly this, run again with\n\n\`\`\`yaml\nmode: apply\nexpected-fingerprint: ${plan.fingerprint}\n\`\`\``;
  return [{ depth: 1, what: 'how to apply', markdown }];
}

function footer({ plan, results, traffic, planFile }: RunReport): Block {
  const written = results.some((result) => result.written !== 'no');
  const facts = [
    ...(plan === undefined ? [] : [`fingerprint ${code(plan.fingerprint)}`]),
    trafficWords(traffic),
    ...(planFile === undefined ? [] : [`plan file ${code(fileName(planFile))}`]),
    written ? 'audit trail: the history of the flag in Split' : 'audit trail: no entry, nothing was written',
  ];
  return { depth: 1, what: 'footer', markdown: `---\n\n${facts.join(' · ')}` };
}

/** Verdict, failure, findings, items, how to go on: all that is said of a run, in reading order. */
export function blocksOf(report: RunReport, style: Style): readonly Block[] {
  const { plan } = report;
  return [
    head(report),
    ...shiftBlocks(report),
    ...failureBlocks(report),
    ...(plan === undefined
      ? []
      : [
          ...planFindingBlocks(report, plan),
          ...allItemBlocks(report, plan, style),
          ...nextBlocks(report, plan),
          ...undoBlocks(report),
        ]),
  ];
}

/**
 * GitHub-flavoured Markdown of at most `budget` bytes (UTF-8): verdict, failure, findings, what changes as
 * tables and sentences, what stays, folded text diffs, fingerprint. Text of others is inert in it.
 */
export function summaryOf(report: RunReport, { budget = BUDGET }: { readonly budget?: number } = {}): string {
  const { planFile } = report;
  return fit([...blocksOf(report, STYLE), footer(report)], { budget, planFile });
}
