// Input names that an Action of this kind does not have, and what was probably meant by them.
import leven from 'leven';

/** What people write for an input whose name they do not remember. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  'dry-run': '`mode: plan`',
  dryrun: '`mode: plan`',
  preview: '`mode: plan`',
  plan: '`mode: plan`',
  apply: '`mode: apply`',
  rollback: '`mode: rollback`',
  split: '`flags`',
  splits: '`flags`',
  'feature-flag': '`flags`',
  'feature-flags': '`flags`',
  environment: '`source-environment` and `target-environment`',
  source: '`source-environment`',
  'source-env': '`source-environment`',
  from: '`source-environment`',
  target: '`target-environment`',
  'target-env': '`target-environment`',
  to: '`target-environment`',
  project: '`workspace`',
  'target-project': '`target-workspace`',
  key: '`api-key`',
  token: '`api-key`',
  'admin-api-key': '`api-key`',
  sections: '`include`',
  kill: '`kill-state`',
  killed: '`kill-state`',
  create: '`create-missing`',
  fingerprint: '`expected-fingerprint`',
  url: '`api-url`',
  'base-url': '`api-url`',
  timeout: '`request-timeout-seconds`',
  retries: '`max-retries`',
};

/** What an unknown input name was probably meant to be, in the words of a message; `undefined`: no idea. */
export function meantInput(unknown: string, known: readonly string[]): string | undefined {
  const name = unknown.replaceAll('_', '-');
  const other = Object.hasOwn(OTHER_WORDS, name) ? OTHER_WORDS[name] : undefined;
  if (other !== undefined) return other;
  const tolerance = name.length < 5 ? 1 : 2;
  const near = known
    .map((candidate) => ({ candidate, distance: leven(name, candidate) }))
    .filter(({ distance }) => distance <= tolerance)
    .toSorted((left, right) => left.distance - right.distance)[0];
  return near && `\`${near.candidate}\``;
}
