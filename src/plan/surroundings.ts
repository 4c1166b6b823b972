// What the checks need to know of a target environment beyond the definitions that are copied.
import { memberOf, isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Definition } from '../definition/definition.ts';
import { dependenciesOf, type Dependency, type SegmentKind } from '../definition/references.ts';

/** Something that was looked up: known, or why it is not (a sentence). */
export type Fact<T> = { readonly known: T } | { readonly unverified: string };

/** Nobody asked, since no check seemed to need it. */
export const NOT_LOOKED_UP = { unverified: 'It was not looked up.' } as const;

/** A traffic type as definitions, flags and segments show it; either member may be missing. */
export interface TrafficType {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

export interface Segment {
  readonly name: string;
  readonly trafficType: TrafficType;
}

/** What a flag is in all environments of its workspace. */
export interface FlagFacts {
  readonly trafficType: TrafficType;
  /** Id of the flag's rollout status; `undefined` where it has none. */
  readonly rolloutStatus: string | undefined;
}

/** Another flag of the target environment, as far as rules that lean on flags are concerned. */
export interface Neighbour {
  readonly flag: string;
  readonly killed: boolean;
  readonly defaultTreatment: string;
  readonly treatments: readonly string[];
  readonly dependencies: readonly Dependency[];
}

/** What a run asks for by a change request (docs: Admin API, approvals). */
export type Operation = 'CREATE' | 'UPDATE' | 'KILL' | 'RESTORE' | 'ARCHIVE';

/** A change request on a flag. */
export interface ChangeRequest {
  readonly id: string;
  /** `REQUESTED`, `APPROVED`, `PUBLISHED`, `REJECTED`, `WITHDRAWN` …; others may come. */
  readonly status: string;
  /** `undefined` where it is about no flag. */
  readonly flag: string | undefined;
  /** Id or name of its environment, where the API shows it. */
  readonly environment: string | undefined;
  readonly operation: string | undefined;
  readonly title: string | undefined;
  /** Who asked for it. */
  readonly submitter: string | undefined;
  /** When, in ms since the epoch. */
  readonly since: number | undefined;
  /** Who had the last word on it, other than who asked. */
  readonly decided: { readonly user: string | undefined; readonly comment: string | undefined } | undefined;
  /** Who may decide it, as the API names them. */
  readonly approvers: readonly string[];
  /** The definition it asks for. */
  readonly proposal: JsonObject;
}

/** One target environment, as far as the items of a run need it known. */
export interface Surroundings {
  /** Names of segments there, of the kinds that results name. */
  readonly segments: ReadonlyMap<SegmentKind, Fact<readonly Segment[]>>;
  /** Flags that IN_SPLIT rules lead to, parents of parents included; `undefined`: no definition there. */
  readonly neighbours: ReadonlyMap<string, Fact<Neighbour | undefined>>;
  /** Every definition there; looked up only where a treatment goes away. */
  readonly everyone: Fact<readonly Neighbour[]> | undefined;
  /** The flags themselves, by name; looked up only where nothing else shows that they are there. */
  readonly flags: ReadonlyMap<string, Fact<FlagFacts | undefined>>;
  readonly changeRequests: Fact<readonly ChangeRequest[]> | undefined;
}

/** Nothing was looked up, since no check needed it. */
export const NO_SURROUNDINGS: Surroundings = {
  segments: new Map(),
  neighbours: new Map(),
  everyone: undefined,
  flags: new Map(),
  changeRequests: undefined,
};

/** What a definition is to rules of other flags. */
export const neighbourOf = (flag: string, definition: Definition): Neighbour => ({
  flag,
  killed: definition.killed === true,
  defaultTreatment: definition.defaultTreatment,
  treatments: definition.treatments.map(({ name }) => name),
  dependencies: dependenciesOf(definition),
});

const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** The traffic type that a definition says it has. */
export function trafficTypeOf(definition: Definition | undefined): TrafficType {
  const type = definition && memberOf(definition, 'trafficType');
  return isJsonObject(type) ? { id: text(memberOf(type, 'id')), name: text(memberOf(type, 'name')) } : {};
}

/** Whether two traffic types are known to differ. Ids mean something only within one workspace. */
export function isOtherTrafficType(
  left: TrafficType,
  right: TrafficType,
  { sameWorkspace }: { readonly sameWorkspace: boolean },
): boolean {
  if (sameWorkspace && left.id !== undefined && right.id !== undefined) return left.id !== right.id;
  return left.name !== undefined && right.name !== undefined && left.name !== right.name;
}
