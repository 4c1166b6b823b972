// What the copy leaves alone: members and sections that stay as the target has them.
import type { Definition } from '../definition/definition.ts';
import { BOOKKEEPING, canonical } from '../definition/equality.ts';
import { SECTIONS, type Section } from '../definition/sections.ts';
import { isJsonObject, toJson, type Json } from '../json.ts';
import type { Item } from '../plan/plan.ts';
import { killWords } from './change-words.ts';
import { code, table } from './markdown.ts';
import { partCell } from './section-table.ts';
import { CELL_LIMIT } from './share.ts';
import { listed, partWords } from './words.ts';

/** Members that have a row of their own, are covered by sections, or name the definition itself. */
const SPOKEN_FOR: ReadonlySet<string> = new Set([
  ...['name', 'environment', 'trafficType', 'killed', 'flagSets', 'impressionsDisabled'],
  ...['treatments', 'defaultTreatment', 'baselineTreatment', 'trafficAllocation', 'rules', 'defaultRule'],
  ...BOOKKEEPING,
]);

function flagSets(value: Json | undefined): string {
  if (!Array.isArray(value)) return 'none';
  const names = value.map((set: Json) => {
    const id = isJsonObject(set) ? (set['name'] ?? set['id']) : set;
    return code(typeof id === 'string' ? id : toJson(set));
  });
  return listed(names, CELL_LIMIT) || 'none';
}

function otherMembers(definition: Definition): readonly (readonly string[])[] {
  const members = Object.entries(definition).flatMap(([member, content]) =>
    SPOKEN_FOR.has(member) || content === undefined || canonical({ [member]: content }) === '{}'
      ? []
      : [`${code(member)} ${code(toJson(content))}`],
  );
  return members.length === 0 ? [] : [['other members', listed(members, CELL_LIMIT)]];
}

function impressions(value: Json | undefined): string {
  if (value === undefined) return 'not stated';
  return value === true ? 'disabled' : value === false ? 'enabled' : code(toJson(value));
}

/**
 * Table of what is not promoted, with what the target has there. `killState` is the input; a new
 * definition takes every section but individual targets from the source even when others are excluded.
 */
export function notPromotedTable(
  { before, result, changed }: Pick<Item, 'before' | 'result' | 'changed'>,
  options: {
    readonly copied: readonly Section[];
    readonly killState: 'keep' | 'copy';
    /** Name of the target environment, Markdown. */
    readonly environment: string;
  },
): string {
  const { copied, killState, environment } = options;
  const excluded = SECTIONS.filter(
    (section) => !copied.includes(section) && (before !== undefined || section === 'individual-targets'),
  );
  return table(
    ['Not promoted', before === undefined ? `${environment} starts with` : `${environment} keeps`],
    [
      ...excluded.map((section) => [
        `${partWords(section)} (excluded)`,
        // Only individual targets can change though they are excluded: those of a treatment that goes away.
        partCell(section, result) +
          (changed.includes(section) ? '<br>the others go with their treatments' : ''),
      ]),
      ...(killState === 'keep' ? [['kill state', killWords(result)]] : []),
      ['flag sets', flagSets(result['flagSets'])],
      ['impressions', impressions(result['impressionsDisabled'])],
      ...otherMembers(result),
      ['tags, rollout status', 'not read'],
    ],
  );
}
