// The checks on a planned item before anything is written, each a named function over values read before.
import { toNumber, type Bucket, type Definition } from '../definition/definition.ts';
import type { Section } from '../definition/sections.ts';
import type { Finding } from './plan.ts';

/** What the checks of one item look at. */
export interface Candidate {
  readonly source: Definition;
  readonly before: Definition | undefined;
  readonly result: Definition;
  readonly sections: readonly Section[];
  readonly createMissing: boolean;
  /** The target environment's name, for sentences. */
  readonly environment: string;
}

const structureError = (message: string, fix: string): Finding => ({
  code: 'structure',
  severity: 'error',
  message,
  fix,
});

const FIX_SECTIONS =
  'Copy the sections that belong together, or correct the definition in the source environment.';

/** Every list of buckets of a definition, with the words that say where it is. */
function bucketLists(
  definition: Definition,
): readonly { readonly where: string; readonly buckets: readonly Bucket[] }[] {
  return [
    ...(definition.rules ?? []).map((rule, position) => ({
      where: `rule ${position + 1}`,
      buckets: rule.buckets,
    })),
    { where: 'the default rule', buckets: definition.defaultRule },
  ];
}

/** At least two treatments, each name once. */
export function treatmentNames({ result }: Candidate): readonly Finding[] {
  const names = result.treatments.map((treatment) => treatment.name);
  const repeated = [...new Set(names.filter((name, position) => names.indexOf(name) !== position))];
  return [
    ...(names.length < 2
      ? [
          structureError(
            `The result has ${names.length} treatment${names.length === 1 ? '' : 's'}; a definition needs at least two.`,
            FIX_SECTIONS,
          ),
        ]
      : []),
    ...repeated.map((name) =>
      structureError(`The result has more than one treatment named \`${name}\`.`, FIX_SECTIONS),
    ),
  ];
}

/** Every treatment that the result names is one it has. */
export function treatmentReferences({ result }: Candidate): readonly Finding[] {
  const known = new Set(result.treatments.map((treatment) => treatment.name));
  const references = [
    { where: 'the default treatment', treatment: result.defaultTreatment },
    ...(result.baselineTreatment == null
      ? []
      : [{ where: 'the baseline treatment', treatment: result.baselineTreatment }]),
    ...bucketLists(result).flatMap(({ where, buckets }) =>
      [...new Set(buckets.map((bucket) => bucket.treatment))].map((treatment) => ({ where, treatment })),
    ),
  ];
  return references
    .filter(({ treatment }) => !known.has(treatment))
    .map(({ where, treatment }) =>
      structureError(
        `In the result, ${where} names treatment \`${treatment}\`, which the result does not have.`,
        FIX_SECTIONS,
      ),
    );
}

/** Each list of buckets shares out exactly 100 percent. */
export function bucketSums({ result }: Candidate): readonly Finding[] {
  return bucketLists(result).flatMap(({ where, buckets }) => {
    const sizes = buckets.map((bucket) => toNumber(bucket.size));
    const sum = sizes.reduce((total, size) => total + size, 0);
    // Sums of decimal fractions are off by tiny amounts.
    if (Math.abs(sum - 100) < 1e-9 && sizes.every((size) => size >= 0)) return [];
    return [
      structureError(
        `In the result, the percentages of ${where} (${sizes.join(' + ') || 'none'}) do not make 100.`,
        FIX_SECTIONS,
      ),
    ];
  });
}

/** Individual targets of the source need a treatment of the result to stand under. */
export function homelessTargets({ source, before, result, sections }: Candidate): readonly Finding[] {
  if (before === undefined || !sections.includes('individual-targets')) return [];
  const known = new Set(result.treatments.map((treatment) => treatment.name));
  return source.treatments.flatMap((treatment) => {
    const lists = [treatment.keys, treatment.segments, treatment.largeSegments, treatment.ruleBasedSegments];
    const count = lists.reduce((total, list) => total + (list?.length ?? 0), 0);
    if (count === 0 || known.has(treatment.name)) return [];
    return [
      structureError(
        `The source has ${count} individual target${count === 1 ? '' : 's'} on treatment \`${treatment.name}\`, which the result does not have.`,
        'Copy section `treatments` too, or leave out `individual-targets`.',
      ),
    ];
  });
}

/** A target without a definition is created only where the user allows it. */
export function definitionMissing({ before, createMissing, environment }: Candidate): readonly Finding[] {
  if (before !== undefined || createMissing) return [];
  return [
    {
      code: 'definition-missing',
      severity: 'error',
      message: `The flag has no definition in ${environment}, and \`create-missing\` is \`false\`.`,
      fix: 'Add the flag to the environment first, or set `create-missing: true`.',
    },
  ];
}

const CHECKS = [definitionMissing, treatmentNames, treatmentReferences, bucketSums, homelessTargets] as const;

/** All findings of all checks on one item. */
export const check = (candidate: Candidate): readonly Finding[] => CHECKS.flatMap((run) => run(candidate));
