// Selects the flags, reads their definitions in the source and target environments, and says what is missing.
import type { Definition } from '../definition/definition.ts';
import type { EnvironmentReader, Keys, Sightings, Site } from '../execute/ports.ts';
import { Failure, asFailure } from '../failure.ts';
import type { Inputs } from '../inputs.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { suggest } from '../near-misses.ts';
import type { Reading } from '../plan/make-plan.ts';
import { isSameId, type Place } from '../plan/plan.ts';
import { patternsOf, select, wantedBy } from '../plan/selection.ts';
import { quoted } from '../plan/sentences.ts';
import { createEnvironmentReader } from './environment-reader.ts';
import { environmentLists, findSites, type EnvironmentLists } from './places.ts';

/** What was read, and what is worth a notice. */
export interface Readings {
  readonly readings: readonly Reading[];
  readonly notices: readonly string[];
  /** Readers of the target environments, by id. */
  readonly readers: ReadonlyMap<string, EnvironmentReader>;
}

/** What a definition says of its environment: worth showing and comparing, but never where to write. */
const environmentOf = (definition: Definition | undefined): JsonObject => {
  const environment = definition?.['environment'];
  return isJsonObject(environment) ? environment : {};
};

/** What a definition says of its environment, where nothing but a name or an id was known before. */
function completed(site: Site, definition: Definition | undefined): Site {
  const { environment } = site;
  if (environment.name !== environment.id) return site;
  const { id: ownId, name } = environmentOf(definition);
  return {
    ...site,
    environment: {
      ...environment,
      ...(typeof name === 'string' && { name }),
      ...(typeof ownId === 'string' && { ownId }),
    },
  };
}

/** Flags were named that have no definition in the source environment, or none that the key can see. */
async function missingSources(
  flags: readonly [string, ...string[]],
  source: Site,
  { keys, someTargetHasIt }: { readonly keys: Keys; readonly someTargetHasIt: boolean },
): Promise<Failure> {
  const { workspace, environment } = source;
  const [flag, ...others] = flags;
  // What only helps the message must not replace it by a failure of its own.
  const isKnown = await keys.source.flag({ ...source, flag }).then(
    (found) => found !== undefined,
    () => undefined,
  );
  const more = (verb: string): string =>
    others.length === 0
      ? ''
      : ` ${verb} ${others.length} more that were named: ${quoted(others.slice(0, 20))}.`;
  if (isKnown === false) {
    const names = await keys.source.flagNames(workspace).catch(() => []);
    return new Failure(
      'not-found',
      `There is no flag \`${flag}\` in workspace ${workspace.name} that the key can see.${suggest(flag, names)}${more('Without a definition in the source are')}`,
    );
  }
  const swapped = someTargetHasIt ? ' The target has one: are source and target the right way round?' : '';
  const flagIsThere = isKnown === true ? 'The flag is in the workspace, but it' : `Flag \`${flag}\``;
  return new Failure(
    'not-found',
    `${flagIsThere} has no definition in ${environment.name} that the key can see (flag \`${flag}\`, workspace ${workspace.name}).${more('The same holds for')}${swapped} Add the flag to that environment, or name another source.`,
  );
}

/** The flags that the inputs select, and the source definitions that had to be read for that. */
async function selectFlags(
  { flags, tags }: Inputs,
  source: Site,
  { source: api }: Keys,
): Promise<{
  readonly flags: readonly string[];
  readonly definitions: ReadonlyMap<string, Definition> | undefined;
  readonly notices: readonly string[];
}> {
  const patterns = patternsOf(flags);
  const tagged = tags.length === 0 ? undefined : new Set(await api.flagNames(source.workspace, tags));
  const definitions = new Map<string, Definition>();
  const defined: string[] = [];
  const hasGlobs = patterns.globs.length > 0;
  if (hasGlobs) {
    const isWanted = wantedBy(patterns, tagged);
    await api.definitions(source, (flag, definition) => {
      defined.push(flag);
      // Only what is selected is kept, so that memory grows with the selection.
      if (isWanted(flag)) definitions.set(flag, definition);
    });
  }
  const selection = select(patterns, { defined: hasGlobs ? defined : [...(tagged ?? [])], tagged });
  const [unmatched] = selection.unmatched;
  if (unmatched !== undefined) {
    throw new Failure(
      'not-found',
      `No flag with a definition in ${source.environment.name} matches \`${unmatched}\`.${suggest(unmatched, defined)}`,
    );
  }
  const notices = [
    ...selection.untagged.map((flag) => `Flag \`${flag}\` carries none of the tags, so it is left out.`),
    ...selection.idle.map((exclusion) => `\`!${exclusion}\` takes nothing out.`),
  ];
  if (selection.flags.length === 0) {
    throw new Failure(
      'not-found',
      `\`flags\` and \`tags\` select no flag. ${notices.join(' ')} Correct them.`.replaceAll(/ {2,}/g, ' '),
    );
  }
  return { flags: selection.flags, definitions: hasGlobs ? definitions : undefined, notices };
}

