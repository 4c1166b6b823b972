// Segments that a definition names: they have to be in the target environment, each by its kind.
import { describe, test } from '@jest/globals';
import { inSegment, ON_OFF, rule } from '../../emulator/seed-parts.ts';
import { addSegment, type SegmentKind } from '../../emulator/world.ts';
import { all, CHANGE_REQUESTS, expectChecks, type CheckScenario } from './checks.ts';
import type { Stage } from './stage.ts';

const rules = (...matchers: readonly Parameters<typeof rule>[0][number][]) => ({
  rules: matchers.map((matcher) => rule([matcher], { on: 100 })),
});

const matching = (type: string, string: string) => ({ type, string });

/** Adds segments to QA. */
const having =
  (kind: SegmentKind, names: readonly string[], trafficType = 'user') =>
  ({ workspace, environment }: Stage): void => {
    for (const name of names) addSegment(workspace(), environment('QA'), { kind, name, trafficType });
  };

const LISTS = ['segments', 'large segments', 'rule based segments'];

/** Every kind of segment as an individual target, and again in a rule. */
const EVERYWHERE = {
  treatments: [
    { name: 'on', segments: ['employees'], largeSegments: ['newsletter'], ruleBasedSegments: ['active'] },
    { name: 'off' },
  ],
  ...rules(
    inSegment('employees'),
    matching('IN_LARGE_SEGMENT', 'newsletter'),
    matching('IN_RULE_BASED_SEGMENT', 'active'),
  ),
};

/** 120 segments in QA, the last of them the one that is wanted. */
const MANY = [
  ...Array.from({ length: 119 }, (_, index) => `a${String(index).padStart(3, '0')}`),
  'employees',
];

const refused = ({ emulator }: Stage): void =>
  emulator.fault({
    path: /segments\//,
    times: 9,
    answer: { status: 403, body: { code: 403, message: 'no' } },
  });

