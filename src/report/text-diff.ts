// The unified diff of two definitions, part by part, bounded in time whatever they hold.
import { structuredPatch } from 'diff';
import type { Comparison } from './comparison.ts';
import { definitionText, respelledConfigurations, TEXT_PARTS } from './definition-text.ts';

/** Lines in which two parts may differ before the search for the shortest diff is given up (it is quadratic). */
const MAX_EDITS = 1500;

const CONTEXT = 3;

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

function partDiff(title: string, old: readonly string[], current: readonly string[]): readonly string[] {
  const patch = structuredPatch('', '', joined(old), joined(current), undefined, undefined, {
    context: CONTEXT,
    maxEditLength: MAX_EDITS,
  });
  if (patch === undefined) {
    return [
      `@@ -1,${old.length} +1,${current.length} @@ ${title}: too much differs to show line by line; all of the old, then all of the new`,
      ...old.map((line) => `-${line}`),
      ...current.map((line) => `+${line}`),
    ];
  }
  return patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@ ${title}`,
    ...lines,
  ]);
}

/** Lines of a unified diff over everything but individual targets; empty where the texts are the same. */
export function textDiff({ before, after }: Pick<Comparison, 'before' | 'after'>): readonly string[] {
  const asText = respelledConfigurations(before, after);
  const [old, current] = [definitionText(before, asText), definitionText(after, asText)];
  return TEXT_PARTS.flatMap((part) => partDiff(part, old[part], current[part]));
}
