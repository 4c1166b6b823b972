// The rules that change, as sentences with their percentages before and after.
import type { Rule } from '../definition/definition.ts';
import type { Difference } from '../definition/difference.ts';
import { conditionSentence } from '../plan/condition-words.ts';
import { moveWords } from './change-words.ts';
import type { Comparison } from './comparison.ts';
import { code, table } from './markdown.ts';
import { bucketBars } from './share.ts';

/** What happened to one rule; a rule that is only there after or before has only that state. */
interface Change {
  readonly place: string;
  readonly position: number;
  /** Where an edited rule stood before. */
  readonly from?: number;
  readonly words: readonly string[];
  readonly before?: Rule;
  readonly after?: Rule;
}

const PART_WORDS = {
  condition: 'condition changed',
  buckets: 'percentages changed',
  other: 'other members changed',
} as const;

function changesOf(difference: Difference): readonly Change[] {
  switch (difference.kind) {
    case 'rule-added': {
      const { at, rule } = difference;
      return [{ place: `Rule ${at + 1}`, position: at, words: ['added'], after: rule }];
    }
    case 'rule-removed': {
      const { at, rule } = difference;
      return [{ place: `Old rule ${at + 1}`, position: at, words: ['removed'], before: rule }];
    }
    case 'rule-moved': {
      const { from, to, rule } = difference;
      const words = [moveWords({ from, to })];
      return [{ place: `Rule ${to + 1}`, position: to, words, before: rule, after: rule }];
    }
    case 'rule-changed': {
      const { from, to, before, after, parts } = difference;
      const words = parts.map((part) => PART_WORDS[part]);
      return [{ place: `Rule ${to + 1}`, position: to, from, words, before, after }];
    }
    default:
      return [];
  }
}

function condition({ before, after, words }: Change): string {
  const [old, current] = [before, after].map((rule) => rule && conditionSentence(rule, code));
  if (old === current && words.includes(PART_WORDS.condition)) {
    return `${current}<br>(what changed is not in this sentence; see the text diff)`;
  }
  if (old === undefined || current === undefined || old === current) return `${current ?? old}`;
  return `before: ${old}<br>after: ${current}`;
}

/** The rule's place, and where it was if nothing else in the row says so. */
function label({ place, position, from = position, words }: Change): string {
  const isMoved = words.some((word) => word.startsWith('moved'));
  const origin = from === position || isMoved ? '' : `, was rule ${from + 1}`;
  return `${place}${origin}: ${words.join(', ')}`;
}

const percentages = (rule: Rule | undefined): string => (rule === undefined ? '–' : bucketBars(rule.buckets));

/** One row for each rule that was added, removed, moved or edited, in the order in which rules are asked. */
export function ruleRows({ differences }: Comparison): readonly (readonly string[])[] {
  const changes = new Map<string, Change>();
  for (const change of differences.flatMap(changesOf)) {
    // A rule that moved and was edited is one row; the edit, which comes second, knows both states.
    const words = [...(changes.get(change.place)?.words ?? []), ...change.words];
    changes.set(change.place, { ...change, words });
  }
  return [...changes.values()]
    .toSorted((left, right) => left.position - right.position)
    .map((change) => [
      label(change),
      condition(change),
      percentages(change.before),
      percentages(change.after),
    ]);
}

/** The table over {@link ruleRows}. */
export const ruleTable = (rows: readonly (readonly string[])[], { titles }: Comparison): string =>
  table(['Rule', 'Who', ...titles], rows);
