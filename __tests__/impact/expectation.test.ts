// Expectations: how a line is read, and what is decided.
import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../../src/definition/definition.ts';
import { decide, parseExpectation, type Expectation } from '../../src/impact/expectation.ts';
import type { Json } from '../../src/json.ts';
import { definition, inList, inSegment, inSplit, matcher, rule, treatment } from '../definition/samples.ts';
import { bucketsOf } from './spoken.ts';

test.each<readonly [string, Expectation]>([
  ['user-42 -> on', { subject: { kind: 'key', key: 'user-42' }, treatment: 'on', share: 10_000 }],
  ['  a -> b -> on_2.x  ', { subject: { kind: 'key', key: 'a -> b' }, treatment: 'on_2.x', share: 10_000 }],
  ['a->on 0%', { subject: { kind: 'key', key: 'a' }, treatment: 'on', share: 0 }],
  ['Everyone-else -> on', { subject: { kind: 'key', key: 'Everyone-else' }, treatment: 'on', share: 10_000 }],
  ['everyone-else -> off 90%', { subject: { kind: 'everyone-else' }, treatment: 'off', share: 9000 }],
  ['everyone-else -> off 8.25 %', { subject: { kind: 'everyone-else' }, treatment: 'off', share: 825 }],
  ['everyone-else -> off 100.00%', { subject: { kind: 'everyone-else' }, treatment: 'off', share: 10_000 }],
  ['everyone-else -> off 0.29%', { subject: { kind: 'everyone-else' }, treatment: 'off', share: 29 }],
  [
    '{"plan":"pro","n":[1]} -> on',
    { subject: { kind: 'attributes', attributes: { plan: 'pro', n: [1] } }, treatment: 'on', share: 10_000 },
  ],
  [
    '{"a":"x -> y"} -> on',
    { subject: { kind: 'attributes', attributes: { a: 'x -> y' } }, treatment: 'on', share: 10_000 },
  ],
  ['{} -> on', { subject: { kind: 'attributes', attributes: {} }, treatment: 'on', share: 10_000 }],
])('%s', (line, expected) => {
  expect(parseExpectation(line)).toEqual(expected);
});

const FORM = 'it is not of the form `user-42 -> on`, `{"plan":"pro"} -> on` or `everyone-else -> off 90%`';
const SHARE =
  'what follows the treatment is not a share such as `90%`, from 0 to 100 with at most two decimals';
const OBJECT = 'what begins with `{` is not a JSON object of attributes';

test.each([
  ['', FORM],
  ['user-42', FORM],
  ['-> on', FORM],
  ['user-42 ->', FORM],
  ['user-42 = on', FORM],
  ['user-42 -> on90%', FORM],
  ['{"a":"x -> y"}', FORM],
  ['everyone-else -> off 101%', SHARE],
  ['everyone-else -> off 100.01%', SHARE],
  ['everyone-else -> off 1.234%', SHARE],
  ['everyone-else -> off -1%', SHARE],
  ['everyone-else -> off 90', SHARE],
  ['everyone-else -> off and on', SHARE],
  ['everyone-else -> off 9 0%', SHARE],
  ['{plan: pro} -> on', OBJECT],
  ['{"plan":"pro"} x -> on', OBJECT],
])('%j is refused', (line, wrong) => {
  expect(parseExpectation(line)).toEqual({ wrong });
});

const decided = (line: string, value: Definition) => {
  const expectation = parseExpectation(line);
  if ('wrong' in expectation) throw new Error(expectation.wrong);
  return decide(expectation, value);
};

const flag = (...matchers: readonly Json[]): Definition =>
  definition({
    treatments: [treatment('on', { keys: ['anna'] }), treatment('off'), treatment('beta')],
    rules: matchers.map((one) => rule(one)),
    defaultRule: bucketsOf('off 90, beta 10'),
  });

const OTHERWISE = {
  served: [
    { treatment: 'off', share: 9000 },
    { treatment: 'beta', share: 1000 },
  ],
};
const ON = { served: [{ treatment: 'on', share: 10_000 }] };
const undecidable = (what: string) => ({ undecidable: `It depends on ${what}.` });

describe('individual targets are asked in the order of the treatments', () => {
  const targeted = (...treatments: readonly Json[]) => definition({ treatments });
  const [key, segment] = [{ keys: ['bob'] }, { segments: ['qa'] }];

  test('so a key below a segment gets that segment’s treatment if it is in it', () => {
    const value = targeted(treatment('on', segment), treatment('off', key));
    for (const line of ['bob -> off', 'bob -> on']) {
      expect(decided(line, value)).toEqual({ undecidable: 'It depends on who is in segment `qa`.' });
    }
  });

  test('and a key above it, or beside it, does not ask who is in it', () => {
    expect(decided('bob -> off', targeted(treatment('off', key), treatment('on', segment)))).toBe('met');
    expect(decided('bob -> on', targeted(treatment('on', { ...key, ...segment }), treatment('off')))).toBe(
      'met',
    );
    expect(decided('bob -> on', targeted(treatment('on', key), treatment('off', key)))).toBe('met');
  });
});

