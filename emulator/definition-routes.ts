// The routes of definitions: list, read, create, full and partial update, remove, kill and restore.
import { isJsonObject, type Json, type JsonObject } from '../src/json.ts';
import { findEnvironment, findFlag, findWorkspace, permit, type Operation } from './access.ts';
import { byName, page, Refusal, slice } from './answers.ts';
import { fullUpdate, partialUpdate, present, sentMembers } from './definitions.ts';
import { checkDefinition, checkDependents, definitionSchema } from './grammar.ts';
import { patch, patchSchema } from './json-patch.ts';
import { ok, type Answer, type Call, type Route } from './route.ts';
import { completeDefinition, momentAfter, type Environment, type Flag, type Workspace } from './world.ts';

const LIST = '/splits/ws/:workspace/environments/:environment';
const ONE = '/splits/ws/:workspace/:flag/environments/:environment';

/** The most definitions a page has (docs.split.io/reference). */
const MOST = 50;

interface Site {
  readonly workspace: Workspace;
  readonly environment: Environment;
  readonly flag: Flag;
}

function enter(call: Call, operation: Operation): Omit<Site, 'flag'> {
  const workspace = findWorkspace(call, call.param('workspace'));
  const environment = findEnvironment(call, workspace, call.param('environment'));
  permit(call.token, operation);
  return { workspace, environment };
}

function siteOf(call: Call, operation: Operation): Site {
  const { workspace, environment } = enter(call, operation);
  return { workspace, environment, flag: findFlag(workspace, call.param('flag')) };
}

/** The vendor documents no text for a definition that is missing though its flag exists; clients must not rely on this one. */
function storedAt({ environment, flag }: Site): JsonObject {
  const stored = environment.definitions.get(flag.name);
  if (stored !== undefined) return stored;
  throw new Refusal(404, `Could not find a definition of ${flag.name} in environment ${environment.name}`);
}

const shown = (call: Call, { environment, flag }: Site, stored: JsonObject): JsonObject =>
  present(stored, environment.openChangeRequests.get(flag.name), call.switches);

/** What stands between a key that may write and the write, in the API's order. */
function checkWriteAllowed(
  call: Call,
  { workspace, environment, flag }: Site,
  narrative: (member: string) => string | null | undefined,
): void {
  const open = environment.openChangeRequests.get(flag.name);
  if (open !== undefined && call.switches.openChangeRequest === 'refuse') {
    throw new Refusal(
      423,
      'Something was wrong',
      `A pending change request with id:${open} for this object already exists`,
    );
  }
  if (environment.approvalsRequired) {
    const ids = `orgId=${call.world.organizationId} envId=${environment.id}`;
    throw new Refusal(403, `Approvals are required. ${ids}`);
  }
  const told = ['title', 'comment'].every((member) => (narrative(member) ?? '') !== '');
  if (workspace.requiresTitleAndComments && !told) throw new Refusal(400);
}

function store(call: Call, site: Site, definition: JsonObject): Answer {
  const { environment, flag } = site;
  const previous = environment.definitions.get(flag.name);
  const lastUpdateTime = momentAfter(previous?.['lastUpdateTime'], call.now());
  const stored = call.mutate({ ...definition, lastUpdateTime });
  environment.definitions.set(flag.name, stored);
  return ok(shown(call, site, stored));
}

/** @throws Refusal 400 when a body is not a definition that could be here. */
function definitionFrom(call: Call, site: Site): JsonObject {
  const body = call.body(definitionSchema);
  if (!isJsonObject(body)) throw new Refusal(400, 'The body is not an object');
  checkDefinition(body, site, call.switches);
  return body;
}

function created(call: Call, site: Site): Answer {
  const members = sentMembers(definitionFrom(call, site), call.switches);
  const set = Object.entries(members).filter(([, value]) => value !== null);
  const creationTime = Math.floor(call.now());
  return store(call, site, completeDefinition(site, { ...Object.fromEntries(set), creationTime }));
}

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
  const { environment, flag } = site;
  if (environment.definitions.has(flag.name)) {
    throw new Refusal(409, `${flag.name} has a definition in environment ${environment.name} already`);
  }
  checkWriteAllowed(call, site, call.peek);
  return { ...created(call, site), status: call.switches.createStatus };
}

function replace(call: Call): Answer {
  const site = siteOf(call, 'write definitions');
  const creates = call.switches.putCreates && !site.environment.definitions.has(site.flag.name);
  const stored = creates ? undefined : storedAt(site);
  checkWriteAllowed(call, site, call.peek);
  const answer =
    stored === undefined
      ? created(call, site)
      : store(call, site, fullUpdate(stored, definitionFrom(call, site), call.switches));
  return { ...answer, status: call.switches.putStatus };
}

function change(call: Call): Answer {
  const site = siteOf(call, 'write definitions');
  const stored = storedAt(site);
  checkWriteAllowed(call, site, (member) => call.query.get(member));
  const patched = patch(stored, call.body(patchSchema));
  call.validate(definitionSchema, patched);
  checkDefinition(patched, site, call.switches);
  return store(call, site, partialUpdate(stored, patched, call.switches));
}

function remove(call: Call): Answer {
  const site = siteOf(call, 'write definitions');
  storedAt(site);
  checkWriteAllowed(call, site, (member) => call.query.get(member));
  checkDependents(undefined, site, call.switches);
  site.environment.definitions.delete(site.flag.name);
  return ok(true);
}

const setKilled =
  (killed: boolean) =>
  (call: Call): Answer => {
    const site = siteOf(call, 'write definitions');
    const stored = storedAt(site);
    checkWriteAllowed(call, site, call.peek);
    store(call, site, { ...stored, killed });
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
