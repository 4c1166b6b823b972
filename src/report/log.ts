// The lines at the end of the job log: the summary for those who do not leave the log.
import type { Estimate } from '../plan/estimate.ts';
import type { Finding } from '../plan/finding.ts';
import { servedAfter } from '../plan/impact-checks.ts';
import type { ItemResult } from '../plan/outcome.ts';
import { differs } from '../plan/plan.ts';
import { approvalWords, notRequestedWords } from './approval.ts';
import { audienceLines } from './audiences.ts';
import { changeWords } from './change-words.ts';
import { changedParts } from './comparison.ts';
import { headlineOf } from './headline.ts';
import { overriddenLines } from './overridden.ts';
import { isTold, plainOutcome } from './overview.ts';
import type { RunReport } from './report.ts';
import { count, partWords, short } from './words.ts';

/** Characters of one line. */
const LINE = 1000;

/** `7 requests, 1 retry, 1.2 s`. */
export const trafficWords = ({ requests, retries, milliseconds }: RunReport['traffic']): string =>
  `${count(requests, 'request')}, ${count(retries, 'retry', 'retries')}, ${(milliseconds / 1000).toFixed(1)} s`;

const findingLine = ({ severity, code, place, message, fix }: Finding): string =>
  `${severity} ${code}, ${place}: ${message} ${fix}`;

function itemLines(result: ItemResult, { plan, mode, showTargets }: RunReport): readonly string[] {
  const { item, warnings } = result;
  const [approval, rest] = [approvalWords(result), notRequestedWords(result)];
  const change = { before: item.before, after: item.result, differences: item.differences };
  const hasOverrides = plan !== undefined && mode !== 'rollback' && differs(item);
  return [
    ...(differs(item) ? audienceLines(item.before, servedAfter(item)) : []).map(
      (sentence) => `who changes: ${sentence}`,
    ),
    ...(hasOverrides ? overriddenLines(item, plan, showTargets) : []),
    ...changedParts(result).map((part) => `${partWords(part)}: ${changeWords(part, change)}`),
    ...item.findings.map(findingLine),
    ...(approval === undefined ? [] : [`approval: ${approval}`]),
    ...[...(rest === undefined ? [] : [rest]), ...warnings].map((warning) => `warning: ${warning}`),
  ];
}

/** About how much applying takes, and by which limit; times are rounded up to seconds or minutes. */
export function estimateWords({ requests, milliseconds, limit, reserve }: Estimate): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const takes = `Applying takes about ${count(requests, 'request')}`;
  if (seconds === 0) return `${takes}, a few seconds.`;
  const duration = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
  return `${takes}, ${duration}, where the API lets ${count(limit.requests, 'request')} pass in ${limit.milliseconds / 1000} s${reserve > 0 ? '; a quarter of them is left to others' : ''}.`;
}

/** A line of the log, or lines that are folded under a title. */
export type LogPart = string | { readonly title: string; readonly lines: readonly string[] };

const line = (text: string): string => short(text, LINE);

/** Several items are folded, each under its name. */
function itemParts(report: RunReport): readonly LogPart[] {
  const { results } = report;
  const [first, ...others] = results;
  if (first !== undefined && others.length === 0) return itemLines(first, report).map(line);
  return results.filter(isTold).map((result) => {
    const { flag, environment } = result.item.target;
    const { outcome, reason, message } = result;
    const title = line(`item: ${short(flag)} in ${short(environment.name)}: ${plainOutcome(result)}`);
    // What kept all of the others from being attempted is told once, and so are findings.
    const isOwn = outcome === 'not-attempted' ? reason === undefined : outcome !== 'refused';
    const told = message !== undefined && isOwn ? [`message: ${message}`] : [];
    return { title, lines: [...itemLines(result, report), ...told].map(line) };
  });
}

/**
 * Plain lines: headline, what applying takes, one line a changed section, findings and warnings, fingerprint and
 * traffic. Each begins with words of ours and holds no control character, so that none can be a command to the runner.
 */
export function logOf(report: RunReport): readonly LogPart[] {
  const { plan, traffic, planFile, estimate, mode } = report;
  return [
    line(headlineOf(report)),
    ...(estimate === undefined || mode !== 'plan' ? [] : [estimateWords(estimate)]),
    ...(plan?.findings ?? []).map(findingLine).map(line),
    ...itemParts(report),
    ...(plan === undefined ? [] : [`fingerprint: ${plan.fingerprint}`]),
    line(`traffic: ${trafficWords(traffic)}`),
    ...(planFile === undefined ? [] : [line(`plan file: ${planFile}`)]),
  ];
}
