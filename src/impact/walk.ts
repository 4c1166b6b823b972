// How Split serves one subject: killed, individual targets, rules top down, default rule.
import type { Definition, Matcher, Rule } from '../definition/definition.ts';
import { SEGMENT_LISTS, type SegmentList } from '../definition/references.ts';
import { isJsonObject, memberOf, type Json, type JsonObject } from '../json.ts';
import { all, asksValue, isUnknown, meeting, not, type Unknown, type Verdict } from './matching.ts';
import { constant, killedOutcome, outcomesOf, type Outcome } from './outcome.ts';
import { shiftOf } from './shift.ts';

/** Who is served, and with it what is known of them. */
export type Subject =
  /** A user of whom nothing is known but the key; `byEntry`: and that no individual target above the key's own fits. */
  | { readonly kind: 'key'; readonly key: string; readonly byEntry?: true }
  /** A member of a segment, of whom nothing else is known. */
  | { readonly kind: 'segment'; readonly list: SegmentList; readonly name: string }
  /** A user who has these attributes and no other, and is no individual target. */
  | { readonly kind: 'attributes'; readonly attributes: JsonObject }
  /** A user who is no individual target and meets no rule, unless there is one that everybody meets. */
  | { readonly kind: 'everyone-else' };

/** What a walk can end with. */
export interface Walk {
  /** Each thing that may be served, as far as is known; at least one. */
  readonly possible: readonly Outcome[];
  /** What it depends on where that is more than one. */
  readonly doubt: Unknown | undefined;
}

/** The matchers of segments, by the list in which an individual target of that kind stands. */
const SEGMENT_MATCHERS = {
  segments: 'IN_SEGMENT',
  largeSegments: 'IN_LARGE_SEGMENT',
  ruleBasedSegments: 'IN_RULE_BASED_SEGMENT',
} as const satisfies Readonly<Record<SegmentList, string>>;

const SEGMENT_TYPES: ReadonlySet<string> = new Set(Object.values(SEGMENT_MATCHERS));

/** A name between backticks; one that holds a backtick cannot end the quotation early. */
const named = (value: Json | undefined): string =>
  typeof value === 'string' ? ` \`${value.replaceAll('`', "'")}\`` : '';

/** What a matcher of no value depends on. */
function outsideOf({ type, string, depends }: Matcher): Unknown {
  if (SEGMENT_TYPES.has(type)) return { unknown: `who is in segment${named(string)}` };
  if (type !== 'IN_SPLIT') return { unknown: `a matcher \`${type}\` that is not known here` };
  return { unknown: `what flag${named(isJsonObject(depends) ? depends['splitName'] : undefined)} serves` };
}

function meetsUnnegated(matcher: Matcher, subject: Subject): Verdict {
  const { type, attribute, string } = matcher;
  if (type === 'ALL_KEYS') return true;
  if (subject.kind === 'segment' && type === SEGMENT_MATCHERS[subject.list] && string === subject.name)
    return true;
  if (!asksValue(type)) return outsideOf(matcher);
  if (attribute == null) {
    return subject.kind === 'key' ? meeting(matcher)(subject.key) : { unknown: 'the key of the user' };
  }
  if (subject.kind !== 'attributes' || typeof attribute !== 'string')
    return { unknown: `the attribute${named(attribute)} of the user` };
  return meeting(matcher)(memberOf(subject.attributes, attribute));
}

const meets = (matcher: Matcher, subject: Subject): Verdict => {
  const verdict = meetsUnnegated(matcher, subject);
  return matcher['negate'] === true ? not(verdict) : verdict;
};

/** Whether everybody meets a condition. */
export const isEverybodys = ({ condition: { matchers } }: Rule): boolean =>
  matchers.length > 0 && matchers.every(({ type, negate }) => type === 'ALL_KEYS' && negate !== true);

/** Whether a subject meets the condition of a rule. */
export function meetsRule(rule: Rule, subject: Subject): Verdict {
  const { matchers, combiner } = rule.condition;
  if (subject.kind === 'everyone-else') return isEverybodys(rule);
  if (combiner != null && combiner !== 'AND')
    return { unknown: `the combiner${named(combiner)}, which is not known here` };
  if (matchers.length === 0) return { unknown: 'a rule without a condition' };
  return all(matchers.map((matcher) => meets(matcher, subject)));
}

