// The way back: the item that makes a target what it was before another item was written.
import type { Definition } from '../definition/definition.ts';
import { changeTo } from './make-plan.ts';
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
  return {
    ...item,
    ...{ sourceDefinition: item.before ?? live, before: live, readAt },
    ...changeTo(item.before ?? live, live),
    removes: item.before === undefined,
    findings: [],
    openRequest: undefined,
  };
}
