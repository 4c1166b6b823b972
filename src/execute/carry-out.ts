// Carries out a plan: writes its items and, after a failure, puts back what was written where the user wants that.
import type { Failure } from '../failure.ts';
import type { Audit } from '../plan/audit.ts';
import type { ItemResult } from '../plan/outcome.ts';
import { differs, isRefused, type Item, type Plan } from '../plan/plan.ts';
import type { Progress as ItemProgress } from '../plan/plan-file.ts';
import { executeAll, type OnFailure } from './execute-all.ts';
import { createItemRun, type ItemRunOptions } from './item-run.ts';
import { createLooks } from './looks.ts';
import type { EnvironmentReader, Limit, StageProgress } from './ports.ts';
import { putBack } from './put-back.ts';

type Shared = Omit<ItemRunOptions, 'approvalsRequired' | 'audit' | 'copied' | 'look' | 'record'>;

export interface CarryOutOptions extends Shared {
  readonly onFailure: OnFailure;
  /** Readers of the target environments, by id. */
  readonly readers: ReadonlyMap<string, EnvironmentReader>;
  /** Title and comment for the API's audit log. */
  readonly auditOf: (item: Item) => Audit;
  /** Makes an item's progress durable. */
  readonly record: (item: Item, progress: ItemProgress) => Promise<void>;
  readonly limit: Limit;
  /** Told of the stages of the work, and of each item that is done in one. */
  readonly progress: StageProgress;
  /** Told of every item that has ended, and again where that changes. */
  readonly ended: (result: ItemResult) => void;
}

/**
 * @param blocked results of items that will not be written, since a check refused them
 * @returns the failure that came first in time
 */
export async function carryOut(
  plan: Plan,
  options: CarryOutOptions,
  blocked: readonly ItemResult[],
): Promise<Failure | undefined> {
  const { readers, auditOf, record, ended, onFailure, cancelled, progress } = options;
  const items = plan.items.filter((item) => differs(item) && !isRefused(item));
  const readerOf = ({ target }: Item): EnvironmentReader => {
    const reader = readers.get(target.environment.id);
    if (reader === undefined) throw new Error(`There is no reader of ${target.environment.name}.`);
    return reader;
  };
  const looks = createLooks(items, readerOf);
  const approvalsRequired = new Set<string>();
  const optionsOf = (item: Item): ItemRunOptions => ({
    ...options,
    ...{ approvalsRequired, copied: plan.copied, audit: auditOf(item) },
    look: (since) => looks.look(item, since),
    record: (progress) => record(item, progress),
  });

  progress.begin('Writing', items.length);
  const { failure, runs } = await executeAll(
    items,
    {
      ...{ readerOf, onFailure, cancelled, ended },
      start: (item, stoppedBy) => createItemRun(item, { ...optionsOf(item), stoppedBy }),
      written(item) {
        looks.done(item);
        progress.done();
      },
      readingBack: () => progress.begin('Reading back'),
    },
    blocked,
  );
  if (failure !== undefined && onFailure === 'restore' && !cancelled.aborted) {
    progress.begin('Putting back', runs.length);
    options.limit.useAll();
    await putBack(runs, { optionsOf, readerOf, ended, tried: progress.done });
  }
  return failure;
}
