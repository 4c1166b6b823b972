// The table of the sections that change: what the target has beside what it gets.
import { TARGET_LISTS, type Definition, type TargetList, type Treatment } from '../definition/definition.ts';
import { toJson, type Json } from '../json.ts';
import type { ChangedPart } from '../definition/sections.ts';
import { changeWords, killWords, ofKind } from './change-words.ts';
import type { Comparison } from './comparison.ts';
import { code, table, text } from './markdown.ts';
import { bucketBars, CELL_LIMIT, percentBar } from './share.ts';
import { count, listed, partWords } from './words.ts';

const LIST_NOUNS: Readonly<Record<TargetList, string>> = {
  keys: 'key',
  segments: 'segment',
  largeSegments: 'large segment',
  ruleBasedSegments: 'rule-based segment',
};

/** `3 keys`, `1 large segment`. */
export const countList = (list: TargetList, amount: number): string => count(amount, LIST_NOUNS[list]);

/** What a list of individual targets is called: `large segments`. */
export const listWords = (list: TargetList): string => `${LIST_NOUNS[list]}s`;

function targetCounts(treatment: Treatment): string[] {
  const counts = TARGET_LISTS.flatMap((list) => {
    const amount = treatment[list]?.length ?? 0;
    return amount === 0 ? [] : [countList(list, amount)];
  });
  return counts.length === 0 ? [] : [`${code(treatment.name)}: ${counts.join(', ')}`];
}

function lines(all: readonly string[]): string {
  const more = all.length > CELL_LIMIT ? [`and ${all.length - CELL_LIMIT} more`] : [];
  return [...all.slice(0, CELL_LIMIT), ...more].join('<br>') || 'none';
}

/** One part of a definition as a table cell, individual targets and rules as counts. */
export function partCell(part: ChangedPart, definition: Definition): string {
  switch (part) {
    case 'treatments':
      return listed(
        definition.treatments.map(({ name }) => code(name)),
        CELL_LIMIT,
      );
    case 'individual-targets':
      return lines(definition.treatments.flatMap(targetCounts));
    case 'default-treatment':
      return code(definition.defaultTreatment);
    case 'baseline-treatment':
      return definition.baselineTreatment == null ? 'none' : code(definition.baselineTreatment);
    case 'traffic-allocation':
      return definition.trafficAllocation == null ? 'not set' : percentBar(definition.trafficAllocation);
    case 'rules':
      return definition.rules?.length ? count(definition.rules.length, 'rule') : 'none';
    case 'default-rule':
      return bucketBars(definition.defaultRule);
    case 'kill-state':
      return killWords(definition);
  }
}

const valueText = (value: Json | undefined): string =>
  typeof value === 'string' ? value : toJson(value ?? null);

/** Characters shown before the first that differs. */
const LEAD = 20;

/** A value that changed, from a little before the change where its beginning would not show it. */
function valueCell(value: Json | undefined, other: Json | undefined): string {
  if (value == null) return 'none';
  const [own, others] = [Array.from(valueText(value)), Array.from(valueText(other))];
  const first = own.findIndex((character, at) => character !== others[at]);
  const from = first === -1 ? own.length : first;
  return code(from < 2 * LEAD ? own.join('') : `…${own.slice(from - LEAD).join('')}`);
}

/** What a row adds below the plain states: which members of treatments change, and how many rules and targets. */
function remarks(part: ChangedPart, comparison: Comparison): readonly [before: string[], after: string[]] {
  if (part === 'treatments') {
    const changed = ofKind(comparison.differences, 'treatment-changed');
    const side = (pick: 'before' | 'after'): string[] =>
      changed.map(
        (difference) =>
          `${code(difference.name)} ${text(difference.member)}: ${valueCell(difference[pick], difference[pick === 'before' ? 'after' : 'before'])}`,
      );
    return [side('before'), side('after')];
  }
  const summed = part === 'rules' || part === 'individual-targets';
  return [[], summed ? [`**${changeWords(part, comparison)}**`] : []];
}

function row(part: ChangedPart, comparison: Comparison): readonly string[] {
  const { before, after } = comparison;
  const [remarksBefore, remarksAfter] = remarks(part, comparison);
  return [
    partWords(part),
    before === undefined ? 'no definition' : lines([partCell(part, before), ...remarksBefore]),
    lines([partCell(part, after), ...remarksAfter]),
  ];
}

/** One row for each section that changes, and for the kill state when that does. */
export const sectionTable = (comparison: Comparison): string =>
  table(
    ['Section', ...comparison.titles],
    comparison.changed.map((part) => row(part, comparison)),
  );
