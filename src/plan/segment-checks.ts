// Checks on the segments that the result names: each is looked up by its kind.
import { SEGMENT_KINDS, segmentReferences, type SegmentReference } from '../definition/references.ts';
import { inOneWorkspace, targetTrafficType, type Candidate } from './candidate.ts';
import { finding, unverified, type Finding } from './finding.ts';
import { groups } from './groups.ts';
import { listed, placesOf } from './sentences.ts';
import { NOT_LOOKED_UP, isOtherTrafficType, trafficTypeOf, type TrafficType } from './surroundings.ts';

/** How the traffic type of a segment differs from the flag's; lists may show no more than an id. */
const typesApart = (segment: TrafficType, flag: TrafficType): string =>
  segment.name === undefined || flag.name === undefined
    ? 'another traffic type than the flag'
    : `traffic type \`${segment.name}\`, and the flag for \`${flag.name}\``;

const KIND_WORDS = {
  standard: 'segment',
  large: 'large segment',
  'rule-based': 'rule-based segment',
} as const;

/** What the new definition's traffic type is: the target's own, or for a new one the source's. */
function resultType(candidate: Candidate): TrafficType {
  const own = targetTrafficType(candidate);
  if (own.id !== undefined || own.name !== undefined) return own;
  const { id, name } = trafficTypeOf(candidate.sourceDefinition);
  return inOneWorkspace(candidate) ? { id, name } : { name };
}

/** What stands against a segment that is named; a problem, or why it is not known whether there is one. */
type Verdict = { readonly message: string; readonly fix: string } | { readonly unknown: string };

function verdictOn(reference: SegmentReference, candidate: Candidate): Verdict | undefined {
  const { kind, name, isKindSure } = reference;
  const { around, target } = candidate;
  const environment = target.environment.name;
  const type = resultType(candidate);
  // Where one matcher may stand for every kind, a segment of any kind will do.
  const lists = (isKindSure ? [kind] : SEGMENT_KINDS).map(
    (searched) => around.segments.get(searched) ?? NOT_LOOKED_UP,
  );
  const found = lists.flatMap((list) =>
    'known' in list ? list.known.filter((segment) => segment.name === name) : [],
  );
  const fits = found.some(
    ({ trafficType }) => !isOtherTrafficType(trafficType, type, { sameWorkspace: true }),
  );
  if (fits) return undefined;
  const [other] = found;
  if (other !== undefined) {
    return {
      message: `In ${environment}, the ${KIND_WORDS[kind]} \`${name}\` is for ${typesApart(other.trafficType, type)}.`,
      fix: `Add a segment of that name and traffic type to ${environment}, or take it out of the definition.`,
    };
  }
  const [unknown] = lists.flatMap((list) => ('unverified' in list ? [list.unverified] : []));
  if (unknown !== undefined) return { unknown };
  return {
    message: `The ${KIND_WORDS[kind]} \`${name}\` is not in ${environment}.`,
    fix: `Add it to ${environment} first, or take it out of the definition.`,
  };
}

/** Every segment that the result names is in the target environment, for the flag's traffic type. */
export function segmentsAreThere(candidate: Candidate): readonly Finding[] {
  const verdicts = groups(
    segmentReferences(candidate.result),
    ({ kind, name, isKindSure }) => `${kind} ${isKindSure} ${name}`,
  ).flatMap((references) => {
    const verdict = verdictOn(references[0], candidate);
    return verdict === undefined ? [] : references.map((reference) => ({ reference, verdict }));
  });
  const told = groups(verdicts, ({ verdict }) => ('unknown' in verdict ? verdict.unknown : verdict.message));
  const findings = told.map((same): Finding => {
    const [{ verdict }] = same;
    const place = placesOf(same.map(({ reference }) => reference));
    if (!('unknown' in verdict)) return finding('segment-missing', { place, ...verdict });
    const names = [...new Set(same.map(({ reference }) => reference.name))];
    const [noun, verb] = names.length === 1 ? ['segment', 'is'] : ['segments', 'are'];
    const subject = `whether ${noun} ${listed(names)} ${verb} in ${candidate.target.environment.name}`;
    return unverified('segment-missing', { place, subject, why: verdict.unknown });
  });
  return findings.toSorted(
    (left, right) => Number(left.unverified ?? false) - Number(right.unverified ?? false),
  );
}
