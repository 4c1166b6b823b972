// What a change of a definition does to the users it serves: audiences, and how many of each get something else.
import type { Definition, Rule } from '../definition/definition.ts';
import { SEGMENT_LISTS, type SegmentList } from '../definition/references.ts';
import type { Unknown } from './matching.ts';
import { killedOutcome, percentOf, sharesOf, type Outcome, type Share } from './outcome.ts';
import { groupsOf } from './rules.ts';
import { shiftOf, spared, type Transition } from './shift.ts';
import { walker, type Walk } from './walk.ts';

/** Who an audience is. */
export type Who =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'segment'; readonly name: string; readonly list: SegmentList }
  /** Users who meet the condition of `rule`, and none above it; and also, where there are any, one of `also`. */
  | { readonly kind: 'rule'; readonly rule: Rule; readonly also: readonly Rule[] }
  | { readonly kind: 'everyone-else' };

/** Users who are served alike before, and alike after. Shares are of ten thousand of them. */
export interface Audience {
  readonly who: Who;
  /** In the order of the buckets; `unknown` where it cannot be known; `undefined` where there is no definition. */
  readonly before: readonly Share[] | 'unknown' | undefined;
  readonly after: readonly Share[] | 'unknown';
  /**
   * Who gets something else. A transition to the same treatment is one to another dynamic configuration. None
   * where a side is unknown.
   */
  readonly transitions: readonly Transition[];
  /** Who gets another treatment; where a side is unknown, the most that may. */
  readonly moved: number;
  /** `at-most`: it may be fewer, or nobody; `why` says so in a sentence. */
  readonly certainty: 'exact' | 'at-most';
  readonly why: string | undefined;
  /** How many fewer would move if the buckets stood in the target's order. Nobody means those to move. */
  readonly spared: number;
}

export interface Impact {
  /** Rules in the order of the result, then everyone else; without individual targets. */
  readonly audiences: readonly Audience[];
  /** The audience of which the largest share gets another treatment; none of a definition that is created. */
  readonly mostMoved: Audience | undefined;
  /** That share in percent, two decimals. */
  readonly largestShift: number | undefined;
  /** Whether the same bucket sizes in the target's order would move fewer. */
  readonly reshuffle: boolean;
}

/** An individual target. */
export type Target = Extract<Who, { kind: 'key' | 'segment' }>;

/** Everybody a definition targets individually; nobody while it is killed. */
function* targetsOf(definition: Definition): Generator<Target> {
  if (killedOutcome(definition) !== undefined) return;
  for (const treatment of definition.treatments) {
    for (const name of treatment.keys ?? []) yield { kind: 'key', name };
    for (const list of SEGMENT_LISTS) {
      for (const name of treatment[list] ?? []) yield { kind: 'segment', name, list };
    }
  }
}

/** The individual targets of both sides, each once. */
function* allTargets({ before, after }: Sides): Generator<Target> {
  const seen = new Map<string, Set<string>>();
  for (const side of [after, before]) {
    for (const target of targetsOf(side)) {
      const list = target.kind === 'key' ? 'keys' : target.list;
      const names = seen.get(list) ?? new Set<string>();
      seen.set(list, names);
      if (names.has(target.name)) continue;
      names.add(target.name);
      yield target;
    }
  }
}

/** The treatments that both sides have, with another dynamic configuration. */
function reconfiguredOf(before: Definition, after: Definition): ReadonlySet<string> {
  const configurations = new Map(
    before.treatments.map((treatment) => [treatment.name, treatment.configurations]),
  );
  const differing = after.treatments.filter(
    ({ name, configurations: now }) =>
      configurations.has(name) && (configurations.get(name) ?? '') !== (now ?? ''),
  );
  return new Set(differing.map(({ name }) => name));
}

interface Sides {
  readonly before: Definition;
  readonly after: Definition;
  readonly isCreated: boolean;
  readonly reconfigured: ReadonlySet<string>;
}

const dependsOn = ({ unknown }: Unknown): string => `It depends on ${unknown}.`;

