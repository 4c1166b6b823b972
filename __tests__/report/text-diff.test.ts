import { describe, expect, test } from '@jest/globals';
import { parseJson, type Json } from '../../src/json.ts';
import { definitionText, type TEXT_PARTS } from '../../src/report/definition-text.ts';
import { textDiff } from '../../src/report/text-diff.ts';
import { inList, minimal, numbered, rule } from './samples.ts';

const linesOf = (
  members: Parameters<typeof minimal>[0],
  part: (typeof TEXT_PARTS)[number],
): readonly string[] => definitionText(minimal(members))[part];

const treatments = (...members: Json[]) => linesOf({ treatments: members }, 'treatments');

describe('The text of a definition', () => {
  test('opens configurations, keeps their order, and says the name first', () => {
    const configurations = '{"b":[1,{"c":9007199254740993}],"a":{},"z":[]}';
    expect(treatments({ x: 1, configurations, name: 'on', keys: ['k'], description: 'd' })).toEqual([
      '{',
      '  "name": "on"',
      '  "description": "d"',
      '  "x": 1',
      '  "configurations": {',
      '    "b": [',
      '      1',
      '      {',
      '        "c": 9007199254740993',
      '      }',
      '    ]',
      '    "a": {}',
      '    "z": []',
      '  }',
      '}',
    ]);
  });

  test.each([
    ['not JSON', '"{oops"', '  "configurations": "{oops"'],
    ['a text in JSON', '"\\"a\\""', '  "configurations": "a"'],
  ])('shows configurations that hold %s as they are', (_, json, line) => {
    expect(treatments({ name: 'on', configurations: parseJson(json) })).toContain(line);
  });

  test('leaves configurations that are nested beyond measure as the text they are', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(treatments({ name: 'on', configurations: deep })[2]).toBe(`  "configurations": "${deep}"`);
    const levels = `${'['.repeat(30)}1${']'.repeat(30)}`;
    expect(treatments({ name: 'on', configurations: levels })).toContain(`${'  '.repeat(24)}[[[[[[[1]]]]]]]`);
  });

  test('says nothing of members that mean nothing', () => {
    expect(treatments({ name: 'on', description: '', configurations: null, segments: [], x: null })).toEqual([
      '{',
      '  "name": "on"',
      '}',
    ]);
  });

  test('is the same whatever the order of members is, and keeps the order of elements', () => {
    const [matcher] = [{ type: 'T', attribute: 'a', negate: true, a: 1, z: 2, string: 's'.repeat(60) }];
    const lines = linesOf({ rules: [rule(matcher, { on: 1, off: 99 })] }, 'rules');
    expect(lines).toEqual([
      '{',
      '  "condition": {',
      '    "matchers": [',
      '      {',
      '        "type": "T"',
      '        "attribute": "a"',
      '        "negate": true',
      '        "a": 1',
      `        "string": "${'s'.repeat(60)}"`,
      '        "z": 2',
      '      }',
      '    ]',
      '  }',
      '  "buckets": [{"treatment":"on","size":1},{"treatment":"off","size":99}]',
      '}',
    ]);
    const turned = { string: 's'.repeat(60), z: 2, negate: true, a: 1, attribute: 'a', type: 'T' };
    expect(linesOf({ rules: [rule(turned, { on: 1, off: 99 })] }, 'rules')).toEqual(lines);
  });

  test('breaks lines of more than 100 characters', () => {
    const at = (length: number) => linesOf({ x: [['s'.repeat(length)]] }, 'everything else').at(-1);
    expect(at(89)).toBe(`"x": [["${'s'.repeat(89)}"]]`);
    expect(at(90)).toBe(']');
  });

  test('has the other members, unknown ones included, without bookkeeping', () => {
    expect(linesOf({ id: '1', changeNumber: 5, owner: { b: 1, a: 2 } }, 'everything else')).toEqual([
      '"name": "clients"',
      '"baselineTreatment": "off"',
      '"defaultRule": [{"treatment":"off","size":100}]',
      '"defaultTreatment": "off"',
      '"killed": false',
      '"owner": {"a":2,"b":1}',
      '"trafficAllocation": 100',
    ]);
  });

  test('is empty where there is no definition', () => {
    expect(definitionText(undefined)).toEqual({ treatments: [], rules: [], 'everything else': [] });
    expect(definitionText({ ...minimal(), x: undefined })).toEqual(definitionText(minimal()));
    expect(linesOf({ rules: null }, 'rules')).toEqual([]);
  });
});

describe('The diff of two definitions', () => {
  test('is empty where the texts are the same', () => {
    expect(textDiff({ before: minimal(), after: minimal({ id: 'other' }) })).toEqual([]);
  });

  test('has three lines of context and names the part', () => {
    expect(textDiff({ before: minimal(), after: minimal({ killed: true, owner: 'o' }) })).toEqual([
      '@@ -2,5 +2,6 @@ everything else',
      ' "baselineTreatment": "off"',
      ' "defaultRule": [{"treatment":"off","size":100}]',
      ' "defaultTreatment": "off"',
      '-"killed": false',
      '+"killed": true',
      '+"owner": "o"',
      ' "trafficAllocation": 100',
    ]);
  });

  test('has all of a definition that was not there', () => {
    const lines = textDiff({ before: undefined, after: minimal({ rules: [rule(inList('a', 'b'))] }) });
    expect(lines.filter((line) => line.startsWith('@@'))).toEqual([
      '@@ -1,0 +1,6 @@ treatments',
      '@@ -1,0 +1,4 @@ rules',
      '@@ -1,0 +1,6 @@ everything else',
    ]);
    expect(lines.filter((line) => /^[- ]/u.test(line))).toEqual([]);
  });

  test('shows all of the old and all of the new where too much differs', () => {
    const many = (prefix: string) =>
      minimal({ rules: numbered(prefix, 1, 800).map((name) => rule(inList(name, name))) });
    const lines = textDiff({ before: many('a'), after: many('b') });
    expect(lines[0]).toBe(
      '@@ -1,3200 +1,3200 @@ rules: too much differs to show line by line; all of the old, then all of the new',
    );
    expect(lines).toHaveLength(6401);
    expect(lines[1]).toBe('-{');
    expect(lines[6400]).toBe('+}');
    expect(lines.filter((line) => line.startsWith('-'))).toHaveLength(3200);
  });
});
