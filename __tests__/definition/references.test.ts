// What a definition leans on: the segments and the other flags it names, and where.
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/json.ts';
import {
  dependenciesOf,
  renameSegments,
  segmentReferences,
  type SegmentReference,
} from '../../src/definition/references.ts';
import { definition, inList, inSegment, inSplit, matcher, rule, treatment } from './samples.ts';

describe('segments', () => {
  const named = (
    kind: SegmentReference['kind'],
    name: string,
    place: string,
    isKindSure = true,
  ): SegmentReference => ({ kind, name, place, isKindSure });

  test.each<[string, Json, readonly SegmentReference[]]>([
    ['keys are none', [treatment('on', { keys: ['a'] })], []],
    ['lists that are empty or null name none', [treatment('on', { segments: [], largeSegments: null })], []],
    [
      'each list has its kind',
      [treatment('on', { segments: ['s'], largeSegments: ['l'], ruleBasedSegments: ['r'] })],
      [
        named('standard', 's', 'treatment `on`'),
        named('large', 'l', 'treatment `on`'),
        named('rule-based', 'r', 'treatment `on`'),
      ],
    ],
    [
      'each treatment is a place of its own',
      [treatment('on', { segments: ['a', 'b'] }), treatment('off', { segments: ['a'] })],
      [
        named('standard', 'a', 'treatment `on`'),
        named('standard', 'b', 'treatment `on`'),
        named('standard', 'a', 'treatment `off`'),
      ],
    ],
  ])('of individual targets: %s', (_what, treatments, references) => {
    expect(segmentReferences(definition({ treatments }))).toEqual(references);
  });

  test.each<[string, Json, readonly SegmentReference[]]>([
    ['IN_SEGMENT may stand for any kind', inSegment('s'), [named('standard', 's', 'rule 1', false)]],
    [
      'IN_LARGE_SEGMENT is sure of its kind',
      matcher('IN_LARGE_SEGMENT', { string: 's' }),
      [named('large', 's', 'rule 1')],
    ],
    [
      'IN_RULE_BASED_SEGMENT is sure of its kind',
      matcher('IN_RULE_BASED_SEGMENT', { string: 's' }),
      [named('rule-based', 's', 'rule 1')],
    ],
    [
      'a negated matcher names its segment all the same',
      { ...inSegment('s'), negate: true },
      [named('standard', 's', 'rule 1', false)],
    ],
    ['another matcher with a text names none', matcher('EQUAL_TO_STRING', { string: 's' }), []],
    ['a matcher without a text names none', matcher('IN_SEGMENT'), []],
    ['a matcher with a text that is none names none', matcher('IN_SEGMENT', { string: 7 }), []],
  ])('of rules: %s', (_what, matchers, references) => {
    expect(segmentReferences(definition({ rules: [rule(matchers)] }))).toEqual(references);
  });

  test('are told in order, each with the rule that names it', () => {
    const rules = [rule(inList('a', 'b')), rule([inSegment('s'), inList('a', 'b'), inSegment('t')])];

    expect(
      segmentReferences(definition({ rules, treatments: [treatment('on', { segments: ['first'] })] })),
    ).toEqual([
      named('standard', 'first', 'treatment `on`'),
      named('standard', 's', 'rule 2', false),
      named('standard', 't', 'rule 2', false),
    ]);
  });

  test('are none where there are no rules', () => {
    expect(segmentReferences(definition({ rules: null }))).toEqual([]);
  });
});

