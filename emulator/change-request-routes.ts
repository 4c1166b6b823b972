// The routes of change requests: submit one, list them, read and decide one.
import { isJsonObject } from '../src/json.ts';
import { findEnvironment, permit, type Operation } from './access.ts';
import { limitOf, Refusal } from './answers.ts';
import { createChangeRequest } from './change-request-submission.ts';
import {
  admit,
  environmentOfId,
  isVisible,
  nameOf,
  showChangeRequest as show,
  textOr,
} from './change-request-view.ts';
import { decideChangeRequest, isOpen } from './change-requests.ts';
import { ok, type Answer, type Call, type Route } from './route.ts';
import type { ChangeRequest, Decision } from './world.ts';

/** The most a page has (developer.harness.io: Admin API, approvals). */
const MOST = 100;

const DECISIONS: readonly Decision[] = ['APPROVED', 'REJECTED', 'WITHDRAWN'];
const STATUSES: readonly ChangeRequest['status'][] = [
  'REQUESTED',
  'SCHEDULE_REQUESTED',
  'SCHEDULED',
  'PUBLISHED',
  ...DECISIONS,
];

const decisionSchema = {
  type: 'object',
  required: ['status'],
  properties: { status: { enum: DECISIONS }, comment: { type: ['string', 'null'] } },
};

/** A marker names the request at an edge of a page; clients are not to look into it. */
const markerOf = ({ id }: ChangeRequest): string => Buffer.from(id).toString('base64url');

/** The part of a list on one side of a marker, nearest to it. The request marked need not be in the list any more. */
function partOf(
  all: readonly ChangeRequest[],
  isListed: (request: ChangeRequest) => boolean,
  { query, limit }: { readonly query: URLSearchParams; readonly limit: number },
) {
  const [after, before] = [query.get('after'), query.get('before')];
  if (after !== null && before !== null) throw new Refusal(400, 'Either after or before, not both');
  const marker = after ?? before;
  const position = all.findIndex((request) => markerOf(request) === marker);
  if (marker !== null && position < 0) throw new Refusal(400, `Unknown marker ${marker}`);
  const listed = all.filter(isListed);
  const passed = all.slice(0, after === null ? Math.max(position, 0) : position + 1).filter(isListed).length;
  const [start, end] = before === null ? [passed, passed + limit] : [Math.max(passed - limit, 0), passed];
  const items = listed.slice(start, end);
  const [first, last] = [items[0], items.at(-1)];
  return {
    items,
    nextMarker: last !== undefined && end < listed.length ? markerOf(last) : null,
    previousMarker: first !== undefined && start > 0 ? markerOf(first) : null,
  };
}

/** @throws Refusal when there is no such environment in any workspace, or none the key can see. */
function checkEnvironment(call: Call, id: string): void {
  const place = environmentOfId(call, id);
  if (place === undefined) throw new Refusal(404, `Could not find environment ${id}`);
  findEnvironment(call, place.workspace, id);
}

function list(call: Call): Answer {
  admit(call);
  permit(call, 'read change requests');
  const { query, switches } = call;
  const status = query.get('status') ?? 'REQUESTED';
  if (!STATUSES.some((known) => known === status)) throw new Refusal(400, `Unknown status ${status}`);
  const environmentId = query.get('environmentId');
  if (environmentId !== null) checkEnvironment(call, environmentId);
  const limit = limitOf({ query, maximum: MOST, overLimit: switches.overLimit });
  const isListed = (request: ChangeRequest): boolean =>
    request.status === status &&
    isVisible(call, request) &&
    (environmentId === null || request.environmentId === environmentId);
  // The newest first; in which order the API lists them is not documented.
  const { items, ...markers } = partOf(call.world.changeRequests.toReversed(), isListed, { query, limit });
  return ok({
    data: items.map((request) => show(call, request)),
    ...markers,
    limit,
    count: items.length,
  });
}

function requestOf(call: Call, operation: Operation): ChangeRequest {
  admit(call);
  const id = call.param('id');
  const request = call.world.changeRequests.find((known) => known.id === id);
  if (request === undefined) throw new Refusal(404, `Could not find change request ${id}`);
  if (!isVisible(call, request))
    throw new Refusal(call.switches.outOfScope, `Could not find change request ${id}`);
  const isWrite = operation === 'write change requests';
  permit(call, isWrite && request.segment ? 'write change requests of segments' : operation);
  return request;
}

function decide(call: Call): Answer {
  const request = requestOf(call, 'write change requests');
  const body = call.body(decisionSchema);
  const { status, comment } = isJsonObject(body) ? body : {};
  const decision = status as Decision;
  if (!isOpen(request)) throw new Refusal(409, `Change request ${request.id} is ${request.status} already`);
  const isOwn = request.submitter === call.token.key;
  if (isOwn && decision === 'APPROVED')
    throw new Refusal(403, 'Whoever submitted a change request may not approve it');
  const { switches, mutate } = call;
  const said = textOr(comment, undefined);
  decideChangeRequest(call.world, request.id, decision, {
    user: nameOf(call.token),
    role: isOwn ? 'SUBMITTER' : 'APPROVER',
    ...(said !== undefined && { comment: said }),
    at: call.now(),
    switches,
    mutate,
  });
  return ok(show(call, request));
}

export const changeRequestRoutes: readonly Route[] = [
  {
    method: 'POST',
    url: '/changeRequests/ws/:workspace/environments/:environment',
    handle: createChangeRequest,
  },
  { method: 'GET', url: '/changeRequests', handle: list },
  {
    method: 'GET',
    url: '/changeRequests/:id',
    handle: (call) => ok(show(call, requestOf(call, 'read change requests'))),
  },
  { method: 'PUT', url: '/changeRequests/:id', handle: decide },
];