describe('decisions', () => {
  const plain = flag(inList('plan', 'pro'));
  const segments = flag(inSegment('qa'));

  test.each<readonly [string, Definition, unknown]>([
    ['anna -> on', plain, 'met'],
    ['anna -> off', plain, ON],
    ['anna -> on 90%', plain, ON],
    ['ben -> on', plain, undecidable('the attribute `plan` of the user')],
    ['ben -> off', flag(), OTHERWISE],
    ['ben -> off 90%', flag(), 'met'],
    ['ben -> on', flag(matcher('IN_LIST_STRING', { strings: ['ben'] })), 'met'],
    ['ben -> on', flag(matcher('ALL_KEYS')), 'met'],
    ['ben -> beta 10%', flag(matcher('ALL_KEYS', { negate: true })), 'met'],
    ['ben -> gamma 0%', segments, 'met'],
    ['{"plan":"pro"} -> on', plain, 'met'],
    ['{"plan":"pro"} -> off', plain, ON],
    ['{"plan":"team"} -> on', plain, OTHERWISE],
    ['{} -> beta 10%', plain, 'met'],
    ['{"plan":null} -> beta 10%', plain, 'met'],
    ['{} -> on', flag({ ...inList('plan', 'pro'), negate: true }), 'met'],
    ['{"toString":"x"} -> on', flag(inList('constructor', 'x')), OTHERWISE],
    [
      '{"plan":"pro","n":5} -> on',
      flag([inList('plan', 'pro'), matcher('EQUAL_NUMBER', { attribute: 'n', number: 5 })]),
      'met',
    ],
    [
      '{"plan":"pro"} -> on',
      flag([inList('plan', 'pro'), matcher('EQUAL_NUMBER', { attribute: 'n', number: 5 })]),
      OTHERWISE,
    ],
    ['{"plan":"team"} -> off', flag([inSegment('qa'), inList('plan', 'pro')]), OTHERWISE],
    [
      '{"plan":"pro"} -> on',
      flag([inSegment('qa'), inList('plan', 'pro')]),
      undecidable('who is in segment `qa`'),
    ],
    ['{"plan":"pro"} -> on', flag(inList('plan', 'pro'), inSegment('qa')), 'met'],
    ['{"plan":"pro"} -> on', flag(inSegment('qa'), inList('plan', 'pro')), 'met'],
    ['{} -> on', segments, undecidable('who is in segment `qa`')],
    ['{} -> on', flag({ ...inSegment('qa'), negate: true }), undecidable('who is in segment `qa`')],
    [
      '{} -> on',
      flag(matcher('IN_LARGE_SEGMENT', { string: 'big' })),
      undecidable('who is in segment `big`'),
    ],
    ['{} -> on', flag(matcher('IN_RULE_BASED_SEGMENT')), undecidable('who is in segment')],
    ['{} -> on', flag(inSplit('parent', 'on')), undecidable('what flag `parent` serves')],
    ['{} -> on', flag(matcher('IN_SPLIT')), undecidable('what flag serves')],
    ['{} -> on', flag(matcher('NEW')), undecidable('a matcher `NEW` that is not known here')],
    ['{} -> on', flag(matcher('IN_LIST_STRING', { strings: ['ben'] })), undecidable('the key of the user')],
    [
      '{} -> on',
      flag(matcher('BOOLEAN', { attribute: 1, bool: true })),
      undecidable('the attribute of the user'),
    ],
    ['{} -> on', flag([]), undecidable('a rule without a condition')],
    ['everyone-else -> off 90%', segments, 'met'],
    ['everyone-else -> off', segments, OTHERWISE],
    ['everyone-else -> on', flag(inSegment('qa'), matcher('ALL_KEYS')), 'met'],
    ['everyone-else -> off 90%', flag(matcher('ALL_KEYS', { negate: true }), []), 'met'],
    ['everyone-else -> on', { ...segments, killed: true, defaultTreatment: 'on' }, 'met'],
    ['anna -> off', { ...segments, killed: true }, 'met'],
    ['everyone-else -> beta 5%', { ...segments, trafficAllocation: 50 }, 'met'],
  ])('%s', (line, value, expected) => {
    expect(decided(line, value)).toEqual(expected);
  });

  test('another combiner than AND is not known', () => {
    const [one] = flag(inSegment('qa')).rules ?? [];
    const or = { ...flag(), rules: [{ buckets: [], ...one, condition: { combiner: 'OR', matchers: [] } }] };
    expect(decided('{} -> on', or)).toEqual(undecidable('the combiner `OR`, which is not known here'));
  });

  test('a key is not decided where its treatment is targeted by a segment', () => {
    const value = definition({ treatments: [treatment('on', { segments: ['qa'] }), treatment('off')] });
    expect(decided('ben -> off', value)).toEqual(undecidable('who is in segment `qa`'));
    expect(decided('{} -> off', value)).toBe('met');
    expect(decided('everyone-else -> off', value)).toBe('met');
  });
});
