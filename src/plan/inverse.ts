// The way back: the item that makes a target what it was before another item was written.
import type { Definition } from '../definition/definition.ts';
import { differencesOf } from '../definition/difference.ts';
import { changedSections } from '../definition/sections.ts';
import { killChangeOf } from './make-plan.ts';
import type { Item } from './plan.ts';

/**
 * What is to be written to undo an item, whole; of a definition that the item created, which is to be removed,
 * nothing is.
 * @param live the target as it is now
 */
export function inverseOf(
  item: Item,
  { live, readAt }: { readonly live: Definition; readonly readAt: number },
): Item {
  const result = item.before ?? live;
  const killChange = killChangeOf(live, result);
  return {
    ...item,
    ...{ sourceDefinition: result, before: live, result, readAt, killChange },
    changed: [...changedSections(live, result), ...(killChange ? ['kill-state' as const] : [])],
    differences: differencesOf(live, result),
    findings: [],
    openRequest: undefined,
  };
}
