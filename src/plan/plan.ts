// The plan as data: what a run would write, item by item. It is made, rendered and saved in every mode.
import type { Impact } from '../impact/impact.ts';
import type { Definition } from '../definition/definition.ts';
import type { Difference } from '../definition/difference.ts';
import type { ChangedPart, Section } from '../definition/sections.ts';
import type { Finding } from './finding.ts';
import type { ChangeRequest } from './surroundings.ts';

/** Something the API knows by an id and people know by a name; the name is the id where none was seen. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Environment extends Named {
  /** `undefined` where the environment was given by its id, so that no list was read. */
  readonly production?: boolean | undefined;
  /** Its id as definitions in it say, where it was named and no list could be read; good for look-ups only. */
  readonly ownId?: string | undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a word is taken for an id, without looking it up. */
export const isId = (word: string): boolean => UUID.test(word);

/** Ids are UUIDs, which mean the same in either case. */
export const isSameId = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

/** Whether a word is the name or the id of an environment. */
export const isCalled = ({ id, ownId = id, name }: Environment, word: string): boolean =>
  word === name || isSameId(word, id) || isSameId(word, ownId);

/** Where a definition lives. */
export interface Place {
  readonly workspace: Named;
  readonly environment: Environment;
  readonly flag: string;
}

/** A definition that is no longer what a plan recorded; `undefined` stands for none. */
export interface Moved {
  readonly side: 'source' | 'target';
  readonly was: Definition | undefined;
  readonly is: Definition | undefined;
}

/** What a run wrote and somebody changed since. */
export interface Conflict {
  readonly sections: readonly Section[];
  /** What the target was before the run. */
  readonly old: Definition | undefined;
  /** What the run left. */
  readonly ours: Definition | undefined;
  /** What is there now. */
  readonly theirs: Definition | undefined;
}

/** One flag in one target environment, before it is checked. */
export interface Draft {
  readonly source: Place;
  readonly target: Place;
  readonly sourceDefinition: Definition;
  /** The target as read; `undefined` where it has no definition. */
  readonly before: Definition | undefined;
  /** When that was read, milliseconds since the epoch. */
  readonly readAt?: number | undefined;
  /** The target as meant when the run is over, its kill state included. */
  readonly result: Definition;
  /** The kill state change that the kill and restore endpoints have to make, if any. */
  readonly killChange: 'kill' | 'restore' | undefined;
  /** Empty exactly when nothing is to be written. */
  readonly changed: readonly ChangedPart[];
  readonly differences: readonly Difference[];
  /** Whether the definition is to be removed; the result is then what is there. */
  readonly removes?: boolean | undefined;
  /** What was changed since the plan was made that is being applied. */
  readonly moved?: readonly Moved[] | undefined;
  /** What keeps an item from being rolled back. */
  readonly conflict?: Conflict | undefined;
  /** Sections that a rollback cannot make what they were, since the API shows no way to unset them. */
  readonly keptUnset?: readonly Section[] | undefined;
}

/** How many users a change moves to another treatment. */
export type Movement = Omit<Impact, 'audiences'>;

/** One flag in one target environment. */
export interface Item extends Draft, Movement {
  /** Always empty where nothing is to be written. */
  readonly findings: readonly Finding[];
  /** The open change request that already asks for exactly this result, if there is one. */
  readonly openRequest: ChangeRequest | undefined;
}

/** What no two drafts of a run share: environment and flag of the target, or of another flag beside it. */
export const targetKey = ({ target }: Draft, flag = target.flag): string =>
  `${target.environment.id}\n${flag}`;

export interface Plan {
  readonly items: readonly Item[];
  /** The sections this run copies, in the order of `SECTIONS`. */
  readonly copied: readonly Section[];
  readonly killState: 'keep' | 'copy';
  /** What checks found on the plan as a whole. */
  readonly findings: readonly Finding[];
  /** SHA-256 in hex over everything read and meant, see `fingerprintOf`. */
  readonly fingerprint: string;
}

export const differs = (item: Draft): boolean => item.changed.length > 0;

const isError = ({ severity }: Finding): boolean => severity === 'error';

/** What refuses an item, or a whole plan. */
export const errorsOf = ({ findings }: { readonly findings: readonly Finding[] }): readonly Finding[] =>
  findings.filter(isError);

export const isRefused = ({ findings }: { readonly findings: readonly Finding[] }): boolean =>
  findings.some(isError);

/** Whether a check refused the plan as a whole, or any item of it. */
export const isPlanRefused = (plan: Plan): boolean => isRefused(plan) || plan.items.some(isRefused);
