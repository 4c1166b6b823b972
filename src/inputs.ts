// From the strings a workflow gives to one validated value; every problem of every input is told at once.
import type * as z from 'zod';
import type { Section } from './definition/sections.ts';
import { Failure } from './failure.ts';
import { copiedSections, shorten, wrongTogether, type Values } from './input-combinations.ts';
import {
  ALLOWED,
  INPUT_DEFAULTS,
  INPUT_NAMES,
  REQUIRED,
  SECRET,
  inputSchema,
  listOf,
  type CheckedInput,
  type InputName,
} from './input-rules.ts';
import { readOverrides } from './input-overrides.ts';
import { meantInput } from './input-slips.ts';
import { linesOf, type ExpectedLine } from './plan/expectations.ts';
import type { Weights } from './plan/finding.ts';
import type { Mode } from './plan/outcome.ts';
import type { ScopedOverride } from './plan/overrides.ts';
import { listed, quoted } from './plan/sentences.ts';

export interface Inputs {
  readonly apiKey: string;
  /** Key that reads the source; the same as `apiKey` where none was given. */
  readonly sourceApiKey: string;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly mode: Mode;
  /** Names, globs and exclusions, in the order given. */
  readonly flags: readonly string[];
  readonly tags: readonly string[];
  /** Under which name the one flag lands; `undefined`: its own. */
  readonly targetFlag: string | undefined;
  readonly sourceEnvironment: string;
  readonly targetEnvironments: readonly string[];
  readonly workspace: string;
  /** `undefined`: the source's. */
  readonly targetWorkspace: string | undefined;
  /** What is copied: `include` less `exclude`, in the order of `SECTIONS`. */
  readonly sections: readonly Section[];
  readonly killState: 'keep' | 'copy';
  readonly createMissing: boolean;
  /** What targets get instead of the source's. */
  readonly overrides: readonly ScopedOverride[];
  /** More differing items than this stop the run. */
  readonly maxChanges: number;
  /** Percent of an audience that may be moved to another treatment; `undefined`: all of it. */
  readonly maxShift: number | undefined;
  readonly expect: readonly ExpectedLine[];
  readonly failOn: Weights['failOn'];
  readonly ignoreChecks: Weights['ignoreChecks'];
  readonly onApprovalRequired: 'request' | 'fail';
  /** E-mail addresses. */
  readonly approvers: readonly string[];
  /** 0: do not wait. */
  readonly waitForApprovalMilliseconds: number;
  readonly onFailure: 'stop' | 'continue' | 'restore';
  /** Path of the plan to apply or to undo; `undefined`: the plan is made from the other inputs. */
  readonly planFile: string | undefined;
  /** Lower-case hex. */
  readonly expectedFingerprint: string | undefined;
  /** Templates, filled in by `auditOf`. */
  readonly title: string;
  readonly comment: string;
  /** Token of GitHub to comment on the pull request with; `undefined`: no comment. */
  readonly commentToken: string | undefined;
  readonly showTargets: boolean;
  readonly requestTimeoutMilliseconds: number;
  readonly maxRetries: number;
}

/** Inputs as given: name in lower case → value. The runner passes inputs it does not know on, too. */
export type GivenInputs = ReadonlyMap<string, string>;

const DEFAULT_TEXTS = {
  title: 'Promote {flag} from {source} to {target}',
  comment: 'Promoted by {actor} at commit {sha}, run {run-url}, plan {fingerprint}.',
};
const ROLLBACK_TEXTS = {
  title: 'Roll back {flag} in {target}',
  comment: 'Rolled back by {actor} at commit {sha}, run {run-url}, plan {fingerprint}.',
};

const MOST_SHOWN = 3;

/** One sentence an input, with the values that are not allowed; a secret's is not repeated. */
function wrongValues(issues: readonly z.core.$ZodIssue[], values: Values): readonly string[] {
  const wrong = new Map<CheckedInput, Set<string>>();
  for (const { path } of issues) {
    const [input, position] = path as [CheckedInput, number?];
    const elements =
      position === undefined ? [values[input]] : listOf(values[input]).slice(position, position + 1);
    wrong.set(input, new Set([...(wrong.get(input) ?? []), ...elements]));
  }
  return [...wrong].map(([input, elements]) => {
    const has = `has the value ${listed([...elements].map(shorten), MOST_SHOWN)}`;
    return `\`${input}\` ${SECRET.has(input) ? 'is not usable' : has}; allowed is ${ALLOWED[input]}.`;
  });
}

