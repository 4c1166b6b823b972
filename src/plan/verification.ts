// What a read-back says about a write: whether it took effect, and what the server did beyond it.
import { parseDefinition, type Definition } from '../definition/definition.ts';
import { differencesOf, sectionOfDifference, type Difference } from '../definition/difference.ts';
import { BOOKKEEPING, sameMeaning, withoutBookkeeping } from '../definition/equality.ts';
import { SECTIONS, changedSections, type Section } from '../definition/sections.ts';
import { Failure } from '../failure.ts';
import { isJsonObject, memberOf, type Json, type JsonObject } from '../json.ts';
import type { Draft } from './plan.ts';
import { quoted } from './sentences.ts';

export interface Verification {
  /** Whether every copied section, and the kill state, are as meant. */
  readonly asMeant: boolean;
  /** Whether `killed` alone is not as meant. */
  readonly killStateDiffers: boolean;
  /** The copied sections that are not as meant. */
  readonly differing: readonly Section[];
  /** From what is there to what was meant, in the copied sections. */
  readonly residual: readonly Difference[];
  /** Sections that were not meant, and members outside of sections, which are not as meant either. */
  readonly elsewhere: readonly string[];
  /** Sentences about everything else that moved. */
  readonly warnings: readonly string[];
}

/** Documented members: where one of these appears, it is a difference, never an addition of the server's. */
const DOCUMENTED: ReadonlySet<string> = new Set(
  'name description configurations keys segments largeSegments ruleBasedSegments treatment size condition combiner matchers buckets type negate attribute string strings bool number date between depends'.split(
    ' ',
  ),
);

/** The members of a definition that hold objects; the others are compared as they are. */
const NESTED = ['treatments', 'rules', 'defaultRule'] as const;

const memberNames = (value: Json | undefined): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((element: Json) => memberNames(element));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([member, content]) => [member, ...memberNames(content)]);
};

/** Takes out the members that neither the write nor the old definition had, and says which they were. */
function withoutAdditions(value: Json, known: ReadonlySet<string>, additions: Set<string>): Json {
  if (Array.isArray(value)) return value.map((element: Json) => withoutAdditions(element, known, additions));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([member, content]) => {
      if (content === undefined) return [];
      if (known.has(member)) return [[member, withoutAdditions(content, known, additions)]];
      additions.add(member);
      return [];
    }),
  );
}

/** Members outside the sections that the server alone sets, or that are checked by themselves. */
export const NOT_COMPARED: ReadonlySet<string> = new Set([
  ...BOOKKEEPING,
  ...['environment', 'trafficType', 'name', 'killed'],
  ...['treatments', 'defaultTreatment', 'baselineTreatment', 'trafficAllocation', 'rules', 'defaultRule'],
]);

/** Names of the members outside the sections on which two definitions differ. */
function otherDifferences(meant: Definition, found: Definition): readonly string[] {
  const names = new Set([...Object.keys(meant), ...Object.keys(found)]);
  return [...names].filter(
    (name) => !NOT_COMPARED.has(name) && !sameMeaning(memberOf(meant, name), memberOf(found, name)),
  );
}

/**
 * Compares a definition as read back with what an item means the target to have.
 * @param options.copied the sections the run copies
 * @param options.killed the kill state meant at this moment
 */
export function verify(
  found: Definition,
  {
    item,
    copied,
    killed,
  }: {
    readonly item: Pick<Draft, 'before' | 'result'>;
    readonly copied: readonly Section[];
    readonly killed: boolean;
  },
): Verification {
  const { before, result } = item;
  const nested = [before, result].flatMap((definition) =>
    NESTED.map((member) => definition?.[member] ?? null),
  );
  const known = new Set([...DOCUMENTED, ...memberNames(nested)]);
  const additions = new Set<string>();
  const comparable = parseDefinition({
    ...found,
    ...Object.fromEntries(
      NESTED.map((member) => [member, withoutAdditions(found[member] ?? null, known, additions)]),
    ),
  });
  const meantSections = new Set(before === undefined ? SECTIONS : copied);
  const differing = changedSections(comparable, result);
  const missed = differing.filter((section) => meantSections.has(section));
  const others = otherDifferences(result, found);
  for (const name of others) if (!Object.hasOwn(result, name)) additions.add(name);
  const elsewhere = [
    ...differing.filter((section) => !meantSections.has(section)),
    ...others.filter((name) => !additions.has(name)),
  ];
  const killStateDiffers = (found.killed === true) !== killed;
  return {
    asMeant: missed.length === 0 && !killStateDiffers,
    killStateDiffers,
    differing: missed,
    residual: differencesOf(comparable, result).filter((difference) =>
      missed.includes(sectionOfDifference(difference)),
    ),
    elsewhere,
    warnings: [
      ...(elsewhere.length > 0
        ? [`Not as it was, though this run did not mean to change it: ${quoted(elsewhere)}.`]
        : []),
      ...(additions.size > 0 ? [`The server added members: ${quoted([...additions])}.`] : []),
    ],
  };
}

/** The failure of a write that a read-back refutes. `label` names flag and environment. */
export function refutation(
  label: string,
  { differing, killStateDiffers }: Verification,
  warnings: readonly string[],
): Failure {
  const parts = quoted([...differing, ...(killStateDiffers ? ['kill-state'] : [])]);
  const told = warnings.length > 0 ? ` ${warnings.join(' ')}` : '';
  return new Failure(
    'verification-failed',
    `After the write, ${label} is not as it was meant to be: ${parts}.${told} Look at the rest of the difference in the summary.`,
  );
}

/** Whether a definition read now is still the one that was read before; two missing ones are the same. */
export function isSame(now: Definition | undefined, before: JsonObject | undefined): boolean {
  if (now === undefined || before === undefined) return now === before;
  return sameMeaning(withoutBookkeeping(now), withoutBookkeeping(before));
}