/** `before` and `after`: each thing that may be served. */
function audienceOf(
  who: Who,
  before: readonly Outcome[],
  after: readonly Outcome[],
  why: string | undefined,
  { isCreated, reconfigured }: Sides,
): Audience {
  const served = (outcomes: readonly Outcome[]): readonly Share[] | 'unknown' => {
    const [only, ...others] = outcomes.map(sharesOf);
    return only === undefined || others.length > 0 ? 'unknown' : only;
  };
  const pairs = isCreated ? [] : before.flatMap((from) => after.map((to) => [from, to] as const));
  const shifts = pairs.map(([from, to]) => shiftOf(from, to, reconfigured));
  const isSure = why === undefined;
  return {
    who,
    before: isCreated ? undefined : served(before),
    after: served(after),
    transitions: shifts.length === 1 ? shifts.flatMap(({ transitions }) => transitions) : [],
    moved: Math.max(0, ...shifts.map(({ moved }) => moved)),
    certainty: isSure ? 'exact' : 'at-most',
    why,
    spared: isSure ? Math.max(0, ...pairs.map(([from, to]) => spared(from, to))) : 0,
  };
}

const OVERLAP = 'It cannot be known whether any users meet both conditions.';

function ruleAudiences(sides: Sides): readonly Audience[] {
  const differing = new Map<Outcome, Map<Outcome, boolean>>();
  const differ = (before: Outcome, after: Outcome): boolean => {
    const known = differing.get(before) ?? new Map<Outcome, boolean>();
    differing.set(before, known);
    const verdict = known.get(after) ?? shiftOf(before, after, sides.reconfigured).transitions.length > 0;
    known.set(after, verdict);
    return verdict;
  };
  return groupsOf(sides.before, sides.after, differ).map(({ rule, also, before, after }) => {
    const who: Who = rule === undefined ? { kind: 'everyone-else' } : { kind: 'rule', rule, also };
    return audienceOf(who, [before], [after], also.length > 0 ? OVERLAP : undefined, sides);
  });
}

function sidesOf(before: Definition | undefined, after: Definition): Sides {
  const old = before ?? after;
  return { before: old, after, isCreated: before === undefined, reconfigured: reconfiguredOf(old, after) };
}

/**
 * The impact of replacing `before` (`undefined`: the target has no definition) by `result`. The seeds of both hashes
 * belong to the target and stay, so every user keeps their buckets. See docs/impact.md.
 */
export function impactOf(before: Definition | undefined, result: Definition): Impact {
  const sides = sidesOf(before, result);
  const audiences = ruleAudiences(sides);
  // There may be more of them than a function takes arguments.
  const largest = audiences.reduce((most, { moved }) => Math.max(most, moved), 0);
  return {
    audiences,
    mostMoved: sides.isCreated ? undefined : audiences.find(({ moved }) => moved === largest),
    largestShift: sides.isCreated ? undefined : Number(percentOf(largest)),
    reshuffle: audiences.some((audience) => audience.spared > 0),
  };
}

/** Individual targets that are served alike before, and alike after. */
export interface TargetGroup {
  /** In the order of the result; at least one. */
  readonly targets: readonly [Target, ...Target[]];
  /** The first of them. */
  readonly audience: Audience;
}

/**
 * What the same replacement does to the individual targets of either side. There may be tens of thousands, and they go a
 * few ways.
 */
export function targetGroupsOf(before: Definition | undefined, result: Definition): readonly TargetGroup[] {
  const sides = sidesOf(before, result);
  const [walkBefore, walkAfter] = [walker(sides.before), walker(sides.after)];
  const groups: { readonly targets: [Target, ...Target[]]; readonly audience: Audience }[] = [];
  const known = new Map<Walk, Map<Walk, Target[]>>();
  for (const target of allTargets(sides)) {
    const subject =
      target.kind === 'key' ? ({ kind: 'key', key: target.name, byEntry: true } as const) : target;
    const [from, to] = [walkBefore(subject), walkAfter(subject)];
    const alike = known.get(from)?.get(to);
    if (alike !== undefined) {
      alike.push(target);
      continue;
    }
    const doubt = to.doubt ?? (sides.isCreated ? undefined : from.doubt);
    const audience = audienceOf(target, from.possible, to.possible, doubt && dependsOn(doubt), sides);
    const targets: [Target, ...Target[]] = [target];
    groups.push({ targets, audience });
    known.set(from, (known.get(from) ?? new Map<Walk, Target[]>()).set(to, targets));
  }
  return groups;
}
