// What is wrong with inputs together though each is right alone.
import { SECTIONS, type Section } from './definition/sections.ts';
import { INPUT_DEFAULTS, NARROWING, SHAPING, listOf, type InputName } from './input-rules.ts';
import { linesOf, strayLines } from './plan/expectations.ts';
import { patternsOf } from './plan/selection.ts';
import { quoted } from './plan/sentences.ts';

/** Every input, trimmed, or its default. */
export type Values = Readonly<Record<InputName, string>>;

/** A text for messages: cut, and without the password a URL may hold. */
export const shorten = (text: string): string => {
  const shown = text.replaceAll(/\/\/[^/@\s]*@/g, '//***@');
  return shown.length > 120 ? `${shown.slice(0, 120)}…` : shown;
};

/** Whether a value is the default, however it is spelled: `False`, `0.0`. */
export const isDefault = (value: string, byDefault: string): boolean =>
  [value, value.toLowerCase()].includes(byDefault) ||
  (byDefault !== '' && Number(value) === Number(byDefault));

/** What `include` and `exclude` leave, in the order of `SECTIONS`. */
export const copiedSections = (include: readonly string[], exclude: readonly string[]): readonly Section[] =>
  SECTIONS.filter(
    (section) => (include.length === 0 || include.includes(section)) && !exclude.includes(section),
  );

function codesNamedTwice(values: Values): readonly string[] {
  const both = listOf(values['fail-on']).filter((code) => listOf(values['ignore-checks']).includes(code));
  if (both.length === 0) return [];
  return [
    `\`fail-on\` and \`ignore-checks\` both name ${quoted(both.map(shorten))}; name each in one of them only.`,
  ];
}

function commentWithoutToken(values: Values): readonly string[] {
  if (isDefault(values['comment-on-pull-request'], 'false') || values['github-token'] !== '') return [];
  return [
    '`comment-on-pull-request` needs `github-token`, which is empty; leave `github-token` out, so that it is the token of the job.',
  ];
}

/** What is wrong where a plan file says what the run is about. */
function wrongWithPlanFile({ mode, ...values }: Values): readonly string[] {
  const allowed = mode === 'rollback' ? NARROWING : [];
  const given = SHAPING.filter(
    (input) =>
      !allowed.includes(input) && !isDefault(values[input as keyof typeof values], INPUT_DEFAULTS[input]),
  );
  return [
    ...(mode === 'plan'
      ? ['`plan-file` is applied or rolled back, but `mode` is `plan`; leave it out or set another `mode`.']
      : []),
    ...(given.length === 0
      ? []
      : [
          `${quoted(given)} would change the plan that \`plan-file\` holds; leave ${given.length === 1 ? 'it' : 'them'} out.`,
        ]),
  ];
}

/** What is wrong with the lines of `expect`, as far as it shows before it is known which flags are selected. */
function wrongLines({ expect, flags, tags, 'plan-file': planFile }: Values): readonly string[] {
  const lines = linesOf(expect);
  const { names, globs } = patternsOf(listOf(flags));
  const areKnown = names.length > 0 && globs.length === 0 && tags === '' && planFile === '';
  const sound = lines.flatMap(({ line, wrong }) => (wrong === undefined ? [line] : []));
  const strays = areKnown ? strayLines(sound, new Set(names)) : [];
  const problem = (number: number, text: string, why: string): string =>
    `\`expect\` has the line \`${shorten(text)}\` (line ${number}), but ${why}.`;
  return [
    ...lines.flatMap(({ line: { number, text }, wrong }) =>
      wrong === undefined ? [] : [problem(number, text, wrong)],
    ),
    ...strays.map(({ number, text }) =>
      problem(
        number,
        text,
        `it does not begin with the name of a flag of this run and a colon: ${quoted(names)}`,
      ),
    ),
  ];
}

/** What is wrong with inputs together though each is right alone. */
export function wrongTogether(values: Values): readonly string[] {
  return [...wrongAbout(values), ...wrongLines(values), ...commentWithoutToken(values)];
}

/** The same of what says what is copied. */
function wrongAbout(values: Values): readonly string[] {
  if (values['plan-file'] !== '') return [...wrongWithPlanFile(values), ...codesNamedTwice(values)];
  if (values.mode === 'rollback') {
    return ['`mode: rollback` needs `plan-file`: the plan file of the run that is to be undone.'];
  }
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
  problems.push(...codesNamedTwice(values));
  if (values.mode === 'plan' && values['expected-fingerprint'] !== '') {
    problems.push(
      '`expected-fingerprint` guards a write, but `mode` is `plan`; leave it out or set `mode: apply`.',
    );
  }
  return problems;
}
