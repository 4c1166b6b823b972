// Sample definitions, items and reports; everything derived is made by the plan itself.
import type { Definition } from '../../src/definition/definition.ts';
import { SECTIONS } from '../../src/definition/sections.ts';
import { parseJson, type Json } from '../../src/json.ts';
import { parseDefinition } from '../../src/definition/definition.ts';
import { draftOf, makePlan, type Circumstances, type Reading, type Wish } from '../../src/plan/make-plan.ts';
import type { ItemResult } from '../../src/plan/outcome.ts';
import type { Item, Place, Plan } from '../../src/plan/plan.ts';
import {
  NO_SURROUNDINGS,
  neighbourOf,
  type ChangeRequest,
  type Fact,
  type Segment,
  type Surroundings,
} from '../../src/plan/surroundings.ts';
import type { RunReport } from '../../src/report/report.ts';

/** A definition through JSON text, as it comes from the API. */
export const definitionOf = (value: Json): Definition => parseDefinition(parseJson(JSON.stringify(value)));

export const rule = (matcher: Json, buckets: Readonly<Record<string, number>> = { on: 100 }) => ({
  condition: { combiner: 'AND', matchers: Array.isArray(matcher) ? matcher : [matcher] },
  buckets: Object.entries(buckets).map(([treatment, size]) => ({ treatment, size })),
});

export const inList = (attribute: string, ...strings: string[]) => ({
  type: 'IN_LIST_STRING',
  attribute,
  strings,
});

/** The smallest definition that serves anything: `off` to everyone. */
export const minimal = (members: Readonly<Record<string, Json>> = {}): Definition =>
  definitionOf({
    name: 'clients',
    killed: false,
    treatments: [{ name: 'on' }, { name: 'off' }],
    defaultTreatment: 'off',
    baselineTreatment: 'off',
    trafficAllocation: 100,
    rules: [],
    defaultRule: [{ treatment: 'off', size: 100 }],
    ...members,
  });

export const numbered = (prefix: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, position) => `${prefix}-${from + position}`);

export const production = (): Definition =>
  minimal({
    treatments: [
      {
        name: 'on',
        configurations: '{"color":"green","limits":{"perDay":9007199254740993}}',
        keys: ['ada', 'bob', 'cleo', 'dan'],
      },
      { name: 'off', segments: ['staff'] },
      { name: 'beta' },
    ],
    trafficAllocation: 80,
    rules: [
      rule([inList('plan', 'pro', 'team'), { type: 'IN_SEGMENT', string: 'qa', negate: true }]),
      rule(
        { type: 'BETWEEN_DATE', attribute: 'since', between: { from: 1704067200000, to: 1706745600000 } },
        { on: 25, off: 75 },
      ),
      rule({ type: 'IN_SPLIT', depends: { splitName: 'accounts', treatments: ['on'] } }),
    ],
    defaultRule: [
      { treatment: 'on', size: 60 },
      { treatment: 'off', size: 40 },
    ],
  });

export const staging = (): Definition =>
  minimal({
    id: 'staging-id',
    treatments: [
      {
        name: 'on',
        configurations: '{"color":"red","limits":{"perDay":9007199254740993}}',
        keys: ['bob', ...numbered('tester', 1, 14)],
      },
      { name: 'off' },
    ],
    rules: [
      rule({ type: 'IN_SPLIT', depends: { splitName: 'accounts', treatment: 'on' } }),
      rule({ type: 'STARTS_WITH_STRING', strings: ['test-'] }),
      rule(
        { type: 'BETWEEN_DATE', attribute: 'since', between: { from: 1704067200000, to: 1706745600000 } },
        { on: 10, off: 90 },
      ),
    ],
    defaultRule: [{ treatment: 'off', size: 100 }],
    flagSets: [{ id: 'fs-1', type: 'FlagSet' }],
    impressionsDisabled: true,
    owner: 'team-a',
  });

export const place = (environment: string, members: Partial<Place> = {}): Place => ({
  workspace: { id: 'w', name: 'Default' },
  environment: { id: environment.toLowerCase(), name: environment },
  flag: 'clients',
  ...members,
});

export const reading = (members: Partial<Reading> = {}): Reading => ({
  source: place('Production'),
  target: place('Staging'),
  sourceDefinition: production(),
  before: staging(),
  ...members,
});

const segments = (...names: readonly string[]): Fact<readonly Segment[]> => ({
  known: names.map((name) => ({ name, trafficType: {} })),
});

/** What {@link production} leans on is there, and nobody asks for what goes away. */
export const AROUND: Surroundings = {
  ...NO_SURROUNDINGS,
  segments: new Map([
    ['standard', segments('staff', 'qa')],
    ['large', segments('l')],
    ['rule-based', segments('r')],
  ]),
  neighbours: new Map([['accounts', { known: neighbourOf('accounts', minimal()) }]]),
  everyone: { known: [] },
};

/** The plan of one item; where no surroundings are given, the target environment has what it needs. */
export const planOf = (
  members: Partial<Reading> = {},
  wish: Partial<Wish> = {},
  circumstances: Partial<Circumstances> = {},
): Plan => {
  const wanted: Wish = {
    ...{ mode: 'apply', sections: SECTIONS, killState: 'keep', createMissing: true, overrides: [] },
    ...{ maxChanges: 50, failOn: [], ignoreChecks: [], onApprovalRequired: 'request' },
    ...wish,
  };
  return makePlan([draftOf(reading(members), wanted)], wanted, {
    ...{ around: new Map([['staging', AROUND]]), now: Date.UTC(2026, 0, 1) },
    ...circumstances,
  });
};

/** An open change request for what {@link planOf} makes. */
export const changeRequest = (members: Partial<ChangeRequest> = {}): ChangeRequest => ({
  ...{ id: 'cr-1', status: 'REQUESTED', flag: 'clients', operation: 'UPDATE', title: 'Promote clients' },
  ...{ submitter: 'ada', since: Date.UTC(2025, 11, 31), decided: undefined, approvers: [], proposal: {} },
  environment: undefined,
  ...members,
});

export const onlyItem = (plan: Plan): Item => {
  const [item] = plan.items;
  if (item === undefined) throw new Error('The plan has no item.');
  return item;
};

export const resultOf = (item: Item, members: Partial<ItemResult> = {}): ItemResult => ({
  item,
  outcome: 'updated',
  written: 'yes',
  warnings: [],
  ...members,
});

/** An applied run over the given plan, unless told otherwise. */
export const reportOf = (
  plan: Plan | undefined = planOf(),
  members: Partial<RunReport> & { readonly ending?: Partial<ItemResult> } = {},
): RunReport => {
  const { ending, ...rest } = members;
  return {
    mode: 'apply',
    status: 'applied',
    request: { flag: 'clients', source: 'Production', target: 'Staging' },
    plan,
    estimate: undefined,
    results: plan.items.map((item) => resultOf(item, ending)),
    failure: undefined,
    showTargets: true,
    undo: undefined,
    traffic: { requests: 7, retries: 1, milliseconds: 1234 },
    planFile: '/tmp/runner/plan-1.json',
    ...rest,
  };
};
