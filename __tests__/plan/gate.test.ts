// What must hold of a plan before anything of it is written.
import { describe, expect, test } from '@jest/globals';
import { refuseFindings, requireFingerprint } from '../../src/plan/gate.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import type { Finding, Plan } from '../../src/plan/plan.ts';
import { definition } from '../definition/samples.ts';
import { place, reading, wish } from './samples.ts';

const plan = makePlan([reading()], wish());

const finding = (number: number, severity: Finding['severity'] = 'error'): Finding => ({
  code: 'structure',
  severity,
  message: `Message ${number}.`,
  fix: `Fix ${number}.`,
});

/** One item in each environment, with these findings. */
const withFindings = (findings: Readonly<Record<string, readonly Finding[]>>): Plan => {
  const readings = Object.keys(findings).map((environment) => reading({ target: place(environment) }));
  const made = makePlan(readings, wish());
  return {
    ...made,
    items: made.items.map((item) => ({ ...item, findings: findings[item.target.environment.name] ?? [] })),
  };
};

describe('a fingerprint', () => {
  test('that was approved lets the plan pass, and so does none', () => {
    expect(() => requireFingerprint(plan, plan.fingerprint)).not.toThrow();
    expect(() => requireFingerprint(plan, undefined)).not.toThrow();
  });

  test('of another plan does not', () => {
    const approved = makePlan(
      [reading({ before: definition({ trafficAllocation: 1 }) })],
      wish(),
    ).fingerprint;

    expect(() => requireFingerprint(plan, approved)).toThrow(
      expect.objectContaining({
        reason: 'plan-stale',
        message: `The plan has fingerprint ${plan.fingerprint}, but ${approved} was approved: source or target changed since, or the inputs are not the same. Nothing was written. Plan again and have that approved.`,
      }),
    );
  });
});

describe('findings', () => {
  const failure = (message: string) => expect.objectContaining({ reason: 'checks-failed', message });

  test('that are none, or warnings, let the plan pass', () => {
    expect(() => refuseFindings(plan)).not.toThrow();
    expect(() => refuseFindings(withFindings({ Live: [finding(1, 'warning')] }))).not.toThrow();
  });

  test('that are errors are told with flag, environment and what to do', () => {
    expect(() => refuseFindings(withFindings({ Live: [finding(1, 'warning'), finding(2)] }))).toThrow(
      failure('Nothing was written, since 1 check failed. clients in Live: Message 2. Fix 2.'),
    );
    expect(() => refuseFindings(withFindings({ Live: [finding(1)], Dev: [finding(2)] }))).toThrow(
      failure(
        'Nothing was written, since 2 checks failed. clients in Live: Message 1. Fix 1. clients in Dev: Message 2. Fix 2.',
      ),
    );
  });

  test('beyond the tenth are counted', () => {
    const many = (count: number) =>
      withFindings({ Live: Array.from({ length: count }, (_, number) => finding(number)) });

    expect(() => refuseFindings(many(10))).toThrow(
      failure(expect.stringMatching(/Message 9\. Fix 9\.$/u) as never),
    );
    expect(() => refuseFindings(many(12))).toThrow(
      failure(
        expect.stringMatching(/since 12 checks failed\..*Fix 9\. 2 more are in the summary\.$/u) as never,
      ),
    );
  });
});
