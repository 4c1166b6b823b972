// What the checks share: the target environment as it will be, and names in sentences.
import { describe, expect, test } from '@jest/globals';
import {
  inOneWorkspace,
  listed,
  neighbourAt,
  placesOf,
  plural,
  targetTrafficType,
} from '../../src/plan/candidate.ts';
import { definition } from '../definition/samples.ts';
import { UNKNOWN, alsoBecomes, candidate, neighbours, place } from './samples.ts';

describe('another flag of the target environment', () => {
  const there = neighbours({ parent: definition({ killed: true }), gone: undefined });

  test('is as it was looked up', () => {
    const seen = candidate({}, { around: { neighbours: there } });

    expect(neighbourAt(seen, 'parent')).toMatchObject({ known: { flag: 'parent', killed: true } });
    expect(neighbourAt(seen, 'gone')).toEqual({ known: undefined });
  });

  test('that this run changes is as it will be, whatever was looked up', () => {
    const also = [alsoBecomes('parent', definition({ defaultTreatment: 'on' }))];
    const seen = candidate({}, { also, around: { neighbours: there } });

    expect(neighbourAt(seen, 'parent')).toMatchObject({ known: { killed: false, defaultTreatment: 'on' } });
  });

  test('that this run changes in another environment stays here as it was looked up', () => {
    const elsewhere = { ...alsoBecomes('parent', definition()), target: place('Canary', { flag: 'parent' }) };
    const seen = candidate({}, { also: [elsewhere], around: { neighbours: there } });

    expect(neighbourAt(seen, 'parent')).toMatchObject({ known: { killed: true } });
  });

  test('is this one, too, as it will be', () => {
    const seen = candidate({ sourceDefinition: definition({ defaultTreatment: 'on' }) });

    expect(neighbourAt(seen, 'clients')).toMatchObject({ known: { defaultTreatment: 'on' } });
  });

  test('is not known where it was not looked up, or could not be', () => {
    const seen = candidate({}, { around: { neighbours: new Map([['parent', UNKNOWN]]) } });

    expect(neighbourAt(seen, 'parent')).toBe(UNKNOWN);
    expect(neighbourAt(seen, 'other')).toEqual({ unverified: 'It was not looked up.' });
  });
});

test.each([
  ['w1', true],
  ['w2', false],
])('a target in workspace %s is in that of the source: %s', (id, same) => {
  const target = place('Production', { workspace: { id, name: 'Default' } });

  expect(inOneWorkspace(candidate({ target }))).toBe(same);
});

describe("the traffic type of the target's flag", () => {
  const trafficType = { id: 't1', name: 'user' };
  const flags = new Map([
    ['clients', { known: { trafficType: { id: 't2', name: 'account' }, rolloutStatus: undefined } }],
  ]);

  test('is that of its definition', () => {
    const seen = candidate({ before: definition({ trafficType }) }, { around: { flags } });

    expect(targetTrafficType(seen)).toEqual(trafficType);
  });

  test('is that of the flag where it has no definition', () => {
    expect(targetTrafficType(candidate({ before: undefined }, { around: { flags } }))).toEqual({
      id: 't2',
      name: 'account',
    });
  });

  test.each([
    ['was not looked up', new Map()],
    ['could not be looked up', new Map([['clients', UNKNOWN]])],
    ['is not there', new Map([['clients', { known: undefined }]])],
  ])('is not known where the flag %s', (_what, seen) => {
    expect(targetTrafficType(candidate({ before: undefined }, { around: { flags: seen } }))).toEqual({});
  });
});

test.each([
  [['a'], '`a`'],
  [['a', 'b'], '`a`, `b`'],
  [['a', 'b', 'c'], '`a`, `b` and 1 more'],
  [['a', 'b', 'c', 'd'], '`a`, `b` and 2 more'],
])('of the names %j two are listed as %s', (names, words) => {
  expect(listed(names, 2)).toBe(words);
});

test('ten names are listed unless told otherwise', () => {
  expect(listed('a b c d e f g h i j'.split(' '))).not.toContain('more');
  expect(listed('a b c d e f g h i j k'.split(' '))).toMatch(/`j` and 1 more$/u);
});

test.each([
  [0, '0 targets'],
  [1, '1 target'],
  [2, '2 targets'],
  [999, '999 targets'],
  [1000, '1,000 targets'],
  [1_234_567, '1,234,567 targets'],
])('%d is told as %s', (amount, words) => {
  expect(plural(amount, 'target')).toBe(words);
});

test('places are told once each, and many of them are counted', () => {
  const rules = (amount: number) =>
    Array.from({ length: amount }, (_, number) => ({ place: `rule ${number + 1}` }));

  expect(placesOf([...rules(2), ...rules(1)])).toBe('rule 1, rule 2');
  expect(placesOf(rules(8))).toMatch(/rule 7, rule 8$/u);
  expect(placesOf(rules(500))).toMatch(/^rule 1, .*rule 8 and 492 more$/u);
});
