// The routes of what definitions hang on: workspaces, environments, flags, traffic types, rollout statuses.
import { isJsonObject, type Json, type JsonObject } from '../src/json.ts';
import { findFlag, findWorkspace, permit, seesEnvironment, seesWorkspace, type Operation } from './access.ts';
import { byName, page, Refusal, slice } from './answers.ts';
import { patch, patchSchema } from './json-patch.ts';
import { objectsOf } from './levels.ts';
import { ok, type Answer, type Call, type Route } from './route.ts';
import { addFlag, type Flag, type Workspace } from './world.ts';

const WORKSPACES_MOST = 1000;
const MOST = 50;

/** The workspace of a path, for a key that may do this in it. */
export function enterWorkspace(call: Call, operation: Operation, id = call.param('workspace')): Workspace {
  const workspace = findWorkspace(call, id);
  permit(call, operation);
  return workspace;
}

function refuseLists({ switches }: Call): void {
  if (switches.listsRefused !== false)
    throw new Refusal(switches.listsRefused, 'This key may not list workspaces and environments');
}

/** The page a query asks for. */
export function paged<Item>(
  call: Call,
  all: readonly Item[],
  { maximum, show }: { maximum: number; show: (item: Item) => Json },
): Answer {
  const part = slice(all, { query: call.query, maximum, overLimit: call.switches.overLimit });
  return ok(page({ ...part, items: part.items.map(show) }));
}

/** Name filters of the workspace list (docs.split.io/reference/get-workspaces). */
const NAME_OPERATIONS: ReadonlyMap<string, (name: string, wanted: string) => boolean> = new Map([
  ['IS', (name: string, wanted: string) => name === wanted],
  ['STARTS_WITH', (name: string, wanted: string) => name.startsWith(wanted)],
  ['CONTAINS', (name: string, wanted: string) => name.includes(wanted)],
]);

const showWorkspace = (workspace: Workspace): Json => {
  const { id, name, requiresTitleAndComments, organizationIdentifier, projectIdentifier } = workspace;
  return { name, type: 'workspace', id, requiresTitleAndComments, organizationIdentifier, projectIdentifier };
};

function listWorkspaces(call: Call): Answer {
  permit(call, 'list workspaces');
  refuseLists(call);
  const operation = call.query.get('nameOp') ?? 'IS';
  const compare = NAME_OPERATIONS.get(operation);
  if (compare === undefined) throw new Refusal(400, `Unknown nameOp ${operation}`);
  const given = (member: 'organizationIdentifier' | 'projectIdentifier') => (workspace: Workspace) =>
    !call.query.has(member) || workspace[member] === call.query.get(member);
  const name = call.switches.ignoreNameFilter ? null : call.query.get('name');
  const visible = call.world.workspaces
    .filter((workspace) => seesWorkspace(call.token, workspace))
    .filter((workspace) => name === null || compare(workspace.name, name))
    .filter(given('organizationIdentifier'))
    .filter(given('projectIdentifier'));
  return paged(call, byName(visible), { maximum: WORKSPACES_MOST, show: showWorkspace });
}

function listEnvironments(call: Call): Answer {
  const workspace = enterWorkspace(call, 'list environments');
  refuseLists(call);
  const visible = workspace.environments.filter((environment) =>
    seesEnvironment(call.token, workspace, environment),
  );
  return ok(visible.map(({ name, id, production }) => ({ name, id, production })));
}

const showFlag = ({
  id,
  name,
  description,
  trafficType,
  creationTime,
  tags,
  rolloutStatus,
  rolloutStatusTimestamp,
}: Flag): JsonObject => ({
  id,
  name,
  description,
  trafficType: { ...trafficType },
  creationTime,
  rolloutStatus: { id: rolloutStatus.id, name: rolloutStatus.name },
  rolloutStatusTimestamp,
  tags: tags.length === 0 ? null : tags.map((tag) => ({ name: tag })),
});

function listFlags(call: Call): Answer {
  const workspace = enterWorkspace(call, 'read flags');
  const tags = call.query.getAll('tag');
  const status = call.query.get('rolloutStatus');
  const found = [...workspace.flags.values()]
    .filter(({ name }) => name.includes(call.query.get('name') ?? ''))
    .filter((flag) => status === null || flag.rolloutStatus.id === status)
    .filter((flag) => tags.length === 0 || tags.some((tag) => flag.tags.includes(tag)));
  return paged(call, byName(found), { maximum: MOST, show: showFlag });
}

