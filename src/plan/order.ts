// The order of writes: the parents of IN_SPLIT rules before the flags that ask them.
import { dependenciesOf } from '../definition/references.ts';
import { targetKey, type Draft } from './plan.ts';

/**
 * Items in steps: every item comes in a later step than those of its parents that are among the items. Items of a
 * cycle, which a check refuses anyway, come last, with those that ask them.
 */
export function inSteps<T extends Draft>(items: readonly T[]): readonly (readonly T[])[] {
  const waiting = new Map(items.map((item) => [targetKey(item), item]));
  const steps: T[][] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter((item) =>
      parentsOf(item).every((parent) => !waiting.has(parent)),
    );
    const step = ready.length > 0 ? ready : [...waiting.values()];
    steps.push(step);
    for (const item of step) waiting.delete(targetKey(item));
  }
  return steps;
}

/** Keys of the items an item depends on, itself not counted. */
function parentsOf(item: Draft): readonly string[] {
  const own = targetKey(item);
  return dependenciesOf(item.result)
    .map(({ flag }) => targetKey(item, flag))
    .filter((key) => key !== own);
}

/** The items among `items` that an item depends on. */
export function parentsAmong<T extends Draft>(item: Draft, items: readonly T[]): readonly T[] {
  const parents = new Set(parentsOf(item));
  if (parents.size === 0) return [];
  return items.filter((other) => parents.has(targetKey(other)));
}
