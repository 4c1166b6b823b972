// Looks up what the checks need to know of the target environments, and nothing that they do not.
import {
  SEGMENT_KINDS,
  dependenciesOf,
  segmentReferences,
  type SegmentKind,
} from '../definition/references.ts';
import type { AdminApi, Segment, Site } from '../execute/ports.ts';
import { asFailure } from '../failure.ts';
import { inOneWorkspace } from '../plan/candidate.ts';
import { groups } from '../plan/groups.ts';
import type { Mode } from '../plan/outcome.ts';
import { differs, type Draft } from '../plan/plan.ts';
import { goneTreatments } from '../plan/parent-checks.ts';
import {
  NO_SURROUNDINGS,
  neighbourOf,
  type Fact,
  type Neighbour,
  type Surroundings,
} from '../plan/surroundings.ts';

/** What a look-up gave, or why it failed; only a cancelled job ends it. */
async function fact<T>(reading: Promise<T>): Promise<Fact<T>> {
  try {
    return { known: await reading };
  } catch (error) {
    const failure = asFailure(error);
    if (failure.reason === 'cancelled') throw failure;
    return { unverified: failure.message };
  }
}

async function readSegments(drafts: readonly Draft[], site: Site, api: AdminApi) {
  const references = drafts.flatMap(({ result }) => segmentReferences(result));
  const lists = new Map<SegmentKind, Fact<readonly Segment[]>>();
  const read = async (kinds: Iterable<SegmentKind>): Promise<void> => {
    await Promise.all(
      Array.from(new Set(kinds), async (kind) => lists.set(kind, await fact(api.segments(site, kind)))),
    );
  };
  await read(references.map(({ kind }) => kind));
  // A matcher that may stand for every kind is looked up under the others only if its own list lacks the name.
  const standard = lists.get('standard');
  const names = standard !== undefined && 'known' in standard ? standard.known.map(({ name }) => name) : [];
  const known = new Set(names);
  const isOpen = references.some(({ name, isKindSure }) => !isKindSure && !known.has(name));
  if (isOpen) await read(SEGMENT_KINDS.filter((kind) => !lists.has(kind)));
  return lists;
}

/** The flags that IN_SPLIT rules lead to, and those that these lead to, each read once. */
async function readNeighbours(
  drafts: readonly Draft[],
  planned: ReadonlySet<string>,
  read: (flag: string) => Promise<Fact<Neighbour | undefined>>,
) {
  const neighbours = new Map<string, Fact<Neighbour | undefined>>();
  let wanted = drafts.flatMap(({ result }) => dependenciesOf(result));
  while (wanted.length > 0) {
    const flags = new Set(wanted.map(({ flag }) => flag));
    const next = [...flags].filter((flag) => !planned.has(flag) && !neighbours.has(flag));
    const found = await Promise.all(next.map(async (flag) => [flag, await read(flag)] as const));
    for (const [flag, neighbour] of found) neighbours.set(flag, neighbour);
    wanted = found.flatMap(([, neighbour]) =>
      'known' in neighbour ? (neighbour.known?.dependencies ?? []) : [],
    );
  }
  return neighbours;
}

/** The flags of drafts whose definition nothing has shown to belong to a flag that is there. */
async function readFlags(drafts: readonly Draft[], api: AdminApi) {
  const unseen = drafts.filter(
    (draft) =>
      draft.before === undefined && !(inOneWorkspace(draft) && draft.source.flag === draft.target.flag),
  );
  return new Map(
    await Promise.all(unseen.map(async ({ target }) => [target.flag, await fact(api.flag(target))] as const)),
  );
}

/** @param drafts all drafts of one target environment; those that do not differ need nothing known. */
async function readAround(
  all: readonly Draft[],
  api: AdminApi,
  mode: Mode,
): Promise<Surroundings | undefined> {
  const drafts = all.filter(differs);
  const [first] = drafts;
  if (first === undefined) return undefined;
  const site = first.target;
  // What goes back to what it was is checked for nothing else.
  if (mode === 'rollback')
    return { ...NO_SURROUNDINGS, changeRequests: await fact(api.openChangeRequests(site)) };
  const losesTreatments = drafts.some((draft) => goneTreatments(draft).length > 0);
  const everyone = losesTreatments ? fact(api.definitions(site, neighbourOf)) : undefined;

  async function readNeighbour(flag: string): Promise<Fact<Neighbour | undefined>> {
    const listed = await everyone;
    if (listed !== undefined && 'known' in listed) {
      return { known: listed.known.find((neighbour) => neighbour.flag === flag) };
    }
    return fact(
      api.definition({ ...site, flag }).then((found) => found && neighbourOf(flag, found.definition)),
    );
  }

  const planned = new Set(all.map(({ target }) => target.flag));
  const [segments, neighbours, flags, changeRequests, listed] = await Promise.all([
    readSegments(drafts, site, api),
    readNeighbours(drafts, planned, readNeighbour),
    readFlags(drafts, api),
    fact(api.openChangeRequests(site)),
    everyone,
  ]);
  return { segments, neighbours, flags, changeRequests, everyone: listed };
}

/**
 * What is around the targets of these drafts, by environment id; environments in which nothing is to be
 * written are left out. A look-up that fails is a {@link Fact} of its own, no failure.
 */
export async function readSurroundings(
  drafts: readonly Draft[],
  api: AdminApi,
  mode: Mode,
): Promise<ReadonlyMap<string, Surroundings>> {
  const around = await Promise.all(
    groups(drafts, ({ target }) => target.environment.id).map(
      async (there) => [there[0].target.environment.id, await readAround(there, api, mode)] as const,
    ),
  );
  return new Map(around.flatMap(([id, found]) => (found === undefined ? [] : [[id, found] as const])));
}