const definitionsIn = async (reading: Promise<Sightings>): Promise<ReadonlyMap<string, Definition>> =>
  new Map(Array.from(await reading, ([flag, { definition }]) => [flag, definition]));

const PRODUCTION_CODES: readonly string[] = ['from-production', 'into-production-from-nowhere'];

/**
 * Reads the definitions of the flags and the targets that the inputs select.
 * @param expect told how many more requests that takes, as soon as it is known
 */
export async function readForCopy(
  inputs: Inputs,
  keys: Keys,
  expect?: (requests: number) => void,
): Promise<Readings> {
  const lists = environmentLists();
  try {
    return await read(inputs, keys, { lists, expect });
  } catch (error) {
    const failure = asFailure(error);
    const [guessed] = lists.guessed;
    if (failure.reason !== 'not-found' || guessed === undefined) throw error;
    const hint = `The key may not list workspaces, so \`${guessed}\` was taken for an id; give the workspace's id.`;
    throw new Failure('not-found', `${failure.message} ${hint}`, { cause: failure });
  }
}

async function read(
  inputs: Inputs,
  keys: Keys,
  {
    lists,
    expect,
  }: { readonly lists: EnvironmentLists; readonly expect: ((requests: number) => void) | undefined },
): Promise<Readings> {
  const { source, targets } = await findSites(inputs, keys, lists);
  const landing = (flag: string): string => inputs.targetFlag ?? flag;
  for (const target of targets) {
    for (const flag of patternsOf(inputs.flags).names) {
      refuseOwnSource({ ...source, flag }, { ...target, flag: landing(flag) });
    }
  }
  const { flags, definitions: known, notices } = await selectFlags(inputs, source, keys);
  const readers = targets.map((target) => createEnvironmentReader(target, keys.target, expect));
  const [sources, ...there] = await Promise.all([
    known ?? definitionsIn(createEnvironmentReader(source, keys.source, expect).read(flags)),
    ...readers.map((reader) => reader.read(flags.map(landing))),
  ]);
  // A tag is on the flag, whatever environments it is defined in.
  const named = new Set(patternsOf(inputs.flags).names);
  const [missing, ...others] = flags.filter((flag) => !sources.has(flag) && named.has(flag));
  if (missing !== undefined) {
    const someTargetHasIt = there.some((found) => found.has(landing(missing)));
    throw await missingSources([missing, ...others], source, { keys, someTargetHasIt });
  }
  const selected = flags.filter((flag) => sources.has(flag));
  if (selected.length === 0) {
    throw new Failure(
      'not-found',
      `No flag with these tags has a definition in ${source.environment.name} that the key can see.`,
    );
  }
  // Whether environments are production is looked up by id only for a run that is to fail on it.
  if (inputs.failOn.some((code) => PRODUCTION_CODES.includes(code))) {
    await Promise.all([
      lists.read(keys.source, source.workspace),
      ...targets.map(({ workspace }) => lists.read(keys.target, workspace)),
    ]);
  }
  const [anySource] = sources.values();
  const from = completed({ ...source, environment: lists.complete(source.environment) }, anySource);
  const readings = await Promise.all(
    targets.map(async (target, position) => {
      const found: Sightings = there[position] ?? new Map();
      const site = await confirmed(target, found, { keys, lists });
      return selected.flatMap((flag): Reading[] => {
        const sourceDefinition = sources.get(flag);
        if (sourceDefinition === undefined) return [];
        const { definition: before, at: readAt } = found.get(landing(flag)) ?? {};
        const reading = {
          source: { ...from, flag },
          target: { ...site, flag: landing(flag) },
          ...{ sourceDefinition, before, readAt },
        };
        const [sourceId, targetId] = [sourceDefinition, before].map((each) => environmentOf(each)['id']);
        refuseOwnSource(
          reading.source,
          reading.target,
          typeof sourceId === 'string' && sourceId === targetId,
        );
        return [reading];
      });
    }),
  );
  const byId = readings.flatMap(([reading], position) => {
    const reader = readers[position];
    return reading && reader ? [[reading.target.environment.id, reader] as const] : [];
  });
  return { readings: readings.flat(), notices, readers: new Map(byId) };
}

/** A target that is an environment for sure, with what is known of it. */
async function confirmed(
  target: Site,
  found: Sightings,
  { keys, lists }: { readonly keys: Keys; readonly lists: EnvironmentLists },
): Promise<Site> {
  const site = { ...target, environment: lists.complete(target.environment) };
  const any = found.values().next().value?.definition;
  // A word that no list has shown may be of no environment at all, which missing definitions would hide.
  if (any !== undefined || site.environment.production !== undefined) return completed(site, any);
  const environment = await lists.confirm(keys.target, site.workspace, site.environment);
  const seen = { ...site, environment };
  return environment.production === undefined ? completed(seen, await keys.target.anyDefinition(seen)) : seen;
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