describe('other flags', () => {
  test.each<[string, Json, readonly string[]]>([
    ['a list', { splitName: 'f', treatments: ['on', 'off'] }, ['on', 'off']],
    ['a list of none', { splitName: 'f', treatments: [] }, []],
    ['the older, single form', { splitName: 'f', treatment: 'on' }, ['on']],
    ['both forms that say the same', { splitName: 'f', treatments: ['on'], treatment: 'on' }, ['on']],
    ['both forms that do not', { splitName: 'f', treatments: ['on'], treatment: 'off' }, ['on', 'off']],
    ['no treatment at all', { splitName: 'f' }, []],
    ['treatments that are no texts', { splitName: 'f', treatments: ['on', 1, null], treatment: 2 }, ['on']],
    ['a single treatment under the name of the list', { splitName: 'f', treatments: 'on' }, ['on']],
  ])('are asked for treatments by %s', (_what, depends, treatments) => {
    expect(dependenciesOf(definition({ rules: [rule(matcher('IN_SPLIT', { depends }))] }))).toEqual([
      { flag: 'f', treatments, place: 'rule 1' },
    ]);
  });

  test.each<[string, Json]>([
    ['depends on nothing', matcher('IN_SPLIT')],
    ['depends on null', matcher('IN_SPLIT', { depends: null })],
    ['depends on what is no object', matcher('IN_SPLIT', { depends: ['f'] })],
    ['names no flag', matcher('IN_SPLIT', { depends: { treatments: ['on'] } })],
    ['names a flag by what is no text', matcher('IN_SPLIT', { depends: { splitName: 1 } })],
    ['is of another type', matcher('IN_SEGMENT', { depends: { splitName: 'f', treatments: ['on'] } })],
  ])('are none where a matcher %s', (_what, matchers) => {
    expect(dependenciesOf(definition({ rules: [rule(matchers)] }))).toEqual([]);
  });

  test('are told for each matcher, with its rule', () => {
    const rules = [rule([inSplit('a', 'on'), inSplit('b', 'x')]), rule(inSplit('a', 'off'))];

    expect(dependenciesOf(definition({ rules }))).toEqual([
      { flag: 'a', treatments: ['on'], place: 'rule 1' },
      { flag: 'b', treatments: ['x'], place: 'rule 1' },
      { flag: 'a', treatments: ['off'], place: 'rule 2' },
    ]);
  });
});

describe('segments under other names', () => {
  const upper = (name: string): string => name.toUpperCase();

  test('stand wherever the old ones stood, and nowhere else', () => {
    const before = definition({
      treatments: [
        treatment('on', { keys: ['k'], segments: ['s'], largeSegments: ['l'], ruleBasedSegments: ['r'] }),
        treatment('off', { segments: null, largeSegments: [] }),
      ],
      rules: [
        { ...rule([{ ...inSegment('s'), negate: true }, inList('plan', 's')]), xnote: 1 },
        rule([
          matcher('IN_LARGE_SEGMENT', { string: 'l' }),
          matcher('IN_RULE_BASED_SEGMENT', { string: 'r' }),
        ]),
        rule([
          matcher('IN_SEGMENT', { string: 7 }),
          matcher('EQUAL_TO_STRING', { string: 's' }),
          inSplit('s', 'on'),
        ]),
      ],
    });

    expect(renameSegments(before, upper)).toEqual(
      definition({
        treatments: [
          treatment('on', { keys: ['k'], segments: ['S'], largeSegments: ['L'], ruleBasedSegments: ['R'] }),
          treatment('off', { segments: null, largeSegments: [] }),
        ],
        rules: [
          { ...rule([{ ...inSegment('S'), negate: true }, inList('plan', 's')]), xnote: 1 },
          rule([
            matcher('IN_LARGE_SEGMENT', { string: 'L' }),
            matcher('IN_RULE_BASED_SEGMENT', { string: 'R' }),
          ]),
          rule([
            matcher('IN_SEGMENT', { string: 7 }),
            matcher('EQUAL_TO_STRING', { string: 's' }),
            inSplit('s', 'on'),
          ]),
        ],
      }),
    );
  });

  test('are named once where two became one, and are left alone where none changed', () => {
    const before = definition({
      treatments: [treatment('on', { segments: ['a', 'A'], largeSegments: ['B', 'B'] })],
      rules: null,
    });

    expect(renameSegments(before, upper)).toEqual(
      definition({
        treatments: [treatment('on', { segments: ['A'], largeSegments: ['B', 'B'] })],
        rules: null,
      }),
    );
  });
});
