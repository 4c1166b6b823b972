// The fingerprint: the same for the same content whatever its spelling, another as soon as anything means another.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseDefinition, type Definition } from '../../src/definition/definition.ts';
import { canonical, withoutBookkeeping } from '../../src/definition/equality.ts';
import { isJsonObject, isRawNumber, type Json, type JsonObject } from '../../src/json.ts';
import { fingerprintOf } from '../../src/plan/fingerprint.ts';
import { definition as anyDefinition, respelledDefinition } from '../definition/arbitrary-meaning.ts';
import { definition, inList, json, rule, treatment } from '../definition/samples.ts';
import { place } from './samples.ts';

type Content = Parameters<typeof fingerprintOf>[0][number];

const content = (members: Partial<Content> = {}): Content => ({
  source: place('Staging'),
  target: place('Production'),
  sourceDefinition: definition({ rules: [rule(inList('plan', 'pro', 'team'))] }),
  before: definition({ trafficAllocation: 50 }),
  result: definition({ rules: [rule(inList('plan', 'pro', 'team'))], trafficAllocation: 50 }),
  ...members,
});

const PLAIN = fingerprintOf([content()]);

test('is the SHA-256 of the canonical content, in lower-case hex', () => {
  // The hash of the text `[]`, as sha256sum prints it.
  expect(fingerprintOf([])).toBe('4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
  expect(PLAIN).toMatch(/^[0-9a-f]{64}$/u);
});

test('stays what earlier versions made of the same content', () => {
  expect(PLAIN).toBe('e9078da20a0c50cbe36531df13c201d331ce7eecd7697ad83c8b716315edac93');
  expect(fingerprintOf([content(), content({ target: place('Canary') })])).toBe(
    'c077ae92fdde26f811daace4bbb7fac4e8669cdbf99a2fa21768411fb797d8a9',
  );
});

describe('is the same', () => {
  const bookkeeping = {
    id: 'x',
    creationTime: 1,
    lastUpdateTime: 2,
    lastTrafficReceivedAt: 3,
    changeNumber: 4,
    openChangeRequestId: '5',
  };
  const respelled = (value: Definition | undefined): Definition =>
    definition(value && { xnothing: null, ...value, id: 'z' });

  test.each<[string, Partial<Content>]>([
    [
      'for the names of workspace and environment',
      {
        target: place('Production', {
          workspace: { id: 'w1', name: 'X' },
          environment: { id: 'production', name: 'Y' },
        }),
      },
    ],
    [
      'for bookkeeping of the source',
      { sourceDefinition: definition({ ...content().sourceDefinition, ...bookkeeping }) },
    ],
    ['for bookkeeping of the target', { before: definition({ ...content().before, ...bookkeeping }) }],
    ['for bookkeeping of the result', { result: definition({ ...content().result, ...bookkeeping }) }],
    [
      'for members that say nothing',
      { before: respelled(content().before), result: respelled(content().result) },
    ],
    ['for another spelling of a number', { before: definition({ trafficAllocation: json('5.0e1') }) }],
    [
      'for another order of members',
      { before: parseDefinition(Object.fromEntries(Object.entries(content().before ?? {}).toReversed())) },
    ],
  ])('%s', (_what, members) => {
    expect(fingerprintOf([content(members)])).toBe(PLAIN);
  });

  test('for the same items in another order', () => {
    const others = [
      content(),
      content({ target: place('Canary') }),
      content({ target: place('QA'), before: undefined }),
      content({ target: place('QA', { flag: 'other' }), source: place('Staging', { flag: 'other' }) }),
    ];

    expect(fingerprintOf(others.toReversed())).toBe(fingerprintOf(others));
  });

  test('for everything an item holds besides', () => {
    const item = { ...content(), findings: [], changed: ['rules'], runUrl: 'x' };

    expect(fingerprintOf([item])).toBe(PLAIN);
  });

  test('for any content in another spelling', () => {
    fc.assert(
      fc.property(anyDefinition(), anyDefinition(), (from, to) => {
        const spelled = {
          sourceDefinition: respelledDefinition(from),
          before: respelledDefinition(to),
          result: respelledDefinition(to),
        };

        expect(fingerprintOf([content(spelled)])).toBe(
          fingerprintOf([content({ sourceDefinition: from, before: to, result: to })]),
        );
      }),
    );
  });
});

describe('is another', () => {
  test.each<[string, Partial<Content>]>([
    ['for another flag of the source', { source: place('Staging', { flag: 'x' }) }],
    ['for another environment of the source', { source: place('Dev') }],
    [
      'for another workspace of the source',
      { source: place('Staging', { workspace: { id: 'w2', name: 'Default' } }) },
    ],
    ['for another flag of the target', { target: place('Production', { flag: 'x' }) }],
    ['for another environment of the target', { target: place('Canary') }],
    [
      'for another workspace of the target',
      { target: place('Production', { workspace: { id: 'w2', name: 'Default' } }) },
    ],
    ['for source and target exchanged', { source: place('Production'), target: place('Staging') }],
    ['for another source', { sourceDefinition: definition() }],
    ['for another target', { before: definition({ trafficAllocation: 51 }) }],
    ['for no definition of the target', { before: undefined }],
    ['for another result', { result: definition() }],
    ['for a killed result', { result: definition({ ...content().result, killed: true }) }],
    ['for a member outside the sections', { before: definition({ ...content().before, flagSets: [1] }) }],
    ['for an id inside', { before: definition({ ...content().before, environment: { id: 'e' } }) }],
    [
      'for rules in another order',
      { result: definition({ rules: [rule(inList('plan', 'team', 'pro'))], trafficAllocation: 50 }) },
    ],
    [
      'for treatments in another order',
      { result: definition({ ...content().result, treatments: [treatment('off'), treatment('on')] }) },
    ],
  ])('%s', (_what, members) => {
    expect(fingerprintOf([content(members)])).not.toBe(PLAIN);
  });

  test('for an item more, or less', () => {
    expect(fingerprintOf([content(), content()])).not.toBe(PLAIN);
    expect(fingerprintOf([])).not.toBe(PLAIN);
  });

  test('for the same definitions told of other items', () => {
    const [one, two] = [definition({ trafficAllocation: 1 }), definition({ trafficAllocation: 2 })];
    const [live, canary] = [place('Production'), place('Canary')];

    expect(
      fingerprintOf([content({ target: live, before: one }), content({ target: canary, before: two })]),
    ).not.toBe(
      fingerprintOf([content({ target: live, before: two }), content({ target: canary, before: one })]),
    );
  });
});

/** The same value with one leaf made another, the leaf with this number in the order of the text. */
function mutated(value: Json, leaf: { number: number }): Json {
  if (Array.isArray(value)) return value.map((element: Json) => mutated(element, leaf));
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([member, content]) =>
        content === undefined ? [] : [[member, mutated(content, leaf)]],
      ),
    );
  }
  leaf.number -= 1;
  if (leaf.number !== 0) return value;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number' || isRawNumber(value)) return 424_242_424_242;
  return typeof value === 'string' ? `${value}~` : 'something';
}

const leaves = (value: Json | undefined): number => {
  const parts: readonly (Json | undefined)[] | undefined = Array.isArray(value)
    ? value
    : isJsonObject(value)
      ? Object.values(value)
      : undefined;
  return parts?.reduce<number>((sum, part) => sum + leaves(part), 0) ?? 1;
};

test('is another whichever leaf of a definition changes', () => {
  const member = fc.constantFrom('sourceDefinition', 'before', 'result');
  fc.assert(
    fc.property(anyDefinition(), member, fc.nat(), (value, place, pick) => {
      const before: JsonObject = withoutBookkeeping(value);
      const leaf = { number: 1 + (pick % leaves(before)) };
      const after = mutated(before, leaf);
      const [old, current] = [before, after].map((changed) => fingerprintOf([content({ [place]: changed })]));

      expect(leaf.number).toBeLessThanOrEqual(0);
      expect(old === current).toBe(canonical(before) === canonical(after));
      // A set may hold the same text twice; every other leaf counts.
      if (canonical(before) === canonical(after)) expect(canonical(before)).toContain('target<');
    }),
    { numRuns: 200 },
  );
});
