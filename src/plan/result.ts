// The one writer: target as read, with the copied sections replaced. Everything that is ever written is this.
import { TARGET_LISTS, type Definition, type Treatment } from '../definition/definition.ts';
import { BOOKKEEPING } from '../definition/equality.ts';
import { withoutTargets, type Section } from '../definition/sections.ts';
import type { JsonObject } from '../json.ts';
import type { Item } from './plan.ts';

export interface Copy {
  readonly source: Definition;
  /** `undefined` where the target has no definition: a new one is meant. */
  readonly target: Definition | undefined;
  readonly targetFlag: string;
  readonly sections: readonly Section[];
  readonly killState: 'keep' | 'copy';
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
  const { source, target, targetFlag, killState } = copy;
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

/**
 * The body of the write that makes an item's result. It carries the whole definition, since nothing
 * documents what the API does with members left out. A flag that is to be restored is still killed here.
 */
export function bodyOf(item: Item, audit: { readonly title: string; readonly comment: string }): JsonObject {
  const definition = Object.entries(item.result).filter(([member]) => !READ_ONLY.has(member));
  const killed = item.killChange === 'restore' || item.result.killed === true;
  return { ...Object.fromEntries(definition), killed, ...audit };
}
