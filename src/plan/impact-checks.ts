// Checks on what a change does to users: how many it moves, whether only an order moves them, what it serves.
import type { Definition } from '../definition/definition.ts';
import { impactOf, type Impact } from '../impact/impact.ts';
import { percentOf } from '../impact/outcome.ts';
import { PLAIN, percent, whoWithin } from './audience-words.ts';
import type { Candidate } from './candidate.ts';
import { unmetExpectations } from './expectations.ts';
import { finding, type Finding } from './finding.ts';
import type { Draft } from './plan.ts';
import { plural } from './sentences.ts';

/** What users are served when the run is over. Where there is no definition, SDKs serve `control`. */
export const servedAfter = ({ removes, result }: Pick<Draft, 'removes' | 'result'>): Definition =>
  removes === true ? { ...result, killed: true, defaultTreatment: 'control' } : result;

/** What an item does to users. */
export const impactOn = (draft: Pick<Draft, 'before' | 'result' | 'removes'>): Impact =>
  impactOf(draft.before, servedAfter(draft));

/** No audience but individual targets has a larger share moved than the user allows. */
export function shiftIsWithin({ maxShift, impact }: Candidate): readonly Finding[] {
  if (maxShift === undefined) return [];
  const over = impact.audiences
    .filter(({ moved }) => Number(percentOf(moved)) > maxShift)
    .toSorted((left, right) => right.moved - left.moved);
  const [worst, ...others] = over;
  if (worst === undefined) return [];
  const changes = worst.transitions
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, share }) => `${PLAIN.show(from)} → ${PLAIN.show(to)} ${percent(share)}`);
  const isAre = others.length === 1 ? 'is' : 'are';
  const more = others.length === 0 ? '' : ` ${plural(others.length, 'more audience')} ${isAre} over it.`;
  return [
    finding('shift-over-limit', {
      place: 'who changes',
      message: `${percent(worst.moved)} of ${whoWithin(worst.who, PLAIN.show)} would get another treatment (${changes.join(', ')}), and \`max-shift\` is ${maxShift}.${more}`,
      fix: 'Promote in smaller steps, for instance with `overrides`, or raise `max-shift` if this is meant.',
    }),
  ];
}

/** Nobody is moved only because the treatments stand in another order. */
export function orderMovesNobody({ target, impact }: Candidate): readonly Finding[] {
  const [worst, ...others] = impact.audiences
    .filter(({ spared }) => spared > 0)
    .toSorted((left, right) => right.spared - left.spared);
  if (worst === undefined) return [];
  const more = others.length === 0 ? '' : ` The same holds for ${plural(others.length, 'more audience')}.`;
  return [
    finding('reshuffle', {
      place: 'who changes',
      message: `${percent(worst.spared)} of ${whoWithin(worst.who, PLAIN.show)} would get another treatment only because the percentages stand in another order than in ${target.environment.name}; the same percentages in its order would move ${worst.moved === worst.spared ? 'nobody' : percent(worst.moved - worst.spared)}.${more}`,
      fix: 'Give the treatments of that rule the same order in the source, or set the percentages in the order you want with `overrides`.',
    }),
  ];
}

/** The result serves what the user expects. */
export function expectationsHold(candidate: Candidate): readonly Finding[] {
  const { expect = [], source, flags } = candidate;
  if (expect.length === 0) return [];
  return unmetExpectations(expect, { flag: source.flag, flags, definition: servedAfter(candidate) });
}
