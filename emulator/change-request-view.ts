// Who sees a change request, and what it looks like.
import type { Json, JsonObject } from '../src/json.ts';
import { seesEnvironment } from './access.ts';
import { Refusal } from './answers.ts';
import { isOpen } from './change-requests.ts';
import { present } from './definitions.ts';
import type { Call } from './route.ts';
import type { ChangeRequest, Environment, Token, Workspace } from './world.ts';

/** What comments call the holder of a key. */
export const nameOf = ({ name = 'admin-api-key' }: Token): string => name;

/** A text of a body. */
export const textOr = <Otherwise>(value: Json | undefined, otherwise: Otherwise): string | Otherwise =>
  typeof value === 'string' ? value : otherwise;

/** @throws Refusal 401 when change requests are not for keys of one environment. */
export function admit({ token, switches }: Call): void {
  if (token.scope === 'ENVIRONMENT' && !switches.environmentKeysSeeChangeRequests)
    throw new Refusal(401, 'A key of one environment may not use change requests');
}

/** The environment of an id, in whichever workspace. */
export function environmentOfId(
  { world }: Call,
  id: string,
): { readonly workspace: Workspace; readonly environment: Environment } | undefined {
  for (const workspace of world.workspaces) {
    const environment = workspace.environments.find((known) => known.id === id);
    if (environment !== undefined) return { workspace, environment };
  }
  return undefined;
}

/** Whether a key's scope reaches where a request is. */
export function isVisible(call: Call, { environmentId }: ChangeRequest): boolean {
  const place = environmentOfId(call, environmentId);
  return place !== undefined && seesEnvironment(call.token, place.workspace, place.environment);
}

/** A change request as documented (developer.harness.io: Admin API, approvals). */
export function showChangeRequest(call: Call, request: ChangeRequest): JsonObject {
  const { id, status, title, workspaceId, operationType, comments, rolloutStatus } = request;
  const isRestricted = environmentOfId(call, request.environmentId)?.environment.approversRestricted === true;
  const split = { ...request.proposal, ...(isOpen(request) && { openChangeRequestId: id }) };
  return {
    split: request.segment === undefined ? present(split, undefined, call.switches) : null,
    segment: request.segment === undefined ? null : { ...request.segment },
    id,
    status,
    title,
    comment: null,
    workspace: { id: workspaceId, type: 'workspace' },
    // Where the environment names the approvers, a request shows them as its own.
    approvers: isRestricted ? ['admin-api-key'] : request.approvers,
    operationType,
    comments: comments.map((comment) => ({ ...comment })),
    rolloutStatus: rolloutStatus && { id: rolloutStatus.id, name: rolloutStatus.name },
    rolloutStatusTimestamp: request.rolloutStatusTimestamp,
    ...(request.scheduledFor !== undefined && {
      scheduledFor: request.scheduledFor,
      scheduledForTimezone: request.scheduledForTimezone ?? 'UTC',
    }),
  };
}
