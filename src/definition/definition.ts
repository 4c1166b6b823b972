// What a flag definition is on the wire: the members this Action relies on, everything else kept open.
import * as z from 'zod';
import { isRawNumber, type Json, type JsonObject, type RawNumber } from '../json.ts';

/** Share of an audience that a treatment gets, in percent. */
export interface Bucket extends JsonObject {
  readonly treatment: string;
  readonly size: number | RawNumber;
}

/** A treatment and its individual targets. `configurations` is text holding JSON; it is never reformatted. */
export interface Treatment extends JsonObject {
  readonly name: string;
  readonly description?: string | null;
  readonly configurations?: string | null;
  readonly keys?: readonly string[] | null;
  readonly segments?: readonly string[] | null;
  readonly largeSegments?: readonly string[] | null;
  readonly ruleBasedSegments?: readonly string[] | null;
}

/** One condition of a rule. Which value member it has depends on `type`; unknown types are carried as they are. */
export interface Matcher extends JsonObject {
  readonly type: string;
}

export interface Rule extends JsonObject {
  readonly condition: JsonObject & { readonly matchers: readonly Matcher[] };
  readonly buckets: readonly Bucket[];
}

/** A flag's configuration in one environment, every member as the API sent it. */
export interface Definition extends JsonObject {
  readonly treatments: readonly Treatment[];
  readonly defaultTreatment: string;
  readonly defaultRule: readonly Bucket[];
  readonly baselineTreatment?: string | null;
  readonly trafficAllocation?: number | RawNumber | null;
  readonly rules?: readonly Rule[] | null;
  readonly killed?: boolean | null;
}

/** The lists of individual targets a treatment can have. */
export const TARGET_LISTS = ['keys', 'segments', 'largeSegments', 'ruleBasedSegments'] as const;
export type TargetList = (typeof TARGET_LISTS)[number];

const numeric = z.union([z.number(), z.custom<RawNumber>(isRawNumber)]);
const names = z.array(z.string()).nullish();
const buckets = z.array(z.looseObject({ treatment: z.string(), size: numeric }));

const definitionSchema = z.looseObject({
  treatments: z.array(
    z.looseObject({
      name: z.string(),
      description: z.string().nullish(),
      configurations: z.string().nullish(),
      keys: names,
      segments: names,
      largeSegments: names,
      ruleBasedSegments: names,
    }),
  ),
  defaultTreatment: z.string(),
  baselineTreatment: z.string().nullish(),
  trafficAllocation: numeric.nullish(),
  killed: z.boolean().nullish(),
  rules: z
    .array(
      z.looseObject({
        condition: z.looseObject({ matchers: z.array(z.looseObject({ type: z.string() })) }),
        buckets,
      }),
    )
    .nullish(),
  defaultRule: buckets,
});

/**
 * Takes a JSON value for a definition. The value itself is returned, not a copy: nothing a schema does not
 * list can be lost (Definitions "Split Grammar", docs.split.io/reference/split-definition).
 * @throws z.ZodError that names the members which are not as documented.
 */
export function parseDefinition(value: Json): Definition {
  definitionSchema.parse(value);
  return value as Definition;
}

/** The numeric value of a size or percentage. */
export const toNumber = (value: number | RawNumber): number =>
  typeof value === 'number' ? value : Number(value.rawJSON);
