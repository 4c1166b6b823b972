// The order of writes: the parents of IN_SPLIT rules before the flags that ask them.
import { dependenciesOf } from '../definition/references.ts';
import { targetKey, type Draft } from './plan.ts';

/**
 * What has to be written before an item, of the same items: the parents it will ask; before a removal, the flags
 * that ask for it today.
 */
export function predecessorsOf<T extends Draft>(items: readonly T[]): (item: T) => readonly T[] {
  const byKey = new Map(items.map((item) => [targetKey(item), item]));
  const predecessors = new Map<T, Set<T>>();
  const add = (item: T, predecessor: T): void => {
    if (item === predecessor) return;
    predecessors.set(item, (predecessors.get(item) ?? new Set<T>()).add(predecessor));
  };
  for (const item of items) {
    const asked = (definition: Draft['before']): readonly T[] =>
      (definition === undefined ? [] : dependenciesOf(definition)).flatMap(
        ({ flag }) => byKey.get(targetKey(item, flag)) ?? [],
      );
    for (const parent of asked(item.before)) if (parent.removes === true) add(parent, item);
    if (item.removes === true) continue;
    for (const parent of asked(item.result)) if (parent.removes !== true) add(item, parent);
  }
  return (item) => [...(predecessors.get(item) ?? [])];
}

/**
 * Items in steps: every item comes in a later step than its predecessors. Items of a cycle, which a check refuses
 * anyway, come last, with those that depend on them.
 */
export function inSteps<T extends Draft>(items: readonly T[]): readonly (readonly T[])[] {
  const predecessors = predecessorsOf(items);
  const waiting = new Set(items);
  const steps: T[][] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter((item) => predecessors(item).every((other) => !waiting.has(other)));
    const step = ready.length > 0 ? ready : [...waiting];
    steps.push(step);
    for (const item of step) waiting.delete(item);
  }
  return steps;
}
