// Findings: what a check has to say about an item, its code, and how much it weighs.

/** Codes of findings, each a heading of docs/troubleshooting.md, in its order. */
export const FINDING_CODES = [
  'structure',
  'definition-missing',
  'flag-missing',
  'traffic-type-differs',
  'segment-missing',
  'parent-missing',
  'parent-killed',
  'dependency-cycle',
  'dependent-breaks',
  'change-pending',
  'changed-since',
  'cannot-be-unset',
  'targets-lost',
  'killed-target',
  'into-production-from-nowhere',
  'from-production',
  'too-many-changes',
  'shift-over-limit',
  'reshuffle',
  'expectation-failed',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/** Codes that stop no run by themselves. */
const WARNINGS: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'parent-killed',
  'cannot-be-unset',
  'targets-lost',
  'killed-target',
  'into-production-from-nowhere',
  'from-production',
  'reshuffle',
]);

/** Something a check found. An error stops the run before its first write. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  /** Where in the definition: `rule 2`, `default rule`, or the part of the plan that is meant. */
  readonly place: string;
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly fix: string;
  /** Whether the check could not be made, so that nothing is known. */
  readonly unverified?: true;
  /** Individual targets it is about, the first few; shown only where individual targets are. */
  readonly targets?: readonly string[];
}

/** What the user wants other than the weight by itself. */
export interface Weights {
  /** Codes whose warnings are errors; `changes` is no code, but fails a plan that differs. */
  readonly failOn: readonly (FindingCode | 'changes')[];
  /** Codes whose errors are warnings. */
  readonly ignoreChecks: readonly FindingCode[];
}

/** Without these a write cannot succeed, or would undo what somebody else did. */
const FIRM: ReadonlySet<FindingCode> = new Set<FindingCode>(['structure', 'change-pending', 'changed-since']);

/** Codes that `ignore-checks` may name. */
export const IGNORABLE_CODES = FINDING_CODES.filter((code) => !WARNINGS.has(code) && !FIRM.has(code));

type Told = Omit<Finding, 'code' | 'severity'>;

/** What a check found, with the weight of its code. */
export const finding = (code: FindingCode, told: Told): Finding => ({
  code,
  severity: WARNINGS.has(code) ? 'warning' : 'error',
  ...told,
});

/** A warning that a check could not be made; never a claim that what it looks for is so. */
export const unverified = (
  code: FindingCode,
  { place, subject, why }: { readonly place: string; readonly subject: string; readonly why: string },
): Finding => ({
  code,
  severity: 'warning',
  unverified: true,
  place,
  message: `Could not be verified: ${subject}. ${why}`,
  fix: 'Look it up in the web console, or use a key that may read it.',
});

/** The same findings with the weights the user wants. */
export const weigh = (findings: readonly Finding[], { failOn, ignoreChecks }: Weights): readonly Finding[] =>
  findings.map((found) => {
    if (found.severity === 'warning') {
      return failOn.includes(found.code) ? { ...found, severity: 'error' } : found;
    }
    return ignoreChecks.includes(found.code) ? { ...found, severity: 'warning' } : found;
  });
