// A plan file read back: what a run recorded, taken only where it is whole, unchanged and of this kind.
import * as z from 'zod';
import { parseDefinition, type Definition } from '../definition/definition.ts';
import { SECTIONS, type Section } from '../definition/sections.ts';
import { Failure } from '../failure.ts';
import { parseJson, type Json } from '../json.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Mode } from './outcome.ts';
import { PLAN_FILE_VERSION, type Progress } from './plan-file.ts';
import type { Place } from './plan.ts';

/** One item as a plan file records it. */
export interface SavedItem {
  readonly source: Place;
  readonly target: Place;
  readonly sourceDefinition: Definition;
  /** The target before the run; `undefined` where it had no definition. */
  readonly before: Definition | undefined;
  /** What it was to become; `undefined` where it was to be removed. */
  readonly result: Definition | undefined;
  readonly state: Progress['state'];
  /** The target as read back after the write. */
  readonly readBack: Definition | undefined;
}

export interface SavedPlan {
  /** Of the run that wrote the file. */
  readonly mode: Mode;
  readonly fingerprint: string;
  readonly copied: readonly Section[];
  readonly killState: 'keep' | 'copy';
  readonly items: readonly SavedItem[];
}

const named = z.object({ id: z.string(), name: z.string() });

const place = z.object({
  workspace: named,
  environment: named.extend({ production: z.boolean().optional(), ownId: z.string().optional() }),
  flag: z.string(),
});

const definition = z
  .custom<Json>((value) => value !== undefined)
  .transform((value, context): Definition => {
    try {
      return parseDefinition(value);
    } catch {
      context.addIssue({ code: 'custom', message: 'it is no definition' });
      return z.NEVER;
    }
  });
const definitionOrNull = definition.nullable().transform((value) => value ?? undefined);

const finding = z.looseObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  place: z.string(),
  message: z.string(),
  fix: z.string(),
});

const savedItem = z.object({
  source: place.describe('Where the flag was copied from.'),
  target: place.describe('Where it was copied to.'),
  changed: z.array(z.enum([...SECTIONS, 'kill-state'])).describe('What the run changes; empty: nothing.'),
  killChange: z.enum(['kill', 'restore']).nullable(),
  findings: z.array(finding),
  sourceDefinition: definition.describe('The source as read.'),
  before: definitionOrNull.describe('The target as read; null: it had no definition.'),
  result: definitionOrNull.describe('The target as meant; null: its definition is removed.'),
  progress: z.object({
    state: z
      .enum(['planned', 'started', 'requested', 'written', 'confirmed', 'restored'])
      .describe(
        'A started write may have happened; a confirmed one was read back; a restored one was put back.',
      ),
    outcome: z.string().nullable(),
    written: z.enum(['no', 'unknown', 'yes']).nullable(),
    changeRequestId: z.string().nullable(),
    readBack: definitionOrNull.describe('The target as read back after the write.'),
  }),
});

/** What a plan file holds: docs/plan.schema.json is made from this. */
export const planFileSchema = z
  .object({
    format: z.literal(PLAN_FILE_VERSION),
    tool: z.string().describe('The version of this Action that wrote it.'),
    mode: z.enum(['plan', 'apply', 'rollback']),
    apiUrl: z.string(),
    runUrl: z.string(),
    fingerprint: z.string().describe('SHA-256 over what was read and is meant, in lower-case hex.'),
    copied: z.array(z.enum(SECTIONS)).describe('The sections that are copied.'),
    killState: z.enum(['keep', 'copy']),
    findings: z.array(finding).describe('What was found on the plan as a whole.'),
    items: z.array(savedItem),
  })
  .describe('A plan of Promote Split Flags, and how far it was carried out. It holds the keys of users.');

const refuse = (why: string): Failure => new Failure('invalid-input', `\`plan-file\` ${why}`);

const AGAIN = 'Use the file as the run left it, or plan again.';

function jsonOf(text: string): Json {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new Failure('invalid-input', `\`plan-file\` is cut off, or no JSON. ${AGAIN}`, { cause });
  }
}

/** The version that a file says it is of, whatever else is in it. */
const versioned = z.looseObject({ format: z.json(), tool: z.string().optional() });

/**
 * Reads a plan file.
 * @param options.apiUrl the API that this run talks to
 * @throws Failure `invalid-input` that says in which way the file is not usable
 */
export function parsePlanFile(text: string, { apiUrl }: { readonly apiUrl: string }): SavedPlan {
  const json = jsonOf(text);
  const version = versioned.safeParse(json).data;
  if (version === undefined) throw refuse(`is no plan file of this Action. ${AGAIN}`);
  if (version.format !== PLAN_FILE_VERSION) {
    throw refuse(
      `has format ${JSON.stringify(version.format)}, of ${version.tool ?? 'an unknown version'}; this version reads format ${PLAN_FILE_VERSION}. Use the version of this Action that wrote it, or plan again.`,
    );
  }
  const parsed = planFileSchema.safeParse(json);
  if (!parsed.success) {
    const [where] = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw refuse(`is not as a run writes it (${where}). ${AGAIN}`);
  }
  const { data } = parsed;
  if (data.apiUrl !== apiUrl) {
    throw refuse(
      `was made for ${data.apiUrl}, but \`api-url\` is ${apiUrl}. Give the \`api-url\` it was made for, or plan again.`,
    );
  }
  const items = data.items.map(({ progress, ...item }): SavedItem => {
    const { state, readBack } = progress;
    return { ...item, state, readBack };
  });
  if (fingerprintOf(items) !== data.fingerprint) {
    throw refuse(`was edited: its content does not match its fingerprint ${data.fingerprint}. ${AGAIN}`);
  }
  return { ...data, items };
}
