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

export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly production: boolean;
  /** Whether a direct write is refused with 403 (developer.harness.io: Admin API, approvals). */
  approvalsRequired: boolean;
  readonly segments: Segment[];
  /** By flag name; whole, with the members only the server sets. */
  readonly definitions: Map<string, JsonObject>;
  /** Ids of unresolved change requests, by flag name. */
  readonly openChangeRequests: Map<string, string>;
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
}

/** Where a definition is. `workspace` and `environment` are ids or exact names, `flag` is a name. */
export interface Place {
  readonly workspace: string;
  readonly environment: string;
  readonly flag: string;
}
