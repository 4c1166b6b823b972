// Change requests from their submission to the change: by the API's routes, or by somebody else in a test.
import type { JsonObject } from '../src/json.ts';
import { definitionAfter, definitionAt, keepDefinition, type Occasion } from './operations.ts';
import { ON_OFF, split } from './seed-parts.ts';
import { switchesWith } from './switches.ts';
import {
  MADE_AT,
  named,
  siteAt,
  stableId,
  type ChangeRequest,
  type Decision,
  type Environment,
  type OperationType,
  type Place,
  type Site,
  type World,
} from './world.ts';

/** Somebody who has no key: requests that are just there, and decisions that just happen, are theirs. */
const COLLEAGUE = 'colleague@example.com';
const APPROVER = 'approver@example.com';

/** What a definition is to be when nobody says. */
const ANY_DEFINITION = { treatments: ON_OFF, defaultTreatment: 'off', defaultRule: split({ off: 100 }) };

/** Whether a request still waits for something, and so locks its flag. */
export const isOpen = ({ status }: ChangeRequest): boolean =>
  status !== 'PUBLISHED' && status !== 'REJECTED' && status !== 'WITHDRAWN';

type Submission = Pick<
  ChangeRequest,
  | 'operationType'
  | 'sent'
  | 'title'
  | 'approvers'
  | 'submitter'
  | 'rolloutStatus'
  | 'scheduledFor'
  | 'scheduledForTimezone'
> & { readonly user: string; readonly comment: string | null };

/** Adds a request, unchecked, which locks its flag in its environment. */
export function submit(
  world: World,
  site: Site,
  {
    user,
    comment,
    switches,
    at,
    ...submission
  }: Submission & Pick<Occasion, 'switches' | 'at'> & { readonly id?: string },
): ChangeRequest {
  const { workspace, environment, flag } = site;
  const { operationType, sent, scheduledFor } = submission;
  const timestamp = Math.floor(at);
  const request: ChangeRequest = {
    id: stableId(workspace.id, environment.id, flag.name, 'request', String(world.changeRequests.length)),
    ...submission,
    workspaceId: workspace.id,
    environmentId: environment.id,
    flag: flag.name,
    proposal: definitionAfter(operationType, site, { sent, switches, at }) ?? definitionAt(site) ?? sent,
    status: scheduledFor === undefined ? 'REQUESTED' : 'SCHEDULE_REQUESTED',
    comments: comment === null ? [] : [{ comment, user, role: 'SUBMITTER', timestamp }],
    rolloutStatusTimestamp: null,
  };
  world.changeRequests.push(request);
  environment.openChangeRequests.set(flag.name, request.id);
  return request;
}

const environmentWith = (world: World, id: string): Environment | undefined =>
  world.workspaces.flatMap(({ environments }) => environments).find((known) => known.id === id);

function close(world: World, request: ChangeRequest, status: ChangeRequest['status']): void {
  request.status = status;
  const locks = environmentWith(world, request.environmentId)?.openChangeRequests;
  if (locks?.get(request.flag) === request.id) locks.delete(request.flag);
}

/** Puts the keys of a request into its segment, or takes them out. */
function changeKeys(world: World, { segment, operationType, environmentId }: ChangeRequest): void {
  const segments = environmentWith(world, environmentId)?.segments ?? [];
  const position = segments.findIndex(({ name, kind }) => name === segment?.name && kind === 'standard');
  const found = segments[position];
  if (segment === undefined || found === undefined) return;
  const others = found.keys.filter((key) => !segment.keys.includes(key));
  segments[position] = {
    ...found,
    keys: operationType === 'CREATE' ? [...others, ...segment.keys] : others,
  };
}

function publish(world: World, request: ChangeRequest, occasion: Occasion): void {
  if (request.segment !== undefined) {
    changeKeys(world, request);
    close(world, request, 'PUBLISHED');
    return;
  }
  const { workspaceId: workspace, environmentId: environment, flag } = request;
  const site = siteAt(world, { workspace, environment, flag });
  const { operationType, sent, rolloutStatus } = request;
  const definition = definitionAfter(operationType, site, { ...occasion, sent });
  if (definition === undefined) site.environment.definitions.delete(site.flag.name);
  else keepDefinition(site, definition, occasion);
  if (rolloutStatus !== null) {
    request.rolloutStatusTimestamp = Math.floor(occasion.at);
    site.flag.rolloutStatus = rolloutStatus;
    site.flag.rolloutStatusTimestamp = request.rolloutStatusTimestamp;
  }
  close(world, request, 'PUBLISHED');
}

