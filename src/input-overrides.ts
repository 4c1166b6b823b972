// The input `overrides`: from YAML to what every part of it means, and every problem of it at once.
import * as z from 'zod';
import type { Bucket } from './definition/definition.ts';
import type { Section } from './definition/sections.ts';
import { copiedSections, shorten, type Values } from './input-combinations.ts';
import { listOf } from './input-rules.ts';
import { TWICE, readYaml } from './input-yaml.ts';
import { toJson } from './json.ts';
import { suggest } from './near-misses.ts';
import type { ScopedOverride } from './plan/overrides.ts';
import { isId } from './plan/plan.ts';
import { patternsOf } from './plan/selection.ts';
import { firstOf, quoted } from './plan/sentences.ts';

const described = (value: unknown): string => {
  if (typeof value === 'string') return value === '' ? 'has no value' : `has the value \`${shorten(value)}\``;
  return Array.isArray(value) ? 'has a list' : 'has a map';
};

/** The message of a rule: what is there, and what is allowed. */
const allowed = (words: string) => ({
  error: ({ input }: { readonly input?: unknown }): string =>
    input === TWICE ? 'is there twice; keep one of them' : `${described(input)}; allowed is ${words}`,
});

const BUCKETS = 'a map of treatments to percentages, such as `{ on: 10, off: 90 }`';
const PERCENT = allowed('a number from 0 to 100');
const WHOLE_PERCENT = allowed('a whole number from 0 to 100');
const NAME = allowed('a name');

const percent = z
  .string(PERCENT)
  .regex(/^(100(\.0+)?|[1-9]?\d(\.\d+)?)$/, PERCENT)
  .transform(Number);
const wholePercent = z
  .string(WHOLE_PERCENT)
  .regex(/^(100|[1-9]?\d)$/, WHOLE_PERCENT)
  .transform(Number);
const name = z.string(NAME).regex(/\S/, NAME);
const key = z.string().regex(/\S/, { error: 'has no name before its colon', abort: true });
const position = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'is no position of a rule; allowed are whole numbers from 1')
  .transform(Number);

const buckets = z.map(key, percent, allowed(BUCKETS)).transform((sizes, context): readonly Bucket[] => {
  const sum = [...sizes.values()].reduce((total, size) => total + size, 0);
  // Sums of decimal fractions are off by tiny amounts.
  if (Math.abs(sum - 100) >= 1e-9)
    context.addIssue(`adds up to ${Number(sum.toFixed(9))} percent, not to 100`);
  return Array.from(sizes, ([treatment, size]) => ({ treatment, size }));
});

const PARTS = ['default-rule', 'rules', 'traffic-allocation', 'segments'] as const;
type Part = (typeof PARTS)[number];

const SECTIONS_OF: Readonly<Record<Part, readonly Section[]>> = {
  'default-rule': ['default-rule'],
  rules: ['rules'],
  'traffic-allocation': ['traffic-allocation'],
  segments: ['rules', 'individual-targets'],
};

/** Why a part cannot be overridden, where this run does not copy it. */
function leftOut(part: Part, { include, exclude }: Values): string | undefined {
  const copied = copiedSections(listOf(include), listOf(exclude));
  const sections = SECTIONS_OF[part];
  // Where nothing is copied at all, `include` or `exclude` is wrong itself, which is told.
  if (copied.length === 0 || sections.some((section) => copied.includes(section))) return undefined;
  const by = sections.some((section) => listOf(exclude).includes(section)) ? 'exclude' : 'include';
  const subject = `section${sections.length === 1 ? '' : 's'} ${quoted(sections)}`;
  return `is set, but ${subject} ${sections.length === 1 ? 'is' : 'are'} not copied, by \`${by}\`; copy what is overridden, or do not override it`;
}

/** An environment, unless it is plain that it is no target: ids are only known when they have been looked up. */
function environmentKey(values: Values) {
  const targets = listOf(values['target-environment']);
  const isOpen = (word: string): boolean => targets.length === 0 || [word, ...targets].some(isId);
  return key.refine((word) => targets.includes(word) || isOpen(word), {
    error: ({ input }) => `is no environment in \`target-environment\`.${suggest(String(input), targets)}`,
  });
}

/** A flag, unless it is plain that it is not selected: what globs match and tags find is only seen later. */
function flagKey(values: Values) {
  const { names, globs } = patternsOf(listOf(values.flags));
  const isOpen = names.length === 0 || globs.length > 0;
  return key.refine((word) => isOpen || names.includes(word), {
    error: ({ input }) => `is no flag in \`flags\`.${suggest(String(input), names)}`,
  });
}

const overridesWith = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(
    (value: unknown): unknown => (value instanceof Map ? Object.fromEntries<unknown>(value) : value),
    z.strictObject(shape, allowed('a map of overrides')),
  );

const narrower = <Of extends z.ZodType>(name: z.ZodString, overrides: Of) =>
  z.map(name, overrides, allowed('a map of names to overrides')).optional();

