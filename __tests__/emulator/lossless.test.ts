// Whatever definition is put in comes back member for member.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isJsonObject, parseJson, toJson, type Json, type JsonObject } from '../../src/json.ts';
import { at, HERE, smallWorld, withEmulator } from './asking.ts';

/** JSON text that a client could lose something of: numbers beyond 2^53 and numbers with odd spellings among it. */
const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.constantFrom(
      '1.0',
      '-0',
      '1e2',
      '0.10',
      '123456789012345678901234567890.5',
      'true',
      'false',
      '""',
      '[]',
      '{}',
      '[null]',
      '{"deep":null}',
    ),
    fc.string().map((text) => JSON.stringify(text)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join()}]`),
    fc
      .array(tie('value'), { maxLength: 3 })
      .map((items) => `{${items.map((item, index) => `"m${index}":${item}`).join()}}`),
  ),
})).value;

/** Members nobody documented, for any object of a definition. */
const extra = fc.dictionary(fc.stringMatching(/^x[A-Za-z]{1,6}$/), jsonText, { maxKeys: 2 });
const withExtra = (members: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<string> =>
  fc.tuple(members, extra).map(([known, unknown]) => {
    const all = Object.entries({ ...known, ...unknown }).map(
      ([name, text]) => `${JSON.stringify(name)}:${text}`,
    );
    return `{${all.join()}}`;
  });
const list = (item: fc.Arbitrary<string>, constraints: fc.ArrayConstraints): fc.Arbitrary<string> =>
  fc.array(item, constraints).map((items) => `[${items.join()}]`);
const quoted = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  text.map((value) => JSON.stringify(value));

const buckets = fc
  .integer({ min: 0, max: 100 })
  .chain((size) =>
    fc
      .tuple(
        withExtra(fc.constant({ treatment: '"on"', size: String(size) })),
        withExtra(fc.constant({ treatment: '"off"', size: String(100 - size) })),
      )
      .map((both) => `[${both.join()}]`),
  );

const treatment = (name: string): fc.Arbitrary<string> =>
  withExtra(
    fc.record(
      {
        name: fc.constant(JSON.stringify(name)),
        description: quoted(fc.string()),
        configurations: quoted(jsonText),
        keys: list(quoted(fc.string()), { minLength: 1, maxLength: 4 }),
      },
      { requiredKeys: ['name'] },
    ),
  );

const attribute = quoted(fc.string());
const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }).map(String);
const matcher = fc.oneof(
  withExtra(
    fc.record({ type: fc.constant('"EQUAL_NUMBER"'), attribute, number: whole, negate: fc.constant('true') }),
  ),
  withExtra(
    fc.record({
      type: fc.constant('"BETWEEN_NUMBER"'),
      attribute,
      between: withExtra(fc.record({ from: whole, to: whole })),
    }),
  ),
  withExtra(
    fc.record({
      type: fc.constant('"IN_LIST_STRING"'),
      strings: list(quoted(fc.string()), { minLength: 1, maxLength: 3 }),
    }),
  ),
  withExtra(fc.constant({ type: '"IN_SPLIT"', depends: '{"splitName":"parent","treatment":"on"}' })),
);

const rule = withExtra(
  fc.record({
    condition: withExtra(
      fc.record({ combiner: fc.constant('"AND"'), matchers: list(matcher, { minLength: 1, maxLength: 3 }) }),
    ),
    buckets,
  }),
);

const definition = withExtra(
  fc.record(
    {
      treatments: fc.tuple(treatment('on'), treatment('off')).map((both) => `[${both.join()}]`),
      defaultTreatment: fc.constantFrom('"on"', '"off"'),
      baselineTreatment: fc.constantFrom('"on"', '"off"'),
      trafficAllocation: fc.integer({ min: 0, max: 100 }).map(String),
      killed: fc.constantFrom('true', 'false'),
      rules: list(rule, { maxLength: 3 }),
      defaultRule: buckets,
      flagSets: fc.constant('[{"id":"set","type":"FlagSet"}]'),
      impressionsDisabled: fc.constantFrom('true', 'false'),
    },
    { requiredKeys: ['treatments', 'defaultTreatment', 'defaultRule'] },
  ),
);

/** Text that is the same for the same value, whatever the order of members; numbers digit for digit. */
function canonical(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonical(item)).join()}]`;
  if (!isJsonObject(value)) return value === undefined ? '' : toJson(value);
  const names = Object.keys(value).toSorted();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

/** What the server has for every definition, sent or not. */
const DEFAULTS = { killed: false, trafficAllocation: 100, rules: [] };
const SERVER_MEMBERS = ['id', 'name', 'environment', 'trafficType', 'creationTime', 'lastUpdateTime'];

const withoutServerMembers = (value: Json | undefined): JsonObject =>
  Object.fromEntries(
    Object.entries(isJsonObject(value) ? value : {}).filter(([name]) => !SERVER_MEMBERS.includes(name)),
  );

test('a definition put or posted comes back member for member, digit for digit', () =>
  withEmulator({ world: smallWorld(), switches: { enforceQuotas: false } }, async (ask) => {
    await fc.assert(
      fc.asyncProperty(definition, async (text) => {
        const sent = parseJson(text);
        const expected = canonical({ ...DEFAULTS, ...(isJsonObject(sent) ? sent : {}) });
        expect((await ask('PUT', HERE, text)).status).toBe(200);
        expect(canonical(withoutServerMembers((await ask('GET', HERE)).body))).toBe(expected);
        await ask('DELETE', HERE);
        expect((await ask('POST', HERE, text)).status).toBe(200);
        const listed = (await ask('GET', '/splits/ws/w/environments/e1')).body;
        expect(canonical(withoutServerMembers(at(listed, 'objects', 0)))).toBe(expected);
        expect(ask.emulator.requests.findLast(({ method }) => method === 'POST')?.rawBody).toBe(text);
      }),
      { numRuns: 150 },
    );
  }));
