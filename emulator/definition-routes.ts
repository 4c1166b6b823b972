// The routes of definitions: list, read, create, full and partial update, remove, kill and restore.
import { isJsonObject, type Json, type JsonObject } from '../src/json.ts';
import { findEnvironment, findFlag, findWorkspace, permit, type Operation } from './access.ts';
import { byName, page, Refusal, slice } from './answers.ts';
import { partialUpdate, present } from './definitions.ts';
import { checkDefinition, checkDependents, definitionSchema } from './grammar.ts';
import { patch, patchSchema } from './json-patch.ts';
import { definitionAfter, keepDefinition } from './operations.ts';
import { checkPolicies } from './policies.ts';
import { ok, type Answer, type Call, type Route } from './route.ts';
import type { OperationType, Site } from './world.ts';
import { checkAbsent, checkWriteAllowed, storedAt } from './writes.ts';

const LIST = '/splits/ws/:workspace/environments/:environment';
const ONE = '/splits/ws/:workspace/:flag/environments/:environment';

/** The most definitions a page has (docs.split.io/reference). */
const MOST = 50;

function enter(call: Call, operation: Operation): Omit<Site, 'flag'> {
  const workspace = findWorkspace(call, call.param('workspace'));
  const environment = findEnvironment(call, workspace, call.param('environment'));
  permit(call, operation);
  return { workspace, environment };
}

function siteOf(call: Call, operation: Operation): Site {
  const { workspace, environment } = enter(call, operation);
  return { workspace, environment, flag: findFlag(workspace, call.param('flag')) };
}

const shown = (call: Call, { environment, flag }: Site, stored: JsonObject): JsonObject =>
  present(stored, environment.openChangeRequests.get(flag.name), call.switches);

/** What a write means to store, if the policies let it. */
function store(call: Call, site: Site, definition: JsonObject): Answer {
  checkPolicies(site.environment, definition);
  const { mutate } = call;
  return ok(shown(call, site, keepDefinition(site, definition, { at: call.now(), mutate })));
}

/** @throws Refusal 400 when a body is not a definition that could be here. */
function definitionFrom(call: Call, site: Site): JsonObject {
  const body = call.body(definitionSchema);
  if (!isJsonObject(body)) throw new Refusal(400, 'The body is not an object');
  checkDefinition(body, site, call.switches);
  return body;
}

const after = (call: Call, site: Site, operation: OperationType, sent: JsonObject): JsonObject =>
  definitionAfter(operation, site, { sent, switches: call.switches, at: call.now() }) ?? storedAt(site);

function list(call: Call): Answer {
  const { workspace, environment } = enter(call, 'read definitions');
  const flags = byName(
    [...environment.definitions.keys()].flatMap((name) => workspace.flags.get(name) ?? []),
  );
  const part = slice(flags, { query: call.query, maximum: MOST, overLimit: call.switches.overLimit });
  const items = part.items.map((flag): Json => {
    const site = { workspace, environment, flag };
    return shown(call, site, storedAt(site));
  });
  return ok(page({ ...part, items }));
}

function read(call: Call): Answer {
  const site = siteOf(call, 'read definitions');
  return ok(shown(call, site, storedAt(site)));
}

function create(call: Call): Answer {
  const site = siteOf(call, 'write definitions');
  checkAbsent(site);
  checkWriteAllowed(call, site, { narrative: call.peek });
  const answer = store(call, site, after(call, site, 'CREATE', definitionFrom(call, site)));
  return { ...answer, status: call.switches.createStatus };
}

function replace(call: Call): Answer {
  const site = siteOf(call, 'write definitions');
  const creates = call.switches.putCreates && !site.environment.definitions.has(site.flag.name);
  if (!creates) storedAt(site);
  checkWriteAllowed(call, site, { narrative: call.peek });
  const answer = store(call, site, after(call, site, 'UPDATE', definitionFrom(call, site)));
  return { ...answer, status: call.switches.putStatus };
}

function change(call: Call): Answer {
  const site = siteOf(call, 'write definitions');
  const stored = storedAt(site);
  checkWriteAllowed(call, site, { narrative: (member) => call.query.get(member) });
  const patched = patch(stored, call.body(patchSchema));
  call.validate(definitionSchema, patched);
  checkDefinition(patched, site, call.switches);
  return store(call, site, partialUpdate(stored, patched, call.switches));
}

function remove(call: Call): Answer {
  const site = siteOf(call, 'write definitions');
  storedAt(site);
  checkWriteAllowed(call, site, { narrative: (member) => call.query.get(member) });
  checkDependents(undefined, site, call.switches);
  site.environment.definitions.delete(site.flag.name);
  return ok(true);
}

const setKilled =
  (kills: boolean) =>
  (call: Call): Answer => {
    const site = siteOf(call, 'write definitions');
    storedAt(site);
    checkWriteAllowed(call, site, { narrative: call.peek, kills });
    store(call, site, after(call, site, kills ? 'KILL' : 'RESTORE', {}));
    return ok(true);
  };

export const definitionRoutes: readonly Route[] = [
  { method: 'GET', url: LIST, handle: list },
  { method: 'GET', url: ONE, handle: read },
  { method: 'POST', url: ONE, handle: create },
  { method: 'PUT', url: ONE, handle: replace },
  { method: 'PATCH', url: ONE, handle: change },
  { method: 'DELETE', url: ONE, handle: remove },
  { method: 'PUT', url: `${ONE}/kill`, handle: setKilled(true) },
  { method: 'PUT', url: `${ONE}/restore`, handle: setKilled(false) },
];
