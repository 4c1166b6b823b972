// Definitions of many flags in one environment: singly or page by page, whichever takes fewer requests.
import type { Definition } from '../definition/definition.ts';
import type { AdminApi, Site } from '../execute/ports.ts';

/** As many flags are read singly without asking first how many there are: the answer costs a request itself. */
const FEW = 5;

/** What was read, by flag; flags without a definition there are left out. */
export type Definitions = ReadonlyMap<string, Definition>;

async function readSingly(flags: readonly string[], site: Site, api: AdminApi): Promise<Definitions> {
  const found = await Promise.all(
    flags.map(async (flag) => [flag, await api.definition({ ...site, flag })] as const),
  );
  return new Map(
    found.flatMap(([flag, definition]) => (definition === undefined ? [] : [[flag, definition]])),
  );
}

/**
 * Reads the definitions of flags. Pages are read only where they are fewer than the flags that remain, which the
 * first of them shows; no definition is kept that is not wanted.
 */
export async function readMany(flags: readonly string[], site: Site, api: AdminApi): Promise<Definitions> {
  if (flags.length <= FEW) return readSingly(flags, site, api);
  const wanted = new Set(flags);
  const found = new Map<string, Definition>();
  const take = (flag: string, definition: Definition): void => {
    if (wanted.has(flag)) found.set(flag, definition);
  };
  const { size, total } = await api.definitionPage(site, 0, take);
  const missing = (): readonly string[] => flags.filter((flag) => !found.has(flag));
  const pages = size === 0 ? 0 : Math.ceil(total / size) - 1;
  if (pages > missing().length) return new Map([...found, ...(await readSingly(missing(), site, api))]);
  await Promise.all(
    Array.from({ length: pages }, (_, page) => api.definitionPage(site, (page + 1) * size, take)),
  );
  return found;
}
