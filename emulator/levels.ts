// The objects a definition is made of, level by level, with the members the API documents for each.
import { isJsonObject, type Json, type JsonObject } from '../src/json.ts';

/** Documented members in the order a recorded response has them (docs.split.io/reference/split-definition). */
export const MEMBERS = {
  definition: [
    'id',
    'name',
    'environment',
    'trafficType',
    'killed',
    'treatments',
    'defaultTreatment',
    'baselineTreatment',
    'trafficAllocation',
    'rules',
    'defaultRule',
    'flagSets',
    'impressionsDisabled',
    'openChangeRequestId',
    'creationTime',
    'lastUpdateTime',
    'lastTrafficReceivedAt',
    'changeNumber',
  ],
  treatment: [
    'name',
    'description',
    'keys',
    'segments',
    'largeSegments',
    'ruleBasedSegments',
    'configurations',
  ],
  rule: ['buckets', 'condition'],
  condition: ['combiner', 'matchers'],
  matcher: [
    'negate',
    'type',
    'attribute',
    'string',
    'bool',
    'strings',
    'number',
    'date',
    'between',
    'depends',
  ],
  bucket: ['treatment', 'size'],
} as const;

/** A kind of object in a definition. */
export type Level = keyof typeof MEMBERS;

/** The objects of a list; nothing for what is no list. */
export const objectsOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((item: Json): item is JsonObject => isJsonObject(item)) : [];

const NESTED: Readonly<Record<Level, readonly (readonly [member: string, level: Level])[]>> = {
  definition: [
    ['treatments', 'treatment'],
    ['rules', 'rule'],
    ['defaultRule', 'bucket'],
  ],
  treatment: [],
  rule: [
    ['condition', 'condition'],
    ['buckets', 'bucket'],
  ],
  condition: [['matchers', 'matcher']],
  matcher: [],
  bucket: [],
};

type Change = (level: Level, object: JsonObject) => JsonObject;

/** A definition with every object it is made of replaced by what `change` makes of it, inner ones first. */
export function mapLevels(object: JsonObject, change: Change, level: Level = 'definition'): JsonObject {
  const inner = (value: Json, of: Level): Json =>
    isJsonObject(value)
      ? mapLevels(value, change, of)
      : Array.isArray(value)
        ? value.map((item: Json) => (isJsonObject(item) ? mapLevels(item, change, of) : item))
        : value;
  const replaced = NESTED[level].flatMap(([member, of]) => {
    const value = object[member];
    return value === undefined ? [] : [[member, inner(value, of)] as const];
  });
  return change(level, { ...object, ...Object.fromEntries(replaced) });
}

/** Every condition in the rules of a definition. */
export const matchersOf = (definition: JsonObject): readonly JsonObject[] =>
  objectsOf(definition['rules']).flatMap(({ condition }) =>
    isJsonObject(condition) ? objectsOf(condition['matchers']) : [],
  );
