// Many items at a glance: rows, order and folded details.
import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/plan/finding.ts';
import type { ItemResult } from '../../src/plan/outcome.ts';
import { byEffect, overviewTables, toDo } from '../../src/report/overview.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { minimal, onlyItem, place, planOf, reportOf, resultOf, staging } from './samples.ts';

const named = (
  flag: string,
  members: Parameters<typeof planOf>[0] = {},
  wish: Parameters<typeof planOf>[1] = {},
) => onlyItem(planOf({ target: place('Staging', { flag }), ...members }, wish));

const small = { sourceDefinition: minimal({ trafficAllocation: 1 }), before: minimal() };
const same = { sourceDefinition: staging(), before: staging() };

const flags = (results: readonly ItemResult[]): readonly string[] =>
  results.map(({ item }) => item.target.flag);

describe('the overview', () => {
  test('has a row for every item there is something to say of, and counts the others', () => {
    const results = [
      resultOf(named('big')),
      resultOf(named('equal', same), { outcome: 'unchanged' }),
      resultOf(named('sm*all', small), { outcome: 'failed', reason: 'network', written: 'no' }),
      resultOf(named('waits', small), { outcome: 'not-attempted', written: 'no' }),
      resultOf(named('refused', same), { outcome: 'refused', reason: 'checks-failed', written: 'no' }),
    ];

    expect(overviewTables(results, 500).join('\n\n').split('\n')).toEqual([
      '| Flag | Environment | Outcome | Largest shift | Sections | What to do |',
      '| --- | --- | --- | --- | --- | --- |',
      '| big | Staging | ✅ updated | ████████░░&nbsp;80&nbsp;% | treatments, individual targets, traffic allocation, rules, default rule | – |',
      '| sm&#42;all | Staging | ❌ failed (network) | ░░░░░░░░░░&nbsp;0&nbsp;% | traffic allocation | see why, then run again |',
      '| waits | Staging | ⏸️ not attempted | ░░░░░░░░░░&nbsp;0&nbsp;% | traffic allocation | run again |',
      '| refused | Staging | ❌ refused (checks-failed) | – | – | settle what was found |',
      '',
      '1 item already equal.',
    ]);
  });

  test.each<[ItemResult['outcome'], Partial<ItemResult>, string | undefined]>([
    ['updated', { written: 'yes' }, undefined],
    ['would-create', {}, undefined],
    ['failed', { written: 'yes' }, 'look at the target, then run again'],
    ['failed', { written: 'unknown' }, 'look at the target, then run again'],
    ['pending-approval', {}, 'have the change request decided'],
    ['restored', {}, 'nothing: it is as it was'],
  ])('says of an item that is %s, %j, what to do: %s', (outcome, members, words) => {
    expect(toDo(resultOf(named('big'), { outcome, written: 'no', ...members }))).toBe(words);
  });

  test('has no largest shift for a definition that is new', () => {
    const created = resultOf(named('fresh', { ...small, before: undefined }), { outcome: 'created' });

    expect(overviewTables([created], 500).join()).toContain('| fresh | Staging | ✅ created | new | ');
  });

  test('is a count alone where all are equal', () => {
    const equal = resultOf(named('equal', same), { outcome: 'unchanged' });

    expect(overviewTables([equal, equal], 500)).toEqual(['2 items already equal.']);
  });

  test('says nothing of equal items where there are none', () => {
    expect(overviewTables([resultOf(named('big'))], 500).join()).not.toContain('equal');
  });

  test('leaves out a kill state that was not requested', () => {
    const kill = { ...small, sourceDefinition: minimal({ trafficAllocation: 1, killed: true }) };
    const item = named('kills', kill, { killState: 'copy' });

    expect(overviewTables([resultOf(item)], 500).join()).toContain('traffic allocation, kill state |');
    expect(overviewTables([resultOf(item, { notRequested: 'kill' })], 500).join()).toContain(
      '| traffic allocation |',
    );
  });
});

test('what needs somebody comes first, then what is new or changes the kill state, then by changes', () => {
  const kills = { ...small, sourceDefinition: minimal({ killed: true }) };
  const results = [
    resultOf(named('equal', same), { outcome: 'unchanged' }),
    resultOf(named('small', small)),
    resultOf(named('kills', kills, { killState: 'copy' })),
    resultOf(named('big')),
    resultOf(named('new', { ...small, before: undefined })),
    resultOf(named('failed', small), { outcome: 'failed' }),
    resultOf(named('refused', small), { outcome: 'refused' }),
  ];

  expect(flags(byEffect(results))).toEqual(['failed', 'refused', 'new', 'kills', 'big', 'small']);
});

