// What carrying out a run needs from outside: the Admin API in domain words, a journal, and time.
import type { Definition } from '../definition/definition.ts';
import type { Failure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import type { Audit } from '../plan/audit.ts';
import { RESERVE, type RateLimit } from '../plan/estimate.ts';
import type { Written } from '../plan/outcome.ts';
import type { SegmentKind } from '../definition/references.ts';
import type { Environment, Named, Place } from '../plan/plan.ts';
import type { ChangeRequest, FlagFacts, Segment } from '../plan/surroundings.ts';

export { RESERVE };
export type { Audit, ChangeRequest, Environment, FlagFacts, Named, Place, Segment, SegmentKind, Written };

/** An environment of a workspace. */
export type Site = Pick<Place, 'workspace' | 'environment'>;

/** What a list answered: its entries, or that this key may not see it (401, 403). */
export type Listing<T> = readonly T[] | 'refused';

/** A definition as it was read, and when the request for it was sent: milliseconds since the epoch. */
export interface Sighting {
  readonly definition: Definition;
  readonly at: number;
}

/** Sightings by flag; flags without a definition are left out. */
export type Sightings = ReadonlyMap<string, Sighting>;

/**
 * What became of a write; `definition` is the target as the answer shows it, where it does. A `late` one was not
 * sent, since that could only have been later than it may.
 */
export type WriteAnswer =
  | { readonly written: 'yes'; readonly definition?: Definition | undefined }
  | { readonly written: Exclude<Written, 'yes'>; readonly failure: Failure; readonly late?: boolean };

/**
 * Reads what a write of unknown outcome left: whether it took effect, did not, or cannot be told. Throws a
 * Failure where the target is neither what it was nor what was meant.
 */
export type Settle = () => Promise<Written>;

/** A target seen longer ago may be another one by now. */
export const FRESH_MILLISECONDS = 5000;

/** How a write is kept from doing harm. */
export interface WriteGuard {
  readonly settle: Settle;
  /** It is not sent after this moment, milliseconds since the epoch. */
  readonly notAfter: number;
}

/** Time, so that waiting can be tested. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after the time, or at once when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export interface ReadOptions {
  /** Part of a write under way: it goes on for a moment after the run was cancelled. */
  readonly begun?: boolean | undefined;
}

/** The definitions of one environment, read singly or page by page, whichever takes fewer requests. */
export interface EnvironmentReader {
  /** @throws Failure where something could not be read */
  readonly read: (flags: readonly string[], options?: ReadOptions) => Promise<Sightings>;
  /** Where among the definitions of the environment the page of a flag begins; `undefined` where that is not known. */
  readonly pageOf: (flag: string) => number | undefined;
  /** About as many requests as reading these flags again takes. */
  readonly cost: (flags: readonly string[]) => number;
}

/** A key's view of the Admin API. Every method throws a Failure when the API gives no usable answer. */
export interface AdminApi {
  /** Workspaces of this name; where there are none, all that the key can see. */
  readonly workspacesNamed: (name: string) => Promise<Listing<Named>>;
  readonly environments: (workspace: Named) => Promise<Listing<Environment>>;
  /** `undefined` where there is none, or none that the key can see (404). */
  readonly definition: (place: Place, options?: ReadOptions) => Promise<Sighting | undefined>;
  /** The flag itself, whatever the environment; `undefined` where there is none that the key can see. */
  readonly flag: (place: Place) => Promise<FlagFacts | undefined>;
  /** Names of the first few hundred flags of a workspace, for near misses; of all with any of the tags, if given. */
  readonly flagNames: (workspace: Named, tags?: readonly string[]) => Promise<readonly string[]>;
  /** Hands one page of an environment's definitions over, from an offset on. */
  readonly definitionPage: (
    site: Site,
    offset: number,
    take: (flag: string, sighting: Sighting) => void,
    options?: ReadOptions,
  ) => Promise<{ readonly size: number; readonly total: number }>;
  /** Some definition of an environment, if there is one. @throws Failure `not-found` without such an environment. */
  readonly anyDefinition: (site: Site) => Promise<Definition | undefined>;
  /** What `take` makes of every definition of an environment. */
  readonly definitions: <T>(
    site: Site,
    take: (flag: string, definition: Definition) => T,
  ) => Promise<readonly T[]>;
  /** All segments of one kind in an environment. */
  readonly segments: (site: Site, kind: SegmentKind) => Promise<readonly Segment[]>;
  /** The change requests of an environment that wait for a decision. */
  readonly openChangeRequests: (site: Site, options?: ReadOptions) => Promise<readonly ChangeRequest[]>;
  readonly changeRequest: (id: string) => Promise<ChangeRequest>;
  /** Files a change request; the answer is `undefined` where only `settle` could tell that it was filed. */
  readonly submitChangeRequest: (
    place: Place,
    body: JsonObject,
    settle: Settle,
  ) => Promise<WriteAnswer & { readonly request?: ChangeRequest | undefined }>;
  readonly createDefinition: (place: Place, body: JsonObject, guard: WriteGuard) => Promise<WriteAnswer>;
  readonly updateDefinition: (place: Place, body: JsonObject, guard: WriteGuard) => Promise<WriteAnswer>;
  readonly removeDefinition: (place: Place, audit: Audit, guard: WriteGuard) => Promise<WriteAnswer>;
  readonly kill: (place: Place, audit: Audit, guard: WriteGuard) => Promise<WriteAnswer>;
  readonly restore: (place: Place, audit: Audit, guard: WriteGuard) => Promise<WriteAnswer>;
}

/** What is told of work under way. */
export interface StageProgress {
  /** A stage of the work begins; without a number of items it is told by requests. */
  readonly begin: (stage: string, items?: number) => void;
  /** An item is done in it. */
  readonly done: () => void;
}

/** The rate limit that all requests of a run share. */
export interface Limit {
  /** What a window holds for everybody, and how long it is, where that was heard or learned. */
  readonly known: () => RateLimit | undefined;
  /** From now on nothing is left to other users of the organisation. */
  readonly useAll: () => void;
}

/** The API as the source's key and as the target's key see it; the same object where one key does both. */
export interface Keys {
  readonly source: AdminApi;
  readonly target: AdminApi;
  readonly limit: Limit;
}
