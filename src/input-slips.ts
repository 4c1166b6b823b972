// Input names that an Action of this kind does not have, and what was probably meant by them.
import leven from 'leven';

/** What people write for an input whose name they do not remember. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  'dry-run': '`mode: plan`',
  dryrun: '`mode: plan`',
  preview: '`mode: plan`',
  noop: '`mode: plan`',
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

/** Words of a name, without the s of a plural: `flag-names` and `flag-name` are the same slip. */
const wordsOf = (name: string): string =>
  `-${name
    .replaceAll('_', '-')
    .split('-')
    .map((word) => word.replace(/(?<=..)s$/, ''))
    .join('-')}-`;

/** Whether a name holds the words of another; very short ones say too little. */
const holds = (name: string, part: string): boolean => part.length >= 6 && name.includes(part);

/** Letters by which a misspelt name may differ; of a very short one, none. */
function toleranceOf(name: string): number {
  if (name.length < 3) return 0;
  if (name.length < 5) return 1;
  return name.length < 9 ? 2 : 3;
}

/** What an unknown input name was probably meant to be, in the words of a message; `undefined`: no idea. */
export function meantInput(unknown: string, known: readonly string[]): string | undefined {
  const name = unknown.replaceAll('_', '-');
  const words = wordsOf(unknown);
  const candidates = [
    ...known.map((candidate) => [candidate, `\`${candidate}\``] as const),
    ...Object.entries(OTHER_WORDS),
  ];
  const rank = (candidate: string): number => candidate.length + (known.includes(candidate) ? 100 : 0);
  const exact = candidates.find(([candidate]) => wordsOf(candidate) === words);
  const near = candidates
    .map(([candidate, meaning]) => ({ candidate, meaning, distance: leven(name, candidate) }))
    .filter(({ candidate, distance }) => distance <= toleranceOf(name) && candidate.length > 3)
    .toSorted((left, right) => left.distance - right.distance)[0];
  // Inputs come before other words, and what shares more comes first.
  const part = candidates
    .filter(([candidate]) => holds(words, wordsOf(candidate)))
    .toSorted(([left], [right]) => rank(right) - rank(left))[0];
  const whole = candidates.find(([candidate]) => holds(wordsOf(candidate), words));
  return exact?.[1] ?? part?.[1] ?? near?.meaning ?? whole?.[1];
}