function partsFor(values: Values) {
  const part = <Of extends z.ZodType>(name: Part, rule: Of) => {
    const why = leftOut(name, values);
    return z
      .unknown()
      .refine(() => why === undefined, why)
      .pipe(rule)
      .optional();
  };
  return {
    'default-rule': part('default-rule', buckets),
    rules: part('rules', z.map(position, buckets, allowed('a map of positions to percentages'))),
    'traffic-allocation': part('traffic-allocation', wholePercent),
    segments: part('segments', z.map(key, name, allowed('a map of old names to new names'))),
  };
}
type Parts = z.infer<z.ZodObject<ReturnType<typeof partsFor>>>;

function schemaFor(values: Values) {
  const parts = partsFor(values);
  const [environment, flag] = [environmentKey(values), flagKey(values)];
  const narrowest = overridesWith(parts);
  return overridesWith({
    ...parts,
    environments: narrower(environment, overridesWith({ ...parts, flags: narrower(flag, narrowest) })),
    flags: narrower(flag, overridesWith({ ...parts, environments: narrower(environment, narrowest) })),
  });
}

/** `overrides`, `environments: QA: rules: 2`: where something is, as it would be written. */
const at = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? '`overrides`' : `\`overrides\`, at \`${shorten(path.map(String).join(': '))}\`,`;

/** The members that overrides can have at a path; those that are narrower already cannot be made so again. */
function membersAt(path: readonly PropertyKey[]): readonly string[] {
  const scopes = path.filter((_, depth) => depth % 2 === 0);
  return [...PARTS, ...['environments', 'flags'].filter((member) => !scopes.includes(member))];
}

function sentencesOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code !== 'unrecognized_keys')
    return [`${at(issue.path)} ${issue.message}${issue.message.endsWith('.') ? '' : '.'}`];
  return issue.keys.map(
    (member) =>
      `${at(issue.path)} cannot set \`${shorten(member)}\`.${suggest(member, membersAt(issue.path))}`,
  );
}

interface Scope {
  readonly environment?: string;
  readonly flag?: string;
}

const scoped = (scope: Scope, parts: Parts): ScopedOverride => ({
  ...scope,
  defaultRule: parts['default-rule'],
  trafficAllocation: parts['traffic-allocation'],
  rules: parts.rules ?? new Map(),
  segments: parts.segments ?? new Map(),
});

const scopesOf = (overrides: z.infer<ReturnType<typeof schemaFor>>): readonly ScopedOverride[] => [
  scoped({}, overrides),
  ...[...(overrides.environments ?? [])].flatMap(([environment, parts]) => [
    scoped({ environment }, parts),
    ...Array.from(parts.flags ?? [], ([flag, narrow]) => scoped({ environment, flag }, narrow)),
  ]),
  ...[...(overrides.flags ?? [])].flatMap(([flag, parts]) => [
    scoped({ flag }, parts),
    ...Array.from(parts.environments ?? [], ([environment, narrow]) => scoped({ environment, flag }, narrow)),
  ]),
];

/** The pairs of names under one map and, within it, another; nothing is known to be right yet. */
function pairsIn(document: unknown, outer: string, inner: string): readonly (readonly [string, string])[] {
  const entries = (value: unknown, member: string): readonly (readonly [string, unknown])[] => {
    const found: unknown = value instanceof Map ? value.get(member) : undefined;
    return found instanceof Map ? [...(found as Map<string, unknown>)] : [];
  };
  return entries(document, outer).flatMap(([name, within]) =>
    entries(within, inner).map(([other]) => [name, other] as const),
  );
}

/** Flags within environments and environments within flags that are the same: neither is the narrower. */
function givenTwice(document: unknown): readonly string[] {
  const pairs = new Set(
    pairsIn(document, 'flags', 'environments').map(([flag, name]) => toJson([name, flag])),
  );
  return pairsIn(document, 'environments', 'flags')
    .filter((pair) => pairs.has(toJson(pair)))
    .map(
      ([environment, flag]) =>
        `\`overrides\` is twice for flag \`${shorten(flag)}\` in \`${shorten(environment)}\`, under \`environments\` and under \`flags\`; give it once.`,
    );
}

export interface ReadOverrides {
  readonly overrides: readonly ScopedOverride[];
  /** Sentences; where there are any, `overrides` is not to be used. */
  readonly problems: readonly string[];
}

/**
 * Reads the input `overrides`.
 * @param text as given: its lines are counted, and the first one's indentation means something
 * @param values all inputs, which overrides have to go with
 */
export function readOverrides(text: string, values: Values): ReadOverrides {
  const none = (...problems: readonly string[]): ReadOverrides => ({ overrides: [], problems });
  const yaml = readYaml(text);
  if ('wrong' in yaml) return none(`\`overrides\` is no YAML that can be used: ${yaml.wrong}.`);
  const [document, ...others] = yaml.documents;
  if (document === undefined) return none();
  if (others.length > 0) return none('`overrides` has more than one document; give one.');
  const parsed = schemaFor(values).safeParse(document);
  const issues = parsed.error?.issues ?? [];
  return {
    overrides: parsed.success ? scopesOf(parsed.data) : [],
    problems: firstOf([...issues.flatMap(sentencesOf), ...givenTwice(document)]),
  };
}
