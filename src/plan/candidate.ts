// What the checks of one item look at.
import type { Section } from '../definition/sections.ts';
import type { Weights } from './finding.ts';
import type { Draft } from './plan.ts';
import { neighbourOf, trafficTypeOf } from './surroundings.ts';
import type { ChangeRequest, Fact, Neighbour, Surroundings, TrafficType } from './surroundings.ts';

export interface Candidate extends Draft {
  readonly sections: readonly Section[];
  readonly createMissing: boolean;
  readonly failOn: Weights['failOn'];
  /** The open change request that already asks for this result. */
  readonly openRequest: ChangeRequest | undefined;
  /** The target environment. */
  readonly around: Surroundings;
  /** Everything this run means to have, this item included. */
  readonly planned: Planned;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Drafts by environment and flag of their target. */
export type Planned = ReadonlyMap<string, Draft>;

const keyOf = (environment: string, flag: string): string => `${environment}\n${flag}`;

export const plannedOf = (drafts: readonly Draft[]): Planned =>
  new Map(drafts.map((draft) => [keyOf(draft.target.environment.id, draft.target.flag), draft]));

/** A flag of the target environment as it will be once this run is over. */
export function neighbourAt(
  { planned, around, target }: Candidate,
  flag: string,
): Fact<Neighbour | undefined> {
  const draft = planned.get(keyOf(target.environment.id, flag));
  if (draft !== undefined) return { known: neighbourOf(flag, draft.result) };
  return around.neighbours.get(flag) ?? { unverified: 'It was not looked up.' };
}

export const inOneWorkspace = ({ source, target }: Draft): boolean =>
  source.workspace.id === target.workspace.id;

/** The traffic type of the flag in the target's workspace, as far as it is known. */
export function targetTrafficType({ before, target, around }: Candidate): TrafficType {
  const flag = around.flags.get(target.flag);
  const known = flag !== undefined && 'known' in flag ? flag.known?.trafficType : undefined;
  return before === undefined ? (known ?? {}) : trafficTypeOf(before);
}

/** `a`, `b` and 3 more: names in a sentence. */
export function listed(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** `1 target`, `30,000 targets`. */
export const plural = (amount: number, noun: string): string =>
  `${String(amount).replaceAll(/\B(?=(\d{3})+$)/g, ',')} ${noun}${amount === 1 ? '' : 's'}`;

/** The same values under one key each, in order. */
export function groups<T>(
  values: readonly T[],
  keyOf: (value: T) => string,
): readonly (readonly [T, ...T[]])[] {
  const byKey = new Map<string, [T, ...T[]]>();
  for (const value of values) {
    const group = byKey.get(keyOf(value));
    if (group === undefined) byKey.set(keyOf(value), [value]);
    else group.push(value);
  }
  return [...byKey.values()];
}

const MOST_PLACES = 8;

/** `rule 1, rule 2 and 498 more`: where something is, without drowning what it is. */
export function placesOf(references: readonly { readonly place: string }[]): string {
  const places = [...new Set(references.map(({ place }) => place))];
  const shown = places.slice(0, MOST_PLACES).join(', ');
  return places.length > MOST_PLACES ? `${shown} and ${places.length - MOST_PLACES} more` : shown;
}
