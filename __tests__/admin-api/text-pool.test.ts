// Sharing texts changes nothing that anybody can see.
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createTextPool } from '../../src/admin-api/text-pool.ts';
import { parseJson, toJson } from '../../src/json.ts';
import { jsonValue } from '../arbitrary.ts';

test('a value is the same to the letter, whatever was seen before', () => {
  const share = createTextPool();
  fc.assert(
    fc.property(jsonValue(), (value) => {
      const text = toJson(value);
      expect(toJson(share(parseJson(text)))).toBe(text);
      expect(toJson(share(parseJson(text)))).toBe(text);
    }),
  );
});

test.each([
  ['a member named __proto__', '{"a":"x","__proto__":{"b":"x"},"constructor":"x"}'],
  ['numbers kept as text', '[1.0,{"a":-0,"b":9007199254740993}]'],
  ['long texts', `["${'x'.repeat(100)}","${'x'.repeat(64)}"]`],
])('%s survive', (_what, text) => {
  expect(toJson(createTextPool()(parseJson(text)))).toBe(text);
});

test('more texts than are kept come out all the same', () => {
  const texts = Array.from({ length: 10_050 }, (_, number) => `key-${number}`);
  const share = createTextPool();
  expect(share([...texts])).toEqual(texts);
  expect(share([...texts])).toEqual(texts);
});
