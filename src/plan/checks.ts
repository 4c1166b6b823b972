// All checks on a planned item, in the order their findings are told.
import type { Candidate } from './candidate.ts';
import { finding, type Finding } from './finding.ts';
import { expectationsHold, orderMovesNobody, shiftIsWithin } from './impact-checks.ts';
import type { Mode } from './outcome.ts';
import { differs, type Draft } from './plan.ts';
import { chainEnds, dependentsHold, parentsAreLive, parentsAreThere } from './parent-checks.ts';
import { everythingComesBack, nothingChangedSince } from './rollback-checks.ts';
import { segmentsAreThere } from './segment-checks.ts';
import { bucketSums, homelessTargets, treatmentNames, treatmentReferences } from './structure-checks.ts';
import {
  definitionMayBeCreated,
  flagIsThere,
  noChangeIsPending,
  sourceIsProven,
  targetIsLive,
  targetsAreKept,
  trafficTypesAgree,
  wayIsForward,
} from './target-checks.ts';

/** On the result alone; they hold of an unchanged item too, which may be unchanged since something has no place in it. */
const STRUCTURE_CHECKS = [treatmentNames, treatmentReferences, bucketSums, homelessTargets] as const;
const RESULT_CHECKS = [...STRUCTURE_CHECKS, expectationsHold] as const;

/** Where nothing is to be written, none of these stands in the way of it. */
const CHECKS = [
  flagIsThere,
  definitionMayBeCreated,
  trafficTypesAgree,
  noChangeIsPending,
  ...STRUCTURE_CHECKS,
  segmentsAreThere,
  parentsAreThere,
  parentsAreLive,
  chainEnds,
  dependentsHold,
  targetIsLive,
  targetsAreKept,
  sourceIsProven,
  wayIsForward,
  shiftIsWithin,
  orderMovesNobody,
  expectationsHold,
] as const;

/** What goes back to what it was there before needs no leave but the API's, and that of those who changed it since. */
const ROLLBACK_CHECKS = [
  noChangeIsPending,
  nothingChangedSince,
  everythingComesBack,
  shiftIsWithin,
  expectationsHold,
] as const;

/** All findings of all checks on one item, each with the weight of its code. */
export function check(candidate: Candidate): readonly Finding[] {
  const { mode, conflict, keptUnset } = candidate;
  if (mode !== 'rollback') {
    return (differs(candidate) ? CHECKS : RESULT_CHECKS).flatMap((run) => run(candidate));
  }
  const isTold = differs(candidate) || conflict !== undefined || keptUnset !== undefined;
  return isTold ? ROLLBACK_CHECKS.flatMap((run) => run(candidate)) : [];
}

/** The run changes no more than the user expects; a plan only warns. */
export function changesAreFew(
  drafts: readonly Draft[],
  { maxChanges, mode }: { readonly maxChanges: number; readonly mode: Mode },
): readonly Finding[] {
  const amount = drafts.filter(differs).length;
  if (amount <= maxChanges) return [];
  const found = finding('too-many-changes', {
    place: 'plan',
    message: `${amount} item${amount === 1 ? '' : 's'} would change, and \`max-changes\` is ${maxChanges}.`,
    fix: 'See whether all of them are meant; then raise `max-changes`, or name fewer flags.',
  });
  return [mode === 'plan' ? { ...found, severity: 'warning' } : found];
}
