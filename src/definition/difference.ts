// Semantic differences of two definitions: a rule moved, a bucket changed and a key added are different things.
import { memberOf, type Json } from '../json.ts';
import { align } from './alignment.ts';
import {
  TARGET_LISTS,
  type Bucket,
  type Definition,
  type Rule,
  type TargetList,
  type Treatment,
} from './definition.ts';
import { canonical, sameMeaning } from './equality.ts';
import { withoutTargets, type Section } from './sections.ts';

/**
 * One difference between a definition before and after. Positions count from 0. A definition that is not
 * there before has neither treatments, rules nor members.
 */
export type Difference =
  | { readonly kind: 'treatment-added'; readonly at: number; readonly treatment: Treatment }
  | { readonly kind: 'treatment-removed'; readonly at: number; readonly treatment: Treatment }
  | { readonly kind: 'treatment-moved'; readonly from: number; readonly to: number; readonly name: string }
  | {
      readonly kind: 'treatment-changed';
      readonly name: string;
      readonly member: string;
      readonly before: Json | undefined;
      readonly after: Json | undefined;
    }
  | {
      readonly kind: 'targets-changed';
      readonly treatment: string;
      readonly list: TargetList;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | {
      readonly kind: 'value-changed';
      readonly section: 'default-treatment' | 'baseline-treatment' | 'traffic-allocation';
      readonly before: Json | undefined;
      readonly after: Json | undefined;
    }
  | { readonly kind: 'rule-added'; readonly at: number; readonly rule: Rule }
  | { readonly kind: 'rule-removed'; readonly at: number; readonly rule: Rule }
  | { readonly kind: 'rule-moved'; readonly from: number; readonly to: number; readonly rule: Rule }
  | {
      readonly kind: 'rule-changed';
      readonly from: number;
      readonly to: number;
      readonly before: Rule;
      readonly after: Rule;
      /** Which parts of the rule changed; `other` stands for members this Action does not know. */
      readonly parts: readonly ('condition' | 'buckets' | 'other')[];
    }
  | {
      readonly kind: 'default-rule-changed';
      readonly before: readonly Bucket[];
      readonly after: readonly Bucket[];
    };

/** The section a difference is in. */
export const sectionOfDifference = (difference: Difference): Section => {
  switch (difference.kind) {
    case 'treatment-added':
    case 'treatment-removed':
    case 'treatment-moved':
    case 'treatment-changed':
      return 'treatments';
    case 'targets-changed':
      return 'individual-targets';
    case 'value-changed':
      return difference.section;
    case 'rule-added':
    case 'rule-removed':
    case 'rule-moved':
    case 'rule-changed':
      return 'rules';
    case 'default-rule-changed':
      return 'default-rule';
  }
};

/** How many individual targets a set of differences adds and removes, over all lists and treatments. */
export interface TargetCounts {
  readonly added: number;
  readonly removed: number;
}

export function countTargets(differences: readonly Difference[]): TargetCounts {
  let added = 0;
  let removed = 0;
  for (const difference of differences) {
    if (difference.kind !== 'targets-changed') continue;
    added += difference.added.length;
    removed += difference.removed.length;
  }
  return { added, removed };
}

function treatmentDifferences(
  name: string,
  before: Treatment | undefined,
  after: Treatment | undefined,
): Difference[] {
  const differences: Difference[] = [];
  if (before && after) {
    const [old, current] = [withoutTargets(before), withoutTargets(after)];
    for (const member of new Set([...Object.keys(old), ...Object.keys(current)])) {
      const [was, is] = [memberOf(old, member), memberOf(current, member)];
      // Compared under their own name: `description: ''` means the same as none, other empty texts do not.
      if (canonical({ [member]: was }) === canonical({ [member]: is })) continue;
      differences.push({ kind: 'treatment-changed', name, member, before: was, after: is });
    }
  }
  for (const list of TARGET_LISTS) {
    const [old, current] = [new Set(before?.[list]), new Set(after?.[list])];
    const added = [...current].filter((target) => !old.has(target));
    const removed = [...old].filter((target) => !current.has(target));
    if (added.length + removed.length === 0) continue;
    differences.push({ kind: 'targets-changed', treatment: name, list, added, removed });
  }
  return differences;
}

function treatmentsDifferences(before: readonly Treatment[], after: readonly Treatment[]): Difference[] {
  const { pairs, removed, added } = align(before, after, [(treatment) => treatment.name]);
  return [
    ...removed.flatMap(({ from, before: treatment }): Difference[] => [
      { kind: 'treatment-removed', at: from, treatment },
      ...treatmentDifferences(treatment.name, treatment, undefined),
    ]),
    ...added.flatMap(({ to, after: treatment }): Difference[] => [
      { kind: 'treatment-added', at: to, treatment },
      ...treatmentDifferences(treatment.name, undefined, treatment),
    ]),
    ...pairs.flatMap((pair): Difference[] => [
      ...(pair.moved
        ? [{ kind: 'treatment-moved', from: pair.from, to: pair.to, name: pair.after.name } as const]
        : []),
      ...treatmentDifferences(pair.after.name, pair.before, pair.after),
    ]),
  ];
}

/** What a rule asks about, without the values: rules that agree on it are one rule that was edited. */
const subject = (rule: Rule): string =>
  canonical(rule.condition.matchers.map(({ type, attribute }) => ({ type, attribute })));

function changedParts(before: Rule, after: Rule): ('condition' | 'buckets' | 'other')[] {
  const { condition: oldCondition, buckets: oldBuckets, ...oldRest } = before;
  const { condition, buckets, ...rest } = after;
  return [
    ...(sameMeaning(oldCondition, condition) ? [] : ['condition' as const]),
    ...(sameMeaning(oldBuckets, buckets) ? [] : ['buckets' as const]),
    ...(sameMeaning(oldRest, rest) ? [] : ['other' as const]),
  ];
}

function ruleDifferences(before: readonly Rule[], after: readonly Rule[]): Difference[] {
  const { pairs, removed, added } = align(before, after, [
    canonical,
    (rule) => canonical(rule.condition),
    subject,
  ]);
  return [
    ...removed.map(({ from, before: rule }): Difference => ({ kind: 'rule-removed', at: from, rule })),
    ...added.map(({ to, after: rule }): Difference => ({ kind: 'rule-added', at: to, rule })),
    ...pairs.flatMap((pair): Difference[] => {
      const { from, to } = pair;
      const parts = changedParts(pair.before, pair.after);
      return [
        ...(pair.moved ? [{ kind: 'rule-moved', from, to, rule: pair.after } as const] : []),
        ...(parts.length > 0
          ? [{ kind: 'rule-changed', from, to, before: pair.before, after: pair.after, parts } as const]
          : []),
      ];
    }),
  ];
}

/**
 * What changes in the seven sections from `before` (`undefined`: no definition yet) to `after`.
 * Empty exactly when the sections mean the same.
 */
export function differencesOf(before: Definition | undefined, after: Definition): readonly Difference[] {
  const values = [
    ['default-treatment', before?.defaultTreatment, after.defaultTreatment],
    ['baseline-treatment', before?.baselineTreatment, after.baselineTreatment],
    ['traffic-allocation', before?.trafficAllocation, after.trafficAllocation],
  ] as const;
  return [
    ...treatmentsDifferences(before?.treatments ?? [], after.treatments),
    ...values.flatMap(([section, old, current]): Difference[] =>
      sameMeaning(old, current) ? [] : [{ kind: 'value-changed', section, before: old, after: current }],
    ),
    ...ruleDifferences(before?.rules ?? [], after.rules ?? []),
    ...(sameMeaning(before?.defaultRule, after.defaultRule)
      ? []
      : [
          {
            kind: 'default-rule-changed',
            before: before?.defaultRule ?? [],
            after: after.defaultRule,
          } as const,
        ]),
  ];
}
