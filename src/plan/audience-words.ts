// Audiences in words: who they are, what they were served and are to be served, and how many of them change.
import type { Audience, Who } from '../impact/impact.ts';
import { ALL, percentOf, type Share } from '../impact/outcome.ts';
import { isEverybodys } from '../impact/walk.ts';
import { conditionPhrase, type Show } from './condition-words.ts';
import { plural } from './sentences.ts';

/** How what others wrote is put into a text. */
export interface Voice {
  readonly show: Show;
  /** A sentence in which names stand between backticks. */
  readonly tell: (sentence: string) => string;
}

/** For plain text, names between backticks; one that holds a backtick cannot end the quotation early. */
export const PLAIN: Voice = {
  show(name, limit = 80) {
    const characters = Array.from(name.slice(0, 2 * limit + 2).replaceAll('`', "'"));
    const shown = characters.length > limit ? [...characters.slice(0, limit - 1), '…'] : characters;
    return `\`${shown.join('')}\``;
  },
  tell: (sentence) => sentence,
};

const SEGMENT_WORDS = {
  segments: 'segment',
  largeSegments: 'large segment',
  ruleBasedSegments: 'rule-based segment',
} as const;

/** Other rules that are named where users may meet one of many as well. */
const MOST_OTHERS = 3;

/** `Users with plan in [pro, team]`, `User ada`, `Members of segment qa`, `Everyone else`. */
export function whoWords(who: Who, show: Show): string {
  switch (who.kind) {
    case 'key':
      return `User ${show(who.name)}`;
    case 'segment':
      return `Members of ${SEGMENT_WORDS[who.list]} ${show(who.name)}`;
    case 'everyone-else':
      return 'Everyone else';
    case 'rule': {
      if (isEverybodys(who.rule)) return 'Everyone';
      const others = who.also.map((rule) => conditionPhrase(rule, show));
      const more = others.length - MOST_OTHERS;
      const also = [
        ...others.slice(0, MOST_OTHERS),
        ...(more > 0 ? [`of ${plural(more, 'more rule')}`] : []),
      ].join(' or ');
      const doubt = also === '' ? '' : `, also ${also}, if there are any`;
      return `Users ${conditionPhrase(who.rule, show)}${doubt}`;
    }
  }
}

/** The same within a sentence: `users with plan in [pro]`, `everyone else`. */
export const whoWithin = (who: Who, show: Show): string =>
  whoWords(who, show).replace(/^[UE]/u, (letter) => letter.toLowerCase());

/** `12.5 %`. @param share of ten thousand */
export const percent = (share: number): string => `${percentOf(share)} %`;

/** `on 10 %, off 90 %`; `off` where everybody gets it. */
export const sharesWords = (shares: readonly Share[], show: Show): string =>
  shares
    .map(({ treatment, share }) => (share === ALL ? show(treatment) : `${show(treatment)} ${percent(share)}`))
    .join(', ');

const NOT_KNOWN = 'not known';

const treatmentsOf = (...sides: readonly (readonly Share[])[]): readonly string[] => [
  ...new Set(sides.flat().map(({ treatment }) => treatment)),
];

/** `on 10 % → on 100 %`: of two treatments, the one that more users get says it all. */
function changeOfShares(before: readonly Share[], after: readonly Share[], show: Show): string {
  const names = treatmentsOf(before, after);
  const of = (shares: readonly Share[], name: string): number =>
    shares.find(({ treatment }) => treatment === name)?.share ?? 0;
  const gaining = names.find((name) => of(after, name) > of(before, name));
  const areWhole = before.length === 1 && after.length === 1;
  if (names.length === 2 && gaining !== undefined && !areWhole) {
    const side = (shares: readonly Share[]): string => `${show(gaining)} ${percent(of(shares, gaining))}`;
    return `${side(before)} → ${side(after)}`;
  }
  return `${sharesWords(before, show)} → ${sharesWords(after, show)}`;
}

/** Everyone, some or nobody of an audience. */
const part = (share: number): string => (share === ALL ? 'all' : percent(share));

/** Who gets the same treatment with another dynamic configuration. */
export const configurationWords = ({ transitions }: Audience, show: Show): readonly string[] =>
  transitions
    .filter(({ from, to }) => from === to)
    .map(({ to, share }) => `${show(to)} with another configuration: ${part(share)}`);

/** `90 % of them change, 20 % only because of the order of the treatments`. Of one user there is no share. */
function movedWords({ moved, spared, before, after, who }: Audience): readonly string[] {
  if (who.kind === 'key') return [];
  const isKnown = before !== 'unknown' && after !== 'unknown';
  const some = spared === moved ? '' : `${percent(spared)} `;
  const order = spared > 0 ? `, ${some}only because of the order of the treatments` : '';
  return [`${isKnown ? '' : 'up to '}${part(moved)} of them change${order}`];
}

/** More treatments than this are not told beside a table that shows them. */
const BRIEF = 2;

/**
 * What is to become of an audience: `on 10 % → on 100 %; 90 % of them change`, `unchanged, off`.
 * @param options.brief beside a table that shows all shares and configurations
 */
export function fateWords(
  audience: Audience,
  { show, tell }: Voice,
  { brief }: { readonly brief: boolean },
): string {
  const { who, before, after, moved, why } = audience;
  const served = (shares: Audience['after']): string =>
    shares === 'unknown' ? NOT_KNOWN : sharesWords(shares, show);
  if (before === undefined) return `${show('control')} → ${served(after)}`;
  if (before === 'unknown' || after === 'unknown') {
    // What is not known has a reason.
    const reason = tell(String(why).replace(/^It (.*)\.$/su, 'it $1'));
    return [`${served(before)} → ${served(after)}`, ...movedWords(audience), reason].join('; ');
  }
  const configurations = brief ? [] : configurationWords(audience, show);
  if (moved === 0) return [`unchanged, ${served(after)}`, ...configurations].join('; ');
  const isLong = brief && who.kind !== 'key' && treatmentsOf(before, after).length > BRIEF;
  return [
    ...(isLong ? [] : [changeOfShares(before, after, show)]),
    ...movedWords(audience),
    ...configurations,
  ].join('; ');
}

/** One sentence: `Users with plan in [pro, team]: on 10 % → on 100 %; 90 % of them change.` */
export const audienceSentence = (audience: Audience, voice: Voice): string =>
  `${whoWords(audience.who, voice.show)}: ${fateWords(audience, voice, { brief: false })}.`;
