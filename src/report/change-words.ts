// What changes in one part of a definition, in plain words that fit on a line.
import type { Definition } from '../definition/definition.ts';
import { countTargets, type Difference } from '../definition/difference.ts';
import type { ChangedPart } from '../definition/sections.ts';
import { grouped } from '../plan/sentences.ts';
import type { Comparison } from './comparison.ts';
import { bucketWords, percentWords } from './share.ts';
import { listed, short } from './words.ts';

type Changes = Pick<Comparison, 'before' | 'after' | 'differences'>;

/** The differences of one kind. */
export const ofKind = <Kind extends Difference['kind']>(
  differences: readonly Difference[],
  kind: Kind,
): readonly Extract<Difference, { kind: Kind }>[] =>
  differences.filter(
    (difference): difference is Extract<Difference, { kind: Kind }> => difference.kind === kind,
  );

const amount = (number: number, what: string): string[] => (number > 0 ? [`${grouped(number)} ${what}`] : []);

/** How an element moved. With others added or removed before it, it may end where it was. */
export const moveWords = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  from === to ? `moved past others at position ${to + 1}` : `moved from position ${from + 1} to ${to + 1}`;

function treatmentWords(differences: readonly Difference[]): string {
  return listed([
    ...ofKind(differences, 'treatment-added').map(({ treatment }) => `${short(treatment.name)} added`),
    ...ofKind(differences, 'treatment-removed').map(({ treatment }) => `${short(treatment.name)} removed`),
    ...ofKind(differences, 'treatment-moved').map(({ name, ...move }) => `${short(name)} ${moveWords(move)}`),
    ...ofKind(differences, 'treatment-changed').map(
      ({ name, member }) => `${short(member)} of ${short(name)} changed`,
    ),
  ]);
}

function editedRules(
  differences: readonly Difference[],
  part: 'condition' | 'buckets' | 'other',
  words: string,
): string[] {
  const positions = ofKind(differences, 'rule-changed')
    .filter(({ parts }) => parts.includes(part))
    .map(({ to }) => String(to + 1));
  return positions.length === 0
    ? []
    : [`${words} of ${positions.length === 1 ? 'rule' : 'rules'} ${listed(positions, 5)} changed`];
}

function ruleWords(differences: readonly Difference[]): string {
  return [
    ...amount(ofKind(differences, 'rule-added').length, 'added'),
    ...amount(ofKind(differences, 'rule-removed').length, 'removed'),
    ...amount(ofKind(differences, 'rule-moved').length, 'moved'),
    ...editedRules(differences, 'buckets', 'percentages'),
    ...editedRules(differences, 'condition', 'condition'),
    ...editedRules(differences, 'other', 'other members'),
  ].join(', ');
}

function targetWords(differences: readonly Difference[]): string {
  const { added, removed } = countTargets(differences);
  return [...amount(removed, 'removed'), ...amount(added, 'added')].join(', ');
}

/** `live` or `killed`. */
export const killWords = ({ killed }: Definition): string => (killed === true ? 'killed' : 'live');

function valueWords(part: Exclude<ChangedPart, 'treatments' | 'individual-targets' | 'rules'>) {
  return (definition: Definition): string => {
    switch (part) {
      case 'default-treatment':
        return short(definition.defaultTreatment);
      case 'baseline-treatment':
        return short(definition.baselineTreatment ?? 'none');
      case 'traffic-allocation':
        return definition.trafficAllocation == null ? 'not set' : percentWords(definition.trafficAllocation);
      case 'default-rule':
        return bucketWords(definition.defaultRule);
      case 'kill-state':
        return killWords(definition);
    }
  };
}

/** What changes in one part, as plain text: `1 added, 1 moved, percentages of rule 2 changed`, `off → on`. */
export function changeWords(part: ChangedPart, { before, after, differences }: Changes): string {
  switch (part) {
    case 'treatments':
      return treatmentWords(differences);
    case 'individual-targets':
      return targetWords(differences);
    case 'rules':
      return ruleWords(differences);
    default: {
      const words = valueWords(part);
      return `${before === undefined ? 'no definition' : words(before)} → ${words(after)}`;
    }
  }
}
