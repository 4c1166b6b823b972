// What the emulator's world consists of.
import type { JsonObject } from '../src/json.ts';

export interface TrafficType {
  readonly id: string;
  readonly name: string;
}

export interface RolloutStatus {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** What a flag is in all environments; what it does in one of them is its definition there. */
export interface Flag {
  readonly id: string;
  readonly name: string;
  readonly trafficType: TrafficType;
  readonly creationTime: number;
  description: string | null;
  tags: readonly string[];
  rolloutStatus: RolloutStatus;
  rolloutStatusTimestamp: number;
}

export type SegmentKind = 'standard' | 'large' | 'rule-based';

export interface Segment {
  readonly kind: SegmentKind;
  readonly name: string;
  readonly description: string;
  readonly trafficType: TrafficType;
  readonly keys: readonly string[];
  readonly creationTime: number;
}

/** A rule of the company about definitions, which the server asks after its own. */
export interface Policy {
  readonly name: string;
  /** Why a definition may not be as it would be; undefined when it may. */
  readonly denies: (definition: JsonObject) => string | undefined;
  /** Status of the denial; 409 as for the newer API. Default 499. */
  readonly status?: 499 | 409;
}

export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly production: boolean;
  /** Whether a direct write is refused with 403 (developer.harness.io: Admin API, approvals). */
  approvalsRequired: boolean;
  /** Whether the environment says who may approve, so that a change request may not. */
  approversRestricted: boolean;
  /** Whether a kill needs no approval though other writes do. */
  allowKills: boolean;
  readonly policies: Policy[];
  readonly segments: Segment[];
  /** By flag name; whole, with the members only the server sets. */
  readonly definitions: Map<string, JsonObject>;
  /** Ids of unresolved change requests, by flag name: what locks the flag here. An id may stand alone, without its request. */
  readonly openChangeRequests: Map<string, string>;
}

/** What a change request asks for: ARCHIVE removes the definition from the environment. */
export type OperationType = 'CREATE' | 'UPDATE' | 'KILL' | 'RESTORE' | 'ARCHIVE';

/** What can become of a change request by somebody's decision. */
export type Decision = 'APPROVED' | 'REJECTED' | 'WITHDRAWN';

/** Where a change request stands (developer.harness.io: Admin API, approvals). PUBLISHED is approved and carried out. */
export type ChangeRequestStatus = 'REQUESTED' | 'SCHEDULE_REQUESTED' | 'SCHEDULED' | 'PUBLISHED' | Decision;

export interface ChangeRequestComment {
  readonly comment: string;
  readonly user: string;
  readonly role: 'SUBMITTER' | 'APPROVER';
  readonly timestamp: number;
}

/** Keys that come into a standard segment (CREATE) or go out of it (ARCHIVE). */
export interface KeysChange {
  readonly name: string;
  readonly keys: readonly string[];
}

/** A change to one definition, or to the keys of one segment, that waits for somebody's approval, or waited. */
export interface ChangeRequest {
  readonly id: string;
  readonly workspaceId: string;
  readonly environmentId: string;
  /** Its name; of a request about a segment, empty. */
  readonly flag: string;
  readonly segment?: KeysChange;
  readonly operationType: OperationType;
  /** The definition as sent, or no more than its name. */
  readonly sent: JsonObject;
  /** The whole definition as it would be, or for ARCHIVE as it was. */
  readonly proposal: JsonObject;
  readonly title: string | null;
  readonly approvers: readonly string[];
  /** The key that submitted it, or whoever else did. */
  readonly submitter: string;
  /** What the flag's status is to be once the change is made; null: as it is. */
  readonly rolloutStatus: RolloutStatus | null;
  readonly scheduledFor?: number;
  readonly scheduledForTimezone?: string;
  status: ChangeRequestStatus;
  comments: readonly ChangeRequestComment[];
  rolloutStatusTimestamp: number | null;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** Whether a write without title and comment gets an empty 400. */
  requiresTitleAndComments: boolean;
  /** Only workspaces of accounts migrated to Harness have the two identifiers. */
  readonly organizationIdentifier?: string;
  readonly projectIdentifier?: string;
  readonly trafficTypes: TrafficType[];
  readonly rolloutStatuses: readonly RolloutStatus[];
  readonly environments: Environment[];
  readonly flags: Map<string, Flag>;
}

/** Key roles and scopes as listed by docs.split.io/reference/authentication. */
export type Role =
  | 'API_ALL_GRANTED'
  | 'API_APIKEY'
  | 'API_ADMIN'
  | 'API_WORKSPACE_ADMIN'
  | 'API_FEATURE_FLAG_VIEWER'
  | 'API_FEATURE_FLAG_EDITOR'
  | 'API_SEGMENT_VIEWER'
  | 'API_SEGMENT_EDITOR';
export type Scope = 'GLOBAL' | 'WORKSPACE' | 'ENVIRONMENT';

export interface Token {
  readonly key: string;
  /** What comments on change requests call its holder; default admin-api-key. */
  readonly name?: string;
  readonly role: Role;
  readonly scope: Scope;
  /** The workspaces or environments a narrower scope is limited to. */
  readonly ids?: readonly string[];
}

export interface World {
  readonly organizationId: string;
  readonly workspaces: Workspace[];
  /** While empty, any key is accepted and may do everything. */
  readonly tokens: Token[];
  /** All there ever were, in the order they were submitted. */
  readonly changeRequests: ChangeRequest[];
}

/** Where a definition is. `workspace` and `environment` are ids or exact names, `flag` is a name. */
export interface Place {
  readonly workspace: string;
  readonly environment: string;
  readonly flag: string;
}

/** The same, found. */
export interface Site {
  readonly workspace: Workspace;
  readonly environment: Environment;
  readonly flag: Flag;
}
