// What was found, as blocks: what refuses an item is open, the rest of a long list is folded.
import type { Finding } from '../plan/finding.ts';
import type { ItemResult } from '../plan/outcome.ts';
import type { Block } from './budget.ts';
import { OPEN, blockOf } from './depth.ts';
import { code, details, prose, text } from './markdown.ts';
import type { RunReport } from './report.ts';
import { count, listed } from './words.ts';

/** A finding as an entry of a Markdown list. @param subject Markdown of what it is about, where that is not plain */
export function findingLine(found: Finding, showTargets: boolean, subject = ''): string {
  const { code: name, severity, place, message, fix, targets = [] } = found;
  const mark = severity === 'error' ? '❌' : '⚠️';
  const named =
    showTargets && targets.length > 0 ? ` The first: ${listed(targets.map((target) => code(target)))}.` : '';
  return `- ${mark} ${severity} ${code(name)}, ${subject}${prose(place)}: ${prose(message)}${named} ${prose(fix)}`;
}

/** A list whose first entries are open and whose others are folded. */
function openingBlocks(lines: readonly string[]): readonly Block[] {
  const more = lines.slice(OPEN);
  const folded = more.length === 0 ? [] : [details(count(more.length, 'more finding'), more.join('\n'))];
  return [
    ...blockOf('findings', 'findings', lines.slice(0, OPEN)),
    ...blockOf('moreFindings', 'findings', folded),
  ];
}

/** The findings of all items in one place: what refuses the run is open, what is to be known is folded. */
export function allFindingBlocks({ results, showTargets }: RunReport): readonly Block[] {
  const linesOf = (severity: Finding['severity']): readonly string[] =>
    results.flatMap(({ item: { target, findings } }) => {
      const subject = `${text(target.flag)} in ${text(target.environment.name)}, `;
      return findings
        .filter((found) => found.severity === severity)
        .map((found) => findingLine(found, showTargets, subject));
    });
  const warnings = linesOf('warning');
  const folded =
    warnings.length === 0 ? [] : [details(count(warnings.length, 'warning'), warnings.join('\n'))];
  return [...openingBlocks(linesOf('error')), ...blockOf('moreFindings', 'findings', folded)];
}

/** What was found on one item, and what else is to be known of how it ended. */
export function findingBlocks(
  { item, outcome, message, warnings }: ItemResult,
  { failure, showTargets }: RunReport,
): readonly Block[] {
  // The run's failure is that of its first failed item, with a link behind it.
  const told =
    message === undefined || outcome === 'refused' || failure?.message.startsWith(message) === true;
  const lines = [
    ...(told ? [] : [`- ❌ failed: ${prose(message)}`]),
    ...item.findings.map((found) => findingLine(found, showTargets)),
    ...warnings.map((warning) => `- ⚠️ warning: ${prose(warning)}`),
  ];
  return openingBlocks(lines);
}
