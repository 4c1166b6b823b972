// Makes the plan: from definitions as read to drafts of what they become, and from drafts to checked items.
import type { Definition } from '../definition/definition.ts';
import { differencesOf } from '../definition/difference.ts';
import { sharing } from '../definition/equality.ts';
import { changedSections, type ChangedPart, type Section } from '../definition/sections.ts';
import type { Impact } from '../impact/impact.ts';
import { asksFor } from './change-request.ts';
import { plannedOf } from './candidate.ts';
import { changesAreFew, check } from './checks.ts';
import { everyLineIsAboutAFlag, flagsOf, type ExpectedLine } from './expectations.ts';
import { weigh, type Weights } from './finding.ts';
import { fingerprintOf } from './fingerprint.ts';
import { impactOn } from './impact-checks.ts';
import type { Mode } from './outcome.ts';
import { overrideFor, type ScopedOverride } from './overrides.ts';
import { differs, type Draft, type Item, type Place, type Plan } from './plan.ts';
import { resultOf } from './result.ts';
import { NO_SURROUNDINGS, type ChangeRequest, type Surroundings } from './surroundings.ts';

/** What was read for one item. */
export interface Reading {
  readonly source: Place;
  readonly target: Place;
  readonly sourceDefinition: Definition;
  /** `undefined` where the target has no definition. */
  readonly before: Definition | undefined;
  /** When the target was read, milliseconds since the epoch; `undefined` where it has no definition. */
  readonly readAt?: number | undefined;
}

/** What the user wants done with it. */
export interface Wish extends Weights {
  readonly mode: Mode;
  readonly sections: readonly Section[];
  readonly killState: 'keep' | 'copy';
  readonly createMissing: boolean;
  readonly overrides: readonly ScopedOverride[];
  readonly maxChanges: number;
  /** Percent of an audience that may be moved to another treatment; `undefined`: all of it. */
  readonly maxShift?: number | undefined;
  readonly expect?: readonly ExpectedLine[];
  readonly onApprovalRequired: 'request' | 'fail';
}

/** What a plan is checked against. */
export interface Circumstances {
  /** The target environments, by id; where nothing was looked up, there is none. */
  readonly around: ReadonlyMap<string, Surroundings>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly fingerprint?: string | undefined;
}

function killChangeOf(before: Definition | undefined, result: Definition): Item['killChange'] {
  const [was, becomes] = [before?.killed === true, result.killed === true];
  if (was === becomes) return undefined;
  return becomes ? 'kill' : 'restore';
}

/** What the writing of a result takes: what changes, and how. */
export function changeTo(
  result: Definition,
  before: Definition | undefined,
): Pick<Draft, 'result' | 'killChange' | 'changed' | 'differences'> {
  const killChange = killChangeOf(before, result);
  const changed: ChangedPart[] = [
    ...changedSections(before, result),
    ...(killChange ? ['kill-state' as const] : []),
  ];
  // Where nothing is to be written, what is there is what is meant.
  if (before !== undefined && changed.length === 0) {
    return { result: before, killChange, changed, differences: [] };
  }
  return { result, killChange, changed, differences: differencesOf(before, result) };
}

/** What a run would write for one reading. Pure: the same reading and wish give the same draft. */
export function draftOf(reading: Reading, { sections, killState, overrides }: Wish): Draft {
  const { source, target, sourceDefinition, before, readAt } = reading;
  const result = resultOf({
    source: sourceDefinition,
    target: before,
    targetFlag: target.flag,
    sections,
    killState,
    override: overrideFor(overrides, reading),
  });
  return {
    ...{ source, target, before, readAt },
    sourceDefinition: before === undefined ? sourceDefinition : sharing(sourceDefinition, before),
    ...changeTo(result, before),
  };
}

const UNMOVED: Impact = { audiences: [], mostMoved: undefined, largestShift: 0, reshuffle: false };

/** Where a change request is the way to write, the open one that asks for exactly this already. */
function openRequestOf(draft: Draft, around: Surroundings, wish: Wish): ChangeRequest | undefined {
  const { changeRequests } = around;
  if (!differs(draft) || wish.onApprovalRequired !== 'request' || changeRequests === undefined) {
    return undefined;
  }
  return 'known' in changeRequests
    ? changeRequests.known.find((request) => asksFor(request, draft))
    : undefined;
}

/**
 * The plan of these drafts, checked.
 * @param circumstances.fingerprint of the plan that was approved, where this one is only what is left of it
 */
export function makePlan(
  drafts: readonly Draft[],
  wish: Wish,
  { around: environments, now, fingerprint }: Circumstances,
): Plan {
  const planned = plannedOf(drafts);
  const flags = flagsOf(drafts);
  const { mode, expect = [] } = wish;
  const items = drafts.map((draft): Item => {
    const around = environments.get(draft.target.environment.id) ?? NO_SURROUNDINGS;
    const openRequest = openRequestOf(draft, around, wish);
    const impact = differs(draft) ? impactOn(draft) : UNMOVED;
    const { audiences: _audiences, ...movement } = impact;
    const findings = check({ ...draft, ...wish, ...{ openRequest, around, planned, now, impact, flags } });
    return { ...draft, ...movement, openRequest, findings: weigh(findings, wish) };
  });
  return {
    items,
    copied: wish.sections,
    killState: wish.killState,
    // A way back is made of what was written; `expect` may speak of more.
    findings:
      mode === 'rollback'
        ? []
        : weigh([...changesAreFew(drafts, wish), ...everyLineIsAboutAFlag(expect, drafts)], wish),
    fingerprint:
      fingerprint ??
      fingerprintOf(items.map((item) => (item.removes === true ? { ...item, result: undefined } : item))),
  };
}
