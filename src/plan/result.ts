// The one writer: target as read, with the copied sections replaced, overrides applied. All that is ever written is this.
import { TARGET_LISTS, type Definition, type Treatment } from '../definition/definition.ts';
import { BOOKKEEPING } from '../definition/equality.ts';
import { withoutTargets, type Section } from '../definition/sections.ts';
import type { JsonObject } from '../json.ts';
import type { Audit } from './audit.ts';
import { overridden, type Override } from './overrides.ts';
import type { Item } from './plan.ts';
import type { Operation } from './surroundings.ts';

export interface Copy {
  readonly source: Definition;
  /** `undefined` where the target has no definition: a new one is meant. */
  readonly target: Definition | undefined;
  readonly targetFlag: string;
  readonly sections: readonly Section[];
  readonly killState: 'keep' | 'copy';
  /** What the target gets instead of the source's; `undefined`: nothing. */
  readonly override?: Override | undefined;
}

/** The individual targets of one treatment of the result. Lists that become empty say so instead of being left out. */
function targetLists(owner: Treatment | undefined, before: Treatment | undefined): JsonObject {
  return Object.fromEntries(
    TARGET_LISTS.flatMap((list) => {
      const targets = owner?.[list] ?? ((before?.[list]?.length ?? 0) > 0 ? [] : undefined);
      return targets === undefined ? [] : [[list, targets]];
    }),
  );
}

/**
 * The definition a copy means the target to have. What the source lacks in a copied section, the target
 * loses; only its baseline treatment and traffic allocation stay, since the API shows no way to unset them.
 */
export function resultOf(copy: Copy): Definition {
  const { target, targetFlag, killState, override } = copy;
  // What the target keeps is not the source's, so no override is for it.
  const source = override === undefined ? copy.source : overridden(copy.source, override);
  const copies = (section: Section): boolean => copy.sections.includes(section);
  // A new definition needs every section; only individual targets can be left out.
  const from = (section: Section): Definition => (target === undefined || copies(section) ? source : target);
  const owners = copies('individual-targets') ? source : target;
  const named = (definition: Definition | undefined, name: string): Treatment | undefined =>
    definition?.treatments.find((treatment) => treatment.name === name);
  const baselineTreatment = from('baseline-treatment').baselineTreatment ?? target?.baselineTreatment;
  const trafficAllocation = from('traffic-allocation').trafficAllocation ?? target?.trafficAllocation;
  return {
    ...(target ?? { name: targetFlag }),
    killed: (killState === 'copy' ? source : target)?.killed ?? false,
    treatments: from('treatments').treatments.map((treatment) => ({
      ...withoutTargets(treatment),
      ...targetLists(named(owners, treatment.name), named(target, treatment.name)),
    })),
    defaultTreatment: from('default-treatment').defaultTreatment,
    ...(baselineTreatment == null ? {} : { baselineTreatment }),
    ...(trafficAllocation == null ? {} : { trafficAllocation }),
    rules: from('rules').rules ?? [],
    defaultRule: from('default-rule').defaultRule,
  };
}

/** Members only the server sets: in answers, never in what is sent. */
const READ_ONLY: ReadonlySet<string> = new Set([...BOOKKEEPING, 'environment', 'trafficType']);

/** The whole result but for what only the server sets, since nothing documents what the API does with members left out. */
function writable(result: Definition, killed: boolean): JsonObject {
  const definition = Object.entries(result).filter(([member]) => !READ_ONLY.has(member));
  return { ...Object.fromEntries(definition), killed };
}

/** The body of the write that makes an item's result. A flag that is to be restored is still killed here. */
export const bodyOf = (item: Item, { title, comment }: Audit): JsonObject => ({
  ...writable(item.result, item.killChange === 'restore' || item.result.killed === true),
  title,
  comment,
});

/**
 * The body of the change request that asks for an item's result (docs: Admin API, approvals). A request to kill
 * or restore names only the flag.
 * @param options.killed the kill state in the proposal
 */
export function requestBodyOf(
  item: Item,
  audit: Audit,
  options: {
    readonly operation: Operation;
    readonly killed: boolean;
    readonly approvers: readonly string[];
    readonly rolloutStatus: string | undefined;
  },
): JsonObject {
  const { operation, killed, approvers, rolloutStatus } = options;
  const name = item.target.flag;
  const asksForDefinition = operation === 'CREATE' || operation === 'UPDATE';
  return {
    split: asksForDefinition ? { ...writable(item.result, killed), name } : { name },
    operationType: operation,
    title: audit.title,
    comment: audit.comment,
    approvers,
    ...(rolloutStatus === undefined ? {} : { rolloutStatus: { id: rolloutStatus } }),
  };
}
