// Arbitrary definitions for laws of equality, difference and copying: other spellings of a value, related pairs.
import * as fc from 'fast-check';
import { parseDefinition, type Definition } from '../../src/definition/definition.ts';
import {
  isJsonObject,
  isRawNumber,
  parseJson,
  toJson,
  type Json,
  type JsonObject,
  type RawNumber,
} from '../../src/json.ts';
import { definition as anyDefinition, jsonValue } from '../arbitrary.ts';

const SETS = ['keys', 'segments', 'largeSegments', 'ruleBasedSegments'];

/** Another text of the same number: one more zero after the point. */
const respelled = (value: number | RawNumber): Json =>
  parseJson(
    toJson(value).replace(
      /^(-?\d+)(\.\d+)?/u,
      (_all, whole: string, fraction = '.') => `${whole}${fraction}0`,
    ),
  );

const withTreatmentAsList = (depends: JsonObject): JsonObject => {
  const { treatment, ...rest } = depends;
  return typeof treatment === 'string' && !Object.hasOwn(rest, 'treatments')
    ? { ...rest, treatments: [treatment] }
    : depends;
};

function respelledMember(member: string, value: Json): Json {
  if (member === 'depends' && isJsonObject(value)) return respelling(withTreatmentAsList(value));
  if (SETS.includes(member) && Array.isArray(value)) {
    const elements: readonly Json[] = value;
    return [...elements, ...elements].toReversed().map(respelling);
  }
  return respelling(value);
}

/** What no member says is also said by `null`, an empty list, and the documented defaults. */
const NOTHINGS: JsonObject = {
  negate: false,
  description: '',
  combiner: 'AND',
  keys: [],
  rules: null,
  xnothing: null,
};

/**
 * The same meaning, spelled otherwise at every place where that is possible: members the other way round,
 * members that say nothing added, numbers with a needless fraction, sets the other way round and twice.
 */
export function respelling(value: Json): Json {
  if (typeof value === 'number' || isRawNumber(value)) return respelled(value);
  if (Array.isArray(value)) return value.map((element: Json) => respelling(element));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([member, content]) =>
    content === undefined ? [] : [[member, respelledMember(member, content)] as const],
  );
  const additions = Object.entries(NOTHINGS).filter(([member]) => !Object.hasOwn(value, member));
  return Object.fromEntries([...members, ...additions].toReversed());
}

/** `respelling` of a definition, which stays one. */
export const respelledDefinition = (definition: Definition): Definition =>
  parseDefinition(respelling(definition));

/** Each treatment name once; the first of a name stays. */
const withDistinctTreatments = (definition: Definition): Definition => ({
  ...definition,
  treatments: definition.treatments.filter(
    ({ name }, position, all) => all.findIndex((other) => other.name === name) === position,
  ),
});

// Made once: to build an arbitrary of this size takes longer than to draw from it a hundred times.
const DEFINITION = anyDefinition().map(withDistinctTreatments);
const VALUE = jsonValue();

/** Any definition whose treatments have different names, as the API has them. */
export const definition = (): fc.Arbitrary<Definition> => DEFINITION;

/** Any JSON value. */
export const value = (): fc.Arbitrary<Json> => VALUE;

/** Two definitions: strangers, the same in other spellings, or one mixed from members of both. */
export const definitionPair = (): fc.Arbitrary<readonly [Definition, Definition]> =>
  fc.oneof(
    fc.tuple(definition(), definition()),
    definition().map((value) => [value, respelledDefinition(value)] as const),
    fc
      .tuple(definition(), definition(), fc.array(fc.nat(6)))
      .map(([left, right, picks]) => [left, mixed(left, right, picks)] as const),
  );

/** `left` with some members of `right`, and with its lists turned round where a pick says so. */
function mixed(left: Definition, right: Definition, picks: readonly number[]): Definition {
  const members = ['treatments', 'rules', 'defaultRule', 'trafficAllocation', 'defaultTreatment'] as const;
  let value: Definition = left;
  for (const pick of picks) {
    const member = members[pick];
    if (member !== undefined) value = { ...value, [member]: right[member] ?? null };
    else if (pick === 5) value = { ...value, treatments: value.treatments.toReversed() };
    else value = { ...value, rules: value.rules?.toReversed() ?? null };
  }
  return parseDefinition(value);
}

/** Two JSON values of which every third pair means the same. */
export const valuePair = (): fc.Arbitrary<readonly [Json, Json]> =>
  fc.oneof(
    fc.tuple(VALUE, VALUE),
    VALUE.map((either) => [either, either] as const),
    VALUE.map((either) => [either, respelling(either)] as const),
  );
