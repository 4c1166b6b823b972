// The reader of an environment: which definitions it reads singly, which by pages, and what it keeps in mind.
import { describe, expect, test } from '@jest/globals';
import type { AdminApi, EnvironmentReader, ReadOptions, Sighting, Site } from '../../src/execute/ports.ts';
import { createEnvironmentReader } from '../../src/reading/environment-reader.ts';
import { definition } from '../definition/samples.ts';
import { place } from '../plan/samples.ts';

const SITE: Site = place('Production');

/** `f0` to `f(amount - 1)`, in the order of the pages. */
const flagsOf = (amount: number, from = 0): string[] =>
  Array.from({ length: amount }, (_, number) => `f${from + number}`);

/** An environment that answers, and notes what it was asked: a flag, or the offset of a page. */
function environment(there: readonly string[], { pageSize = 50 } = {}) {
  const asked: (string | number)[] = [];
  const given: (ReadOptions | undefined)[] = [];
  const flags = [...there];
  let time = 0;
  const sighting = (): Sighting => ({ definition: definition(), at: (time += 1) });
  const api: Pick<AdminApi, 'definition' | 'definitionPage'> = {
    definition: ({ flag }, options) => {
      asked.push(flag);
      given.push(options);
      return Promise.resolve(flags.includes(flag) ? sighting() : undefined);
    },
    definitionPage: (_site, offset, take, options) => {
      asked.push(offset);
      given.push(options);
      const page = flags.slice(offset, offset + pageSize);
      for (const flag of page) take(flag, sighting());
      return Promise.resolve({ size: page.length, total: flags.length });
    },
  };
  const reader = createEnvironmentReader(SITE, api as AdminApi);
  return { reader, asked, given, flags };
}

const found = async (reader: EnvironmentReader, flags: readonly string[]): Promise<readonly string[]> =>
  [...(await reader.read(flags)).keys()].toSorted();

/** What was asked since the last time. */
const news = (asked: (string | number)[]): readonly (string | number)[] => asked.splice(0, asked.length);

describe('flags of which nothing is known', () => {
  test('are read singly up to five, without looking how many there are', async () => {
    const { reader, asked } = environment(flagsOf(200));

    expect(await found(reader, flagsOf(5))).toEqual(flagsOf(5));
    expect(asked).toEqual(flagsOf(5));
  });

  test('are read by all pages where these are no more than what the first page lacks', async () => {
    const { reader, asked } = environment(flagsOf(200));
    const wanted = [...flagsOf(3), ...flagsOf(3, 197)];

    expect(await found(reader, wanted)).toEqual(wanted.toSorted());
    expect(asked).toEqual([0, 50, 100, 150]);
  });

  test('are read singly where the other pages are more', async () => {
    const { reader, asked } = environment(flagsOf(201));
    const wanted = [...flagsOf(3), ...flagsOf(3, 198)];

    expect(await found(reader, wanted)).toEqual(wanted.toSorted());
    expect(asked).toEqual([0, 'f198', 'f199', 'f200']);
  });

  test('that the first page holds need no other', async () => {
    const { reader, asked } = environment(flagsOf(200));

    expect(await found(reader, flagsOf(50))).toEqual(flagsOf(50).toSorted());
    expect(asked).toEqual([0]);
  });

  test('are left out where they have no definition, singly or by pages', async () => {
    const { reader } = environment(flagsOf(60));

    expect(await found(reader, ['f1', 'gone'])).toEqual(['f1']);
    expect(await found(reader, [...flagsOf(9), 'gone'])).toEqual(flagsOf(9));
  });

  test('are none in an environment that is empty', async () => {
    const { reader, asked } = environment([]);

    expect(await found(reader, flagsOf(9))).toEqual([]);
    expect(asked).toEqual([0]);
  });
});