describe('the summary of several items', () => {
  const folds = (markdown: string) => ({
    opened: markdown.split('<details>').length,
    closed: markdown.split('</details>').length,
  });

  test('has the overview first, then the details of each, folded', () => {
    const results = [resultOf(named('small', small)), resultOf(named('big'))];
    const markdown = summaryOf(reportOf(planOf(), { results }));
    const titles = [...markdown.matchAll(/<summary>(\w+) in Staging: ✅ updated<\/summary>/g)].map(
      ([, flag]) => flag,
    );

    expect(markdown.indexOf('| small | Staging |')).toBeLessThan(markdown.indexOf('<details>'));
    expect(titles).toEqual(['big', 'small']);
    expect(folds(markdown).opened).toBe(folds(markdown).closed);
  });

  const error = {
    code: 'structure',
    severity: 'error',
    place: 'rules',
    message: 'Wrong.',
    fix: 'Mend it.',
  } as const;
  const warning = { ...error, code: 'targets-lost', severity: 'warning' } as const;
  const found = (flag: string, findings: readonly Finding[]) =>
    resultOf({ ...named(flag, small), findings }, { outcome: 'refused', written: 'no' });

  test('has what refuses any of them open, with the item, and warnings folded', () => {
    const results = [found('fir*st', [error, warning]), found('second', [error])];
    const markdown = summaryOf(reportOf(planOf(), { results, status: 'refused' }));
    const beforeFolds = markdown.slice(0, markdown.indexOf('<details>'));

    expect(beforeFolds).toContain(
      '- ❌ error `structure`, fir&#42;st in Staging, rules: Wrong. Mend it.\n- ❌ error `structure`, second in Staging, rules: Wrong. Mend it.',
    );
    expect(beforeFolds).not.toContain('targets-lost');
    expect(markdown).toContain(
      '<summary>1 warning</summary>\n\n- ⚠️ warning `targets-lost`, fir&#42;st in Staging, rules: Wrong. Mend it.\n\n</details>',
    );
  });

  test('has no more than twenty of them open', () => {
    const results = [
      found(
        'first',
        Array.from({ length: 25 }, () => error),
      ),
      found('second', []),
    ];
    const markdown = summaryOf(reportOf(planOf(), { results, status: 'refused' }));

    expect(markdown.slice(0, markdown.indexOf('<details>')).split('- ❌ error')).toHaveLength(21);
    expect(markdown).toContain('<summary>5 more findings</summary>');
    expect(markdown).not.toContain(' warnings</summary>');
  });

  test('keeps a row for each of a thousand items, within what GitHub takes', () => {
    const item = named('big');
    const results = Array.from({ length: 1000 }, (_, number) =>
      resultOf({ ...item, target: { ...item.target, flag: `flag_${number}` } }),
    );
    const markdown = summaryOf(reportOf(planOf(), { results }));

    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(1_000_000);
    for (let number = 0; number < 1000; number += 1)
      expect(markdown).toContain(`| flag&#95;${number} | Staging |`.replace('&#95;', '_'));
    expect(folds(markdown).opened).toBe(folds(markdown).closed);
  });

  test('keeps what rows it can where there are too many', () => {
    const item = named('small', small);
    const results = Array.from({ length: 20_000 }, () => resultOf(item));
    const markdown = summaryOf(reportOf(planOf(), { results }));

    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(1_000_000);
    expect([...markdown.matchAll(/^\| small /gm)].length).toBeGreaterThan(5000);
    expect(markdown).toContain('rows of items');
  });

  test('has details of the thousand with the biggest effect', () => {
    const item = named('small', small);
    const results = Array.from({ length: 1001 }, () => resultOf(item));
    const markdown = summaryOf(reportOf(planOf(), { results }), { budget: 10_000_000 });

    expect([...markdown.matchAll(/<summary>small in/g)]).toHaveLength(1000);
  });

  test('without an item has none', () => {
    expect(summaryOf(reportOf(planOf(), { results: [] }))).not.toContain('<details>');
  });
});
