// Equality by meaning: which spellings are the same, and which only look it.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  BOOKKEEPING,
  canonical,
  sameMeaning,
  sharing,
  withoutBookkeeping,
} from '../../src/definition/equality.ts';
import { parseJson, toJson } from '../../src/json.ts';
import {
  definition as anyDefinition,
  respelling,
  value as jsonValue,
  valuePair,
} from './arbitrary-meaning.ts';
import { buckets, definition, inList, json, rule } from './samples.ts';

/** Places a pair of objects can stand at: alone, in a member, in a list, deeper. */
const PLACES: readonly (readonly [string, (text: string) => string])[] = [
  ['at the top', (text) => text],
  ['in a member', (text) => `{"condition":${text}}`],
  ['in a list', (text) => `[1,${text}]`],
  ['deep inside', (text) => `{"rules":[{"condition":{"matchers":[{"type":"X"},${text}]}}]}`],
  ['in an unknown member', (text) => `{"xunknown":{"y":[[${text}]]}}`],
];

const SAME: readonly (readonly [string, string, string])[] = [
  ['an absent member and null', '{}', '{"a":null}'],
  ['an absent member and an empty list', '{"b":1}', '{"a":[],"b":1}'],
  ['null and an empty list', '{"a":null}', '{"a":[]}'],
  ['no negate and negate false', '{}', '{"negate":false}'],
  ['no description and an empty one', '{}', '{"description":""}'],
  ['no combiner and AND', '{}', '{"combiner":"AND"}'],
  ['members in another order', '{"a":1,"b":{"c":2,"d":3}}', '{"b":{"d":3,"c":2},"a":1}'],
  ['a needless fraction', '{"a":1}', '{"a":1.0}'],
  ['a needless exponent', '{"a":1}', '{"a":10e-1}'],
  ['an exponent and zeros', '{"a":1200}', '{"a":1.2E+3}'],
  ['zero and minus zero', '{"a":0}', '{"a":-0}'],
  ['zeros of any length', '{"a":0}', '{"a":0.000e7}'],
  ['a fraction with needless zeros', '{"a":33.3}', '{"a":33.30}'],
  ['small fractions', '{"a":0.005}', '{"a":5e-3}'],
  ['numbers beyond 2^53, spelled otherwise', '{"a":9007199254740993}', '{"a":9007199254740993.0}'],
  ['numbers beyond any double', '{"a":1e400}', '{"a":10E399}'],
  ['negative numbers', '{"a":-150}', '{"a":-1.5e2}'],
  ['keys in another order', '{"keys":["a","b"]}', '{"keys":["b","a"]}'],
  ['keys named twice', '{"keys":["a","b"]}', '{"keys":["a","b","a"]}'],
  ['segments in another order', '{"segments":["a","b"]}', '{"segments":["b","a"]}'],
  ['large segments in another order', '{"largeSegments":["a","b"]}', '{"largeSegments":["b","a"]}'],
  [
    'rule-based segments in another order',
    '{"ruleBasedSegments":["a","b"]}',
    '{"ruleBasedSegments":["b","a"]}',
  ],
  [
    'depends on one treatment, and on a list of it',
    '{"depends":{"splitName":"f","treatment":"on"}}',
    '{"depends":{"splitName":"f","treatments":["on"]}}',
  ],
  [
    'depends on one treatment, said twice',
    '{"depends":{"treatment":"on","treatments":["on"]}}',
    '{"depends":{"treatments":["on"]}}',
  ],
  [
    'depends on one treatment and an empty list',
    '{"depends":{"treatment":"on","treatments":[]}}',
    '{"depends":{"treatments":["on"]}}',
  ],
  [
    'depends on one treatment and null',
    '{"depends":{"treatment":"on","treatments":null}}',
    '{"depends":{"treatment":"on"}}',
  ],
  [
    'depends on a list, and null as the one treatment',
    '{"depends":{"treatments":["on"]}}',
    '{"depends":{"treatment":null,"treatments":["on"]}}',
  ],
  ['a member named __proto__ and one that is null', '{}', '{"__proto__":null}'],
];

