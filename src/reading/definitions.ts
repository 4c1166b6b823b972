// Reads the source and target definition of what is to be copied, and says what is missing.
import type { Definition } from '../definition/definition.ts';
import type { AdminApi, Keys } from '../execute/ports.ts';
import { Failure, asFailure } from '../failure.ts';
import type { Inputs } from '../inputs.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { suggest } from '../near-misses.ts';
import type { Reading } from '../plan/make-plan.ts';
import type { Place } from '../plan/plan.ts';
import { environmentLists, findPlaces, isSameId, type EnvironmentLists } from './places.ts';

/** What a definition says of its environment: worth showing and comparing, but never where to write. */
const environmentOf = (definition: Definition | undefined): JsonObject => {
  const environment = definition?.['environment'];
  return isJsonObject(environment) ? environment : {};
};

/** What a definition says of its environment, where nothing but a name or an id was known before. */
function completed(place: Place, definition: Definition | undefined): Place {
  const { environment } = place;
  if (environment.name !== environment.id) return place;
  const { id: ownId, name } = environmentOf(definition);
  return {
    ...place,
    environment: {
      ...environment,
      ...(typeof name === 'string' && { name }),
      ...(typeof ownId === 'string' && { ownId }),
    },
  };
}

async function missingSource(place: Place, api: AdminApi, target: Definition | undefined): Promise<Failure> {
  const { workspace, flag, environment } = place;
  // What only helps the message must not replace it by a failure of its own.
  const isKnown = await api.flag(place).then(
    (found) => found !== undefined,
    () => undefined,
  );
  if (isKnown === false) {
    const names = await api.flagNames(workspace).catch(() => []);
    return new Failure(
      'not-found',
      `There is no flag \`${flag}\` in workspace ${workspace.name} that the key can see.${suggest(flag, names)}`,
    );
  }
  const swapped =
    target === undefined ? '' : ' The target has one: are source and target the right way round?';
  const flagIsThere = isKnown === true ? 'The flag is in the workspace, but it' : `Flag \`${flag}\``;
  return new Failure(
    'not-found',
    `${flagIsThere} has no definition in ${environment.name} that the key can see (flag \`${flag}\`, workspace ${workspace.name}).${swapped} Add the flag to that environment, or name another source.`,
  );
}

const PRODUCTION_CODES: readonly string[] = ['from-production', 'into-production-from-nowhere'];

/** Reads the definitions of the flag and the target that the inputs name. */
export async function readForCopy(inputs: Inputs, keys: Keys): Promise<Reading> {
  const lists = environmentLists();
  try {
    return await read(inputs, keys, lists);
  } catch (error) {
    const failure = asFailure(error);
    const [guessed] = lists.guessed;
    if (failure.reason !== 'not-found' || guessed === undefined) throw error;
    const hint = `The key may not list workspaces, so \`${guessed}\` was taken for an id; give the workspace's id.`;
    throw new Failure('not-found', `${failure.message} ${hint}`, { cause: failure });
  }
}

async function read(inputs: Inputs, keys: Keys, lists: EnvironmentLists): Promise<Reading> {
  const { source, target } = await findPlaces(inputs, keys, lists);
  refuseOwnSource(source, target);
  const [sourceDefinition, before] = await Promise.all([
    keys.source.definition(source),
    keys.target.definition(target),
  ]);
  if (sourceDefinition === undefined) throw await missingSource(source, keys.source, before);

  // A word that no list has shown may be of no environment at all, which a missing definition would hide.
  const isUnseen = before === undefined && target.environment.production === undefined;
  const environment = isUnseen
    ? await lists.confirm(keys.target, target.workspace, target.environment)
    : target.environment;
  // Whether environments are production is looked up by id only for a run that is to fail on it.
  const failsOnProduction = inputs.failOn.some((code) => PRODUCTION_CODES.includes(code));
  if (failsOnProduction) {
    await Promise.all([lists.read(keys.source, source.workspace), lists.read(keys.target, target.workspace)]);
  }
  const isStillUnseen = isUnseen && environment.production === undefined;
  const any = isStillUnseen ? await keys.target.anyDefinition({ ...target, environment }) : before;

  const [sourceId, targetId] = [sourceDefinition, before].map(
    (definition) => environmentOf(definition)['id'],
  );
  refuseOwnSource(source, target, typeof sourceId === 'string' && sourceId === targetId);
  return {
    source: completed({ ...source, environment: lists.complete(source.environment) }, sourceDefinition),
    target: completed({ ...target, environment: lists.complete(environment) }, any),
    sourceDefinition,
    before,
  };
}

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
