// Finds the places a run is about and reads what is there, with no request that is not needed.
import type { Definition } from './definition/definition.ts';
import type { AdminApi, Environment, Listing } from './execute/ports.ts';
import { Failure } from './failure.ts';
import type { Inputs } from './inputs.ts';
import { isJsonObject, type JsonObject } from './json.ts';
import { suggest } from './near-misses.ts';
import type { Reading } from './plan/make-plan.ts';
import type { Named, Place } from './plan/plan.ts';

/** The API as the source's key and as the target's key see it; the same object where one key does both. */
export interface Keys {
  readonly source: AdminApi;
  readonly target: AdminApi;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const byId = (id: string): Named => ({ id, name: id });

/** The one entry that a name or id means; names come first. */
function pick(
  kind: string,
  wanted: string,
  { among, where }: { readonly among: readonly Named[]; readonly where: string },
): Named {
  // A list whose paging is at fault may show one entry twice.
  const named = [
    ...new Map(among.filter(({ name }) => name === wanted).map((entry) => [entry.id, entry])).values(),
  ];
  if (named.length > 1) {
    throw new Failure(
      'invalid-input',
      `There are ${named.length} ${kind}s named \`${wanted}\`${where}; give the id of the one you mean.`,
    );
  }
  const found = named[0] ?? among.find((entry) => entry.id === wanted);
  if (found !== undefined) return found;
  const names = among.map((entry) => entry.name);
  throw new Failure(
    'not-found',
    `There is no ${kind} \`${wanted}\`${where} that the key can see.${suggest(wanted, names)}`,
  );
}

/** Looks a name up with the first key whose list is not refused; where all are, the name is taken for an id. */
async function lookUp<T extends Named>(
  wanted: string,
  {
    keys,
    list,
    kind,
    where,
  }: {
    readonly keys: readonly AdminApi[];
    readonly list: (api: AdminApi) => Promise<Listing<T>>;
    readonly kind: string;
    readonly where: string;
  },
): Promise<Named> {
  if (UUID.test(wanted)) return byId(wanted);
  for (const api of new Set(keys)) {
    const among = await list(api);
    if (among !== 'refused') return pick(kind, wanted, { among, where });
  }
  return byId(wanted);
}

/** Remembers the environment list of each workspace and key, so that source and target share one request. */
function environmentLists(): (api: AdminApi, workspace: Named) => Promise<Listing<Environment>> {
  const lists = new Map<AdminApi, Map<string, Promise<Listing<Environment>>>>();
  return (api, workspace) => {
    const ofKey = lists.get(api) ?? new Map<string, Promise<Listing<Environment>>>();
    lists.set(api, ofKey);
    const list = ofKey.get(workspace.id) ?? api.environments(workspace);
    ofKey.set(workspace.id, list);
    return list;
  };
}

async function findWorkspaces(inputs: Inputs, { source, target }: Keys): Promise<readonly [Named, Named]> {
  const find = (wanted: string, keys: readonly AdminApi[]): Promise<Named> =>
    lookUp(wanted, { keys, list: (api) => api.workspacesNamed(wanted), kind: 'workspace', where: '' });
  const { workspace, targetWorkspace } = inputs;
  const from = find(workspace, [source, target]);
  const to =
    targetWorkspace === undefined || targetWorkspace === workspace
      ? from
      : find(targetWorkspace, [target, source]);
  return Promise.all([from, to]);
}

/** What a definition says of its environment: worth showing and comparing, but never where to write. */
const environmentOf = (definition: Definition | undefined): JsonObject => {
  const environment = definition?.['environment'];
  return isJsonObject(environment) ? environment : {};
};

/** The name that a definition gives its environment, where only an id was known before. */
function named(place: Place, definition: Definition | undefined): Place {
  const { id } = place.environment;
  const { name } = environmentOf(definition);
  return place.environment.name === id && typeof name === 'string'
    ? { ...place, environment: { id, name } }
    : place;
}

async function missingSource(place: Place, api: AdminApi, target: Definition | undefined): Promise<Failure> {
  const { workspace, flag, environment } = place;
  // What only helps the message must not replace it by a failure of its own.
  const known = await api.hasFlag(place).catch(() => undefined);
  if (known === false) {
    const names = await api.flagNames(workspace).catch(() => []);
    return new Failure(
      'not-found',
      `There is no flag \`${flag}\` in workspace ${workspace.name} that the key can see.${suggest(flag, names)}`,
    );
  }
  const swapped =
    target === undefined ? '' : ' The target has one: are source and target the right way round?';
  const flagIsThere = known === true ? 'The flag is in the workspace, but it' : `Flag \`${flag}\``;
  return new Failure(
    'not-found',
    `${flagIsThere} has no definition in ${environment.name} that the key can see (flag \`${flag}\`, workspace ${workspace.name}).${swapped} Add the flag to that environment, or name another source.`,
  );
}

/** Reads the definitions of the flag and the target that the inputs name. */
export async function readForCopy(inputs: Inputs, keys: Keys): Promise<Reading> {
  const listEnvironments = environmentLists();
  const [sourceWorkspace, targetWorkspace] = await findWorkspaces(inputs, keys);

  const findEnvironment = (wanted: string, workspace: Named, order: readonly AdminApi[]): Promise<Named> =>
    lookUp(wanted, {
      keys: order,
      list: (api) => listEnvironments(api, workspace),
      kind: 'environment',
      where: ` in workspace ${workspace.name}`,
    });
  const [sourceEnvironment, targetEnvironment] = await Promise.all([
    findEnvironment(inputs.sourceEnvironment, sourceWorkspace, [keys.source, keys.target]),
    findEnvironment(inputs.targetEnvironment, targetWorkspace, [keys.target, keys.source]),
  ]);

  const source = { workspace: sourceWorkspace, environment: sourceEnvironment, flag: inputs.flag };
  const target = { workspace: targetWorkspace, environment: targetEnvironment, flag: inputs.targetFlag };
  refuseOwnSource(source, target);
  const [sourceDefinition, before] = await Promise.all([
    keys.source.definition(source),
    keys.target.definition(target),
  ]);
  if (sourceDefinition === undefined) throw await missingSource(source, keys.source, before);

  // An id that was never looked up may be of no environment at all, which a missing definition would hide.
  const isUnseen = before === undefined && UUID.test(inputs.targetEnvironment);
  const list = isUnseen ? await listEnvironments(keys.target, targetWorkspace) : 'refused';
  const seen =
    list === 'refused'
      ? targetEnvironment
      : pick('environment', inputs.targetEnvironment, {
          among: list,
          where: ` in workspace ${targetWorkspace.name}`,
        });

  const reading = {
    source: named(source, sourceDefinition),
    target: named({ ...target, environment: seen }, before),
    sourceDefinition,
    before,
  };
  const [sourceId, targetId] = [sourceDefinition, before].map(
    (definition) => environmentOf(definition)['id'],
  );
  refuseOwnSource(source, target, typeof sourceId === 'string' && sourceId === targetId);
  return reading;
}

/** Ids are UUIDs, which mean the same in either case. */
const isSameId = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function refuseOwnSource(source: Place, target: Place, sameEnvironment = false): void {
  const isOwnSource =
    (sameEnvironment || isSameId(source.environment.id, target.environment.id)) &&
    isSameId(source.workspace.id, target.workspace.id) &&
    source.flag === target.flag;
  if (isOwnSource) {
    throw new Failure(
      'invalid-input',
      `\`source-environment\` and \`target-environment\` are the same environment, ${target.environment.name}; name another target.`,
    );
  }
}
