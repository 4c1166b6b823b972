// Looks at targets before their writes: which are shared, which are still good, and which fail.
import { describe, expect, test } from '@jest/globals';
import { createLooks } from '../../src/execute/looks.ts';
import type { EnvironmentReader, Sighting } from '../../src/execute/ports.ts';
import type { Item } from '../../src/plan/plan.ts';
import { definition } from '../definition/samples.ts';
import { place, planFor, reading } from '../plan/samples.ts';

/** Items that update these flags. */
const itemsOf = (...flags: readonly string[]): Record<string, Item> =>
  Object.fromEntries(
    planFor(
      flags.map((flag) =>
        reading({
          source: place('Staging', { flag }),
          target: place('Production', { flag }),
          before: definition({ trafficAllocation: 1 }),
        }),
      ),
    ).items.map((item) => [item.target.flag, item]),
  );

/** A reader on which `pages` say where flags are. Every read is a moment of its own, and waits until it is let go. */
function readerOn(pages: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  const gone = new Set<string>();
  const waiting: (() => void)[] = [];
  let time = 0;
  let failure: Error | undefined;
  const reader: EnvironmentReader = {
    async read(flags) {
      asked.push(flags.join(' '));
      time += 1;
      const at = time;
      const fails = failure;
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (fails !== undefined) throw fails;
      return new Map(
        flags
          .filter((flag) => !gone.has(flag))
          .map((flag): [string, Sighting] => [flag, { definition: definition(), at }]),
      );
    },
    pageOf: (flag) => pages[flag],
    cost: (flags) => flags.length,
  };
  /** Lets reads that wait go on, until a look is over. */
  async function over<T>(looking: Promise<T>): Promise<T> {
    const ended = { yet: false };
    const end = (): void => {
      ended.yet = true;
    };
    void looking.then(end, end);
    while (!ended.yet) {
      for (const go of waiting.splice(0)) go();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return looking;
  }
  return {
    ...{ reader, asked, gone, over },
    fail: (error: Error | undefined): void => {
      failure = error;
    },
  };
}

function looksAt(pages: Readonly<Record<string, number>>, flags: readonly string[]) {
  const items = itemsOf(...flags);
  const there = readerOn(pages);
  const looks = createLooks(Object.values(items), () => there.reader);
  const item = (flag: string): Item => {
    const found = items[flag];
    if (found === undefined) throw new Error(`There is no ${flag}.`);
    return found;
  };
  return {
    ...there,
    look: (flag: string, since = 0) => looks.look(item(flag), since),
    done: (flag: string) => looks.done(item(flag)),
  };
}

describe('a look', () => {
  test('reads the companions on the page along, and serves them', async () => {
    const { look, asked, over } = looksAt({ a: 0, b: 0, c: 50 }, ['a', 'b', 'c']);

    expect(await over(look('a'))).toMatchObject({ at: 1 });
    expect(await over(look('b', 1))).toMatchObject({ at: 1 });
    expect(asked).toEqual(['a b']);
    expect(await over(look('c'))).toMatchObject({ at: 2 });
    expect(asked).toEqual(['a b', 'c']);
  });

  test('of those who are on the same page at the same time is one', async () => {
    const { look, asked, over } = looksAt({ a: 0, b: 0 }, ['a', 'b']);
    const both = await over(Promise.all([look('a'), look('b')]));

    expect(both.map((sighting) => sighting?.at)).toEqual([1, 1]);
    expect(asked).toEqual(['a b']);
  });

  test('of a flag whose page is not known is its own', async () => {
    const { look, asked, over } = looksAt({ b: 0 }, ['a', 'b', 'c']);
    await over(Promise.all([look('a'), look('c'), look('b')]));

    expect(asked).toEqual(['a', 'c', 'b']);
  });

  test('takes nothing that was seen before the moment asked for', async () => {
    const { look, asked, over } = looksAt({ a: 0, b: 0 }, ['a', 'b']);
    await over(look('a'));

    expect(await over(look('b', 2))).toMatchObject({ at: 2 });
    expect(asked).toEqual(['a b', 'b a']);
  });

  test('does not read those along that were written', async () => {
    const { look, done, asked, over } = looksAt({ a: 0, b: 0, c: 0 }, ['a', 'b', 'c']);
    await over(look('a'));
    done('a');

    await over(look('b', 2));
    expect(asked).toEqual(['a b c', 'b c']);
  });

  test('of one that was written is a new one', async () => {
    const { look, done, asked, over } = looksAt({ a: 0, b: 0 }, ['a', 'b']);
    await over(look('a'));
    done('a');

    expect(await over(look('a'))).toMatchObject({ at: 2 });
    expect(asked).toEqual(['a b', 'a b']);
  });

  test('at a target that is gone finds none, and forgets what was there', async () => {
    const { look, gone, asked, over } = looksAt({ a: 0, b: 0 }, ['a', 'b']);
    await over(look('a'));
    gone.add('b');
    await over(look('a', 2));

    expect(await over(look('b'))).toBeUndefined();
    expect(asked).toHaveLength(3);
  });

  test('that fails is the failure of who asked; a companion looks for itself', async () => {
    const { look, asked, fail, over } = looksAt({ a: 0, b: 0 }, ['a', 'b']);
    fail(new Error('no answer'));
    const first = look('a');
    const second = look('b');
    fail(undefined);

    const [one, other] = await over(Promise.allSettled([first, second]));
    expect(one).toMatchObject({ status: 'rejected', reason: new Error('no answer') });
    expect(other).toMatchObject({ status: 'fulfilled', value: { at: 2 } });
    expect(asked).toEqual(['a b', 'b a']);
  });
});

test('environments have pages of their own', async () => {
  const [here, there] = [readerOn({ a: 0 }), readerOn({ a: 0 })];
  const [item] = Object.values(itemsOf('a'));
  if (item === undefined) throw new Error('There is no item.');
  const elsewhere: Item = { ...item, target: place('Canary', { flag: 'a' }) };
  const looks = createLooks([item, elsewhere], (each) => (each === item ? here.reader : there.reader));
  await here.over(looks.look(item, 0));

  expect(here.asked).toEqual(['a']);
  expect(there.asked).toEqual([]);
});