describe('pages', () => {
  test('are as large as the API makes them, whatever it was asked for', async () => {
    const { reader, asked } = environment(flagsOf(70), { pageSize: 20 });

    expect(await found(reader, flagsOf(70))).toEqual(flagsOf(70).toSorted());
    expect(asked).toEqual([0, 20, 40, 60]);
  });

  test('that are empty though there should be something on them are not relied on', async () => {
    const { reader, asked } = environment(flagsOf(9), { pageSize: 0 });

    expect(await found(reader, flagsOf(9))).toEqual(flagsOf(9));
    expect(asked).toEqual([0, ...flagsOf(9)]);
  });

  test('keep nothing that was not asked for', async () => {
    const { reader } = environment(flagsOf(20));
    const wanted = flagsOf(7, 3);

    expect(await found(reader, wanted)).toEqual(wanted.toSorted());
    expect(flagsOf(20).filter((flag) => reader.pageOf(flag) !== undefined)).toEqual(wanted);
  });

  test('say where a flag is, and nothing of one that was read singly', async () => {
    const { reader } = environment(flagsOf(110));
    await reader.read(flagsOf(110));
    const { reader: other } = environment(flagsOf(110));
    await other.read(['f60']);

    expect(['f49', 'f50', 'f109', 'gone'].map(reader.pageOf)).toEqual([0, 50, 100, undefined]);
    expect(other.pageOf('f60')).toBeUndefined();
  });

  test('pass on that a read is part of a write under way', async () => {
    const { reader, given } = environment(flagsOf(60));
    await reader.read([...flagsOf(6), 'f55'], { begun: true });
    await reader.read(['f58'], { begun: true });

    expect(given).toEqual([{ begun: true }, { begun: true }, { begun: true }]);
  });
});

describe('flags whose page is known', () => {
  const known = async () => {
    const there = environment(flagsOf(110));
    await there.reader.read(flagsOf(110));
    news(there.asked);
    return there;
  };

  test('are read by their page where it holds more than one of them, and singly where they are alone', async () => {
    const { reader, asked } = await known();

    expect(await found(reader, ['f0', 'f60', 'f61', 'f109'])).toEqual(['f0', 'f109', 'f60', 'f61']);
    expect(new Set(asked)).toEqual(new Set([50, 'f0', 'f109']));
    expect(asked).toHaveLength(3);
  });

  test('are read once more each where they have moved to another page', async () => {
    const { reader, asked, flags } = await known();
    flags.unshift('a_new_one');

    expect(await found(reader, ['f48', 'f49'])).toEqual(['f48', 'f49']);
    expect(asked).toEqual([0, 'f49']);
  });

  test('are left out where they are gone', async () => {
    const { reader, asked, flags } = await known();
    flags.splice(flags.indexOf('f48'), 1);

    expect(await found(reader, ['f48', 'f49'])).toEqual(['f49']);
    expect(asked).toEqual([0, 'f48']);
  });

  test('are read along with those of which nothing is known', async () => {
    const { reader, asked } = await known();

    expect(await found(reader, ['f60', 'f61', 'new'])).toEqual(['f60', 'f61']);
    expect(asked).toEqual([50, 'new']);
  });

  test('spare no page that others need', async () => {
    const { reader, asked } = await known();
    const unknown = Array.from({ length: 6 }, (_, number) => `new${number}`);

    await reader.read(['f60', 'f61', ...unknown]);
    expect(asked).toEqual([50, 0, 100]);
  });
});

describe('the cost', () => {
  test('is a request for each while nothing is known', () => {
    const { reader } = environment(flagsOf(200));

    expect(reader.cost(flagsOf(3))).toBe(3);
    expect(reader.cost(flagsOf(100))).toBe(100);
    expect(reader.cost([])).toBe(0);
  });

  test('is one for each page that is shared, and for each flag that is alone', async () => {
    const { reader, asked } = environment(flagsOf(110));
    await reader.read(flagsOf(110));
    const wanted = ['f0', 'f60', 'f61', 'f109'];
    news(asked);
    await reader.read(wanted);

    expect(reader.cost(wanted)).toBe(asked.length);
    expect(reader.cost(['f0', 'f1', 'new'])).toBe(2);
  });

  test('of many unknown ones is no more than all pages', async () => {
    const { reader } = environment(flagsOf(110));
    await reader.read(flagsOf(110));
    const unknown = Array.from({ length: 40 }, (_, number) => `new${number}`);

    expect(reader.cost(unknown)).toBe(3);
    expect(reader.cost(unknown.slice(0, 5))).toBe(5);
  });

  test('of many unknown ones in an empty environment is one', async () => {
    const { reader } = environment([]);
    await reader.read(flagsOf(9));

    expect(reader.cost(flagsOf(9))).toBe(1);
  });
});

test('what cannot be read fails the whole', async () => {
  const api = {
    definition: () => Promise.reject(new Error('no')),
    definitionPage: () => Promise.reject(new Error('no page')),
  };
  const reader = createEnvironmentReader(SITE, api as unknown as AdminApi);

  await expect(reader.read(['a'])).rejects.toThrow('no');
  await expect(reader.read(flagsOf(6))).rejects.toThrow('no page');
});
