// What every input allows: its default, its rule, and the words for messages.
import * as z from 'zod';
import { SECTIONS } from './definition/sections.ts';
import { FINDING_CODES, IGNORABLE_CODES } from './plan/finding.ts';
import { quoted } from './plan/sentences.ts';

/** Every input of `action.yml` with its default; an input at its default counts as not given. */
export const INPUT_DEFAULTS = {
  'api-key': '',
  flags: '',
  'source-environment': '',
  'target-environment': '',
  workspace: 'Default',
  mode: 'apply',
  tags: '',
  'target-flag': '',
  'target-workspace': '',
  'source-api-key': '',
  include: '',
  exclude: '',
  'kill-state': 'keep',
  'create-missing': 'true',
  overrides: '',
  'max-changes': '50',
  'max-shift': '',
  expect: '',
  'fail-on': '',
  'ignore-checks': '',
  'plan-file': '',
  'expected-fingerprint': '',
  'on-approval-required': 'request',
  approvers: '',
  'wait-for-approval': '0',
  'on-failure': 'stop',
  title: '',
  comment: '',
  'comment-on-pull-request': 'false',
  'github-token': '',
  'show-targets': 'true',
  'api-url': 'https://api.split.io/internal/api/v2',
  'request-timeout-seconds': '30',
  'max-retries': '5',
} as const;

export type InputName = keyof typeof INPUT_DEFAULTS;

export const INPUT_NAMES = Object.keys(INPUT_DEFAULTS) as readonly InputName[];

/** What a plan is made from: a saved one has it already. A rollback may be narrowed to some flags and environments. */
export const SHAPING: readonly InputName[] = [
  ...(['flags', 'tags', 'target-flag', 'source-environment', 'target-environment', 'workspace'] as const),
  ...(['target-workspace', 'include', 'exclude', 'kill-state', 'create-missing', 'overrides'] as const),
];
export const NARROWING: readonly InputName[] = ['flags', 'target-environment'];

/** Values that must not be repeated in a message. */
export const SECRET: ReadonlySet<InputName> = new Set<InputName>([
  'api-key',
  'source-api-key',
  'github-token',
]);

/** Elements of a list given one a line or comma-separated; each once, in the order given. */
export const listOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\n,]/)
      .map((element) => element.trim())
      .filter((element) => element !== ''),
  ),
];

const number = (rule: z.ZodNumber): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(rule);

const boolean = z
  .enum(['true', 'True', 'TRUE', 'false', 'False', 'FALSE'])
  .transform((word) => word.toLowerCase() === 'true');

/** Dots alone would climb in a URL path. */
const name = z.string().refine((text) => !/^\.{1,2}$|\n/.test(text));
const listWith = (rule: z.ZodString): z.ZodType<string[]> => z.string().transform(listOf).pipe(z.array(rule));
/** A pattern with more stars could take hours on a long name. */
const MOST_STARS = 4;
const flagPattern = z
  .string()
  .refine((text) => /^!?[^!\\]+$/.test(text) && !/^!?\.{1,2}$/.test(text))
  .refine((text) => text.split('*').length <= MOST_STARS + 1);
const flagName = name.refine((text) => !/[*?!,]/.test(text));
const sectionList = z
  .string()
  .transform(listOf)
  .pipe(z.array(z.enum(SECTIONS)));
const codeList = <Code extends string>(codes: readonly Code[]) =>
  z
    .string()
    .transform(listOf)
    .pipe(z.array(z.enum(codes)));
const emailList = z
  .string()
  .transform(listOf)
  .pipe(z.array(z.string().regex(/^[^\s@]+@[^\s@]+$/)));
const key = z.string().regex(/^[\x21-\x7e]*$/);

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

const baseUrl = z
  .string()
  .refine((text) => {
    if (!URL.canParse(text) || /[?#\s]/.test(text)) return false;
    const { protocol, hostname, username, password } = new URL(text);
    return (
      username + password === '' && (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)))
    );
  })
  .transform((text) => text.replace(/\/+$/, ''));

/** What can make a run fail: a finding's code, or that anything differs. */
const FAIL_ON = ['changes', ...FINDING_CODES] as const;

