// From the strings a workflow gives to one validated value; every problem of every input is told at once.
import type * as z from 'zod';
import { SECTIONS, type Section } from './definition/sections.ts';
import { Failure } from './failure.ts';
import {
  ALLOWED,
  INPUT_DEFAULTS,
  INPUT_NAMES,
  NOT_YET,
  REQUIRED,
  SECRET,
  inputSchema,
  listOf,
  type CheckedInput,
  type InputName,
} from './input-rules.ts';
import { meantInput } from './input-slips.ts';
import type { Weights } from './plan/finding.ts';
import type { Mode } from './plan/outcome.ts';
import { patternsOf } from './plan/selection.ts';
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
  /** More differing items than this stop the run. */
  readonly maxChanges: number;
  readonly failOn: Weights['failOn'];
  readonly ignoreChecks: Weights['ignoreChecks'];
  readonly onApprovalRequired: 'request' | 'fail';
  /** E-mail addresses. */
  readonly approvers: readonly string[];
  /** 0: do not wait. */
  readonly waitForApprovalMilliseconds: number;
  readonly onFailure: 'stop' | 'continue' | 'restore';
  /** Lower-case hex. */
  readonly expectedFingerprint: string | undefined;
  /** Templates, filled in by `auditOf`. */
  readonly title: string;
  readonly comment: string;
  readonly showTargets: boolean;
  readonly requestTimeoutMilliseconds: number;
  readonly maxRetries: number;
}

/** Inputs as given: name in lower case → value. The runner passes inputs it does not know on, too. */
export type GivenInputs = ReadonlyMap<string, string>;

const DEFAULT_TITLE = 'Promote {flag} from {source} to {target}';
const DEFAULT_COMMENT = 'Promoted by {actor} at commit {sha}, run {run-url}, plan {fingerprint}.';

type Values = Readonly<Record<InputName, string>>;

/** A text for messages: cut, and without the password a URL may hold. */
const shorten = (text: string): string => {
  const shown = text.replaceAll(/\/\/[^/@\s]*@/g, '//***@');
  return shown.length > 120 ? `${shown.slice(0, 120)}…` : shown;
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

/** Whether a value is the default, however it is spelled: `False`, `0.0`. */
const isDefault = (value: string, byDefault: string): boolean =>
  value.toLowerCase() === byDefault || (byDefault !== '' && Number(value) === Number(byDefault));

/** What is wrong with inputs together though each is right alone. */
function wrongTogether(values: Values): readonly string[] {
  const problems: string[] = [];
  const flags = listOf(values.flags);
  const { names, globs, exclusions } = patternsOf(flags);
  const isOneName = names.length === 1 && globs.length + exclusions.length === 0;
  if (flags.length === 0 && values.tags === '') {
    problems.push('`flags` is required but empty; name the flags to copy, or give `tags`.');
  } else if (names.length + globs.length === 0 && values.tags === '') {
    problems.push('`flags` only takes out; name what to copy as well, or give `tags`.');
  }
  if (values['target-flag'] !== '' && !isOneName) {
    problems.push('`target-flag` needs exactly one flag in `flags`, named without a glob.');
  }
  const sameFlag = ['', ...names].includes(values['target-flag']);
  const sameWorkspace = ['', values.workspace].includes(values['target-workspace']);
  const source = values['source-environment'];
  if (source !== '' && listOf(values['target-environment']).includes(source) && sameFlag && sameWorkspace) {
    problems.push(
      `\`target-environment\` names the source itself, \`${shorten(source)}\`; name other environments.`,
    );
  }
  const [include, exclude] = [listOf(values.include), listOf(values.exclude)];
  const areSections = [...include, ...exclude].every((name) => SECTIONS.some((section) => section === name));
  if (areSections && copiedSections(include, exclude).length === 0 && values['kill-state'] === 'keep') {
    problems.push('`include` and `exclude` leave no section to copy; leave one of them out.');
  }
  const both = listOf(values['fail-on']).filter((code) => listOf(values['ignore-checks']).includes(code));
  if (both.length > 0) {
    problems.push(
      `\`fail-on\` and \`ignore-checks\` both name ${quoted(both.map(shorten))}; name each in one of them only.`,
    );
  }
  if (values.mode === 'plan' && values['expected-fingerprint'] !== '') {
    problems.push(
      '`expected-fingerprint` guards a write, but `mode` is `plan`; leave it out or set `mode: apply`.',
    );
  }
  return problems;
}

/** What `include` and `exclude` leave, in the order of `SECTIONS`. */
const copiedSections = (include: readonly string[], exclude: readonly string[]): readonly Section[] =>
  SECTIONS.filter(
    (section) => (include.length === 0 || include.includes(section)) && !exclude.includes(section),
  );

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
  const problems = new Set([
    ...slips.flatMap(({ input, meant }) =>
      meant ? [`There is no input \`${input}\`; did you mean ${meant}?`] : [],
    ),
    ...Object.entries(REQUIRED).flatMap(([input, fix]) =>
      listOf(values[input as keyof typeof REQUIRED]).length === 0
        ? [`\`${input}\` is required but empty; ${fix}.`]
        : [],
    ),
    ...NOT_YET.filter((input) => !isDefault(values[input], INPUT_DEFAULTS[input])).map(
      (input) =>
        `\`${input}\` has the value \`${shorten(values[input])}\`, but it is not in this version; leave it out.`,
    ),
    ...wrongValues(parsed.error?.issues ?? [], values),
    ...wrongTogether(values),
  ]);
  if (problems.size > 0 || !parsed.success) {
    throw new Failure('invalid-input', [...problems].join(' '));
  }
  const { data } = parsed;
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
      maxChanges: data['max-changes'],
      failOn: data['fail-on'],
      ignoreChecks: data['ignore-checks'],
      onApprovalRequired: data['on-approval-required'],
      approvers: data.approvers,
      waitForApprovalMilliseconds: data['wait-for-approval'] * 60_000,
      onFailure: data['on-failure'],
      expectedFingerprint: data['expected-fingerprint'] || undefined,
      title: data.title || DEFAULT_TITLE,
      comment: data.comment || DEFAULT_COMMENT,
      showTargets: data['show-targets'],
      requestTimeoutMilliseconds: data['request-timeout-seconds'] * 1000,
      maxRetries: data['max-retries'],
    },
    warnings: strangers.length === 0 ? [] : [`This Action has no input ${strangers.join(', ')}; ignored.`],
  };
}
