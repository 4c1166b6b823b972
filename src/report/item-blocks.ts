// The blocks of one item in the summary: what was found, what changes, what stays, and every detail, folded.
import type { ItemResult } from '../plan/outcome.ts';
import { differs, type Plan } from '../plan/plan.ts';
import { servedAfter } from '../plan/impact-checks.ts';
import { approvalWords, notRequestedWords } from './approval.ts';
import { audienceRows, audienceTable, type Change } from './audiences.ts';
import type { Block } from './budget.ts';
import { isDone, lacking, planned, type Comparison } from './comparison.ts';
import { OPEN, blockOf } from './depth.ts';
import { findingBlocks } from './finding-blocks.ts';
import { code, details, fence, prose, text } from './markdown.ts';
import { notPromotedTable } from './not-promoted.ts';
import { overriddenBlocks } from './overridden.ts';
import type { RunReport } from './report.ts';
import { ruleRows, ruleTable } from './rule-table.ts';
import { sectionTable } from './section-table.ts';
import { targetDiff, targetLines } from './target-changes.ts';
import { textDiff } from './text-diff.ts';
import { conflictTable, movedWords } from './moved.ts';
import { count, listed, momentWords, partWords } from './words.ts';

/** What the kill state means for users; said as done only where it was done. */
function killNotes(ended: ItemResult, environment: string): readonly string[] {
  const { item, outcome, request, killStateAlone } = ended;
  const { result, killChange } = item;
  if (killStateAlone) {
    const rest = outcome === 'pending-approval' ? 'waits for approval' : 'was not written';
    return [`**Killed in ${environment} at once;** the definition ${rest}.`];
  }
  // What a change request does of it is told with the request.
  if (request !== undefined) return [];
  const done = isDone(ended);
  const planned = outcome === 'would-create' || outcome === 'would-update';
  const everyone = `everyone ${done ? 'gets' : 'would get'} the default treatment ${code(result.defaultTreatment)}`;
  const rest = 'the targeting below takes effect only when the flag is restored.';
  if (killChange !== undefined && !done && !planned) {
    return [
      `**Not ${killChange === 'kill' ? 'killed' : 'restored'} in ${environment} as meant,** or not known to be.`,
    ];
  }
  if (killChange === 'restore') {
    return [
      `**${done ? 'Restored' : 'Would be restored'} in ${environment}:** the targeting below takes effect at once.`,
    ];
  }
  if (killChange === 'kill') {
    return [`**${done ? 'Killed' : 'Would be killed'} in ${environment}:** ${everyone}; ${rest}`];
  }
  // What a killed flag that stays killed means is a finding.
  return [];
}

/** Where the change request stands, and what it leaves. */
function approvalBlocks(result: ItemResult): readonly Block[] {
  const [approval, rest] = [approvalWords(result), notRequestedWords(result)];
  return blockOf('verdict', 'approval', [
    ...(approval === undefined ? [] : [`${isDone(result) ? '✅' : '⏳'} ${prose(approval)}`]),
    ...(rest === undefined ? [] : ['', `⚠️ ${prose(rest)}`]),
  ]);
}

/** What tables cannot say: what SDKs get without a definition, and when new targeting takes effect. */
function servingNotes(result: ItemResult, environment: string): readonly Block[] {
  const returned = isDone(result) ? 'returned `control` until now' : 'return `control` today';
  const notes = [
    ...(result.item.before === undefined
      ? [`**No definition in ${environment} before:** SDKs there ${returned}.`]
      : []),
    ...killNotes(result, environment).map((note) => `⚠️ ${note}`),
  ];
  return notes.flatMap((note) => blockOf('verdict', 'notes', [note]));
}

/** Who changes: what the change does to users comes before how it is made. */
function audienceBlocks(change: Change): readonly Block[] {
  const { rows, total, hasDoubt } = audienceRows(change);
  const more = rows.slice(OPEN);
  const left = total - rows.length;
  const body = [audienceTable(more, change), ...(left > 0 ? [`And ${count(left, 'more audience')}.`] : [])];
  const title = count(total - OPEN, 'more audience');
  const doubt = hasDoubt
    ? ['', '“If there are any”: the rules alone do not tell whether anybody meets both conditions.']
    : [];
  return [
    ...blockOf('audiences', 'who changes', [audienceTable(rows.slice(0, OPEN), change), ...doubt]),
    ...blockOf('moreAudiences', 'who changes', more.length === 0 ? [] : [details(title, body.join('\n\n'))]),
  ];
}

