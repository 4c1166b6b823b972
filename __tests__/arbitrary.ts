// Arbitrary JSON values and definitions: hostile texts, big numbers, unknown members, odd but legal shapes.
import * as fc from 'fast-check';
import { parseDefinition, type Definition } from '../src/definition/definition.ts';
import { isJsonObject, parseJson, toJson, type Json, type JsonObject } from '../src/json.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '</details></table>',
  '<!-- open',
  '| a | b |\n| --- | --- |',
  '```\n# heading\n```',
  '`` `x` ``',
  '[x](https://evil.example)',
  '![x](https://evil.example/p.png)',
  'https://evil.example www.evil.example a@evil.example',
  '@octocat #123 GH-12 0123456789abcdef :tada: $x$',
  '**bold** _em_ ~~del~~',
  '\n::error::x\n##[error]x',
  '\u202eevil\u2066\u200b\u2028\u0000\ud800',
  'x'.repeat(500),
  '',
  ' ',
];

/** Any code point, lone surrogates included. (`unit: 'binary'` builds a table of all of them, which is slow.) */
const POINT = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point));

/** Short names, any text, and texts that try to be markup. */
export const text = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('on', 'off', 'beta', 'a b'),
    fc.string({ maxLength: 12 }),
    fc.string({ unit: POINT, maxLength: 8 }),
    fc.constantFrom(...HOSTILE),
  );

const number = (): fc.Arbitrary<Json> =>
  fc
    .oneof(
      fc.integer().map(String),
      fc.bigInt().map(String),
      fc.constantFrom('1.0', '-0', '1e400', '33.30', '9007199254740993'),
    )
    .map(parseJson);

const member = (): fc.Arbitrary<string> => fc.oneof(fc.stringMatching(/^x[a-z]{0,4}$/u), text());

/** Any JSON value, numbers kept as their text included. */
export const jsonValue = (): fc.Arbitrary<Json> =>
  fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.constantFrom(null, true, false),
      number(),
      text(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(member(), tie('value'), { maxKeys: 3 }),
    ),
  })).value;

/** Members a schema does not list. Their names cannot be those of known members. */
const unknownMembers = (): fc.Arbitrary<JsonObject> =>
  fc.dictionary(fc.stringMatching(/^x[a-z]{0,4}$/u), jsonValue(), { maxKeys: 2 });

const withUnknown = (known: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  fc.tuple(known, unknownMembers()).map(([members, others]) => ({ ...others, ...members }));

const targets = (): fc.Arbitrary<Json> =>
  fc.option(
    fc.array(
      text().map((name) => `target<${name}>`),
      { maxLength: 25 },
    ),
  );

const treatment = (): fc.Arbitrary<JsonObject> =>
  withUnknown(
    fc.record(
      {
        name: text(),
        description: fc.option(text()),
        configurations: fc.option(
          fc.oneof(
            text(),
            jsonValue().map((value) => toJson(value)),
          ),
        ),
        keys: targets(),
        segments: targets(),
        largeSegments: targets(),
        ruleBasedSegments: targets(),
      },
      { requiredKeys: ['name'] },
    ),
  );

const buckets = (): fc.Arbitrary<Json> =>
  fc.array(withUnknown(fc.record({ treatment: text(), size: fc.oneof(fc.nat(100), number()) })), {
    maxLength: 25,
  });

export const MATCHER_TYPES = [
  ...['ALL_KEYS', 'IN_SEGMENT', 'IN_LARGE_SEGMENT', 'IN_RULE_BASED_SEGMENT', 'IN_SPLIT'],
  ...['IN_LIST_STRING', 'STARTS_WITH_STRING', 'ENDS_WITH_STRING', 'CONTAINS_STRING', 'MATCHES_STRING'],
  ...['EQUAL_SET', 'ANY_OF_SET', 'ALL_OF_SET', 'PART_OF_SET', 'BOOLEAN'],
  ...['EQUAL_NUMBER', 'LESS_THAN_OR_EQUAL_NUMBER', 'GREATER_THAN_OR_EQUAL_NUMBER', 'BETWEEN_NUMBER'],
  ...['ON_DATE', 'ON_OR_AFTER_DATE', 'ON_OR_BEFORE_DATE', 'BETWEEN_DATE'],
  ...['EQUAL_TO_SEMVER', 'GREATER_THAN_OR_EQUAL_TO_SEMVER', 'LESS_THAN_OR_EQUAL_TO_SEMVER'],
  ...['BETWEEN_SEMVER', 'IN_LIST_SEMVER'],
] as const;

/** A matcher of any type with any members, often of the wrong shape. */
export const matcher = (): fc.Arbitrary<JsonObject> =>
  withUnknown(
    fc.record(
      {
        type: fc.oneof(fc.constantFrom(...MATCHER_TYPES), text()),
        negate: fc.oneof(fc.boolean(), jsonValue()),
        attribute: fc.oneof(text(), jsonValue()),
        string: fc.oneof(text(), jsonValue()),
        strings: fc.oneof(fc.array(text(), { maxLength: 15 }), jsonValue()),
        bool: fc.oneof(fc.boolean(), jsonValue()),
        number: fc.oneof(number(), jsonValue()),
        date: fc.oneof(fc.nat(), number(), jsonValue()),
        between: fc.oneof(
          fc.record({ from: number(), to: number() }),
          fc.record({ from: text(), to: text() }),
          jsonValue(),
        ),
        depends: fc.oneof(
          fc.record({ splitName: text(), treatments: fc.array(text(), { maxLength: 3 }) }),
          fc.record({ splitName: text(), treatment: text() }),
          jsonValue(),
        ),
      },
      { requiredKeys: ['type'] },
    ),
  );

const rule = (): fc.Arbitrary<JsonObject> =>
  withUnknown(
    fc.record({
      condition: withUnknown(
        fc.record(
          {
            combiner: fc.oneof(fc.constantFrom('AND', 'OR'), jsonValue()),
            matchers: fc.array(matcher(), { maxLength: 3 }),
          },
          { requiredKeys: ['matchers'] },
        ),
      ),
      buckets: buckets(),
    }),
  );

/** Any definition the schema lets in. Every individual target begins with `target<`. */
export const definition = (): fc.Arbitrary<Definition> =>
  withUnknown(
    fc.record(
      {
        name: text(),
        killed: fc.option(fc.boolean()),
        treatments: fc.array(treatment(), { maxLength: 4 }),
        defaultTreatment: text(),
        baselineTreatment: fc.option(text()),
        trafficAllocation: fc.option(fc.oneof(fc.nat(100), number())),
        rules: fc.option(fc.array(rule(), { maxLength: 4 })),
        defaultRule: buckets(),
        flagSets: jsonValue(),
        impressionsDisabled: jsonValue(),
        changeNumber: number(),
      },
      { requiredKeys: ['treatments', 'defaultTreatment', 'defaultRule'] },
    ),
  ).map((value) => {
    if (!isJsonObject(value)) throw new Error('A definition is an object.');
    return parseDefinition(value);
  });
