// What a change request has to be in order to be submitted.
import { isJsonObject, type JsonObject } from '../src/json.ts';
import { findEnvironment, findFlag, findWorkspace, permit } from './access.ts';
import { Refusal } from './answers.ts';
import { admit, nameOf, showChangeRequest, textOr } from './change-request-view.ts';
import { submit } from './change-requests.ts';
import { checkDefinition, checkDependents, definitionSchema } from './grammar.ts';
import { numberOf, textsOf } from './matchers.ts';
import { definitionAfter } from './operations.ts';
import { checkPolicies } from './policies.ts';
import { ok, type Answer, type Call } from './route.ts';
import { createSegmentRequest, keysSchema } from './segment-requests.ts';
import type { OperationType, RolloutStatus, Site } from './world.ts';
import { checkAbsent, checkNotLocked, checkTold, storedAt } from './writes.ts';

const isTimeZone = (name: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** JSON schema of a request as sent: about a flag, or about the keys of a standard segment. */
const requestSchema = {
  type: 'object',
  required: ['operationType'],
  properties: {
    segment: keysSchema,
    split: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    operationType: { enum: ['CREATE', 'UPDATE', 'KILL', 'RESTORE', 'ARCHIVE'] },
    title: { type: ['string', 'null'] },
    comment: { type: ['string', 'null'] },
    // Addresses of people: a key cannot be named.
    approvers: { type: ['array', 'null'], items: { type: 'string', pattern: '@' } },
    rolloutStatus: {
      type: ['object', 'null'],
      required: ['id'],
      properties: { id: { type: 'string' } },
    },
    scheduledFor: { type: ['integer', 'null'], minimum: 0 },
    scheduledForTimezone: { type: ['string', 'null'] },
  },
};

function checkPresence(site: Site, operation: OperationType): void {
  if (operation !== 'CREATE') storedAt(site);
  else checkAbsent(site);
}

function statusFrom(call: Call, { workspace }: Site, body: JsonObject): RolloutStatus | null {
  const { rolloutStatus, operationType } = body;
  if (!isJsonObject(rolloutStatus)) {
    if (call.switches.changeRequestNeedsRolloutStatus && operationType !== 'KILL')
      throw new Refusal(400, 'rolloutStatus is required');
    return null;
  }
  const status = workspace.rolloutStatuses.find(({ id }) => id === rolloutStatus['id']);
  if (status === undefined) throw new Refusal(400, `Unknown rollout status ${String(rolloutStatus['id'])}`);
  return status;
}

/** What a definition has to be, before anybody is asked to approve it. */
function checkProposal(call: Call, site: Site, operation: OperationType, sent: JsonObject): void {
  const { switches } = call;
  if (operation === 'CREATE' || operation === 'UPDATE') {
    call.validate(definitionSchema, sent);
    checkDefinition(sent, site, switches);
  }
  if (operation === 'ARCHIVE') checkDependents(undefined, site, switches);
  const proposal = definitionAfter(operation, site, { sent, switches, at: call.now() });
  if (proposal !== undefined) checkPolicies(site.environment, proposal);
}

/** Submits a change request, checked as the write it stands for would be. */
export function createChangeRequest(call: Call): Answer {
  admit(call);
  const workspace = findWorkspace(call, call.param('workspace'));
  const environment = findEnvironment(call, workspace, call.param('environment'));
  permit(call, 'submit change requests');
  const body = call.body(requestSchema);
  const { split: sent, segment, operationType, ...given } = isJsonObject(body) ? body : {};
  if (segment !== undefined && isJsonObject(body))
    return createSegmentRequest(call, { workspace, environment }, body);
  permit(call, 'write change requests');
  if (!isJsonObject(sent)) throw new Refusal(400, 'The body has no split');
  const operation = operationType as OperationType;
  const site = { workspace, environment, flag: findFlag(workspace, String(sent['name'])) };
  checkPresence(site, operation);
  checkNotLocked(site);
  const approvers = textsOf(given['approvers']);
  if (environment.approversRestricted && approvers.length > 0) throw new Refusal(400, 'Something was wrong');
  checkTold(workspace, (member) => textOr(given[member], undefined));
  const timeZone = textOr(given['scheduledForTimezone'], undefined);
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw new Refusal(400, `Unknown time zone ${timeZone}`);
  const rolloutStatus = statusFrom(call, site, { ...given, operationType: operation });
  checkProposal(call, site, operation, sent);
  const scheduledFor = numberOf(given['scheduledFor']);
  const request = submit(call.world, site, {
    operationType: operation,
    sent,
    title: textOr(given['title'], null),
    comment: textOr(given['comment'], null),
    approvers,
    rolloutStatus,
    submitter: call.token.key,
    user: nameOf(call.token),
    ...(!Number.isNaN(scheduledFor) && { scheduledFor }),
    ...(timeZone !== undefined && { scheduledForTimezone: timeZone }),
    switches: call.switches,
    at: call.now(),
  });
  return ok(showChangeRequest(call, request), call.switches.createStatus);
}
