// Definitions of many flags in one environment: singly or page by page, whichever takes fewer requests.
import type {
  AdminApi,
  EnvironmentReader,
  ReadOptions,
  Sighting,
  Sightings,
  Site,
} from '../execute/ports.ts';
import { groups } from '../plan/groups.ts';

/** As many flags are read singly without asking first how many there are: the answer costs a request itself. */
const FEW = 5;

/**
 * Reads the definitions of flags. A page is read where it holds more than one of them; where nothing tells on
 * which page they are, all pages are, if these are fewer than the flags. Only what is asked for is kept.
 */
export function createEnvironmentReader(
  site: Site,
  api: AdminApi,
  expect: (requests: number) => void = () => undefined,
): EnvironmentReader {
  /** Offset of the page on which a flag was found. */
  const pages = new Map<string, number>();
  let size = 0;
  let total: number | undefined;

  const offsets = (): readonly number[] =>
    Array.from({ length: size === 0 ? 0 : Math.ceil((total ?? 0) / size) }, (_, page) => page * size);

  /** The flags by what their page is known to be, those of which nothing is known apart. */
  function sorted(flags: readonly string[]) {
    const placed = groups(
      flags.filter((flag) => pages.has(flag)),
      (flag) => String(pages.get(flag)),
    );
    return {
      shared: placed.filter(({ length }) => length > 1),
      alone: placed.filter(({ length }) => length === 1).flat(),
      unknown: flags.filter((flag) => !pages.has(flag)),
    };
  }

  async function read(flags: readonly string[], options?: ReadOptions): Promise<Sightings> {
    const wanted = new Set(flags);
    const found = new Map<string, Sighting>();
    const seen = new Set<number>();
    const missing = (among: readonly string[]): readonly string[] => among.filter((flag) => !found.has(flag));

    async function readPage(offset: number): Promise<void> {
      seen.add(offset);
      const take = (flag: string, sighting: Sighting): void => {
        if (!wanted.has(flag)) return;
        found.set(flag, sighting);
        pages.set(flag, offset);
      };
      const page = await api.definitionPage(site, offset, take, options);
      size = Math.max(size, page.size);
      ({ total } = page);
    }

    async function readSingly(flag: string): Promise<void> {
      const sighting = await api.definition({ ...site, flag }, options);
      if (sighting !== undefined) found.set(flag, sighting);
    }

    const { shared, alone, unknown } = sorted(flags);
    const pagesToRead = new Set(shared.map(([flag]) => pages.get(flag) ?? 0));
    // The first page says how many there are by now.
    if (unknown.length > FEW) pagesToRead.add(0);
    expect(pagesToRead.size + alone.length);
    await Promise.all([...Array.from(pagesToRead, readPage), ...alone.map(readSingly)]);
    // A flag that is not on its page any more has moved, or is gone.
    const moved = missing(shared.flat());
    const rest = missing(unknown);
    const unseen = offsets().filter((offset) => !seen.has(offset));
    // A page without definitions where there should be some says nothing.
    const byPages = unknown.length > FEW && unseen.length <= rest.length && (size > 0 || total === 0);
    expect(moved.length + (byPages ? unseen.length : rest.length));
    await Promise.all([...moved.map(readSingly), ...(byPages ? unseen.map(readPage) : rest.map(readSingly))]);
    return found;
  }

  return {
    read,
    pageOf: (flag) => pages.get(flag),
    cost(flags) {
      const { shared, alone, unknown } = sorted(flags);
      const byPages = total !== undefined && unknown.length > FEW;
      const most = byPages ? Math.max(1, offsets().length) : unknown.length;
      return shared.length + alone.length + Math.min(unknown.length, most);
    },
  };
}
