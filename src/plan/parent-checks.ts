// Checks on the flags that the result asks in the target environment, and on those that ask it.
import { dependenciesOf, type Dependency } from '../definition/references.ts';
import { neighbourAt, type Candidate } from './candidate.ts';
import { finding, unverified, type Finding } from './finding.ts';
import { groups } from './groups.ts';
import { listed, placesOf } from './sentences.ts';
import { NOT_LOOKED_UP, neighbourOf } from './surroundings.ts';

const parentsOf = ({ result, target }: Candidate): readonly (readonly [Dependency, ...Dependency[]])[] =>
  groups(
    dependenciesOf(result).filter(({ flag }) => flag !== target.flag),
    ({ flag }) => flag,
  );

/** Every flag that an IN_SPLIT rule asks has a definition in the target environment, with the treatments named. */
export function parentsAreThere(candidate: Candidate): readonly Finding[] {
  const environment = candidate.target.environment.name;
  return parentsOf(candidate).flatMap((dependencies): readonly Finding[] => {
    const [{ flag }] = dependencies;
    const place = placesOf(dependencies);
    const parent = neighbourAt(candidate, flag);
    if ('unverified' in parent) {
      const subject = `whether flag \`${flag}\` has a definition in ${environment}`;
      return [unverified('parent-missing', { place, subject, why: parent.unverified })];
    }
    const { known } = parent;
    if (known === undefined) {
      return [
        finding('parent-missing', {
          place,
          message: `It asks flag \`${flag}\`, which has no definition in ${environment}.`,
          fix: `Promote \`${flag}\` to ${environment} first, or take the rule out.`,
        }),
      ];
    }
    const lacking = dependencies.flatMap(({ treatments, place: where }) =>
      treatments
        .filter((treatment) => !known.treatments.includes(treatment))
        .map((treatment) => ({ treatment, place: where })),
    );
    return groups(lacking, ({ treatment }) => treatment).map((named) =>
      finding('parent-missing', {
        place: placesOf(named),
        message: `It asks flag \`${flag}\` for treatment \`${named[0].treatment}\`, which it does not have in ${environment}; there are ${listed(known.treatments)}.`,
        fix: `Promote \`${flag}\` to ${environment} first, or correct the rule.`,
      }),
    );
  });
}

/** A killed parent serves everyone its default treatment, whatever its rules say. */
export function parentsAreLive(candidate: Candidate): readonly Finding[] {
  const environment = candidate.target.environment.name;
  return parentsOf(candidate).flatMap((dependencies): readonly Finding[] => {
    const [{ flag }] = dependencies;
    const parent = neighbourAt(candidate, flag);
    if (!('known' in parent) || parent.known?.killed !== true) return [];
    return [
      finding('parent-killed', {
        place: placesOf(dependencies),
        message: `It asks flag \`${flag}\`, which is killed in ${environment}, so it sees only the default treatment \`${parent.known.defaultTreatment}\`.`,
        fix: `Restore \`${flag}\` in ${environment} when the rule is to count.`,
      }),
    ];
  });
}

/** No chain of IN_SPLIT rules leads back to the flag. */
export function chainEnds(candidate: Candidate): readonly Finding[] {
  const { target, result } = candidate;
  const environment = target.environment.name;
  const seen = new Set<string>();
  const doubts: string[] = [];
  const parents = new Set(dependenciesOf(result).map(({ flag }) => flag));
  const place = (first: string | undefined): string =>
    placesOf(dependenciesOf(result).filter(({ flag }) => flag === first));

  /** The way from `flag` back to the item's flag, both ends included. */
  function wayBack(flag: string, path: readonly string[]): readonly string[] | undefined {
    if (flag === target.flag && path.length > 0) return [...path, flag];
    if (seen.has(flag)) return undefined;
    seen.add(flag);
    const neighbour = neighbourAt(candidate, flag);
    // A direct parent that could not be read is told by the check on parents.
    if ('unverified' in neighbour) {
      if (!parents.has(flag)) doubts.push(flag);
      return undefined;
    }
    for (const next of neighbour.known?.dependencies ?? []) {
      const way = wayBack(next.flag, [...path, flag]);
      if (way !== undefined) return way;
    }
    return undefined;
  }

  const way = wayBack(target.flag, []);
  if (way !== undefined) {
    return [
      finding('dependency-cycle', {
        place: place(way[1]),
        message: `The result would make a cycle of flags that ask each other in ${environment}: ${way.map((flag) => `\`${flag}\``).join(' → ')}.`,
        fix: 'Take one of these rules out.',
      }),
    ];
  }
  if (doubts.length === 0) return [];
  const subject = `whether a chain of flags that ask each other leads back to this one, by way of ${listed(doubts)}`;
  return [
    unverified('dependency-cycle', {
      place: 'rules',
      subject,
      why: `Not all of them can be read in ${environment}.`,
    }),
  ];
}

/** The treatments of the target that the result does not have. */
export const goneTreatments = ({
  before,
  result,
}: Pick<Candidate, 'before' | 'result'>): readonly string[] => {
  const kept = new Set(result.treatments.map(({ name }) => name));
  return (before?.treatments ?? []).map(({ name }) => name).filter((name) => !kept.has(name));
};

/** No other flag of the target environment asks for a treatment that goes away. */
export function dependentsHold(candidate: Candidate): readonly Finding[] {
  const { target, around, planned } = candidate;
  const environment = target.environment.name;
  const gone = goneTreatments(candidate);
  if (gone.length === 0) return [];
  const everyone = around.everyone ?? NOT_LOOKED_UP;
  if ('unverified' in everyone) {
    const subject = `whether other flags in ${environment} ask for treatment ${listed(gone)}, which goes away`;
    return [unverified('dependent-breaks', { place: 'treatments', subject, why: everyone.unverified })];
  }
  const others = new Map(everyone.known.map((neighbour) => [neighbour.flag, neighbour]));
  for (const { target: theirs, result } of planned.values()) {
    if (theirs.environment.id !== target.environment.id) continue;
    others.set(theirs.flag, neighbourOf(theirs.flag, result));
  }
  others.delete(target.flag);
  return gone.flatMap((treatment): readonly Finding[] => {
    const dependents = [...others.values()].filter(({ dependencies }) =>
      dependencies.some(
        (dependency) => dependency.flag === target.flag && dependency.treatments.includes(treatment),
      ),
    );
    if (dependents.length === 0) return [];
    return [
      finding('dependent-breaks', {
        place: `treatment \`${treatment}\``,
        message: `It goes away, but rules of ${listed(dependents.map(({ flag }) => flag))} in ${environment} ask for it.`,
        fix: 'Change those rules first, or keep the treatment.',
      }),
    ];
  });
}