const DIFFERENT: readonly (readonly [string, string, string])[] = [
  ['a member and none', '{}', '{"a":1}'],
  ['null and false', '{"a":null}', '{"a":false}'],
  ['null and zero', '{"a":null}', '{"a":0}'],
  ['null and an empty text', '{"a":null}', '{"a":""}'],
  ['an absent member and an empty object', '{}', '{"a":{}}'],
  ['an empty list and an empty object', '{"a":[]}', '{"a":{}}'],
  ['an empty list and a list of null', '{"a":[]}', '{"a":[null]}'],
  ['an empty list and a list of an empty list', '{"a":[]}', '{"a":[[]]}'],
  ['elements null and an empty list', '{"a":[null]}', '{"a":[[]]}'],
  ['a list of an empty text and a list of null', '{"a":[""]}', '{"a":[null]}'],
  ['negate and no negate', '{}', '{"negate":true}'],
  ['false under another name', '{}', '{"bool":false}'],
  ['an empty text under another name', '{}', '{"configurations":""}'],
  ['a description and none', '{}', '{"description":" "}'],
  ['combiner OR and none', '{}', '{"combiner":"OR"}'],
  ['AND under another name', '{}', '{"operator":"AND"}'],
  ['a combiner in lower case', '{}', '{"combiner":"and"}'],
  ['a number and its text', '{"a":1}', '{"a":"1"}'],
  ['a number and its negative', '{"a":1}', '{"a":-1}'],
  ['numbers that a double cannot tell apart', '{"a":9007199254740993}', '{"a":9007199254740992}'],
  ['fractions that a double cannot tell apart', '{"a":0.1}', '{"a":0.10000000000000000001}'],
  ['powers of ten', '{"a":10}', '{"a":100}'],
  ['powers beyond any double', '{"a":1e400}', '{"a":1e401}'],
  ['an exponent and its negative', '{"a":1e2}', '{"a":1e-2}'],
  ['digits after the point', '{"a":1.5}', '{"a":15}'],
  ['true and its text', '{"a":true}', '{"a":"true"}'],
  ['null and its text', '{"a":[null]}', '{"a":["null"]}'],
  ['elements in another order', '{"a":[1,2]}', '{"a":[2,1]}'],
  ['strings of a matcher in another order', '{"strings":["a","b"]}', '{"strings":["b","a"]}'],
  [
    'treatments of depends in another order',
    '{"depends":{"treatments":["a","b"]}}',
    '{"depends":{"treatments":["b","a"]}}',
  ],
  ['elements named twice', '{"a":[1,1]}', '{"a":[1]}'],
  ['a set with another element', '{"keys":["a"]}', '{"keys":["b"]}'],
  ['a set with one more element', '{"keys":["a"]}', '{"keys":["a","b"]}'],
  ['sets whose texts run together', '{"keys":["a,b"]}', '{"keys":["a","b"]}'],
  [
    'depends on one of two treatments',
    '{"depends":{"treatment":"on"}}',
    '{"depends":{"treatments":["on","off"]}}',
  ],
  [
    'depends on one treatment and a list of another',
    '{"depends":{"treatment":"on","treatments":["off"]}}',
    '{"depends":{"treatments":["off"]}}',
  ],
  ['depends on a treatment that is no text', '{"depends":{"treatment":1}}', '{"depends":{"treatments":[1]}}'],
  [
    'depends that lists a treatment twice',
    '{"depends":{"treatment":"on"}}',
    '{"depends":{"treatments":["on","on"]}}',
  ],
  ['one treatment outside depends', '{"treatment":"on"}', '{"treatments":["on"]}'],
  [
    'one treatment in a list of depends',
    '{"depends":[{"treatment":"on"}]}',
    '{"depends":[{"treatments":["on"]}]}',
  ],
  [
    'flags depended on',
    '{"depends":{"splitName":"f","treatment":"on"}}',
    '{"depends":{"splitName":"g","treatment":"on"}}',
  ],
  ['a member named __proto__', '{}', '{"__proto__":{}}'],
  ['values of a member named __proto__', '{"__proto__":1}', '{"__proto__":2}'],
  ['a member named like a method', '{}', '{"toString":{}}'],
  ['the case of a name', '{"a":1}', '{"A":1}'],
  ['objects that share a text', '{"a":{"b":1}}', '{"a":1,"b":1}'],
];

describe.each(PLACES)('%s', (_place, at) => {
  test.each(SAME)('the same: %s', (_what, left, right) => {
    expect(sameMeaning(json(at(left)), json(at(right)))).toBe(true);
    expect(canonical(json(at(left)))).toBe(canonical(json(at(right))));
  });

  test.each(DIFFERENT)('not the same: %s', (_what, left, right) => {
    expect(sameMeaning(json(at(left)), json(at(right)))).toBe(false);
    expect(sameMeaning(json(at(right)), json(at(left)))).toBe(false);
  });
});

describe('values that are absent', () => {
  test.each([
    [undefined, null, true],
    [undefined, [], true],
    [null, [], true],
    [undefined, undefined, true],
    [undefined, {}, false],
    [undefined, '', false],
    [undefined, 0, false],
    [undefined, false, false],
  ])('%j and %j: %j', (left, right, same) => {
    expect(sameMeaning(left, right)).toBe(same);
  });

  test('a member that is undefined is no member', () => {
    expect(canonical({ a: undefined, b: 1 })).toBe('{"b":1}');
  });
});

// A list of another shape is dropped today: what it says is lost to the comparison.
test('not the same: depends on one treatment, with and without a list of another shape', () => {
  const odd = json('{"depends":{"treatment":"on","treatments":{"off":1}}}');

  expect(sameMeaning(odd, json('{"depends":{"treatment":"on"}}'))).toBe(false);
});

