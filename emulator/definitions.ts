// What writes make of a stored definition, and what a definition looks like on the wire.
import { isJsonObject, type JsonObject } from '../src/json.ts';
import { mapLevels, MEMBERS, type Level } from './levels.ts';
import type { Switches } from './switches.ts';

/** Members a caller may send but only the server sets. */
const SERVER_MEMBERS = [
  'id',
  'name',
  'environment',
  'trafficType',
  'creationTime',
  'lastUpdateTime',
  'lastTrafficReceivedAt',
  'changeNumber',
  'openChangeRequestId',
];

/** Members that say why a write is made; they are never part of the definition. */
const NARRATIVE = ['title', 'comment'];

const pick = (object: JsonObject, wanted: (member: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([member]) => wanted(member)));

const isKnown = (level: Level, member: string): boolean => MEMBERS[level].some((known) => known === member);

/** What of a sent body is up to the sender. */
export function sentMembers(body: JsonObject, { unknownMembers }: Switches): JsonObject {
  const own = pick(body, (member) => !SERVER_MEMBERS.includes(member) && !NARRATIVE.includes(member));
  if (unknownMembers === 'keep') return own;
  return mapLevels(own, (level, object) => pick(object, (member) => isKnown(level, member)));
}

/** The definition after a full update: what was sent replaces all, but for what the switches keep. */
export function fullUpdate(stored: JsonObject, body: JsonObject, switches: Switches): JsonObject {
  const kept: Readonly<Record<string, boolean>> = {
    trafficAllocation: switches.putWithoutTrafficAllocation === 'keep',
    baselineTreatment: switches.putWithoutBaselineTreatment === 'keep',
    killed: switches.putWithoutKilled === 'keep',
    flagSets: switches.putWithoutFlagSets === 'keep',
    impressionsDisabled: switches.putWithoutImpressionsDisabled === 'keep',
  };
  // A member sent as null says no more than one left out.
  const sent = pick(sentMembers(body, switches), (member) => !(member in kept && body[member] === null));
  return {
    killed: false,
    trafficAllocation: 100,
    rules: [],
    ...pick(stored, (member) => SERVER_MEMBERS.includes(member) || kept[member] === true),
    ...sent,
    ...(switches.putUnkills && { killed: false }),
  };
}

/** The definition after a partial update: the patched one, with the server's own members as they were. */
export const partialUpdate = (stored: JsonObject, patched: JsonObject, switches: Switches): JsonObject => ({
  ...sentMembers(patched, switches),
  ...pick(stored, (member) => SERVER_MEMBERS.includes(member)),
});

const TARGET_LISTS = ['keys', 'segments', 'largeSegments', 'ruleBasedSegments'];

/** Members shown as null when unset, should the server do that. */
const NULLABLE: Readonly<Record<Level, readonly string[]>> = {
  definition: ['baselineTreatment'],
  treatment: ['description', 'configurations', ...TARGET_LISTS],
  rule: [],
  condition: [],
  matcher: ['attribute', 'string', 'bool', 'strings', 'number', 'date', 'between', 'depends'],
  bucket: [],
};

const all = (members: readonly string[], value: null | readonly []): JsonObject =>
  Object.fromEntries(members.map((member) => [member, value]));

const withoutNulls = (object: JsonObject): JsonObject => pick(object, (member) => object[member] !== null);

function withTreatments(matcher: JsonObject): JsonObject {
  const { depends } = matcher;
  if (!isJsonObject(depends) || typeof depends['treatment'] !== 'string') return matcher;
  const { treatment, treatments = [treatment], ...rest } = depends;
  return { ...matcher, depends: { ...rest, treatments } };
}

function shown(level: Level, object: JsonObject, switches: Switches): JsonObject {
  let result = withoutNulls(object);
  if (level === 'treatment') {
    const given = result;
    const isEmpty = (member: string): boolean => {
      const value = given[member];
      return TARGET_LISTS.includes(member) && Array.isArray(value) && value.length === 0;
    };
    result =
      switches.emptyArrays === 'emit'
        ? { ...all(TARGET_LISTS, []), ...result }
        : pick(result, (member) => !isEmpty(member));
  }
  if (level === 'matcher') {
    const { negate = false, ...rest } = result;
    result = negate === false && switches.negateFalse === 'omit' ? rest : { negate, ...rest };
    if (switches.dependsForm === 'treatments') result = withTreatments(result);
  }
  if (switches.nulls === 'emit') result = { ...all(NULLABLE[level], null), ...result };
  const order: readonly string[] = MEMBERS[level];
  const known = order.flatMap((member) => (member in result ? [[member, result[member]] as const] : []));
  return { ...Object.fromEntries(known), ...pick(result, (member) => !isKnown(level, member)) };
}

/** A stored definition as GET gives it. */
export function present(
  stored: JsonObject,
  openChangeRequestId: string | undefined,
  switches: Switches,
): JsonObject {
  const shows = switches.openChangeRequestIdOnGet && openChangeRequestId !== undefined;
  return mapLevels(shows ? { ...stored, openChangeRequestId } : stored, (level, object) =>
    shown(level, object, switches),
  );
}
