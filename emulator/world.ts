// Builders of the state the local Admin API serves, and ways to read and change it in the middle of a test.
import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../src/json.ts';
import type { Environment, Flag, Place, Segment, Site, Workspace, World } from './state.ts';

export type * from './state.ts';

/** When everything made by the builders below was created, in ms: fixed, so that answers can be compared. */
export const MADE_AT = 1_750_000_000_000;

/** A UUID that is the same for the same words in every run. */
export function stableId(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join('\0')).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** A world without workspaces, where any API key will do. */
export const emptyWorld = (): World => ({
  organizationId: stableId('organization'),
  workspaces: [],
  tokens: [],
  changeRequests: [],
});

/** Statuses every new workspace has. */
const STATUSES = [
  'Pre-Production',
  'Ramping',
  '100% Released',
  'Killed',
  'Experimenting',
  'Removed from code',
];

/** Adds a workspace with the statuses every workspace has. `trafficTypes` are names; default `user`. */
export function addWorkspace(
  world: World,
  given: Partial<
    Pick<Workspace, 'id' | 'requiresTitleAndComments' | 'organizationIdentifier' | 'projectIdentifier'>
  > & {
    readonly name: string;
    readonly trafficTypes?: readonly string[];
  },
): Workspace {
  const {
    name,
    id = stableId('workspace', name),
    trafficTypes = ['user'],
    requiresTitleAndComments = false,
    ...rest
  } = given;
  const workspace: Workspace = {
    ...rest,
    id,
    name,
    requiresTitleAndComments,
    trafficTypes: trafficTypes.map((type) => ({ id: stableId(id, 'trafficType', type), name: type })),
    rolloutStatuses: STATUSES.map((status) => ({
      id: stableId(id, 'status', status),
      name: status,
      description: '',
    })),
    environments: [],
    flags: new Map(),
  };
  world.workspaces.push(workspace);
  return workspace;
}

/** Adds an environment without definitions and segments. */
export function addEnvironment(
  workspace: Workspace,
  given: Partial<
    Pick<
      Environment,
      'id' | 'production' | 'approvalsRequired' | 'approversRestricted' | 'allowKills' | 'policies'
    >
  > & { readonly name: string },
): Environment {
  const {
    name,
    id = stableId(workspace.id, 'environment', name),
    production = false,
    approvalsRequired = false,
    approversRestricted = false,
    allowKills = false,
    policies = [],
  } = given;
  const environment = {
    id,
    name,
    production,
    approvalsRequired,
    approversRestricted,
    allowKills,
    policies,
    segments: [],
    definitions: new Map(),
    openChangeRequests: new Map(),
  };
  workspace.environments.push(environment);
  return environment;
}

/** The one of an id or exact name. @throws Error, which lists what there is. */
export const named = <Item extends { readonly id: string; readonly name: string }>(
  items: readonly Item[],
  word: string,
): Item => {
  const found = items.find(({ id, name }) => id === word || name === word);
  if (found !== undefined) return found;
  throw new Error(`The emulator's world has no ${word}; it has ${items.map(({ name }) => name).join(', ')}`);
};

/** Adds a flag without definitions. `trafficType` and `rolloutStatus` are names. */
export function addFlag(
  workspace: Workspace,
  given: Partial<Pick<Flag, 'id' | 'description' | 'tags' | 'creationTime'>> & {
    readonly name: string;
    readonly trafficType?: string;
    readonly rolloutStatus?: string;
  },
): Flag {
  const {
    name,
    id = stableId(workspace.id, 'flag', name),
    creationTime = MADE_AT,
    description = null,
    tags = [],
  } = given;
  const trafficType = named(workspace.trafficTypes, given.trafficType ?? 'user');
  const rolloutStatus = named(workspace.rolloutStatuses, given.rolloutStatus ?? 'Pre-Production');
  const flag = {
    id,
    name,
    trafficType,
    creationTime,
    description,
    tags,
    rolloutStatus,
    rolloutStatusTimestamp: creationTime,
  };
  workspace.flags.set(name, flag);
  return flag;
}

/** Adds a segment to one environment, standard unless told otherwise. `trafficType` is a name; default `user`. */
export function addSegment(
  workspace: Workspace,
  environment: Environment,
  given: Partial<Pick<Segment, 'kind' | 'description' | 'keys'>> & {
    readonly name: string;
    readonly trafficType?: string;
  },
): Segment {
  const { name, kind = 'standard', description = '', keys = [] } = given;
  const trafficType = named(workspace.trafficTypes, given.trafficType ?? 'user');
  const segment = { kind, name, description, trafficType, keys, creationTime: MADE_AT };
  environment.segments.push(segment);
  return segment;
}

/** A definition with what only the server knows; members of `members` win where a caller may choose them. */
export function completeDefinition({ workspace, environment, flag }: Site, members: JsonObject): JsonObject {
  return {
    id: stableId(workspace.id, environment.id, flag.name),
    name: flag.name,
    environment: { id: environment.id, name: environment.name },
    trafficType: { id: flag.trafficType.id, name: flag.trafficType.name },
    killed: false,
    trafficAllocation: 100,
    rules: [],
    creationTime: MADE_AT,
    lastUpdateTime: MADE_AT,
    ...members,
  };
}

/** What is at a place. @throws Error when the world has no such workspace, environment or flag. */
export function siteAt(world: World, place: Place): Site {
  const workspace = named(world.workspaces, place.workspace);
  const environment = named(workspace.environments, place.environment);
  const flag = workspace.flags.get(place.flag);
  if (flag !== undefined) return { workspace, environment, flag };
  throw new Error(`The emulator's workspace ${workspace.name} has no flag ${place.flag}`);
}

/**
 * Puts a definition in place unchecked, completed by what only the server knows.
 * @throws Error when the world has no such workspace, environment or flag.
 */
export function setDefinition(world: World, place: Place, members: JsonObject): void {
  const site = siteAt(world, place);
  site.environment.definitions.set(site.flag.name, completeDefinition(site, members));
}

/** The definition as stored, whatever the switches make of it on the wire. */
export const getDefinition = (world: World, place: Place): JsonObject | undefined =>
  named(named(world.workspaces, place.workspace).environments, place.environment).definitions.get(place.flag);

/** An instant after the last change, whatever the clock says: a change always moves `lastUpdateTime`. */
export const momentAfter = (last: Json | undefined, now: number): number =>
  typeof last === 'number' && last >= now ? last + 1 : Math.floor(now);

/** Someone else's edit: the members given replace those stored, and `lastUpdateTime` moves. */
export function editDefinition(world: World, place: Place, members: JsonObject): void {
  const stored = getDefinition(world, place);
  const lastUpdateTime = momentAfter(stored?.['lastUpdateTime'], MADE_AT);
  setDefinition(world, place, { ...stored, lastUpdateTime, ...members });
}

/** A world that changes apart from the first. Definitions are shared: they are replaced, never changed. */
export const copyWorld = (world: World): World => ({
  ...world,
  tokens: [...world.tokens],
  changeRequests: world.changeRequests.map((request) => ({ ...request })),
  workspaces: world.workspaces.map((workspace) => ({
    ...workspace,
    trafficTypes: [...workspace.trafficTypes],
    flags: new Map([...workspace.flags].map(([name, flag]) => [name, { ...flag }])),
    environments: workspace.environments.map((environment) => ({
      ...environment,
      policies: [...environment.policies],
      segments: [...environment.segments],
      definitions: new Map(environment.definitions),
      openChangeRequests: new Map(environment.openChangeRequests),
    })),
  })),
});
