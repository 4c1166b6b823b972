// Small builders of definitions: a test names only the members it is about.
import { parseDefinition, type Definition } from '../../src/definition/definition.ts';
import { parseJson, type Json, type JsonObject } from '../../src/json.ts';

type Members = JsonObject;

/** A value through JSON text, as an answer of the API: what is written in `text` is kept to the byte. */
export const json = (text: string): Json => parseJson(text);

export const treatment = (name: string, members: Members = {}) => ({ name, ...members });

/** `{ on: 100 }` as a list of buckets. */
export const buckets = (sizes: Readonly<Record<string, number>>) =>
  Object.entries(sizes).map(([name, size]) => ({ treatment: name, size }));

export const matcher = (type: string, members: Members = {}) => ({ type, ...members });

export const inList = (attribute: string, ...strings: readonly string[]) =>
  matcher('IN_LIST_STRING', { attribute, strings });

export const inSegment = (name: string) => matcher('IN_SEGMENT', { string: name });

/** A matcher that asks another flag; `depends` in the form that is documented. */
export const inSplit = (flag: string, ...treatments: readonly string[]) =>
  matcher('IN_SPLIT', { depends: { splitName: flag, treatments } });

export const rule = (
  matchers: Json,
  sizes: Readonly<Record<string, number>> = { on: 100 },
  more: Members = {},
) => ({
  condition: { combiner: 'AND', matchers: Array.isArray(matchers) ? matchers : [matchers] },
  buckets: buckets(sizes),
  ...more,
});

/** The smallest sound definition: `on` and `off`, and `off` for everyone. */
export const definition = (members: Members = {}): Definition =>
  parseDefinition({
    treatments: [treatment('on'), treatment('off')],
    defaultTreatment: 'off',
    defaultRule: buckets({ off: 100 }),
    ...members,
  });

/** A definition's other members. */
export const without = (value: Definition, ...members: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([member]) => !members.includes(member)));
