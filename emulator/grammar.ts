// Whether a definition is one the API would take: its shape by JSON schema, its meaning by the rules below.
import { isJsonObject, type Json, type JsonObject } from '../src/json.ts';
import { Refusal } from './answers.ts';
import { matchersOf, objectsOf } from './levels.ts';
import { dependencyOf, matcherProblem, numberOf, textsOf, type Dependency } from './matchers.ts';
import type { Switches } from './switches.ts';
import type { Environment, Flag, SegmentKind } from './world.ts';

const text = { type: ['string', 'null'] };
const texts = { type: ['array', 'null'], items: { type: 'string' } };
const object = (required: readonly string[], properties: object): object => ({
  type: 'object',
  required,
  properties,
});
const list = (items: object): object => ({ type: 'array', items });
const percent = { type: 'integer', minimum: 0, maximum: 100 };
const buckets = {
  ...list(object(['treatment', 'size'], { treatment: { type: 'string' }, size: percent })),
  minItems: 1,
};
const matcher = object(['type'], {
  type: { type: 'string' },
  negate: { type: ['boolean', 'null'] },
  attribute: text,
});
const condition = object(['matchers'], {
  combiner: { enum: ['AND', null] },
  matchers: { ...list(matcher), minItems: 1 },
});
const treatment = object(['name'], {
  name: { type: 'string' },
  description: text,
  configurations: text,
  keys: texts,
  segments: texts,
  largeSegments: texts,
  ruleBasedSegments: texts,
});

/** JSON schema of a definition as sent; members it does not name are let through (docs.split.io/reference/split-definition). */
export const definitionSchema = object(['treatments', 'defaultTreatment', 'defaultRule'], {
  treatments: list(treatment),
  defaultTreatment: { type: 'string' },
  baselineTreatment: text,
  trafficAllocation: { ...percent, type: ['integer', 'null'] },
  killed: { type: ['boolean', 'null'] },
  impressionsDisabled: { type: ['boolean', 'null'] },
  rules: { type: ['array', 'null'], items: object(['condition', 'buckets'], { condition, buckets }) },
  defaultRule: buckets,
  title: text,
  comment: text,
});

/** Names of treatments (developer.harness.io: feature management, treatments). */
const TREATMENT_NAME = /^[a-zA-Z0-9][-_.a-zA-Z0-9]*$/;
const RESERVED = new Set(
  (
    'all and between contain contains control datetime does end ends false has have if in is match matches not number ' +
    'set split start starts string then treatment true with'
  ).split(' '),
);

/** Quotas of a definition, from the same pages. */
const TREATMENTS = { least: 2, most: 20 };
const MOST_KEYS = 500;
const MOST_CONFIGURATION_BYTES = 1024;

/** Where a definition is to be. */
export interface Target {
  readonly environment: Environment;
  readonly flag: Flag;
}

type Problems = Generator<string, void>;

const isJsonText = (value: string): boolean => {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
};

const namesOf = (definition: JsonObject): readonly string[] =>
  objectsOf(definition['treatments']).map(({ name }) => String(name));

function* treatmentProblems(definition: JsonObject, { enforceQuotas }: Switches): Problems {
  const names = namesOf(definition);
  if (enforceQuotas && (names.length < TREATMENTS.least || names.length > TREATMENTS.most)) {
    yield `A definition has ${TREATMENTS.least} to ${TREATMENTS.most} treatments, not ${names.length}`;
  }
  if (new Set(names).size < names.length) yield 'Treatment names must be unique';
  for (const { name, keys, configurations } of objectsOf(definition['treatments'])) {
    if (!TREATMENT_NAME.test(String(name))) yield `Invalid treatment name ${String(name)}`;
    if (RESERVED.has(String(name).toLowerCase())) yield `Treatment name ${String(name)} is reserved`;
    if (enforceQuotas && textsOf(keys).length > MOST_KEYS)
      yield `Treatment ${String(name)} has more than ${MOST_KEYS} keys`;
    if (typeof configurations !== 'string' || configurations === '') continue;
    if (!isJsonText(configurations)) yield `Configurations of treatment ${String(name)} are not valid JSON`;
    const bytes = Buffer.byteLength(configurations);
    if (enforceQuotas && bytes > MOST_CONFIGURATION_BYTES)
      yield `Configurations of treatment ${String(name)} are too large: ${bytes} bytes`;
  }
}

function* bucketProblems(name: string, value: Json | undefined, treatments: readonly string[]): Problems {
  for (const { treatment: given } of objectsOf(value)) {
    if (!treatments.includes(String(given))) yield `${name} has unknown treatment ${String(given)}`;
  }
  const sum = objectsOf(value).reduce((total, { size }) => total + numberOf(size), 0);
  if (sum !== 100) yield `Buckets of ${name} must add up to 100, not ${sum}`;
}

