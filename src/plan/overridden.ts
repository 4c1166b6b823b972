// What overrides changed of an item, found by comparing its result with what the plain copy would have been.
import type { Definition, Rule } from '../definition/definition.ts';
import { sameMeaning } from '../definition/equality.ts';
import { SEGMENT_LISTS, segmentReferences } from '../definition/references.ts';
import { sectionOf, type Section } from '../definition/sections.ts';
import { differs, type Draft, type Plan } from './plan.ts';
import { resultOf } from './result.ts';

/** One part of a result that is not as the source has it. */
export type Overridden =
  | { readonly part: 'default-rule' | 'traffic-allocation' }
  | {
      readonly part: 'rule';
      /** From 1. */
      readonly position: number;
      readonly source: Rule;
      readonly after: Rule;
      /** The first rule of the target with the same condition. */
      readonly before: Rule | undefined;
    }
  | {
      readonly part: 'segment';
      /** Segments that came to have one name, or are listed under another together. */
      readonly from: readonly string[];
      /** Empty where the new name was there before. */
      readonly to: readonly string[];
      /** Whether it is named as an individual target only. */
      readonly isTarget: boolean;
    };

const WHOLE = ['default-rule', 'traffic-allocation'] as const satisfies readonly Section[];

/** Elements of two lists that stand at the same position. */
const pairsOf = <T>(left: readonly T[], right: readonly T[]): readonly (readonly [T, T])[] =>
  left.flatMap((own, at) => {
    const other = right[at];
    return other === undefined ? [] : [[own, other] as const];
  });

const rulesOf = ({ rules }: Definition): readonly Rule[] => rules ?? [];

const overriddenRules = (plain: Definition, { before, result }: Draft): readonly Overridden[] =>
  pairsOf(rulesOf(plain), rulesOf(result)).flatMap(([source, after], at) => {
    if (sameMeaning(source.buckets, after.buckets)) return [];
    const there = before?.rules?.find(({ condition }) => sameMeaning(condition, after.condition));
    return [{ part: 'rule', position: at + 1, source, after, before: there }];
  });

type Renaming = Extract<Overridden, { part: 'segment' }>;

const renamings = (
  old: readonly string[],
  current: readonly string[],
  isTarget: boolean,
): readonly Renaming[] =>
  pairsOf(old, current)
    .filter(([name, becomes]) => name !== becomes)
    .map(([name, becomes]) => ({ part: 'segment', from: [name], to: [becomes], isTarget }));

/** The segments of rules, which stay where they are. */
function renamedInRules(plain: Definition, result: Definition): readonly Renaming[] {
  const namesIn = (definition: Definition): readonly string[] =>
    segmentReferences({ ...definition, treatments: [] }).map(({ name }) => name);
  return renamings(namesIn(plain), namesIn(result), false);
}

/** The segments of lists, of which some may have become one. */
const renamedTargets = (plain: Definition, result: Definition): readonly Renaming[] =>
  pairsOf(plain.treatments, result.treatments).flatMap(([own, becomes]) =>
    SEGMENT_LISTS.flatMap((list): readonly Renaming[] => {
      const [old, current] = [own[list] ?? [], becomes[list] ?? []];
      if (old.length === current.length) return renamings(old, current, true);
      const from = old.filter((name) => !current.includes(name));
      const to = current.filter((name) => !old.includes(name));
      return [{ part: 'segment', from, to, isTarget: true }];
    }),
  );

/** What overrides changed of an item that differs: whole sections first, then rules, then segments, each renaming once. */
export function overriddenParts(
  draft: Draft,
  { copied, killState }: Pick<Plan, 'copied' | 'killState'>,
): readonly Overridden[] {
  const { sourceDefinition, before, target, result } = draft;
  // The result is then what is there, however that came to be.
  if (!differs(draft)) return [];
  const plain = resultOf({
    ...{ source: sourceDefinition, target: before, targetFlag: target.flag },
    ...{ sections: copied, killState },
  });
  const once = new Map<string, Renaming>();
  for (const renaming of [...renamedInRules(plain, result), ...renamedTargets(plain, result)]) {
    const key = JSON.stringify([renaming.from, renaming.to]);
    if (!once.has(key)) once.set(key, renaming);
  }
  return [
    ...WHOLE.filter((part) => !sameMeaning(sectionOf(plain, part), sectionOf(result, part))).map((part) => ({
      part,
    })),
    ...overriddenRules(plain, draft),
    ...once.values(),
  ];
}
