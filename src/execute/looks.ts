// Looks at targets again whose sighting is too old to write on, together with those that are next on the same page.
import type { Item } from '../plan/plan.ts';
import type { EnvironmentReader, Sighting } from './ports.ts';

export interface Looks {
  /** The target as it was at `since` or later, milliseconds since the epoch; `undefined` where it has no definition. */
  readonly look: (item: Item, since: number) => Promise<Sighting | undefined>;
  /** Told of an item that needs no further look before its write. */
  readonly done: (item: Item) => void;
}

/**
 * @param waiting items that are still to be written
 * @param readerOf the reader of an item's environment
 */
export function createLooks(waiting: readonly Item[], readerOf: (item: Item) => EnvironmentReader): Looks {
  const left = new Set(waiting);
  const sightings = new Map<Item, Sighting>();
  const underWay = new Map<Item, Promise<void>>();

  /** Those who look at the same page at the same time share one request. */
  function companions(item: Item): readonly Item[] {
    const reader = readerOf(item);
    const page = reader.pageOf(item.target.flag);
    if (page === undefined) return [];
    return [...left].filter(
      (other) => other !== item && readerOf(other) === reader && reader.pageOf(other.target.flag) === page,
    );
  }

  async function readTogether(items: readonly Item[], reader: EnvironmentReader): Promise<void> {
    const found = await reader.read(items.map(({ target }) => target.flag));
    for (const each of items) {
      const sighting = found.get(each.target.flag);
      if (sighting === undefined) sightings.delete(each);
      else sightings.set(each, sighting);
    }
  }

  async function read(item: Item): Promise<Sighting | undefined> {
    const together = [item, ...companions(item).filter((other) => !underWay.has(other))];
    const reading = readTogether(together, readerOf(item));
    for (const each of together) underWay.set(each, reading);
    try {
      await reading;
    } finally {
      for (const each of together) underWay.delete(each);
    }
    return sightings.get(item);
  }

  return {
    async look(item, since) {
      // A page that somebody else is reading has this item on it; where that fails, the own look says why.
      const reading = underWay.get(item);
      // Not a turn is lost where there is none: those who look next are to find this look under way.
      if (reading !== undefined) await reading.catch(() => undefined);
      const known = sightings.get(item);
      return known !== undefined && known.at >= since ? known : read(item);
    },
    done(item) {
      left.delete(item);
      sightings.delete(item);
    },
  };
}
