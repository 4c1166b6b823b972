// Lossless JSON: what comes in goes out to the byte.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isJsonObject, isRawNumber, memberOf, parseJson, toJson, type JsonObject } from '../src/json.ts';
import { jsonValue } from './arbitrary.ts';

const KEPT = [
  '1.0',
  '-0',
  '0.0',
  '1e400',
  '9007199254740993',
  '-9007199254740993',
  '33.30',
  '1E2',
  '1e2',
  '0.10',
  '1e21',
  '1e+021',
  '123456789012345678901234567890',
  '0.1234567890123456789012345',
];

describe('numbers', () => {
  test.each(KEPT)('%s is written as it came, and is no JavaScript number', (text) => {
    const value = parseJson(text);

    expect(isRawNumber(value)).toBe(true);
    expect(toJson(value)).toBe(text);
    expect(toJson(parseJson(`{"a":[${text}]}`))).toBe(`{"a":[${text}]}`);
  });

  test.each(['0', '1', '-1', '1.5', '9007199254740991', '1e+21', '5e-324'])(
    '%s is a JavaScript number, since that gives its text back',
    (text) => {
      expect(parseJson(text)).toBe(Number(text));
      expect(toJson(parseJson(text))).toBe(text);
    },
  );

  test('any decimal number survives to the byte', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,30})?([eE][+-]?\d{1,3})?$/u), (text) => {
        expect(toJson(parseJson(text))).toBe(text);
      }),
    );
  });
});

describe('other values', () => {
  test.each([
    ['strings that look like numbers', '{"a":"1.0","b":"9007199254740993"}'],
    ['text that holds JSON', String.raw`{"configurations":"{\"size\": 1.0}"}`],
    ['a member named __proto__', '{"a":1,"__proto__":{"b":2.0},"constructor":null}'],
    ['a member named rawJSON', '{"rawJSON":"1.0"}'],
    ['the order of members', '{"b":1,"a":2,"c":{"z":[],"y":{}}}'],
    ['null, true and false', '[null,true,false]'],
  ])('%s survive to the byte', (_what, text) => {
    expect(toJson(parseJson(text))).toBe(text);
  });

  test('any JSON value survives a round trip', () => {
    fc.assert(
      fc.property(jsonValue(), (value) => {
        expect(toJson(parseJson(toJson(value)))).toBe(toJson(value));
      }),
    );
  });

  test('text can be indented, numbers kept', () => {
    expect(toJson(parseJson('{"a":1.0}'), 2)).toBe('{\n  "a": 1.0\n}');
  });

  test.each(['', '{', '{"a":01}', "{'a':1}", '[1,]', 'undefined'])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

describe('an object is told from what looks like one', () => {
  test.each([
    ['{}', true],
    ['{"rawJSON":"1"}', true],
    ['1.0', false],
    ['1', false],
    ['[]', false],
    ['null', false],
    ['"{}"', false],
  ])('%s: %s', (text, expected) => {
    expect(isJsonObject(parseJson(text))).toBe(expected);
  });

  test('an absent member is none', () => {
    expect(isJsonObject(undefined)).toBe(false);
  });

  test('an object with a member named rawJSON is no number', () => {
    expect(isRawNumber({ rawJSON: '1' })).toBe(false);
  });
});

describe('a member of an object', () => {
  const object = parseJson('{"a":null,"__proto__":1.5,"toString":"x"}') as JsonObject;

  test.each([
    ['a', null],
    ['__proto__', 1.5],
    ['toString', 'x'],
    ['b', undefined],
    ['constructor', undefined],
    ['hasOwnProperty', undefined],
  ])('%s is its own, never one that every object has', (member, value) => {
    expect(memberOf(object, member)).toBe(value);
    expect(memberOf({}, member)).toBeUndefined();
  });
});
