// Reads again what a saved plan is about: its sources, and the targets as they are now.
import type { EnvironmentReader, Keys, Sighting, Sightings, Site, AdminApi } from '../execute/ports.ts';
import { Failure } from '../failure.ts';
import { suggest } from '../near-misses.ts';
import { groups } from '../plan/groups.ts';
import { isAtResult, mayBeWritten, rollbackOf } from '../plan/rollback.ts';
import { changeTo } from '../plan/make-plan.ts';
import { isCalled, type Draft, type Moved, type Place } from '../plan/plan.ts';
import type { SavedItem, SavedPlan } from '../plan/saved-plan.ts';
import { patternsOf, select } from '../plan/selection.ts';
import { isSame } from '../plan/verification.ts';
import { createEnvironmentReader } from './environment-reader.ts';

type Expect = (requests: number) => void;

/** Drafts of what is to be done, and the readers of the environments they are in. */
export interface Drafted {
  readonly drafts: readonly Draft[];
  readonly readers: ReadonlyMap<string, EnvironmentReader>;
}

const siteKey = ({ workspace, environment }: Site): string => `${workspace.id}\n${environment.id}`;

/** Reads places, environment by environment. */
async function readPlaces(
  places: readonly Place[],
  api: AdminApi,
  expect: Expect,
): Promise<{
  readonly at: (place: Place) => Sighting | undefined;
  readonly readers: ReadonlyMap<string, EnvironmentReader>;
}> {
  const read = await Promise.all(
    groups(places, siteKey).map(async (there) => {
      const reader = createEnvironmentReader(there[0], api, expect);
      const flags = [...new Set(there.map(({ flag }) => flag))];
      return { key: siteKey(there[0]), site: there[0], reader, found: await reader.read(flags) };
    }),
  );
  const found = new Map<string, Sightings>(read.map((each) => [each.key, each.found]));
  return {
    at: (place) => found.get(siteKey(place))?.get(place.flag),
    readers: new Map(read.map(({ site, reader }) => [site.environment.id, reader])),
  };
}

function movedOf(
  saved: SavedItem,
  source: Sighting | undefined,
  target: Sighting | undefined,
): readonly Moved[] {
  const sides = [
    { side: 'source', was: saved.sourceDefinition, is: source?.definition },
    { side: 'target', was: saved.before, is: target?.definition },
  ] as const;
  return sides.filter(({ was, is }) => !isSame(is, was));
}

/**
 * What is left to do of a saved plan: nothing of an item that an earlier try has written already. What moved since
 * the plan was made is in `moved`.
 */
export async function draftsToApply(plan: SavedPlan, keys: Keys, expect: Expect): Promise<Drafted> {
  const [sources, targets] = await Promise.all([
    readPlaces(
      plan.items.map(({ source }) => source),
      keys.source,
      expect,
    ),
    readPlaces(
      plan.items.map(({ target }) => target),
      keys.target,
      expect,
    ),
  ]);
  const drafts = plan.items.map((saved): Draft => {
    const { source, target, sourceDefinition, before, result } = saved;
    const [from, to] = [sources.at(source), targets.at(target)];
    const own = { source, target, sourceDefinition, readAt: to?.at };
    const meant = result ?? sourceDefinition;
    const moved = movedOf(saved, from, to);
    const isDone =
      moved.every(({ side }) => side === 'target') && to !== undefined && isAtResult(to.definition, saved);
    if (isDone) return { ...own, before: to.definition, ...changeTo(to.definition, to.definition) };
    return { ...own, before, ...changeTo(meant, before), ...(moved.length > 0 && { moved }) };
  });
  return { drafts, readers: targets.readers };
}

/** The items that `flags` and `target-environment` leave; all where neither is given. */
function narrowed(
  items: readonly SavedItem[],
  { flags, environments }: { readonly flags: readonly string[]; readonly environments: readonly string[] },
): readonly SavedItem[] {
  const names = [...new Set(items.map(({ target }) => target.flag))];
  const patterns = patternsOf(flags);
  const isAll = patterns.names.length + patterns.globs.length === 0;
  const selection = select(isAll ? { ...patterns, globs: ['*'] } : patterns, {
    defined: names,
    tagged: undefined,
  });
  const strangers = [...selection.unmatched, ...patterns.names.filter((name) => !names.includes(name))];
  const [stranger] = strangers;
  if (stranger !== undefined && items.length > 0) {
    throw new Failure(
      'not-found',
      `The run that \`plan-file\` records has no flag \`${stranger}\`.${suggest(stranger, names)}`,
    );
  }
  const wanted = new Set(selection.flags);
  for (const word of environments) {
    if (items.some(({ target }) => isCalled(target.environment, word))) continue;
    const there = [...new Set(items.map(({ target }) => target.environment.name))];
    throw new Failure(
      'not-found',
      `The run that \`plan-file\` records has no target environment \`${word}\`.${suggest(word, there)}`,
    );
  }
  return items.filter(
    ({ target }) =>
      wanted.has(target.flag) &&
      (environments.length === 0 || environments.some((word) => isCalled(target.environment, word))),
  );
}

/** What undoes the run that a plan file records: of the items it wrote, or may have written. */
export async function draftsToRollBack(
  plan: SavedPlan,
  keys: Keys,
  options: {
    readonly flags: readonly string[];
    readonly environments: readonly string[];
    readonly expect: Expect;
  },
): Promise<Drafted> {
  const items = narrowed(plan.items, options).filter(mayBeWritten);
  const { at, readers } = await readPlaces(
    items.map(({ target }) => target),
    keys.target,
    options.expect,
  );
  const drafts = items.map((saved): Draft => {
    const live = at(saved.target);
    return {
      ...{ source: saved.source, target: saved.target, readAt: live?.at },
      sourceDefinition: saved.before ?? saved.sourceDefinition,
      ...rollbackOf(saved, live?.definition),
    };
  });
  return { drafts, readers };
}
