// The outputs of the step: every one of them, in every ending.
import { differs } from '../plan/plan.ts';
import { isInEffect, type ItemResult } from '../plan/outcome.ts';
import { headlineOf } from './headline.ts';
import { isTold } from './overview.ts';
import type { RunReport } from './report.ts';
import { short } from './words.ts';

/** Names of the outputs, as in action.yml. */
export const OUTPUT_NAMES = [
  'status',
  'headline',
  'changed',
  'in-effect',
  'failure-reason',
  'results',
  'fingerprint',
  'plan-file',
  'summary-file',
  'change-request-ids',
] as const;

export type OutputName = (typeof OUTPUT_NAMES)[number];

/** Characters of all messages together, and of one: GitHub takes 1 MB of outputs a job, of all steps. */
const ALL_MESSAGES = 100_000;
const ONE_MESSAGE = 1000;

function resultsJson(results: readonly ItemResult[]): string {
  const told = results.filter(isTold);
  const limit = Math.min(ONE_MESSAGE, Math.ceil(ALL_MESSAGES / told.length));
  return JSON.stringify(
    told.map(({ item, outcome, request, reason, message }) => ({
      flag: item.source.flag,
      targetFlag: item.target.flag,
      environment: item.target.environment.name,
      outcome,
      sections: item.changed,
      largestShift: item.largestShift ?? null,
      reshuffle: item.reshuffle,
      changeRequestId: request?.id ?? null,
      reason: reason ?? null,
      message: message === undefined ? null : short(message, limit),
    })),
  );
}

/** The value of every output. `files` are paths, empty where there is no such file. */
export const outputsOf = (
  report: RunReport,
  files: { readonly planFile: string; readonly summaryFile: string },
): Readonly<Record<OutputName, string>> => ({
  status: report.status,
  headline: headlineOf(report),
  changed: String(report.results.some(({ item }) => differs(item))),
  'in-effect': String(report.failure === undefined && isInEffect(report.results)),
  'failure-reason': report.failure?.reason ?? '',
  results: resultsJson(report.results),
  fingerprint: report.plan?.fingerprint ?? '',
  'plan-file': files.planFile,
  'summary-file': files.summaryFile,
  'change-request-ids': JSON.stringify([
    ...new Set(report.results.flatMap(({ request }) => (request === undefined ? [] : [request.id]))),
  ]),
});
