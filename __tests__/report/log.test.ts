import { describe, expect, test } from '@jest/globals';
import type { ItemResult } from '../../src/plan/outcome.ts';
import { estimateWords, logOf } from '../../src/report/log.ts';
import {
  inList,
  minimal,
  numbered,
  onlyItem,
  place,
  planOf,
  reportOf,
  resultOf,
  rule,
  staging,
} from './samples.ts';

describe('The log', () => {
  test('has a line for each section that changes, then the traces', () => {
    const plan = planOf();
    expect(logOf(reportOf(plan))).toEqual([
      'Updated clients: Production → Staging; 5 sections changed, removes 14 individual targets, adds 4.',
      ...[
        'Users with `plan` in [`pro`, `team`] and not in segment `qa`, also for whom flag `accounts` serves `on` or whose key starts with `test-`, if there are any: `off` 0 % → `off` 20 %; 20 % of them change; `on` with another configuration: 80 %.',
        'Users with `plan` in [`pro`, `team`] and not in segment `qa`, also with `since` between 2024-01-01 and 2024-02-01, if there are any: `on` 10 % → `on` 80 %; 74 % of them change; `on` with another configuration: 8 %.',
        'Users with `plan` in [`pro`, `team`] and not in segment `qa`: `on` 0 % → `on` 80 %; 80 % of them change.',
        'Users with `since` between 2024-01-01 and 2024-02-01: `on` 10 % → `on` 20 %; 14 % of them change; `on` with another configuration: 8 %.',
        'Users with `since` between 2024-01-01 and 2024-02-01, also for whom flag `accounts` serves `on` or whose key starts with `test-`, if there are any: `off` 0 % → `off` 80 %; 80 % of them change; `on` with another configuration: 20 %.',
        'Users for whom flag `accounts` serves `on`: `off` 0 % → `off` 20 %; 20 % of them change; `on` with another configuration: 80 %.',
        'Users whose key starts with `test-`: `off` 0 % → `off` 52 %; 52 % of them change; `on` with another configuration: 48 %.',
        'Everyone else: `on` 0 % → `on` 48 %; 48 % of them change.',
      ].map((sentence) => `who changes: ${sentence}`),
      'treatments: beta added, configurations of on changed',
      'individual targets: 14 removed, 4 added',
      'traffic allocation: 100 % → 80 %',
      'rules: 1 added, 1 removed, 1 moved, percentages of rule 2 changed',
      'default rule: off 100 % → on 60 %, off 40 %',
      'warning targets-lost, treatment `on`: Staging loses 14 individual targets of it. To keep them, add them to the source, or leave out section `individual-targets`.',
      `fingerprint: ${plan.fingerprint}`,
      'traffic: 7 requests, 1 retry, 1.2 s',
      'plan file: /tmp/runner/plan-1.json',
    ]);
  });

  test('says every kind of change in words', () => {
    const before = minimal({
      treatments: [{ name: 'a' }, { name: 'on' }, { name: 'off' }],
      baselineTreatment: null,
      trafficAllocation: null,
      rules: numbered('r', 1, 8).map((name) => rule(inList(name, 'x'))),
    });
    const source = minimal({
      treatments: [{ name: 'off', description: 'd' }, { name: 'on' }, { name: 'b' }],
      defaultTreatment: 'on',
      killed: true,
      rules: numbered('r', 1, 8).map((name, position) =>
        position === 0 ? { ...rule(inList(name, 'x')), note: 1 } : rule(inList(name, 'y'), { off: 100 }),
      ),
    });
    const plan = planOf({ sourceDefinition: source, before }, { killState: 'copy' });
    expect(logOf(reportOf(plan)).slice(1, 8)).toEqual([
      'who changes: Everyone else: `off` → `on`; all of them change.',
      'treatments: b added, a removed, on moved past others at position 2, description of off changed',
      'default treatment: off → on',
      'baseline treatment: none → off',
      'traffic allocation: not set → 100 %',
      'rules: percentages of rules 2, 3, 4, 5, 6 and 2 more changed, condition of rules 2, 3, 4, 5, 6 and 2 more changed, other members of rule 1 changed',
      'kill state: live → killed',
    ]);
  });

  test('knows a target without a definition', () => {
    expect(
      logOf(reportOf(planOf({ before: undefined }), { ending: { outcome: 'created' } })).slice(4, 12),
    ).toEqual([
      'who changes: Everyone else: `control` → `on` 48 %, `off` 52 %.',
      'treatments: on added, off added, beta added',
      'individual targets: 5 added',
      'default treatment: no definition → off',
      'baseline treatment: no definition → off',
      'traffic allocation: no definition → 80 %',
      'rules: 3 added',
      'default rule: no definition → on 60 %, off 40 %',
    ]);
  });

  test('has findings and warnings, in lines that begin with words of ours', () => {
    const plan = planOf({ sourceDefinition: minimal({ defaultTreatment: '::x' }), before: minimal() });
    const run = reportOf(plan, {
      status: 'refused',
      ending: { outcome: 'refused', written: 'no', warnings: ['::error::a\n##[error]b', 'w'.repeat(2000)] },
      planFile: undefined,
      traffic: { requests: 1, retries: 0, milliseconds: 61_000 },
    });
    expect(logOf(run).slice(2)).toEqual([
      'error structure, default treatment: It names treatment `::x`, which the result does not have. Copy the sections that belong together, or correct the definition in the source environment.',
      'warning: ::error::a\\u000a#\\u0023[error]b',
      `warning: ${'w'.repeat(990)}…`,
      `fingerprint: ${plan.fingerprint}`,
      'traffic: 1 request, 0 retries, 61.0 s',
    ]);
  });

  test('names each item there is something to say of, where there are several', () => {
    const same = onlyItem(planOf({ sourceDefinition: staging(), target: place('Dev', { flag: 'other' }) }));
    const results = [resultOf(onlyItem(planOf())), resultOf(same, { outcome: 'unchanged' })];
    const lines = logOf({ ...reportOf(planOf(), { results }), plan: undefined });
    expect(lines[0]).toBe('Applied: 2 items, 1 updated, 1 unchanged.');
    expect(lines.filter((part) => typeof part !== 'string')).toEqual([
      {
        title: 'item: clients in Staging: updated',
        lines: expect.arrayContaining(['traffic allocation: 100 % → 80 %']),
      },
    ]);
    expect(lines.some((part) => typeof part === 'string' && part.startsWith('fingerprint'))).toBe(false);
  });

  test('says of an item among several what is its own, and what kept all others once', () => {
    const own = { reason: 'network', message: 'No answer.', written: 'no' } as const;
    const item = onlyItem(planOf());
    const messagesOf = (outcome: ItemResult['outcome'], members: Partial<ItemResult>) =>
      logOf({
        ...reportOf(planOf(), { results: [resultOf(item), resultOf(item, { outcome, ...members })] }),
      }).flatMap((part) =>
        typeof part === 'string' ? [] : part.lines.filter((line) => line.startsWith('message')),
      );

    expect(messagesOf('failed', own)).toEqual(['message: No answer.']);
    expect(messagesOf('not-attempted', own)).toEqual([]);
    expect(messagesOf('not-attempted', { message: 'Its parent.' })).toEqual(['message: Its parent.']);
    expect(messagesOf('refused', own)).toEqual([]);
  });

  test('says of nothing that it is left to others where nothing is', () => {
    const limit = { requests: 20, milliseconds: 10_000 };

    expect(estimateWords({ requests: 30, milliseconds: 10_000, limit, reserve: 0 })).toBe(
      'Applying takes about 30 requests, 10 s, where the API lets 20 requests pass in 10 s.',
    );
  });

  test.each([
    [6, 0, 'Applying takes about 6 requests, a few seconds.'],
    [
      245,
      119_500,
      'Applying takes about 245 requests, 2 minutes, where the API lets 20 requests pass in 10 s; a quarter of them is left to others.',
    ],
    [
      30,
      10_000,
      'Applying takes about 30 requests, 10 s, where the API lets 20 requests pass in 10 s; a quarter of them is left to others.',
    ],
  ])('says in mode plan what %d requests in %d ms are', (requests, milliseconds, words) => {
    const estimate = { requests, milliseconds, limit: { requests: 20, milliseconds: 10_000 }, reserve: 0.25 };

    expect(logOf(reportOf(planOf(), { mode: 'plan', estimate }))).toContain(words);
    expect(logOf(reportOf(planOf(), { mode: 'apply', estimate }))).not.toContain(words);
  });
});
