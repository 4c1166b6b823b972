// What must hold of a plan before anything of it is written.
import { Failure } from '../failure.ts';
import type { Plan } from './plan.ts';

/** @throws Failure `plan-stale` unless the plan is the one that was approved, where one was. */
export function requireFingerprint({ fingerprint }: Plan, expectedFingerprint: string | undefined): void {
  if (expectedFingerprint === undefined || expectedFingerprint === fingerprint) return;
  throw new Failure(
    'plan-stale',
    `The plan has fingerprint ${fingerprint}, but ${expectedFingerprint} was approved: source or target changed since, or the inputs are not the same. Nothing was written. Plan again and have that approved.`,
  );
}

const MOST_FINDINGS_IN_MESSAGE = 10;

/** @throws Failure `checks-failed` that names the first errors the checks found. */
export function refuseFindings({ items }: Plan): void {
  const errors = items.flatMap((item) =>
    item.findings
      .filter((finding) => finding.severity === 'error')
      .map(({ message, fix }) => `${item.target.flag} in ${item.target.environment.name}: ${message} ${fix}`),
  );
  if (errors.length === 0) return;
  const more = errors.length - MOST_FINDINGS_IN_MESSAGE;
  throw new Failure(
    'checks-failed',
    [
      `Nothing was written, since ${errors.length} check${errors.length === 1 ? '' : 's'} failed.`,
      ...errors.slice(0, MOST_FINDINGS_IN_MESSAGE),
      ...(more > 0 ? [`${more} more are in the summary.`] : []),
    ].join(' '),
  );
}
