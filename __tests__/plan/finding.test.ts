// Findings: their codes, and what they weigh.
import { describe, expect, test } from '@jest/globals';
import {
  FINDING_CODES,
  IGNORABLE_CODES,
  finding,
  unverified,
  weigh,
  type FindingCode,
} from '../../src/plan/finding.ts';

const told = { place: 'rule 1', message: 'Something is so.', fix: 'Change it.' };

describe('a finding', () => {
  test.each<[FindingCode, 'error' | 'warning']>([
    ['structure', 'error'],
    ['definition-missing', 'error'],
    ['flag-missing', 'error'],
    ['traffic-type-differs', 'error'],
    ['segment-missing', 'error'],
    ['parent-missing', 'error'],
    ['parent-killed', 'warning'],
    ['dependency-cycle', 'error'],
    ['dependent-breaks', 'error'],
    ['change-pending', 'error'],
    ['targets-lost', 'warning'],
    ['killed-target', 'warning'],
    ['into-production-from-nowhere', 'warning'],
    ['from-production', 'warning'],
    ['too-many-changes', 'error'],
  ])('of code %s is an %s', (code, severity) => {
    expect(FINDING_CODES).toContain(code);
    expect(finding(code, told)).toEqual({ code, severity, ...told });
  });

  test('names its targets where it has some', () => {
    expect(finding('targets-lost', { ...told, targets: ['a'] }).targets).toEqual(['a']);
  });

  test('of a check that could not be made is a warning that claims nothing', () => {
    expect(
      unverified('segment-missing', {
        place: 'rule 2',
        subject: 'whether segment `a` is in Live',
        why: 'No answer.',
      }),
    ).toEqual({
      code: 'segment-missing',
      severity: 'warning',
      unverified: true,
      place: 'rule 2',
      message: 'Could not be verified: whether segment `a` is in Live. No answer.',
      fix: 'Look it up in the web console, or use a key that may read it.',
    });
  });
});

test('`ignore-checks` may name what is an error, but not that without which a write cannot succeed', () => {
  expect(IGNORABLE_CODES).toEqual([
    ...['definition-missing', 'flag-missing', 'traffic-type-differs', 'segment-missing', 'parent-missing'],
    ...['dependency-cycle', 'dependent-breaks', 'too-many-changes', 'shift-over-limit'],
    'expectation-failed',
  ]);
});

describe('the weight the user wants', () => {
  const error = finding('segment-missing', told);
  const warning = finding('targets-lost', told);
  const doubt = unverified('segment-missing', { place: 'rule 1', subject: 'whether it is so', why: 'No.' });
  const weights = { failOn: [], ignoreChecks: [] };

  test('is by itself that of the code', () => {
    expect(weigh([error, warning, doubt], weights)).toEqual([error, warning, doubt]);
  });

  test('makes a warning an error with `fail-on`, and no other one', () => {
    const other = finding('killed-target', told);

    expect(weigh([warning, other], { ...weights, failOn: ['targets-lost'] })).toEqual([
      { ...warning, severity: 'error' },
      other,
    ]);
  });

  test('makes an error a warning with `ignore-checks`, and no other one', () => {
    const other = finding('parent-missing', told);

    expect(weigh([error, other], { ...weights, ignoreChecks: ['segment-missing'] })).toEqual([
      { ...error, severity: 'warning' },
      other,
    ]);
  });

  test('makes what could not be verified an error only with `fail-on`', () => {
    expect(weigh([doubt], { ...weights, failOn: ['segment-missing'] })).toEqual([
      { ...doubt, severity: 'error' },
    ]);
    expect(weigh([doubt], { ...weights, ignoreChecks: ['segment-missing'] })).toEqual([doubt]);
  });

  test('is not turned twice where both name one code', () => {
    const both = { failOn: ['segment-missing', 'targets-lost'], ignoreChecks: ['segment-missing'] } as const;

    expect(weigh([error, warning], both)).toEqual([
      { ...error, severity: 'warning' },
      { ...warning, severity: 'error' },
    ]);
  });

  test('has no finding for `changes`', () => {
    expect(weigh([error, warning], { ...weights, failOn: ['changes'] })).toEqual([error, warning]);
  });
});
