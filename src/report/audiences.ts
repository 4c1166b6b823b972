// Who changes: each audience in a sentence, with bars of what it was served and is to be served.
import type { Definition } from '../definition/definition.ts';
import {
  impactOf as computeImpact,
  targetGroupsOf,
  type Audience,
  type Impact,
  type Target,
  type TargetGroup,
} from '../impact/impact.ts';
import { ALL, percentOf, type Share } from '../impact/outcome.ts';
import {
  PLAIN,
  audienceSentence,
  configurationWords,
  fateWords,
  percent,
  whoWithin,
  whoWords,
  type Voice,
} from '../plan/audience-words.ts';
import { groups } from '../plan/groups.ts';
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

/** Log and summary tell of the same change; a large one takes much to compute. */
const known = new WeakMap<Definition, { readonly before: Definition | undefined; readonly impact: Impact }>();

function impactOf({ before, after }: Pick<Change, 'before' | 'after'>): Impact {
  const told = known.get(after);
  if (told !== undefined && told.before === before) return told.impact;
  const impact = computeImpact(before, after);
  known.set(after, { before, impact });
  return impact;
}

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

/** More of them nobody reads. */
const MOST_AUDIENCES = 500;

interface Row {
  readonly who: () => string;
  readonly audience: Audience;
  readonly voice: Voice;
}

/** Individual targets with the same fate are one row: their names, or how many they are. */
function targetRows(all: readonly TargetGroup[], showTargets: boolean): readonly Row[] {
  const voice = showTargets ? MARKDOWN : DISCREET;
  const fate = ({ audience }: TargetGroup): string => {
    const { before = null, after } = audience;
    return JSON.stringify([fateWords(audience, voice, { brief: true }), before, after]);
  };
  return groups(all, fate).map((alike): Row => {
    const targets = alike.flatMap((group) => group.targets);
    const name = (target: Target): string => whoWords(target, code).replace(/^User |^Members of /u, '');
    const who = (): string =>
      showTargets
        ? `Individual target${targets.length === 1 ? '' : 's'} ${listedOf(targets, name)}`
        : plural(targets.length, 'individual target');
    return { who, audience: alike[0].audience, voice };
  });
}

/** Of many names only those that are shown are made. */
const listedOf = (targets: readonly Target[], name: (target: Target) => string): string =>
  listed(
    targets.map((target, at) => (at < NAMES ? name(target) : '')),
    NAMES,
  );

const NAMES = 10;

/** What is said of every audience. */
export interface AudienceRows {
  /** A sentence, what it is served before and after, and how many change: of the first {@link MOST_AUDIENCES}. */
  readonly rows: readonly (readonly string[])[];
  /** How many audiences there are. */
  readonly total: number;
  /** Whether it cannot be known of some whether anybody is in them. */
  readonly hasDoubt: boolean;
}

export function audienceRows({ before, after, showTargets }: Change): AudienceRows {
  const { audiences } = impactOf({ before, after });
  const rows = [
    ...targetRows(targetGroupsOf(before, after), showTargets),
    ...audiences.map((audience): Row => ({
      who: () => whoWords(audience.who, code),
      audience,
      voice: MARKDOWN,
    })),
  ];
  // Of many, those that change are seen first.
  const ordered = [
    ...rows.filter(({ audience }) => isChanging(audience)),
    ...rows.filter(({ audience }) => !isChanging(audience)),
  ];
  return {
    total: rows.length,
    rows: (rows.length > OPEN ? ordered : rows)
      .slice(0, MOST_AUDIENCES)
      .map(({ who, audience, voice }) => [
        `${who()}: ${fateWords(audience, voice, { brief: true })}.`,
        sharesCell(audience.before),
        sharesCell(audience.after),
        changeCell(audience),
      ]),
    hasDoubt: audiences.some(({ who }) => who.kind === 'rule' && who.also.length > 0),
  };
}

/** The table over {@link AudienceRows}. */
export const audienceTable = (
  rows: readonly (readonly string[])[],
  { titles: [before, after] }: Pick<Change, 'titles'>,
): string => table(['Who (the first that fits)', before, after, 'Change'], rows);

/** The audience that changes most of all, in Markdown; `undefined` where nobody is served anything before and after. */
export function largestShiftWords(results: readonly ItemResult[]): string | undefined {
  const shifts = results.flatMap(({ item }) =>
    differs(item) && item.mostMoved !== undefined ? [{ ...item.mostMoved, target: item.target }] : [],
  );
  const [largest] = shifts.toSorted((left, right) => right.moved - left.moved);
  if (largest === undefined) return undefined;
  const { who, moved, target } = largest;
  if (moved === 0) return '**Nobody gets another treatment.**';
  const where = results.length === 1 ? '' : ` (${text(target.flag)} in ${text(target.environment.name)})`;
  return `**Largest shift: ${percent(moved)} of ${whoWithin(who, code)}${where}.**`;
}

/** Lines of audiences that change, for the log. */
const MOST_LINES = 10;

/** A plain sentence for each audience of rules that changes, and for everyone else. */
export function audienceLines(before: Definition | undefined, after: Definition): readonly string[] {
  const changing = impactOf({ before, after }).audiences.filter(
    (audience) => before === undefined || isChanging(audience),
  );
  const more = changing.length - MOST_LINES;
  return [
    ...changing.slice(0, MOST_LINES).map((audience) => audienceSentence(audience, PLAIN)),
    ...(more > 0 ? [`${plural(more, 'more audience')} in the summary.`] : []),
  ];
}
