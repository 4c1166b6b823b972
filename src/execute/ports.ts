// What carrying out a run needs from outside: the Admin API in domain words, a journal, and time.
import type { Definition } from '../definition/definition.ts';
import type { Failure } from '../failure.ts';
import type { JsonObject } from '../json.ts';
import type { Audit } from '../plan/audit.ts';
import type { Written } from '../plan/outcome.ts';
import type { Named, Place } from '../plan/plan.ts';

export type { Audit, Named, Place, Written };

export interface Environment extends Named {
  readonly production: boolean;
}

/** What a list answered: its entries, or that this key may not see it (401, 403). */
export type Listing<T> = readonly T[] | 'refused';

/** What became of a write. */
export type WriteAnswer =
  { readonly written: 'yes' } | { readonly written: Exclude<Written, 'yes'>; readonly failure: Failure };

/**
 * Reads what a write of unknown outcome left: whether it took effect, did not, or cannot be told. Throws a
 * Failure where the target is neither what it was nor what was meant.
 */
export type Settle = () => Promise<Written>;

/** A key's view of the Admin API. Every method throws a Failure when the API gives no usable answer. */
export interface AdminApi {
  /** Workspaces of this name; where there are none, all that the key can see. */
  readonly workspacesNamed: (name: string) => Promise<Listing<Named>>;
  readonly environments: (workspace: Named) => Promise<Listing<Environment>>;
  /** `undefined` where there is none, or none that the key can see (404). */
  readonly definition: (place: Place) => Promise<Definition | undefined>;
  /** The same, as part of a write under way: it goes on for a moment after the run was cancelled. */
  readonly definitionAfterWrite: (place: Place) => Promise<Definition | undefined>;
  readonly hasFlag: (place: Place) => Promise<boolean>;
  /** Names of the first few hundred flags of a workspace, for near misses. */
  readonly flagNames: (workspace: Named) => Promise<readonly string[]>;
  readonly createDefinition: (place: Place, body: JsonObject, settle: Settle) => Promise<WriteAnswer>;
  readonly updateDefinition: (place: Place, body: JsonObject, settle: Settle) => Promise<WriteAnswer>;
  readonly kill: (place: Place, audit: Audit, settle: Settle) => Promise<WriteAnswer>;
  readonly restore: (place: Place, audit: Audit, settle: Settle) => Promise<WriteAnswer>;
}