interface Step {
  readonly verdict: Verdict;
  readonly outcome: Outcome;
}

const isSame = (left: Outcome, right: Outcome): boolean => shiftOf(left, right, new Set()).moved === 0;

/**
 * What a definition targets individually. The treatments are asked in their order (developer.harness.io: Define feature
 * flag treatments and targeting, Individual targets evaluation order), so a segment may come before a key.
 */
function targeting({ treatments }: Definition) {
  const keys = new Map<string, { readonly walk: Walk; readonly steps: readonly Step[] }>();
  const segments = new Map<string, Walk>();
  const doubts: Step[] = [];
  for (const treatment of treatments) {
    const outcome = constant(treatment.name);
    const walk: Walk = { possible: [outcome], doubt: undefined };
    const entry = { walk, steps: [...doubts, { verdict: true, outcome }] };
    // Of a name that two treatments list, the first one counts.
    for (const key of treatment.keys ?? []) if (!keys.has(key)) keys.set(key, entry);
    for (const list of SEGMENT_LISTS) {
      for (const name of treatment[list] ?? []) {
        const id = `${list} ${name}`;
        if (!segments.has(id)) segments.set(id, walk);
        doubts.push({ verdict: { unknown: `who is in segment${named(name)}` }, outcome });
      }
    }
  }
  return {
    /** What a subject gets by its own entry, where it has one; for all of a treatment the same value. */
    ofItself(subject: Subject): Walk | undefined {
      if (subject.kind === 'key') return keys.get(subject.key)?.walk;
      return subject.kind === 'segment' ? segments.get(`${subject.list} ${subject.name}`) : undefined;
    },
    /** What a subject may get as a member of segments, down to its own entry. */
    stepsOf(subject: Subject): readonly Step[] {
      if (subject.kind === 'key') return keys.get(subject.key)?.steps ?? doubts;
      return subject.kind === 'segment' ? doubts : [];
    },
  };
}

/** Whether a rule asks for the key itself, so that two keys may be served otherwise though nothing else is known of them. */
const asksKey = ({ condition }: Rule): boolean =>
  condition.matchers.some(({ type, attribute }) => attribute == null && asksValue(type));

/** Prepares walks through a definition. What cannot be known of a subject is walked both ways. */
export function walker(definition: Definition): (subject: Subject) => Walk {
  const killed = killedOutcome(definition);
  if (killed !== undefined) return () => ({ possible: [killed], doubt: undefined });
  const targets = targeting(definition);
  const served = outcomesOf(definition);
  const rules = (definition.rules ?? []).map((rule) => ({ rule, outcome: served(rule.buckets) }));
  const otherwise = served(definition.defaultRule);

  function walkFor(subject: Subject): Walk {
    const steps: readonly Step[] = [
      ...targets.stepsOf(subject),
      ...rules.map(({ rule, outcome }) => ({ verdict: meetsRule(rule, subject), outcome })),
    ];
    const end = steps.find(({ verdict }) => verdict === true);
    const sure = end?.outcome ?? otherwise;
    const possible = [sure];
    const told = new Set([sure]);
    let doubt: Unknown | undefined;
    for (const { verdict, outcome } of end === undefined ? steps : steps.slice(0, steps.indexOf(end))) {
      if (!isUnknown(verdict) || told.has(outcome)) continue;
      told.add(outcome);
      if (possible.some((other) => isSame(other, outcome))) continue;
      doubt ??= verdict;
      possible.push(outcome);
    }
    return { possible, doubt };
  }

  const areAlike = !rules.some(({ rule }) => asksKey(rule));
  let ofAnyKey: Walk | undefined;
  return (subject) => {
    const own = targets.ofItself(subject);
    const isByEntry = subject.kind === 'segment' || (subject.kind === 'key' && subject.byEntry === true);
    if (own !== undefined && isByEntry) return own;
    // There may be thousands of keys, and hundreds of rules.
    if (own === undefined && subject.kind === 'key' && areAlike) return (ofAnyKey ??= walkFor(subject));
    return walkFor(subject);
  };
}