/** A job ends after 35 days at the latest (docs.github.com: Actions limits). */
const LONGEST_WAIT_MINUTES = 35 * 24 * 60;

export const inputSchema = z.object({
  'api-key': key,
  'source-api-key': key,
  mode: z.enum(['plan', 'apply', 'rollback']),
  flags: listWith(flagPattern),
  tags: listWith(z.string()),
  'target-flag': flagName,
  'source-environment': name,
  'target-environment': listWith(name),
  workspace: name,
  'target-workspace': name,
  include: sectionList,
  exclude: sectionList,
  'kill-state': z.enum(['keep', 'copy']),
  'create-missing': boolean,
  'comment-on-pull-request': boolean,
  'github-token': key,
  'show-targets': boolean,
  'max-changes': number(z.number().int()),
  'max-shift': z.union([z.literal('').transform(() => undefined), number(z.number().max(100))]),
  'fail-on': codeList(FAIL_ON),
  'ignore-checks': codeList(IGNORABLE_CODES),
  'plan-file': z.string(),
  'on-approval-required': z.enum(['request', 'fail']),
  approvers: emailList,
  'wait-for-approval': number(z.number().max(LONGEST_WAIT_MINUTES)),
  'expected-fingerprint': z
    .string()
    .toLowerCase()
    .regex(/^([0-9a-f]{64})?$/),
  'on-failure': z.enum(['stop', 'continue', 'restore']),
  title: z.string(),
  comment: z.string(),
  'api-url': baseUrl,
  'request-timeout-seconds': number(z.number().positive().max(3600)),
  'max-retries': number(z.number().int().max(100)),
});

export type CheckedInput = keyof z.infer<typeof inputSchema>;

/** What is allowed, for messages. */
export const ALLOWED: Readonly<Record<CheckedInput, string>> = {
  'api-key': 'a key of visible ASCII characters, without spaces or line breaks',
  'source-api-key': 'a key of visible ASCII characters, without spaces or line breaks',
  mode: '`plan`, `apply` or `rollback`',
  flags:
    'names of flags, globs with `*` (at most four) and `?`, and exclusions that begin with `!`, one a line or comma-separated',
  tags: 'tags, one a line or comma-separated',
  'target-flag': 'the name of one flag, without globs',
  'source-environment': 'the name or id of one environment',
  'target-environment': 'names or ids of environments, one a line or comma-separated',
  workspace: 'the name or id of one workspace',
  'target-workspace': 'the name or id of one workspace',
  include: `any of ${quoted(SECTIONS)}, one a line or comma-separated`,
  exclude: `any of ${quoted(SECTIONS)}, one a line or comma-separated`,
  'kill-state': '`keep` or `copy`',
  'create-missing': '`true` or `false`',
  'comment-on-pull-request': '`true` or `false`',
  'github-token': 'a token of visible ASCII characters, without spaces or line breaks',
  'show-targets': '`true` or `false`',
  'max-changes': 'a whole number of items',
  'max-shift': 'a number of percent from 0 to 100',
  'fail-on': `any of ${quoted(FAIL_ON)}, one a line or comma-separated`,
  'ignore-checks': `any of ${quoted(IGNORABLE_CODES)}, one a line or comma-separated`,
  'plan-file': 'the path of a plan file',
  'on-approval-required': '`request` or `fail`',
  approvers: 'e-mail addresses, one a line or comma-separated',
  'wait-for-approval': 'a number of minutes, decimals allowed, at most 50400',
  'expected-fingerprint': 'the 64 hexadecimal digits of a `fingerprint` output',
  'on-failure': '`stop`, `continue` or `restore`',
  title: 'text',
  comment: 'text',
  'api-url': 'an https URL without user name, query and fragment; plain http only to a loopback address',
  'request-timeout-seconds': 'a number above 0, at most 3600',
  'max-retries': 'a whole number from 0 to 100',
};

export const REQUIRED = {
  'api-key':
    'give it a key from a secret; runs for forks and Dependabot get no secrets, so there it is always empty',
  'source-environment': 'name the environment to copy from',
  'target-environment': 'name the environment to copy to',
} as const satisfies Partial<Record<InputName, string>>;
