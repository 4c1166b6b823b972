// Short ways to write the parts of a definition, for the worlds that are made here.
import type { JsonObject } from '../src/json.ts';

/** Two treatments without targets. */
export const ON_OFF = [
  { name: 'on', description: '' },
  { name: 'off', description: '' },
];

/** Standard segments every environment of the worlds made here has. */
export const SEGMENTS = [
  { name: 'employees', keys: ['user-1042', 'user-1043', 'user-1107'] },
  { name: 'beta_accounts', keys: ['acct-northwind', 'acct-contoso'] },
  { name: 'churn_risk', keys: ['acct-fabrikam'] },
];

type Sizes = Readonly<Record<string, number>>;

/** Buckets in the order given; sizes in percent. */
export const split = (sizes: Sizes): readonly JsonObject[] =>
  Object.entries(sizes).map(([treatment, size]) => ({ treatment, size }));

/** A rule whose conditions must all hold. */
export const rule = (matchers: readonly JsonObject[], sizes: Sizes): JsonObject => ({
  buckets: split(sizes),
  condition: { combiner: 'AND', matchers },
});

/** The opposite of a condition. */
export const not = (matcher: JsonObject): JsonObject => ({ negate: true, ...matcher });
/** Whether the key is in a segment. */
export const inSegment = (string: string): JsonObject => ({ type: 'IN_SEGMENT', string });
/** Whether an attribute is one of the texts. */
export const oneOf = (attribute: string, ...strings: readonly string[]): JsonObject => ({
  type: 'IN_LIST_STRING',
  attribute,
  strings,
});