/** Shorter keys may be part of ordinary words, and are not looked for in texts. */
export const SHORTEST_KEY = 8;

/** Inputs that hold a key though they are none: their values would be printed, or sent in a URL. */
function misplacedKeys(values: Values): readonly InputName[] {
  const keys = [values['api-key'], values['source-api-key']].filter((key) => key.length >= SHORTEST_KEY);
  return INPUT_NAMES.filter((input) => !SECRET.has(input) && keys.some((key) => values[input].includes(key)));
}

/**
 * Validates all inputs of a run.
 * @returns the inputs, and warnings about inputs this Action does not have.
 * @throws Failure `invalid-input` that lists every problem of every input.
 */
export function parseInputs(given: GivenInputs): {
  readonly inputs: Inputs;
  readonly warnings: readonly string[];
} {
  const values = Object.fromEntries(
    INPUT_NAMES.map((input) => [input, given.get(input)?.trim() || INPUT_DEFAULTS[input]]),
  ) as Values;
  const misplaced = misplacedKeys(values);
  if (misplaced.length > 0) {
    throw new Failure(
      'invalid-input',
      `The key stands in ${quoted(misplaced)}; take it out there. Its place is \`api-key\`.`,
    );
  }
  const unknown = [...given].filter(
    ([input, value]) => !Object.hasOwn(INPUT_DEFAULTS, input) && value.trim() !== '',
  );
  const slips = unknown.map(([input]) => ({ input: shorten(input), meant: meantInput(input, INPUT_NAMES) }));
  const strangers = slips.flatMap(({ input, meant }) => (meant ? [] : [`\`${input}\``]));
  const parsed = inputSchema.safeParse(values);
  // With a plan file there is nothing that it could override.
  const overrides = readOverrides(values['plan-file'] === '' ? (given.get('overrides') ?? '') : '', values);
  const problems = new Set([
    ...slips.flatMap(({ input, meant }) =>
      meant ? [`There is no input \`${input}\`; did you mean ${meant}?`] : [],
    ),
    ...Object.entries(REQUIRED).flatMap(([input, fix]) =>
      listOf(values[input as keyof typeof REQUIRED]).length === 0 &&
      (input === 'api-key' || (values['plan-file'] === '' && values.mode !== 'rollback'))
        ? [`\`${input}\` is required but empty; ${fix}.`]
        : [],
    ),
    ...wrongValues(parsed.error?.issues ?? [], values),
    ...overrides.problems,
    ...wrongTogether(values),
  ]);
  if (problems.size > 0 || !parsed.success) {
    throw new Failure('invalid-input', [...problems].join(' '));
  }
  const { data } = parsed;
  const texts = data.mode === 'rollback' ? ROLLBACK_TEXTS : DEFAULT_TEXTS;
  return {
    inputs: {
      apiKey: data['api-key'],
      sourceApiKey: data['source-api-key'] || data['api-key'],
      apiUrl: data['api-url'],
      mode: data.mode,
      flags: data.flags,
      tags: data.tags,
      targetFlag: data['target-flag'] || undefined,
      sourceEnvironment: data['source-environment'],
      targetEnvironments: data['target-environment'],
      workspace: data.workspace,
      targetWorkspace: data['target-workspace'] || undefined,
      sections: copiedSections(data.include, data.exclude),
      killState: data['kill-state'],
      createMissing: data['create-missing'],
      overrides: overrides.overrides,
      maxChanges: data['max-changes'],
      maxShift: data['max-shift'],
      expect: linesOf(values.expect).map(({ line }) => line),
      failOn: data['fail-on'],
      ignoreChecks: data['ignore-checks'],
      onApprovalRequired: data['on-approval-required'],
      approvers: data.approvers,
      waitForApprovalMilliseconds: data['wait-for-approval'] * 60_000,
      onFailure: data['on-failure'],
      planFile: data['plan-file'] || undefined,
      expectedFingerprint: data['expected-fingerprint'] || undefined,
      title: data.title || texts.title,
      comment: data.comment || texts.comment,
      commentToken: data['comment-on-pull-request'] ? data['github-token'] : undefined,
      showTargets: data['show-targets'],
      requestTimeoutMilliseconds: data['request-timeout-seconds'] * 1000,
      maxRetries: data['max-retries'],
    },
    warnings: strangers.length === 0 ? [] : [`This Action has no input ${strangers.join(', ')}; ignored.`],
  };
}