/** Sections, rules and targets; the rules come first, so that no list of names hides the one rule that changed. */
function changeBlocks(comparison: Comparison): readonly Block[] {
  const rules = ruleRows(comparison);
  const more = rules.slice(OPEN);
  const targets = targetLines(comparison);
  const unchanged = comparison.unchanged.map(partWords);
  const folded =
    more.length === 0 ? [] : [details(count(more.length, 'more changed rule'), ruleTable(more, comparison))];
  return [
    ...blockOf('sections', 'sections', [
      sectionTable(comparison),
      ...(unchanged.length === 0 ? [] : ['', `Unchanged: ${listed(unchanged)}.`]),
    ]),
    ...(rules.length === 0
      ? []
      : blockOf('rules', 'rules', ['#### Rules', '', ruleTable(rules.slice(0, OPEN), comparison)])),
    ...blockOf('moreRules', 'rules', folded),
    ...(targets.length === 0
      ? []
      : blockOf('targets', 'names of individual targets', ['#### Individual targets', '', ...targets])),
  ];
}

function diffBlocks(comparison: Comparison): readonly Block[] {
  const targets = comparison.showTargets ? targetDiff(comparison) : [];
  const folded = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [details(title, fence('diff', lines))];
  return [
    ...blockOf('diff', 'text diff', folded('Text diff of the definition', textDiff(comparison))),
    ...blockOf(
      'targetDiff',
      'text diff of individual targets',
      folded('Text diff of individual targets', targets),
    ),
  ];
}

function residualBlocks(result: ItemResult, report: RunReport): readonly Block[] {
  const rest = lacking(result, report);
  if (rest === undefined) return [];
  return [
    ...blockOf('findings', 'difference of the read-back', ['### What the read-back lacks']),
    ...changeBlocks(rest),
    ...blockOf('findings', 'findings', ['### What was meant']),
  ];
}

/** What the removal of a definition means. */
const removalBlocks = (result: ItemResult, environment: string): readonly Block[] =>
  blockOf('verdict', 'notes', [
    isDone(result)
      ? `**Removed from ${environment}:** SDKs there return \`control\` again.`
      : `**To be removed from ${environment}:** SDKs there would return \`control\` again.`,
  ]);

/** In a plan: since when both sides are what they are. */
function sinceBlocks({ item }: ItemResult, { mode }: RunReport): readonly Block[] {
  const { source, target, sourceDefinition, before } = item;
  const sides = [
    [source.environment.name, sourceDefinition['lastUpdateTime']],
    [target.environment.name, before?.['lastUpdateTime']],
  ] as const;
  const words = sides.flatMap(([name, time]) => {
    const moment = typeof time === 'number' ? momentWords(time) : undefined;
    return moment === undefined ? [] : [`${text(name)} ${moment}`];
  });
  return mode !== 'plan' || words.length === 0
    ? []
    : blockOf('verdict', 'last changes', [`Last changed: ${words.join(', ')}.`]);
}

/** Everything about one item, in reading order; an item that neither differs nor was refused has no blocks. */
export function itemBlocks(result: ItemResult, report: RunReport, plan: Plan): readonly Block[] {
  const { item } = result;
  const found = [...findingBlocks(result, report), ...residualBlocks(result, report)];
  const environment = text(item.target.environment.name);
  const moved = [
    ...blockOf(
      'findings',
      'what moved',
      movedWords(item).map((words) => `- ${text(words, 2000)}`),
    ),
    ...(item.conflict === undefined
      ? []
      : blockOf('sections', 'what was changed since', [
          conflictTable(item.conflict, item.target.environment.name),
        ])),
  ];
  if (!differs(item)) return [...found, ...moved];
  const { copied, killState } = plan;
  const comparison = planned(result, { environment, showTargets: report.showTargets, copied });
  if (item.removes === true) {
    return [
      ...approvalBlocks(result),
      ...found,
      ...removalBlocks(result, environment),
      ...audienceBlocks({ ...comparison, after: servedAfter(item) }),
    ];
  }
  return [
    ...approvalBlocks(result),
    ...found,
    ...moved,
    ...sinceBlocks(result, report),
    ...servingNotes(result, environment),
    ...audienceBlocks(comparison),
    ...overriddenBlocks(result, report, plan),
    ...changeBlocks(comparison),
    ...(report.mode === 'rollback'
      ? []
      : blockOf('notPromoted', 'what is not promoted', [
          notPromotedTable(item, { copied, killState, environment }),
        ])),
    ...diffBlocks(comparison),
  ];
}
