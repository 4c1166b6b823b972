// Turns the names and ids that the inputs give into workspaces and environments, by as few lists as can be.
import type { AdminApi, Keys, Listing, Site } from '../execute/ports.ts';
import { Failure } from '../failure.ts';
import type { Inputs } from '../inputs.ts';
import { suggest } from '../near-misses.ts';
import { isId, isSameId, type Environment, type Named } from '../plan/plan.ts';

const byId = (id: string): Named => ({ id, name: id });

/** The one entry that a name or id means; names come first. */
function pick<T extends Named>(
  kind: string,
  wanted: string,
  { among, where }: { readonly among: readonly T[]; readonly where: string },
): T {
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
): Promise<T | Named> {
  if (isId(wanted)) return byId(wanted);
  for (const api of new Set(keys)) {
    const among = await list(api);
    if (among !== 'refused') return pick(kind, wanted, { among, where });
  }
  return byId(wanted);
}

const within = (workspace: Named): string => ` in workspace ${workspace.name}`;

/** The environment lists of a run: each is read once for each workspace and key, and only when asked for. */
export interface EnvironmentLists {
  /** Names of workspaces that were taken for ids, since no key may list workspaces. */
  readonly guessed: Set<string>;
  readonly read: (api: AdminApi, workspace: Named) => Promise<Listing<Environment>>;
  /** What the lists read so far say of an environment of which only the id was given. */
  readonly complete: (environment: Environment) => Environment;
  /** @throws Failure `not-found` when the environment of an id is in no list that the key may see. */
  readonly confirm: (api: AdminApi, workspace: Named, environment: Environment) => Promise<Environment>;
}

export function environmentLists(): EnvironmentLists {
  const lists = new Map<AdminApi, Map<string, Promise<Listing<Environment>>>>();
  const seen = new Map<string, Environment>();

  function read(api: AdminApi, workspace: Named): Promise<Listing<Environment>> {
    const ofKey = lists.get(api) ?? new Map<string, Promise<Listing<Environment>>>();
    lists.set(api, ofKey);
    const list =
      ofKey.get(workspace.id) ??
      api.environments(workspace).then((entries) => {
        if (entries !== 'refused') for (const entry of entries) seen.set(entry.id.toLowerCase(), entry);
        return entries;
      });
    ofKey.set(workspace.id, list);
    return list;
  }

  return {
    guessed: new Set(),
    read,
    complete: (environment) => seen.get(environment.id.toLowerCase()) ?? environment,
    async confirm(api, workspace, environment) {
      const among = await read(api, workspace);
      if (among === 'refused') return environment;
      const known = among.find(({ id }) => isSameId(id, environment.id));
      return known ?? pick('environment', environment.id, { among, where: within(workspace) });
    },
  };
}

async function findWorkspaces(
  inputs: Inputs,
  { source, target }: Keys,
  { guessed }: EnvironmentLists,
): Promise<readonly [Named, Named]> {
  const find = async (wanted: string, keys: readonly AdminApi[]): Promise<Named> => {
    const list = (api: AdminApi): Promise<Listing<Named>> => api.workspacesNamed(wanted);
    const found = await lookUp(wanted, { keys, list, kind: 'workspace', where: '' });
    if (found.id === wanted && !isId(wanted)) guessed.add(wanted);
    return found;
  };
  const { workspace, targetWorkspace } = inputs;
  const from = find(workspace, [source, target]);
  const to =
    targetWorkspace === undefined || targetWorkspace === workspace
      ? from
      : find(targetWorkspace, [target, source]);
  return Promise.all([from, to]);
}

/** The environments that the inputs name; each target once, in the order given. */
export async function findSites(
  inputs: Inputs,
  keys: Keys,
  lists: EnvironmentLists,
): Promise<{ readonly source: Site; readonly targets: readonly Site[] }> {
  const [from, to] = await findWorkspaces(inputs, keys, lists);
  const find = (wanted: string, workspace: Named, order: readonly AdminApi[]): Promise<Environment> =>
    lookUp(wanted, {
      keys: order,
      list: (api) => lists.read(api, workspace),
      kind: 'environment',
      where: within(workspace),
    });
  const [source, ...targets] = await Promise.all([
    find(inputs.sourceEnvironment, from, [keys.source, keys.target]),
    ...inputs.targetEnvironments.map((wanted) => find(wanted, to, [keys.target, keys.source])),
  ]);
  const byId = new Map(targets.map((target) => [target.id.toLowerCase(), lists.complete(target)]));
  return {
    source: { workspace: from, environment: lists.complete(source) },
    targets: Array.from(byId.values(), (environment) => ({ workspace: to, environment })),
  };
}
