// Checks on the target as it is: whether it can be written, what the write would cost, and when it shows.
import { TARGET_LISTS, toNumber, type Definition } from '../definition/definition.ts';
import { isRawNumber, memberOf } from '../json.ts';
import { inOneWorkspace, targetTrafficType, type Candidate } from './candidate.ts';
import { locks, shortTitle } from './change-request.ts';
import { finding, unverified, type Finding } from './finding.ts';
import type { Environment } from './plan.ts';
import { listed, plural } from './sentences.ts';
import { isOtherTrafficType, trafficTypeOf } from './surroundings.ts';

/** The flag itself is in the target workspace. */
export function flagIsThere({ around, target }: Candidate): readonly Finding[] {
  const flag = around.flags.get(target.flag);
  const workspace = target.workspace.name;
  if (flag === undefined) return [];
  if ('unverified' in flag) {
    const subject = `whether flag \`${target.flag}\` is in workspace ${workspace}`;
    return [unverified('flag-missing', { place: 'flag', subject, why: flag.unverified })];
  }
  if (flag.known !== undefined) return [];
  return [
    finding('flag-missing', {
      place: 'flag',
      message: `There is no flag \`${target.flag}\` in workspace ${workspace} that the key can see.`,
      fix: `Create it there first, with the traffic type of the source, or correct \`target-flag\` or \`target-workspace\`.`,
    }),
  ];
}

/** A target without a definition is created only where the user allows it. */
export function definitionMayBeCreated({ before, createMissing, target }: Candidate): readonly Finding[] {
  if (before !== undefined || createMissing) return [];
  return [
    finding('definition-missing', {
      place: 'target',
      message: `The flag has no definition in ${target.environment.name}, and \`create-missing\` is \`false\`.`,
      fix: 'Add the flag to the environment first, or set `create-missing: true`.',
    }),
  ];
}

/** Source and target flag are about the same kind of user. */
export function trafficTypesAgree(candidate: Candidate): readonly Finding[] {
  const { source, target, sourceDefinition } = candidate;
  const [from, to] = [trafficTypeOf(sourceDefinition), targetTrafficType(candidate)];
  if (!isOtherTrafficType(from, to, { sameWorkspace: inOneWorkspace(candidate) })) return [];
  return [
    finding('traffic-type-differs', {
      place: 'traffic type',
      message: `\`${source.flag}\` is for traffic type \`${from.name ?? from.id}\`, but \`${target.flag}\` in workspace ${target.workspace.name} is for \`${to.name ?? to.id}\`.`,
      fix: 'Copy to a flag of the same traffic type: the traffic type of a flag cannot be changed.',
    }),
  ];
}

