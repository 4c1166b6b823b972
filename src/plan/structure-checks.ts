// Checks on the result alone: whether it is a definition that can stand by itself.
import { toNumber, type Bucket, type Definition } from '../definition/definition.ts';
import type { Candidate } from './candidate.ts';
import { finding, type Finding } from './finding.ts';

const FIX_SECTIONS =
  'Copy the sections that belong together, or correct the definition in the source environment.';

const structure = (place: string, message: string, fix = FIX_SECTIONS): Finding =>
  finding('structure', { place, message, fix });

/** Every list of buckets of a definition, with its place. */
function bucketLists(
  definition: Definition,
): readonly { readonly place: string; readonly buckets: readonly Bucket[] }[] {
  return [
    ...(definition.rules ?? []).map((rule, position) => ({
      place: `rule ${position + 1}`,
      buckets: rule.buckets,
    })),
    { place: 'default rule', buckets: definition.defaultRule },
  ];
}

/** At least two treatments, each name once. */
export function treatmentNames({ result }: Candidate): readonly Finding[] {
  const names = result.treatments.map((treatment) => treatment.name);
  const repeated = [...new Set(names.filter((name, position) => names.indexOf(name) !== position))];
  return [
    ...(names.length < 2
      ? [
          structure(
            'treatments',
            `The result has ${names.length} treatment${names.length === 1 ? '' : 's'}; a definition needs at least two.`,
          ),
        ]
      : []),
    ...repeated.map((name) =>
      structure('treatments', `The result has more than one treatment named \`${name}\`.`),
    ),
  ];
}

/** Every treatment that the result names is one it has. */
export function treatmentReferences({ result }: Candidate): readonly Finding[] {
  const known = new Set(result.treatments.map((treatment) => treatment.name));
  const references = [
    { place: 'default treatment', treatment: result.defaultTreatment },
    ...(result.baselineTreatment == null
      ? []
      : [{ place: 'baseline treatment', treatment: result.baselineTreatment }]),
    ...bucketLists(result).flatMap(({ place, buckets }) =>
      [...new Set(buckets.map((bucket) => bucket.treatment))].map((treatment) => ({ place, treatment })),
    ),
  ];
  return references
    .filter(({ treatment }) => !known.has(treatment))
    .map(({ place, treatment }) =>
      structure(place, `It names treatment \`${treatment}\`, which the result does not have.`),
    );
}

/** Each list of buckets shares out exactly 100 percent. */
export function bucketSums({ result }: Candidate): readonly Finding[] {
  return bucketLists(result).flatMap(({ place, buckets }) => {
    const sizes = buckets.map((bucket) => toNumber(bucket.size));
    const sum = sizes.reduce((total, size) => total + size, 0);
    // Sums of decimal fractions are off by tiny amounts.
    if (Math.abs(sum - 100) < 1e-9 && sizes.every((size) => size >= 0)) return [];
    return [structure(place, `Its percentages (${sizes.join(' + ') || 'none'}) do not make 100.`)];
  });
}

/** Individual targets of the source need a treatment of the result to stand under. */
export function homelessTargets({
  sourceDefinition,
  before,
  result,
  sections,
}: Candidate): readonly Finding[] {
  if (before === undefined || !sections.includes('individual-targets')) return [];
  const known = new Set(result.treatments.map((treatment) => treatment.name));
  return sourceDefinition.treatments.flatMap((treatment) => {
    const lists = [treatment.keys, treatment.segments, treatment.largeSegments, treatment.ruleBasedSegments];
    const count = lists.reduce((total, list) => total + (list?.length ?? 0), 0);
    if (count === 0 || known.has(treatment.name)) return [];
    return [
      structure(
        'individual targets',
        `The source has ${count} individual target${count === 1 ? '' : 's'} on treatment \`${treatment.name}\`, which the result does not have.`,
        'Copy section `treatments` too, or leave out `individual-targets`.',
      ),
    ];
  });
}
