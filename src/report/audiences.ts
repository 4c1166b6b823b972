// Who changes: each audience in a sentence, with bars of what it was served and is to be served.
import type { Definition } from '../definition/definition.ts';
import { impactOf, targetAudiencesOf, type Audience } from '../impact/impact.ts';
import { ALL, percentOf, type Share } from '../impact/outcome.ts';
import {
  PLAIN,
  audienceSentence,
  configurationWords,
  fateWords,
  percent,
  whoWords,
  type Voice,
} from '../plan/audience-words.ts';
import { groups } from '../plan/groups.ts';
import { impactOn } from '../plan/impact-checks.ts';
import type { ItemResult } from '../plan/outcome.ts';
import { differs } from '../plan/plan.ts';
import { plural } from '../plan/sentences.ts';
import { OPEN } from './depth.ts';
import { code, prose, table, text } from './markdown.ts';
import { bucketBars, percentBar } from './share.ts';
import { listed } from './words.ts';

/** What is compared: two states of one definition, with the titles of their columns. */
export interface Change {
  readonly before: Definition | undefined;
  readonly after: Definition;
  /** Markdown. */
  readonly titles: readonly [before: string, after: string];
  readonly showTargets: boolean;
}

const MARKDOWN: Voice = { show: (name, limit) => code(name, limit), tell: (sentence) => prose(sentence) };

/** What an individual target depends on may be another one's name. */
const DISCREET: Voice = { ...MARKDOWN, tell: () => 'it depends on more than is shown here' };

const isChanging = ({ transitions, moved }: Audience): boolean => transitions.length > 0 || moved > 0;

function sharesCell(shares: Audience['before']): string {
  if (shares === undefined) return `no definition: ${code('control')}`;
  if (shares === 'unknown') return 'not known';
  return bucketBars(
    shares.map(({ treatment, share }: Share) => ({ treatment, size: Number(percentOf(share)) })),
  );
}

function changeCell(audience: Audience): string {
  const { before, after, moved, transitions } = audience;
  if (before === undefined) return 'new';
  if (!isChanging(audience)) return 'unchanged';
  const moves = transitions.filter(({ from, to }) => from !== to);
  const lines = [
    percentBar(Number(percentOf(moved))) + (before === 'unknown' || after === 'unknown' ? ' at most' : ''),
    // One move of all is in the cells beside it.
    ...(moves.length === 1 && moved === ALL
      ? []
      : moves.map(({ from, to, share }) => `${code(from)} → ${code(to)} ${percent(share)}`)),
    ...configurationWords(audience, code),
  ];
  return lines.join('<br>');
}

interface Row {
  readonly who: string;
  readonly audience: Audience;
  readonly voice: Voice;
}

/** Individual targets with the same fate are one row: their names, or how many they are. */
function targetRows(audiences: readonly Audience[], showTargets: boolean): readonly Row[] {
  const voice = showTargets ? MARKDOWN : DISCREET;
  const fate = (audience: Audience): string => {
    const { before = null, after } = audience;
    return JSON.stringify([fateWords(audience, voice, { brief: true }), before, after]);
  };
  return groups(audiences, fate).map((group): Row => {
    const names = group.map(({ who }) => whoWords(who, code).replace(/^User |^Members of /u, ''));
    const who = showTargets
      ? `Individual target${group.length === 1 ? '' : 's'} ${listed(names)}`
      : plural(group.length, 'individual target');
    return { who, audience: group[0], voice };
  });
}

/** Rows of every audience: a sentence, what it is served before and after, and how many change. */
export function audienceRows({ before, after, showTargets }: Change): readonly (readonly string[])[] {
  const rows = [
    ...targetRows(targetAudiencesOf(before, after), showTargets),
    ...impactOf(before, after).audiences.map((audience): Row => ({
      who: whoWords(audience.who, code),
      audience,
      voice: MARKDOWN,
    })),
  ];
  // Of many, those that change are seen first.
  const ordered = [
    ...rows.filter(({ audience }) => isChanging(audience)),
    ...rows.filter(({ audience }) => !isChanging(audience)),
  ];
  return (rows.length > OPEN ? ordered : rows).map(({ who, audience, voice }) => [
    `${who}: ${fateWords(audience, voice, { brief: true })}.`,
    sharesCell(audience.before),
    sharesCell(audience.after),
    changeCell(audience),
  ]);
}

/** Whether there are audiences of whom it cannot be known whether anybody is in them. */
export const hasDoubt = ({ before, after }: Pick<Change, 'before' | 'after'>): boolean =>
  impactOf(before, after).audiences.some(({ who }) => who.kind === 'rule' && who.also.length > 0);

/** The table over {@link audienceRows}. */
export const audienceTable = (
  rows: readonly (readonly string[])[],
  { titles: [before, after] }: Pick<Change, 'titles'>,
): string => table(['Who (the first that fits)', before, after, 'Change'], rows);

/** The audience that changes most of all, in Markdown; `undefined` where nobody is served anything before and after. */
export function largestShiftWords(results: readonly ItemResult[]): string | undefined {
  const shifts = results.flatMap(({ item }) =>
    differs(item) && item.largestShift !== undefined ? [{ item, shift: item.largestShift }] : [],
  );
  const [first] = shifts.toSorted((left, right) => right.shift - left.shift);
  if (first === undefined) return undefined;
  const { item } = first;
  const { audiences } = impactOn(item);
  const [largest] = audiences.toSorted((left, right) => right.moved - left.moved);
  if (largest === undefined || largest.moved === 0) return '**Nobody gets another treatment.**';
  const who = whoWords(largest.who, code).replace(/^[UE]/u, (letter) => letter.toLowerCase());
  const { flag, environment } = item.target;
  const where = results.length === 1 ? '' : ` (${text(flag)} in ${text(environment.name)})`;
  return `**Largest shift: ${percent(largest.moved)} of ${who}${where}.**`;
}

/** Lines of audiences that change, for the log. */
const MOST_LINES = 10;

/** A plain sentence for each audience of rules that changes, and for everyone else. */
export function audienceLines(before: Definition | undefined, after: Definition): readonly string[] {
  const changing = impactOf(before, after).audiences.filter(
    (audience) => before === undefined || isChanging(audience),
  );
  const more = changing.length - MOST_LINES;
  return [
    ...changing.slice(0, MOST_LINES).map((audience) => audienceSentence(audience, PLAIN)),
    ...(more > 0 ? [`${plural(more, 'more audience')} in the summary.`] : []),
  ];
}