const flagSchema = {
  type: 'object',
  required: ['name'],
  properties: {
    // Rules for names of flags: developer.harness.io, feature management, create a flag.
    name: {
      type: 'string',
      pattern: '^[a-zA-Z][-_a-zA-Z0-9]*$',
      maxLength: 100,
      not: { enum: ['datetime', 'string', 'set', 'integer'] },
    },
    description: { type: ['string', 'null'] },
  },
};

function createFlag(call: Call): Answer {
  const workspace = enterWorkspace(call, 'write flags');
  const word = call.param('trafficType');
  const trafficType = workspace.trafficTypes.find(({ id, name }) => id === word || name === word);
  if (trafficType === undefined) throw new Refusal(404, `Could not find traffic type ${word}`);
  const body = call.body(flagSchema);
  const { name, description } = isJsonObject(body) ? body : {};
  if (workspace.flags.has(String(name))) throw new Refusal(409, `Flag ${String(name)} exists already`);
  const creationTime = Math.floor(call.now());
  const told = typeof description === 'string' ? { description } : {};
  return ok(
    showFlag(addFlag(workspace, { name: String(name), trafficType: trafficType.id, creationTime, ...told })),
    call.switches.createStatus,
  );
}

function changeFlag(call: Call): Answer {
  const workspace = enterWorkspace(call, 'write flags');
  const flag = findFlag(workspace, call.param('flag'));
  const shown = showFlag(flag);
  const patched = patch({ ...shown, tags: shown['tags'] ?? [] }, call.body(patchSchema));
  const { description, tags, rolloutStatus } = patched;
  const id = isJsonObject(rolloutStatus) ? rolloutStatus['id'] : undefined;
  const status = workspace.rolloutStatuses.find((known) => known.id === id);
  if (status === undefined) throw new Refusal(400, `Unknown rollout status ${String(id)}`);
  if (status !== flag.rolloutStatus) flag.rolloutStatusTimestamp = Math.floor(call.now());
  flag.rolloutStatus = status;
  flag.description = typeof description === 'string' ? description : null;
  flag.tags = objectsOf(tags).map(({ name }) => String(name));
  return ok(showFlag(flag));
}

/** Whether definitions go with their flag is not documented; whoever removes them first is right either way. */
function removeFlag(call: Call): Answer {
  const workspace = enterWorkspace(call, 'write flags');
  const { name } = findFlag(workspace, call.param('flag'));
  const defined = workspace.environments.find(({ definitions }) => definitions.has(name));
  if (defined !== undefined)
    throw new Refusal(400, `Flag ${name} has a definition in environment ${defined.name}`);
  workspace.flags.delete(name);
  return ok(true);
}

const trafficTypes = (call: Call): Answer =>
  ok(
    enterWorkspace(call, 'read settings').trafficTypes.map((type) => ({ ...type, displayAttributeId: null })),
  );

const rolloutStatuses = (call: Call): Answer =>
  ok(
    enterWorkspace(call, 'read settings', call.query.get('wsId') ?? '').rolloutStatuses.map((status) => ({
      ...status,
    })),
  );

/** A single environment has no GET: the path is there for its 405. */
const noMethod = (): Answer => {
  throw new Refusal(405, 'Method not allowed');
};

export const resourceRoutes: readonly Route[] = [
  { method: 'GET', url: '/workspaces', handle: listWorkspaces },
  { method: 'GET', url: '/environments/ws/:workspace', handle: listEnvironments },
  { method: 'GET', url: '/environments/ws/:workspace/:environment', handle: noMethod },
  { method: 'GET', url: '/splits/ws/:workspace', handle: listFlags },
  {
    method: 'GET',
    url: '/splits/ws/:workspace/:flag',
    handle: (call) => ok(showFlag(findFlag(enterWorkspace(call, 'read flags'), call.param('flag')))),
  },
  { method: 'PATCH', url: '/splits/ws/:workspace/:flag', handle: changeFlag },
  { method: 'DELETE', url: '/splits/ws/:workspace/:flag', handle: removeFlag },
  { method: 'POST', url: '/splits/ws/:workspace/trafficTypes/:trafficType', handle: createFlag },
  { method: 'GET', url: '/trafficTypes/ws/:workspace', handle: trafficTypes },
  { method: 'GET', url: '/rolloutStatuses', handle: rolloutStatuses },
];
