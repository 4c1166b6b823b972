// What the checks of one item look at.
import type { Impact } from '../impact/impact.ts';
import type { Section } from '../definition/sections.ts';
import type { ExpectedLine } from './expectations.ts';
import type { Weights } from './finding.ts';
import type { Mode } from './outcome.ts';
import { targetKey, type Draft } from './plan.ts';
import { NOT_LOOKED_UP, neighbourOf, trafficTypeOf } from './surroundings.ts';
import type { ChangeRequest, Fact, Neighbour, Surroundings, TrafficType } from './surroundings.ts';

export interface Candidate extends Draft {
  readonly sections: readonly Section[];
  readonly createMissing: boolean;
  readonly mode: Mode;
  readonly failOn: Weights['failOn'];
  /** The open change request that already asks for this result. */
  readonly openRequest: ChangeRequest | undefined;
  /** The target environment. */
  readonly around: Surroundings;
  /** Everything this run means to have, this item included. */
  readonly planned: Planned;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What it does to users. */
  readonly impact: Impact;
  /** Percent of an audience that may be moved; `undefined`: all of it. */
  readonly maxShift?: number | undefined;
  readonly expect?: readonly ExpectedLine[];
  /** The names of all flags of the run, as the source has them. */
  readonly flags: ReadonlySet<string>;
}

/** Drafts by the key of their target. */
export type Planned = ReadonlyMap<string, Draft>;

export const plannedOf = (drafts: readonly Draft[]): Planned =>
  new Map(drafts.map((draft) => [targetKey(draft), draft]));

/** A flag of the target environment as it will be once this run is over. */
export function neighbourAt(candidate: Candidate, flag: string): Fact<Neighbour | undefined> {
  const { planned, around } = candidate;
  const draft = planned.get(targetKey(candidate, flag));
  if (draft !== undefined) return { known: neighbourOf(flag, draft.result) };
  return around.neighbours.get(flag) ?? NOT_LOOKED_UP;
}

export const inOneWorkspace = ({ source, target }: Draft): boolean =>
  source.workspace.id === target.workspace.id;

/** The traffic type of the flag in the target's workspace, as far as it is known. */
export function targetTrafficType({ before, target, around }: Candidate): TrafficType {
  const flag = around.flags.get(target.flag);
  const known = flag !== undefined && 'known' in flag ? flag.known?.trafficType : undefined;
  return before === undefined ? (known ?? {}) : trafficTypeOf(before);
}
