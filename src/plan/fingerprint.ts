// The fingerprint of a plan: one short value that stands for everything it read and everything it means to write.
import { createHash } from 'node:crypto';
import { canonical, withoutBookkeeping } from '../definition/equality.ts';
import type { Definition } from '../definition/definition.ts';
import type { Json } from '../json.ts';
import type { Item, Place } from './plan.ts';

const place = ({ workspace, environment, flag }: Place): Json => ({
  workspace: workspace.id,
  environment: environment.id,
  flag,
});

const content = (definition: Definition | undefined): Json =>
  definition === undefined ? null : withoutBookkeeping(definition);

/** What of an item goes into the fingerprint; there is no result where the definition is to be removed. */
export interface FingerprintedItem extends Pick<Item, 'source' | 'target' | 'sourceDefinition' | 'before'> {
  readonly result: Definition | undefined;
}

/**
 * SHA-256, in lower-case hex, over the plan's canonical content: place of each source and target, source and
 * target as read, and result meant. The same for the same content whatever the time, the run, the order of
 * members or of items.
 */
export function fingerprintOf(items: readonly FingerprintedItem[]): string {
  const byTarget = items
    .map((item) => ({ item, key: canonical([place(item.target), place(item.source)]) }))
    .toSorted((left, right) => (left.key < right.key ? -1 : 1));
  const hash = createHash('sha256').update('[');
  // One text at a time: all of them would be as large as everything that was read.
  for (const [number, { item }] of byTarget.entries()) {
    const [before, source] = [content(item.before), content(item.sourceDefinition)];
    const text = canonical({
      ...{ source: place(item.source), target: place(item.target) },
      ...{ sourceDefinition: source, before },
      result: item.result === item.before ? before : content(item.result),
    });
    hash.update(number === 0 ? text : `,${text}`);
  }
  return hash.update(']').digest('hex');
}