function* ruleProblems(definition: JsonObject): Problems {
  const names = namesOf(definition);
  for (const member of ['defaultTreatment', 'baselineTreatment']) {
    const given = definition[member];
    if (typeof given === 'string' && !names.includes(given))
      yield `${member} is an unknown treatment ${given}`;
  }
  yield* bucketProblems('defaultRule', definition['defaultRule'], names);
  for (const [index, rule] of objectsOf(definition['rules']).entries()) {
    yield* bucketProblems(`rule ${index + 1}`, rule['buckets'], names);
  }
  for (const given of matchersOf(definition)) {
    const problem = matcherProblem(given);
    if (problem !== undefined) yield problem;
  }
}

/** Kinds a name may be of. Which of them IN_SEGMENT takes is not documented: a switch says. */
const SEGMENT_KINDS: ReadonlyMap<string, readonly SegmentKind[]> = new Map<string, readonly SegmentKind[]>([
  ['IN_SEGMENT', ['standard', 'large', 'rule-based']],
  ['IN_LARGE_SEGMENT', ['large']],
  ['IN_RULE_BASED_SEGMENT', ['rule-based']],
  ['segments', ['standard']],
  ['largeSegments', ['large']],
  ['ruleBasedSegments', ['rule-based']],
]);

const kindsFor = (use: string, { inSegmentCoversAllKinds }: Switches): readonly SegmentKind[] | undefined =>
  use === 'IN_SEGMENT' && !inSegmentCoversAllKinds ? ['standard'] : SEGMENT_KINDS.get(use);

function* segmentProblems(
  definition: JsonObject,
  { environment, flag }: Target,
  switches: Switches,
): Problems {
  const inRules = matchersOf(definition).map(
    (given) => [String(given['type']), String(given['string'])] as const,
  );
  const inTreatments = objectsOf(definition['treatments']).flatMap((given) =>
    Object.entries(given).flatMap(([member, value]) => textsOf(value).map((name) => [member, name] as const)),
  );
  for (const [use, name] of [...inRules, ...inTreatments]) {
    const kinds = kindsFor(use, switches);
    if (kinds === undefined) continue;
    const segment = environment.segments.find((item) => item.name === name && kinds.includes(item.kind));
    if (segment === undefined) yield `Segment ${name} is not defined in environment ${environment.name}`;
    else if (segment.trafficType.id !== flag.trafficType.id) yield `Segment ${name} has another traffic type`;
  }
}

const dependenciesOf = (definition: JsonObject): readonly Dependency[] =>
  matchersOf(definition).flatMap((given) => dependencyOf(given) ?? []);

function dependsOn(
  name: string,
  wanted: string,
  environment: Environment,
  seen = new Set<string>(),
): boolean {
  if (name === wanted) return true;
  if (seen.has(name)) return false;
  seen.add(name);
  const definition = environment.definitions.get(name) ?? {};
  return dependenciesOf(definition).some(({ flag }) => dependsOn(flag, wanted, environment, seen));
}

function* parentProblems(definition: JsonObject, { environment, flag }: Target): Problems {
  for (const { flag: name, treatments } of dependenciesOf(definition)) {
    const parent = environment.definitions.get(name);
    if (parent === undefined) {
      yield `Flag ${name}, which a rule depends on, is not defined in environment ${environment.name}`;
      continue;
    }
    const type = parent['trafficType'];
    if (isJsonObject(type) && type['id'] !== flag.trafficType.id)
      yield `Flag ${name} has another traffic type`;
    const missing = treatments.find((wanted) => !namesOf(parent).includes(wanted));
    if (missing !== undefined) yield `Flag ${name} has no treatment ${missing}`;
    if (dependsOn(name, flag.name, environment))
      yield `Flags ${flag.name} and ${name} would depend on each other`;
  }
}

/** Refuses to take away treatments, or with no `definition` all of them, that rules of other flags ask for. */
export function checkDependents(
  definition: JsonObject | undefined,
  { environment, flag }: Target,
  { checkParents }: Switches,
): void {
  if (!checkParents) return;
  const names = namesOf(definition ?? {});
  for (const [other, given] of environment.definitions) {
    const missing = dependenciesOf(given)
      .filter((dependency) => dependency.flag === flag.name)
      .flatMap(({ treatments }) => treatments)
      .find((wanted) => !names.includes(wanted));
    if (missing !== undefined)
      throw new Refusal(400, `Flag ${other} depends on treatment ${missing} of ${flag.name}`);
  }
}

/** @throws Refusal 400 with the first thing that is wrong with a definition of valid shape. */
export function checkDefinition(definition: JsonObject, target: Target, switches: Switches): void {
  function* problems(): Problems {
    yield* treatmentProblems(definition, switches);
    yield* ruleProblems(definition);
    if (switches.checkSegments) yield* segmentProblems(definition, target, switches);
    if (switches.checkParents) yield* parentProblems(definition, target);
  }
  for (const problem of problems()) throw new Refusal(400, problem);
  checkDependents(definition, target, switches);
}
