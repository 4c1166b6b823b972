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

/**
 * SHA-256, in lower-case hex, over the plan's canonical content: place of each source and target, source and
 * target as read, and result meant. The same for the same content whatever the time, the run, the order of
 * members or of items.
 */
export function fingerprintOf(
  items: readonly Pick<Item, 'source' | 'target' | 'sourceDefinition' | 'before' | 'result'>[],
): string {
  const texts = items.map((item) =>
    canonical({
      source: place(item.source),
      target: place(item.target),
      sourceDefinition: content(item.sourceDefinition),
      before: content(item.before),
      result: content(item.result),
    }),
  );
  return createHash('sha256')
    .update(`[${texts.toSorted().join(',')}]`)
    .digest('hex');
}
