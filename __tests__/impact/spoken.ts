// Definitions and shares in the words of docs/impact.md: `plan in [pro] → on 10, off 90`.
import type { Definition, Rule } from '../../src/definition/definition.ts';
import { impactOf, targetGroupsOf, type Audience } from '../../src/impact/impact.ts';
import { percentOf, type Share } from '../../src/impact/outcome.ts';
import type { Transition } from '../../src/impact/shift.ts';
import { buckets, definition, inList, inSegment, rule, treatment } from '../definition/samples.ts';

/** `on 10, off 90` as buckets, in this order. */
export const bucketsOf = (words: string) =>
  words.split(', ').flatMap((bucket) => {
    const [name = '', size = ''] = bucket.split(' ');
    return buckets({ [name]: Number(size) });
  });

/** `plan in [pro, team] and country in [DE]`, `in segment qa`. */
const matchersOf = (words: string) =>
  words.split(' and ').map((part) => {
    const [, attribute = '', values = ''] = /^(\w+) in \[(.*)\]$/u.exec(part) ?? [];
    return attribute === ''
      ? inSegment(part.replace('in segment ', ''))
      : inList(attribute, ...values.split(', '));
  });

/** `plan in [pro] → on 10, off 90; country in [DE] → on 100`; `none`. */
export const rulesOf = (words: string): readonly Rule[] =>
  words === 'none'
    ? []
    : words.split('; ').map((one) => {
        const [condition = '', sizes = ''] = one.split(' → ');
        return { ...rule(matchersOf(condition)), buckets: bucketsOf(sizes) };
      });

/** `on 10, off 90`; `on 50, off 50; 40 % of traffic, else off`; `killed, off`: a definition without rules. */
export function spoken(words: string, rules = 'none'): Definition {
  const named = [...words.matchAll(/[a-z]\w*(?= \d)/gu)].map(([name]) => name);
  const treatments = [...new Set(['on', 'off', 'beta', ...named])].map((name) => treatment(name));
  const [, killed] = /^killed, (\w+)$/u.exec(words) ?? [];
  if (killed !== undefined) {
    return definition({ treatments, killed: true, defaultTreatment: killed, rules: rulesOf(rules) });
  }
  const [served = '', allocation] = words.split('; ');
  const [, percent = '100', outside = 'off'] =
    /^(\S+) % of traffic, else (\w+)$/u.exec(allocation ?? '') ?? [];
  return definition({
    treatments,
    defaultTreatment: outside,
    trafficAllocation: Number(percent),
    rules: rulesOf(rules),
    defaultRule: bucketsOf(served),
  });
}

/** `on 10 %, off 90 %`. */
export const shareWords = (shares: readonly Share[] | 'unknown' | undefined): string =>
  Array.isArray(shares)
    ? shares.map(({ treatment: name, share }: Share) => `${name} ${percentOf(share)} %`).join(', ')
    : String(shares);

/** `off → on 80 %`; `nobody`. */
export const transitionWords = (transitions: readonly Transition[]): string =>
  transitions.map(({ from, to, share }) => `${from} → ${to} ${percentOf(share)} %`).join(', ') || 'nobody';

const conditionWords = ({ condition }: Rule): string =>
  condition.matchers
    .map(({ attribute, strings, string }) =>
      typeof attribute === 'string' && Array.isArray(strings)
        ? `${attribute} in [${strings.join(', ')}]`
        : `in segment ${String(string)}`,
    )
    .join(' and ');

/** `everyone else`, `key k`, `plan in [pro]`, `plan in [pro], also country in [DE]`. */
export function whoWords({ who }: Audience): string {
  if (who.kind === 'everyone-else') return 'everyone else';
  if (who.kind !== 'rule') return `${who.kind === 'key' ? 'key' : who.list} ${who.name}`;
  return [who.rule, ...who.also].map(conditionWords).join(', also ');
}

/** Each individual target as an audience. */
export const targetAudiencesOf = (before: Definition | undefined, after: Definition): readonly Audience[] =>
  targetGroupsOf(before, after).flatMap(({ targets, audience }) =>
    targets.map((who) => ({ ...audience, who })),
  );

/** Individual targets, then the audiences of rules. */
export const everyAudience = (before: Definition | undefined, after: Definition): readonly Audience[] => [
  ...targetAudiencesOf(before, after),
  ...impactOf(before, after).audiences,
];