/** Who decides, and what is said; left out, an approver who says nothing. */
export interface Decider {
  readonly user?: string;
  readonly role?: 'SUBMITTER' | 'APPROVER';
  readonly comment?: string;
}

/**
 * Decides an open request. Approved, it is carried out as a server with these switches would (default: the
 * defaults), at once, or when its time has come.
 * @throws Error when there is no such request, or it is decided already.
 */
export function decideChangeRequest(
  world: World,
  id: string,
  decision: Decision,
  {
    user = APPROVER,
    role = 'APPROVER',
    comment,
    at = MADE_AT,
    switches = switchesWith(),
    ...rest
  }: Decider & Partial<Occasion> = {},
): ChangeRequest {
  const request = world.changeRequests.find((known) => known.id === id);
  if (request === undefined) throw new Error(`The emulator's world has no change request ${id}`);
  if (!isOpen(request)) throw new Error(`Change request ${id} is ${request.status} already`);
  if (comment !== undefined)
    request.comments = [...request.comments, { comment, user, role, timestamp: Math.floor(at) }];
  if (decision !== 'APPROVED') close(world, request, decision);
  else if ((request.scheduledFor ?? at) > at) request.status = 'SCHEDULED';
  else publish(world, request, { ...rest, at, switches });
  return request;
}

/** Decides the request whose id a path has in it, or when it has none every one; those decided already stay so. */
export function decideWhatIsOpen(
  world: World,
  path: string,
  decision: Decision,
  occasion: Partial<Occasion>,
): void {
  const named = world.changeRequests.filter(({ id }) => path.includes(id));
  const meant = named.length === 0 ? world.changeRequests : named;
  for (const { id } of meant.filter(isOpen)) decideChangeRequest(world, id, decision, occasion);
}

/** Carries out what was approved for a time that has come. */
export function publishDue(world: World, occasion: Occasion): void {
  for (const request of world.changeRequests) {
    if (request.status === 'SCHEDULED' && (request.scheduledFor ?? 0) <= occasion.at)
      publish(world, request, occasion);
  }
}

/** What is said of somebody else's change request; all of it may be left out. */
export interface ForeignRequest {
  readonly id?: string;
  /** Default UPDATE where there is a definition, else CREATE. */
  readonly operationType?: OperationType;
  /** The definition proposed; default the one that is there. */
  readonly split?: JsonObject;
  readonly title?: string;
  readonly comment?: string;
  readonly approvers?: readonly string[];
  /** Name or id. */
  readonly rolloutStatus?: string;
  /** Whoever submitted it: an address, or a key of the world. Default a colleague. */
  readonly submitter?: string;
  readonly scheduledFor?: number;
  readonly scheduledForTimezone?: string;
}

/**
 * Somebody else's change request, unchecked; the flag is locked from now on.
 * @throws Error when the world has no such workspace, environment, flag or rollout status.
 */
export function openChangeRequest(world: World, place: Place, given: ForeignRequest = {}): ChangeRequest {
  const site = siteAt(world, place);
  const stored = definitionAt(site);
  const { split: sent = stored ?? ANY_DEFINITION, title, comment = null, approvers = [], ...rest } = given;
  const { operationType = stored ? 'UPDATE' : 'CREATE', submitter = COLLEAGUE, rolloutStatus } = rest;
  return submit(world, site, {
    ...rest,
    operationType,
    submitter,
    sent,
    title: title ?? null,
    comment,
    approvers,
    rolloutStatus: rolloutStatus === undefined ? null : named(site.workspace.rolloutStatuses, rolloutStatus),
    user: world.tokens.find(({ key }) => key === submitter)?.name ?? submitter,
    switches: switchesWith(),
    at: MADE_AT,
  });
}