describe('the normal form', () => {
  test.each([
    ['{"b":[1.50,-0,"x"],"a":{"d":true,"c":null}}', '{"a":{"d":true},"b":[15e-1,0,"x"]}'],
    ['{"keys":["b","a","b"],"size":100}', '{"keys":["a","b"],"size":1e2}'],
    ['[-120,0.05,12345678901234567890]', '[-12e1,5e-2,1234567890123456789e1]'],
    ['"line\\nbreak"', '"line\\nbreak"'],
  ])('of %s', (text, expected) => {
    expect(canonical(parseJson(text))).toBe(expected);
  });
});

describe('laws', () => {
  test('every value means what it means itself, and what its text means', () => {
    fc.assert(
      fc.property(jsonValue(), (value) => {
        expect(sameMeaning(value, value)).toBe(true);
        expect(sameMeaning(value, parseJson(toJson(value)))).toBe(true);
      }),
    );
  });

  test('what equals, equals the other way round', () => {
    fc.assert(
      fc.property(valuePair(), ([left, right]) => {
        expect(sameMeaning(left, right)).toBe(sameMeaning(right, left));
      }),
    );
  });

  test('what equals the same, equals', () => {
    fc.assert(
      fc.property(valuePair(), jsonValue(), ([left, middle], other) => {
        for (const right of [other, respelling(middle)]) {
          if (sameMeaning(left, middle) && sameMeaning(middle, right)) {
            expect(sameMeaning(left, right)).toBe(true);
          }
        }
      }),
    );
  });

  test('another spelling of everything at once still means the same', () => {
    fc.assert(
      fc.property(jsonValue(), (value) => {
        expect(canonical(respelling(value))).toBe(canonical(value));
      }),
    );
  });

  test('the order of members never counts', () => {
    const members = fc.dictionary(fc.string(), jsonValue());
    fc.assert(
      fc.property(members, (value) => {
        expect(sameMeaning(Object.fromEntries(Object.entries(value).toReversed()), value)).toBe(true);
      }),
    );
  });

  test('whole numbers mean the same exactly when they are the same', () => {
    const number = fc.oneof(fc.bigInt(), fc.bigInt({ min: 9007199254740990n, max: 9007199254740999n }));
    fc.assert(
      fc.property(number, number, (left, right) => {
        expect(sameMeaning(parseJson(String(left)), parseJson(String(right)))).toBe(left === right);
        expect(sameMeaning(parseJson(`${left}.0`), parseJson(`${left * 10n}e-1`))).toBe(true);
      }),
    );
  });
});

describe('bookkeeping', () => {
  test('is who stores a definition and when', () => {
    expect(BOOKKEEPING).toEqual([
      'id',
      'creationTime',
      'lastUpdateTime',
      'lastTrafficReceivedAt',
      'changeNumber',
      'openChangeRequestId',
    ]);
  });

  test('is left out at the top, everything else stays as it is', () => {
    const value = json(
      '{"id":"1","name":"f","creationTime":1,"lastUpdateTime":2,"lastTrafficReceivedAt":3,"changeNumber":4,"openChangeRequestId":"5","environment":{"id":"e"},"__proto__":1.0}',
    );

    expect(toJson(withoutBookkeeping(value as never))).toBe(
      '{"name":"f","environment":{"id":"e"},"__proto__":1.0}',
    );
  });
});

describe('what two definitions share', () => {
  const own = definition({ rules: [rule(inList('plan', 'pro'))], trafficAllocation: json('5.0') });

  test('is held once where it is spelled alike, and nothing else is', () => {
    const other = definition({ rules: [rule(inList('plan', 'pro'))], defaultRule: buckets({ on: 100 }) });
    const shared = sharing(own, other);

    expect(toJson(shared)).toBe(toJson(own));
    expect(shared.rules).toBe(other.rules);
    expect(shared.treatments).toBe(other.treatments);
    expect(shared.defaultRule).toBe(own.defaultRule);
  });

  test.each([
    [
      'another spelling of a number',
      { rules: [rule(inList('plan', 'pro'))], defaultRule: json('[{"treatment":"off","size":100.0}]') },
    ],
    ['another order of members', { treatments: json('[{"name":"on"},{"description":"","name":"off"}]') }],
    ['no rules', { rules: null }],
  ])('does not change the text with %s', (_what, members) => {
    expect(toJson(sharing(own, definition(members)))).toBe(toJson(own));
    expect(toJson(sharing(definition(members), own))).toBe(toJson(definition(members)));
  });

  test('never changes the text of any definition', () => {
    fc.assert(
      fc.property(anyDefinition(), anyDefinition(), (left, right) => {
        expect(toJson(sharing(left, right))).toBe(toJson(left));
      }),
    );
  });
});
