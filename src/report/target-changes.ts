// The individual targets that change: counts and first names for everyone, the rest in the text diff.
import { TARGET_LISTS, type Definition, type TargetList } from '../definition/definition.ts';
import { grouped } from '../plan/sentences.ts';
import { ofKind } from './change-words.ts';
import type { Comparison } from './comparison.ts';
import { code } from './markdown.ts';
import { countList, listWords } from './section-table.ts';
import { listed } from './words.ts';

/** Names shown of one list before the rest is left to the text diff. */
const FIRST = 20;

const size = (definition: Definition | undefined, name: string, list: TargetList): number =>
  new Set(definition?.treatments.find((treatment) => treatment.name === name)?.[list]).size;

function sideWords(
  verb: 'adds' | 'removes',
  names: readonly string[],
  { showTargets }: Comparison,
): readonly string[] {
  if (names.length === 0) return [];
  const amount = `${verb} ${grouped(names.length)}`;
  return [
    showTargets
      ? `${amount}: ${listed(
          names.toSorted().map((name) => code(name)),
          FIRST,
        )}`
      : amount,
  ];
}

/** Markdown list: one entry for each list of a treatment that changes; empty where none does. */
export const targetLines = (comparison: Comparison): readonly string[] =>
  ofKind(comparison.differences, 'targets-changed').map(({ treatment, list, added, removed }) => {
    const [old, current] = [
      size(comparison.before, treatment, list),
      size(comparison.after, treatment, list),
    ];
    const sides = [...sideWords('removes', removed, comparison), ...sideWords('adds', added, comparison)];
    return `- ${code(treatment)}, ${countList(list, old)} → ${grouped(current)}: ${sides.join('; ')}`;
  });

/** Diff lines of the individual targets, as sets: every name that goes or comes, sorted, one a line. */
export function targetDiff(comparison: Comparison): readonly string[] {
  return ofKind(comparison.differences, 'targets-changed')
    .toSorted((left, right) => TARGET_LISTS.indexOf(left.list) - TARGET_LISTS.indexOf(right.list))
    .flatMap(({ treatment, list, added, removed }) => {
      const kept = size(comparison.after, treatment, list) - added.length;
      return [
        `@@ ${listWords(list)} of ${JSON.stringify(treatment)}: ${removed.length} removed, ${added.length} added, ${kept} kept @@`,
        ...removed.toSorted().map((name) => `-${JSON.stringify(name)}`),
        ...added.toSorted().map((name) => `+${JSON.stringify(name)}`),
      ];
    });
}
