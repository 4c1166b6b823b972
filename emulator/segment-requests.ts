// Change requests about the keys of a standard segment: submitted, and carried out.
import type { Json, JsonObject } from '../src/json.ts';
import { permit } from './access.ts';
import { Refusal } from './answers.ts';
import { nameOf, showChangeRequest, textOr } from './change-request-view.ts';
import { isOpen } from './change-requests.ts';
import { textsOf } from './matchers.ts';
import { ok, type Answer, type Call } from './route.ts';
import { stableId, type ChangeRequest, type Environment, type Workspace } from './world.ts';
import { checkTold, refuseLocked } from './writes.ts';

/** JSON schema of what a request says of a segment. */
export const keysSchema = {
  type: 'object',
  required: ['name', 'keys'],
  properties: { name: { type: 'string' }, keys: { type: 'array', minItems: 1, items: { type: 'string' } } },
};

interface Where {
  readonly workspace: Workspace;
  readonly environment: Environment;
}

function submitted(call: Call, { workspace, environment }: Where, body: JsonObject): ChangeRequest {
  const { segment, operationType, title, comment, approvers } = body;
  const { name, keys } = segment as { readonly name: string; readonly keys: Json };
  const said = textOr(comment, null);
  const timestamp = Math.floor(call.now());
  return {
    id: stableId(workspace.id, environment.id, name, 'segment', String(call.world.changeRequests.length)),
    workspaceId: workspace.id,
    environmentId: environment.id,
    flag: '',
    segment: { name, keys: textsOf(keys) },
    operationType: operationType as ChangeRequest['operationType'],
    sent: {},
    proposal: {},
    title: textOr(title, null),
    approvers: textsOf(approvers),
    submitter: call.token.key,
    rolloutStatus: null,
    status: 'REQUESTED',
    comments:
      said === null ? [] : [{ comment: said, user: nameOf(call.token), role: 'SUBMITTER', timestamp }],
    rolloutStatusTimestamp: null,
  };
}

/** Submits a request about a segment. @throws Refusal where it, or somebody, is not what it takes */
export function createSegmentRequest(call: Call, where: Where, body: JsonObject): Answer {
  permit(call, 'write change requests of segments');
  const { workspace, environment } = where;
  const request = submitted(call, where, body);
  const { segment, operationType } = request;
  if (operationType !== 'CREATE' && operationType !== 'ARCHIVE')
    throw new Refusal(400, `Keys of a segment take CREATE or ARCHIVE, not ${operationType}`);
  if (!environment.segments.some(({ name, kind }) => name === segment?.name && kind === 'standard'))
    throw new Refusal(404, `Could not find segment ${String(segment?.name)}`);
  const open = call.world.changeRequests.find(
    (known) =>
      isOpen(known) && known.environmentId === environment.id && known.segment?.name === segment?.name,
  );
  refuseLocked(open?.id);
  checkTold(workspace, (member) => textOr(body[member], undefined));
  call.world.changeRequests.push(request);
  return ok(showChangeRequest(call, request), call.switches.createStatus);
}
