// What the checks share: the target environment as it will be.
import { describe, expect, test } from '@jest/globals';
import { inOneWorkspace, neighbourAt, targetTrafficType } from '../../src/plan/candidate.ts';
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
