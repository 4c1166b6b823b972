// Checks on an item that is to be rolled back.
import type { Candidate } from './candidate.ts';
import { finding, type Finding } from './finding.ts';

/** What the run changed is still what it left. */
export function nothingChangedSince({ conflict, target }: Candidate): readonly Finding[] {
  if (conflict === undefined) return [];
  const { theirs, ours } = conflict;
  const environment = target.environment.name;
  const fix = 'Look at who changed it and why; then change it by hand, or copy it anew.';
  if (theirs === undefined || ours === undefined) {
    const message =
      theirs === undefined
        ? `The definition in ${environment} was removed since the run.`
        : `The flag was added to ${environment} again since the run removed its definition.`;
    return [finding('changed-since', { place: 'definition', message, fix })];
  }
  return conflict.sections.map((section) =>
    finding('changed-since', {
      place: section.replaceAll('-', ' '),
      message: `Somebody changed it in ${environment} after the run that is to be undone.`,
      fix,
    }),
  );
}

/** The API shows no way to unset some members that the target did not have. */
export function everythingComesBack({ keptUnset = [], target }: Candidate): readonly Finding[] {
  return keptUnset.map((section) =>
    finding('cannot-be-unset', {
      place: section.replaceAll('-', ' '),
      message: `Before the run ${target.environment.name} had none, and the API shows no way to unset it.`,
      fix: 'It keeps what the run gave it; change it by hand if that matters.',
    }),
  );
}