const SCENARIOS: readonly CheckScenario[] = [
  {
    name: 'a rule on a segment that is not in the target environment stops the run',
    source: rules(inSegment('employees')),
    findings: ['error segment-missing'],
    looks: [...LISTS, CHANGE_REQUESTS],
    words: ['employees', 'is not in QA'],
  },
  {
    name: 'a rule on a segment that is in the target environment passes',
    source: rules(inSegment('employees')),
    arrange: having('standard', ['employees']),
    looks: ['segments', CHANGE_REQUESTS],
  },
  {
    name: 'a rule on a large segment is not content with another kind',
    source: rules(matching('IN_LARGE_SEGMENT', 'newsletter')),
    arrange: all(having('standard', ['newsletter']), having('rule-based', ['newsletter'])),
    findings: ['error segment-missing'],
    looks: ['large segments', CHANGE_REQUESTS],
  },
  {
    name: 'a rule on a large segment that is there passes',
    source: rules(matching('IN_LARGE_SEGMENT', 'newsletter')),
    arrange: having('large', ['newsletter']),
    looks: ['large segments', CHANGE_REQUESTS],
  },
  {
    name: 'a rule on a rule-based segment is not content with another kind',
    source: rules(matching('IN_RULE_BASED_SEGMENT', 'active')),
    arrange: all(having('standard', ['active']), having('large', ['active'])),
    findings: ['error segment-missing'],
    looks: ['rule based segments', CHANGE_REQUESTS],
  },
  {
    name: 'a rule on a rule-based segment that is there passes',
    source: rules(matching('IN_RULE_BASED_SEGMENT', 'active')),
    arrange: having('rule-based', ['active']),
    looks: ['rule based segments', CHANGE_REQUESTS],
  },
  {
    name: 'a rule whose matcher may stand for every kind is content with another kind',
    source: rules(inSegment('newsletter')),
    arrange: having('large', ['newsletter']),
    looks: [...LISTS, CHANGE_REQUESTS],
  },
  {
    name: 'individual targets of every kind that are not there are all told, with every place',
    source: EVERYWHERE,
    findings: ['error segment-missing', 'error segment-missing', 'error segment-missing'],
    looks: [...LISTS, CHANGE_REQUESTS],
  },
  {
    name: 'individual targets of every kind that are there pass, and each list is read once',
    source: EVERYWHERE,
    arrange: all(
      having('standard', ['employees']),
      having('large', ['newsletter']),
      having('rule-based', ['active']),
    ),
    looks: [...LISTS, CHANGE_REQUESTS],
  },
  {
    name: 'a segment for another traffic type stops the run',
    source: rules(inSegment('employees')),
    arrange: having('standard', ['employees'], 'account'),
    findings: ['error segment-missing'],
    looks: ['segments', CHANGE_REQUESTS],
    words: ['is for traffic type `account`'],
  },
  {
    name: 'a rule-based segment for another traffic type stops the run though its list names no type',
    source: rules(matching('IN_RULE_BASED_SEGMENT', 'active')),
    arrange: having('rule-based', ['active'], 'account'),
    findings: ['error segment-missing'],
    looks: ['rule based segments', CHANGE_REQUESTS],
  },
  {
    name: 'a list that is refused is a warning and never a claim that the segment is missing',
    source: EVERYWHERE,
    arrange: all(
      having('standard', ['employees']),
      having('large', ['newsletter']),
      having('rule-based', ['active']),
      refused,
    ),
    findings: ['warning segment-missing', 'warning segment-missing', 'warning segment-missing'],
    looks: [...LISTS, CHANGE_REQUESTS],
    words: ['Could not be verified'],
  },
  {
    name: 'a list that says there is more than it shows is a warning',
    source: rules(matching('IN_LARGE_SEGMENT', 'newsletter')),
    arrange: (stage) => {
      having('large', ['newsletter'])(stage);
      stage.emulator.fault({
        path: '/large-segments/',
        times: 9,
        answer: { status: 200, body: { objects: [], offset: 0, limit: 50, totalCount: 60 } },
      });
    },
    findings: ['warning segment-missing'],
    looks: ['large segments', CHANGE_REQUESTS],
  },
  {
    name: 'a matcher for every kind is settled by another list where one is refused',
    source: rules(inSegment('newsletter')),
    arrange: (stage) => {
      having('large', ['newsletter'])(stage);
      stage.emulator.fault({
        path: '/segments/',
        answer: { status: 403, body: { code: 403, message: 'no' } },
      });
    },
    looks: [...LISTS, CHANGE_REQUESTS],
  },
  {
    name: 'the last of 120 segments is found with three requests',
    source: rules(inSegment('employees')),
    arrange: having('standard', MANY),
    looks: ['segments', 'segments from 50', 'segments from 100', CHANGE_REQUESTS],
  },
  {
    name: 'the last of 120 large segments is found in a list without pages',
    source: rules(matching('IN_LARGE_SEGMENT', 'employees')),
    arrange: having('large', MANY),
    looks: ['large segments', CHANGE_REQUESTS],
  },
  {
    name: 'the last of 120 rule-based segments is found in a list with pages',
    source: rules(matching('IN_RULE_BASED_SEGMENT', 'employees')),
    arrange: having('rule-based', MANY),
    switches: { otherSegmentLists: 'page' },
    looks: [
      'rule based segments',
      'rule based segments from 50',
      'rule based segments from 100',
      CHANGE_REQUESTS,
    ],
  },
  {
    name: 'segments that only a section left out names are not looked up',
    source: EVERYWHERE,
    inputs: { exclude: 'rules, individual-targets' },
  },
  {
    name: 'segments that the target keeps in a section left out are looked up',
    target: { treatments: [{ name: 'on', segments: ['employees'] }, ...ON_OFF.slice(1)] },
    inputs: { include: 'default-rule' },
    findings: ['error segment-missing'],
    looks: ['segments', CHANGE_REQUESTS],
  },
];

describe('segments', () => {
  test.each(SCENARIOS)('$name', expectChecks);
});
