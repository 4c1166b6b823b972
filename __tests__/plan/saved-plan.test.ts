// A plan file read back.
import { describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/failure.ts';
import { parseJson, toJson, type Json, type JsonObject } from '../../src/json.ts';
import { planFilePieces, type Progress } from '../../src/plan/plan-file.ts';
import type { Item, Plan } from '../../src/plan/plan.ts';
import { parsePlanFile } from '../../src/plan/saved-plan.ts';
import { definition, json } from '../definition/samples.ts';
import { place, planFor, reading, wish } from './samples.ts';

const API = { apiUrl: 'https://api.example.com' };

const textOf = (plan: Plan, progress: ReadonlyMap<Item, Progress> = new Map()): string =>
  [
    ...planFilePieces(
      { ...API, version: '1.2.3', mode: 'apply', runUrl: 'https://ci.example.com/1', plan },
      progress,
    ),
  ].join('');

const PLAN = planFor(
  [
    reading({ sourceDefinition: definition({ trafficAllocation: 5, xbig: json('9007199254740993') }) }),
    reading({ target: place('QA'), before: undefined }),
  ],
  wish({ killState: 'copy' }),
);

/** A plan file of which some members are others. */
const withMembers = (members: JsonObject): string =>
  toJson({ ...(parseJson(textOf(PLAN)) as JsonObject), ...members });

const messageOf = (text: string): string => {
  try {
    parsePlanFile(text, API);
  } catch (error) {
    if (error instanceof Failure && error.reason === 'invalid-input') return error.message;
    throw error;
  }
  throw new Error('It was taken.');
};

describe('a plan file', () => {
  test('gives back what was written into it, to the byte', () => {
    const [first] = PLAN.items;
    const readBack = definition({ trafficAllocation: 5 });
    const done: Progress = { state: 'confirmed', outcome: 'updated', written: 'yes', readBack };
    const saved = parsePlanFile(textOf(PLAN, new Map(first ? [[first, done]] : [])), API);

    expect(saved).toMatchObject({
      ...{ mode: 'apply', fingerprint: PLAN.fingerprint, copied: wish().sections, killState: 'copy' },
    });
    expect(saved.items).toMatchObject(
      PLAN.items.map(({ source, target, sourceDefinition, before, result }, position) => ({
        ...{ source, target, sourceDefinition, before, result },
        ...(position === 0 ? { state: 'confirmed', readBack } : { state: 'planned', readBack: undefined }),
      })),
    );
    expect(toJson(saved.items[0]?.sourceDefinition ?? null)).toContain('"xbig":9007199254740993');
  });

  test('of a removal has no result', () => {
    const plan = planFor([reading({ before: definition({ trafficAllocation: 5 }) })]);
    const [item] = plan.items;
    if (item === undefined) throw new Error('There is no item.');
    const removing = { ...plan, items: [{ ...item, removes: true }] };

    expect(messageOf(textOf(removing))).toContain('was edited');
    expect(toJson(parseJson(textOf(removing)))).toContain('"result":null');
  });

  test.each<[string, string, string]>([
    [
      'that is empty',
      '',
      '`plan-file` is cut off, or no JSON. Use the file as the run left it, or plan again.',
    ],
    ['that is cut off', textOf(PLAN).slice(0, -3), '`plan-file` is cut off, or no JSON.'],
    ['that is no object', '[]', '`plan-file` is no plan file of this Action.'],
    ['of another kind', '{"a":1}', '`plan-file` is no plan file of this Action.'],
    [
      'of a later version',
      withMembers({ format: 2, tool: 'promote-split-flags 9.0.0' }),
      '`plan-file` has format 2, of promote-split-flags 9.0.0; this version reads format 1.',
    ],
    ['of an odd version', '{"format":"1"}', '`plan-file` has format "1", of an unknown version;'],
    ['without items', withMembers({ items: null }), '`plan-file` is not as a run writes it (items: '],
    [
      'with an odd definition',
      textOf(PLAN).replace('"treatments":', '"xtreatments":'),
      '`plan-file` is not as a run writes it (items.0.sourceDefinition',
    ],
    [
      'for another API',
      withMembers({ apiUrl: 'https://other.example.com' }),
      '`plan-file` was made for https://other.example.com, but `api-url` is https://api.example.com.',
    ],
    [
      'that was edited',
      textOf(PLAN).replace('"trafficAllocation":5', '"trafficAllocation":6'),
      `\`plan-file\` was edited: its content does not match its fingerprint ${PLAN.fingerprint}.`,
    ],
    [
      'whose fingerprint was edited',
      withMembers({ fingerprint: 'f'.repeat(64) }),
      `\`plan-file\` was edited: its content does not match its fingerprint ${'f'.repeat(64)}.`,
    ],
  ])('%s is refused', (_what, text, words) => {
    expect(messageOf(text)).toContain(words);
  });

  test('may be edited in nothing that was read or is meant', () => {
    const file = parseJson(textOf(PLAN)) as JsonObject & { readonly items: readonly JsonObject[] };
    const targets = file.items.map((item): Json => ({
      ...item,
      target: place('Elsewhere') as unknown as Json,
    }));

    expect(messageOf(toJson({ ...file, items: targets }))).toContain('was edited');
    expect(messageOf(toJson({ ...file, items: file.items.slice(1) }))).toContain('was edited');
  });
});
