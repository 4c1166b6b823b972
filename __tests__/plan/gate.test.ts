// What must hold of a plan before anything of it is written.
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/failure.ts';
import { failureOfFindings, refuseChanges, requireFingerprint, requireUnmoved } from '../../src/plan/gate.ts';
import type { Finding } from '../../src/plan/finding.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { definition } from '../definition/samples.ts';
import { place, planFor, reading, wish } from './samples.ts';

const plan = planFor([reading()], wish());

const finding = (number: number, severity: Finding['severity'] = 'error'): Finding => ({
  code: 'structure',
  severity,
  place: 'rules',
  message: `Message ${number}.`,
  fix: `Fix ${number}.`,
});

/** One item in each environment, with these findings. */
const withFindings = (findings: Readonly<Record<string, readonly Finding[]>>): Plan => {
  const readings = Object.keys(findings).map((environment) => reading({ target: place(environment) }));
  const made = planFor(readings, wish());
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
    const approved = planFor([reading({ before: definition({ trafficAllocation: 1 }) })], wish()).fingerprint;

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
  const refusing = (plan: Plan, goesOn = false) => failureOfFindings(plan, { goesOn });
  const matching = (pattern: RegExp) => failure(expect.stringMatching(pattern) as never);

  test('that are none, or warnings, let the plan pass', () => {
    const warned = withFindings({ Live: [finding(1, 'warning')] });

    expect(refusing(plan)).toBeUndefined();
    expect(refusing({ ...warned, findings: [finding(2, 'warning')] })).toBeUndefined();
  });

  test('that are errors are a failure, which is returned', () => {
    expect(refusing(withFindings({ Live: [finding(1)] }))).toBeInstanceOf(Failure);
  });

  test('that are errors say what they kept from being written where the others are', () => {
    expect(refusing(withFindings({ Live: [finding(1)] }), true)?.message).toMatch(
      /^What 1 check refused was not written\. clients in Live/,
    );
  });

  test('that are errors are told with flag, environment, place, code and what to do', () => {
    expect(refusing(withFindings({ Live: [finding(1, 'warning'), finding(2)] }))).toEqual(
      failure(
        'Nothing was written, since 1 check failed. clients in Live, rules (structure): Message 2. Fix 2.',
      ),
    );
    expect(refusing(withFindings({ Live: [finding(1)], Dev: [finding(2)] }))).toEqual(
      failure(
        'Nothing was written, since 2 checks failed. clients in Live, rules (structure): Message 1. Fix 1. clients in Dev, rules (structure): Message 2. Fix 2.',
      ),
    );
  });

  test('on the plan as a whole are told first', () => {
    const tooMany = { ...finding(7), code: 'too-many-changes', place: 'plan' } as const;
    const refused = { ...withFindings({ Live: [finding(1)] }), findings: [finding(3, 'warning'), tooMany] };

    expect(refusing(refused)).toEqual(
      failure(
        'Nothing was written, since 2 checks failed. plan (too-many-changes): Message 7. Fix 7. clients in Live, rules (structure): Message 1. Fix 1.',
      ),
    );
  });

  test('beyond the tenth are counted', () => {
    const many = (count: number) =>
      withFindings({ Live: Array.from({ length: count }, (_, number) => finding(number)) });

    expect(refusing(many(10))).toEqual(matching(/Message 9\. Fix 9\.$/u));
    expect(refusing(many(12))).toEqual(
      matching(/since 12 checks failed\..*Fix 9\. 2 more are in the summary\.$/u),
    );
  });

  test('have a reason of their own where open change requests are all there is', () => {
    const pending = { ...finding(1), code: 'change-pending' } as const;
    const reasonOf = (made: Plan) => refusing(made)?.reason;

    expect(reasonOf(withFindings({ Live: [pending, finding(2, 'warning')], Dev: [pending] }))).toBe(
      'pending-change',
    );
    expect(reasonOf(withFindings({ Live: [pending], Dev: [finding(2)] }))).toBe('checks-failed');
    expect(reasonOf({ ...withFindings({ Live: [pending] }), findings: [finding(2)] })).toBe('checks-failed');
  });
});

describe('changes', () => {
  const changed = (...environments: readonly string[]): Plan =>
    planFor([
      reading({ target: place('Same') }),
      ...environments.map((environment) =>
        reading({ target: place(environment), before: definition({ defaultTreatment: 'on' }) }),
      ),
    ]);

  test.each([
    [['Live'], '1 item differs'],
    [['Live', 'Dev'], '2 items differ'],
  ])('in %j fail a plan that should have none', (environments, words) => {
    expect(() =>
      refuseChanges(changed(...environments), { mode: 'plan', failOn: ['targets-lost', 'changes'] }),
    ).toThrow(
      expect.objectContaining({
        reason: 'changes-found',
        message: `${words} from the source, and \`fail-on\` has \`changes\`. See the summary for what differs; run with \`mode: apply\` to copy it.`,
      }),
    );
  });

  test.each<[string, Plan, Parameters<typeof refuseChanges>[1]]>([
    ['there are none', changed(), { mode: 'plan', failOn: ['changes'] }],
    ['they may be there', changed('Live'), { mode: 'plan', failOn: ['targets-lost'] }],
    ['they are to be written', changed('Live'), { mode: 'apply', failOn: ['changes'] }],
  ])('fail nothing where %s', (_what, made, options) => {
    expect(() => refuseChanges(made, options)).not.toThrow();
  });
});

describe('a saved plan', () => {
  const moved = (sides: readonly ('source' | 'target')[]): Plan => ({
    ...plan,
    items: plan.items.map((item) => ({
      ...item,
      moved: sides.map((side) => ({ side, was: item.before, is: undefined })),
    })),
  });

  test('of which nothing moved is let through', () => {
    expect(() => requireUnmoved(plan)).not.toThrow();
    expect(() => requireUnmoved(moved([]))).not.toThrow();
  });

  test('of which something moved is stale, with what and on which side', () => {
    expect(() => requireUnmoved(moved(['source', 'target']))).toThrow(
      /^Changed since the plan was made: `clients` in \S+ \(source\), `clients` in \S+ \(target\)/u,
    );
    expect(() => requireUnmoved(moved(['target']))).toThrow('plan again and have that approved.');
    const many = Array.from({ length: 12 }, (_, number) =>
      moved(['target']).items.map((item) => ({ ...item, target: { ...item.target, flag: `f${number}` } })),
    );
    expect(() => requireUnmoved({ ...plan, items: many.flat() })).toThrow(
      /`f9` in \S+ \(target\) and 2 more\. Nothing was written\./u,
    );
  });
});