/** To the minute; what is no date, such as a number of nanoseconds, as it is. */
function moment(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return String(milliseconds);
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Nobody waits for another change of the target to be decided. */
export function noChangeIsPending({ around, target, openRequest }: Candidate): readonly Finding[] {
  const { changeRequests } = around;
  const environment = target.environment.name;
  if (changeRequests === undefined) return [];
  if ('unverified' in changeRequests) {
    const subject = `whether a change request is open on \`${target.flag}\` in ${environment}`;
    return [unverified('change-pending', { place: 'flag', subject, why: changeRequests.unverified })];
  }
  return changeRequests.known
    .filter((request) => locks(request, target) && request.id !== openRequest?.id)
    .map(({ id, title, submitter, since }) => {
      const by = submitter === undefined ? '' : ` by ${submitter}`;
      const at = since === undefined ? '' : ` since ${moment(since)}`;
      return finding('change-pending', {
        place: 'flag',
        message: `Change request \`${id}\`${title ? ` "${shortTitle(title)}"` : ''}${by} is open${at} and locks the flag in ${environment}.`,
        fix: 'Have it decided or withdrawn, then run again.',
      });
    });
}

const MOST_NAMED = 5;

/** Names in one list of individual targets; the same name may be a key and a segment. */
const targetsOf = (definition: Definition): ReadonlySet<string> =>
  new Set(
    definition.treatments.flatMap((treatment) =>
      TARGET_LISTS.flatMap((list) => (treatment[list] ?? []).map((name) => `${list} ${name}`)),
    ),
  );

/** Individual targets that the target has are still targets in the result, if of another treatment. */
export function targetsAreKept({ before, result, target }: Candidate): readonly Finding[] {
  const kept = targetsOf(result);
  const left = new Set(result.treatments.map(({ name }) => name));
  return (before?.treatments ?? []).flatMap((treatment): readonly Finding[] => {
    const lost = TARGET_LISTS.flatMap((list) =>
      [...new Set(treatment[list])].filter((name) => !kept.has(`${list} ${name}`)),
    );
    if (lost.length === 0) return [];
    return [
      finding('targets-lost', {
        place: `treatment \`${treatment.name}\``,
        message: `${target.environment.name} loses ${plural(lost.length, 'individual target')} of it.`,
        fix: left.has(treatment.name)
          ? 'To keep them, add them to the source, or leave out section `individual-targets`.'
          : 'They go with the treatment; to keep them, keep it, or add them to another one in the source.',
        targets: lost.slice(0, MOST_NAMED),
      }),
    ];
  });
}

/** What is copied to a killed flag does not show, but for its default treatment, which shows at once. */
export function targetIsLive({ before, result, killChange, target }: Candidate): readonly Finding[] {
  if (before?.killed !== true || killChange !== undefined) return [];
  const [was, becomes] = [before.defaultTreatment, result.defaultTreatment];
  const everyone =
    was === becomes
      ? `everyone gets the default treatment \`${was}\`; what is copied shows only when the flag is restored.`
      : `everyone gets the default treatment, and it changes at once from \`${was}\` to \`${becomes}\` for all users; the rest shows only when the flag is restored.`;
  return [
    finding('killed-target', {
      place: was === becomes ? 'kill state' : 'default treatment',
      message: `The flag is killed in ${target.environment.name}: ${everyone}`,
      fix: 'Restore it when the new rules are to count; `kill-state: copy` takes the state of the source.',
    }),
  ];
}

const HOUR_MILLISECONDS = 3_600_000;

/** A time in ms since the epoch, where a definition has one. */
function timeOf(definition: Definition, member: string): number | undefined {
  const value = memberOf(definition, member);
  return typeof value === 'number' || isRawNumber(value) ? toNumber(value) : undefined;
}

/**
 * Whether environments given by id are production is not looked up, unless the run is to fail on it: then what
 * cannot be known is told.
 */
function productionUnknown(
  code: 'from-production' | 'into-production-from-nowhere',
  { failOn }: Candidate,
  environments: readonly Environment[],
): readonly Finding[] {
  const unknown = environments.filter(({ production }) => production === undefined);
  if (unknown.length === 0 || !failOn.includes(code)) return [];
  const names = listed(unknown.map(({ name }) => name));
  const subject = `whether ${names} ${unknown.length === 1 ? 'is a production environment' : 'are production environments'}`;
  return [unverified(code, { place: 'plan', subject, why: 'The key may not list environments.' })];
}

/** What reaches production has been tried where it comes from. */
export function sourceIsProven(candidate: Candidate): readonly Finding[] {
  const { source, target, sourceDefinition, now } = candidate;
  const unknown = productionUnknown('into-production-from-nowhere', candidate, [target.environment]);
  if (unknown.length > 0) return unknown;
  if (target.environment.production !== true) return [];
  const updated = timeOf(sourceDefinition, 'lastUpdateTime');
  const doubts = [
    ...(timeOf(sourceDefinition, 'lastTrafficReceivedAt') === undefined ? ['has seen no traffic'] : []),
    ...(updated !== undefined && Math.abs(now - updated) < HOUR_MILLISECONDS
      ? ['was changed in the last hour']
      : []),
  ];
  if (doubts.length === 0) return [];
  return [
    finding('into-production-from-nowhere', {
      place: 'source',
      message: `${target.environment.name} is a production environment, and the definition in ${source.environment.name} ${doubts.join(' and ')}.`,
      fix: `Try it in ${source.environment.name} first.`,
    }),
  ];
}

/** Nothing goes the wrong way: from production, or onto a newer definition in production. */
export function wayIsForward(candidate: Candidate): readonly Finding[] {
  const { source, target, sourceDefinition, before } = candidate;
  // Into production nothing goes backwards, wherever it comes from.
  const environments = target.environment.production === true ? [] : [source.environment, target.environment];
  const unknown = productionUnknown('from-production', candidate, environments);
  if (unknown.length > 0) return unknown;
  if (source.environment.production === true && target.environment.production === false) {
    return [
      finding('from-production', {
        place: 'source',
        message: `${source.environment.name} is a production environment and ${target.environment.name} is not: this copies backwards.`,
        fix: 'If that is not meant, swap source and target.',
      }),
    ];
  }
  if (target.environment.production !== true || before === undefined) return [];
  const [older, newer] = [timeOf(sourceDefinition, 'lastUpdateTime'), timeOf(before, 'lastUpdateTime')];
  if (older === undefined || newer === undefined || older >= newer) return [];
  return [
    finding('from-production', {
      place: 'target',
      message: `${target.environment.name} is a production environment, and its definition (${moment(newer)}) is newer than the one in ${source.environment.name} (${moment(older)}).`,
      fix: `See in the difference whether ${target.environment.name} has something that ${source.environment.name} lacks.`,
    }),
  ];
}
