// The lines at the end of the job log: the summary for those who do not leave the log.
import type { Finding } from '../plan/finding.ts';
import type { ItemResult } from '../plan/outcome.ts';
import { approvalWords, notRequestedWords } from './approval.ts';
import { changeWords } from './change-words.ts';
import { changedParts } from './comparison.ts';
import { headlineOf } from './headline.ts';
import { isTold } from './overview.ts';
import type { RunReport } from './report.ts';
import { count, partWords, short } from './words.ts';

/** Characters of one line. */
const LINE = 1000;

/** `7 requests, 1 retry, 1.2 s`. */
export const trafficWords = ({ requests, retries, milliseconds }: RunReport['traffic']): string =>
  `${count(requests, 'request')}, ${count(retries, 'retry', 'retries')}, ${(milliseconds / 1000).toFixed(1)} s`;

const findingLine = ({ severity, code, place, message, fix }: Finding): string =>
  `${severity} ${code}, ${place}: ${message} ${fix}`;

function itemLines(result: ItemResult, several: boolean): readonly string[] {
  const { item, warnings } = result;
  const [approval, rest] = [approvalWords(result), notRequestedWords(result)];
  const { flag, environment } = item.target;
  const change = { before: item.before, after: item.result, differences: item.differences };
  return [
    ...(several ? [`item: ${short(flag)} in ${short(environment.name)}`] : []),
    ...changedParts(result).map((part) => `${partWords(part)}: ${changeWords(part, change)}`),
    ...item.findings.map(findingLine),
    ...(approval === undefined ? [] : [`approval: ${approval}`]),
    ...[...(rest === undefined ? [] : [rest]), ...warnings].map((warning) => `warning: ${warning}`),
  ];
}

/**
 * Plain lines: headline, one line a changed section, findings and warnings, fingerprint and traffic. Each
 * begins with words of ours and holds no control character, so that none can be a command to the runner.
 */
export function logOf(report: RunReport): readonly string[] {
  const { plan, results, traffic, planFile } = report;
  return [
    headlineOf(report),
    ...(plan?.findings ?? []).map(findingLine),
    ...results
      .filter((result) => results.length === 1 || isTold(result))
      .flatMap((result) => itemLines(result, results.length > 1)),
    ...(plan === undefined ? [] : [`fingerprint: ${plan.fingerprint}`]),
    `traffic: ${trafficWords(traffic)}`,
    ...(planFile === undefined ? [] : [`plan file: ${planFile}`]),
  ].map((line) => short(line, LINE));
}
