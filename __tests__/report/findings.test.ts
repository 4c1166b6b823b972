// Findings as readers see them: on an item and on the plan, in the summary and in the log.
import { describe, expect, test } from '@jest/globals';
import type { FailureReason } from '../../src/failure.ts';
import type { Finding } from '../../src/plan/finding.ts';
import type { Status } from '../../src/plan/outcome.ts';
import { findingLine } from '../../src/report/finding-blocks.ts';
import { logOf } from '../../src/report/log.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { rendered } from './render.ts';
import { minimal, numbered, onlyItem, planOf, reportOf, resultOf } from './samples.ts';

const finding = (members: Partial<Finding> = {}): Finding => ({
  ...{ code: 'segment-missing', severity: 'error', place: 'rule 2' },
  ...{ message: 'The segment `qa` is not in Live.', fix: 'Add it to Live first.' },
  ...members,
});

describe('A finding in the summary', () => {
  test.each<[string, Partial<Finding>, string]>([
    [
      'an error',
      {},
      '- ❌ error `segment-missing`, rule 2: The segment `qa` is not in Live. Add it to Live first.',
    ],
    [
      'a warning',
      { severity: 'warning' },
      '- ⚠️ warning `segment-missing`, rule 2: The segment `qa` is not in Live. Add it to Live first.',
    ],
    [
      'a place with a name in it',
      { place: 'treatment `on`' },
      '- ❌ error `segment-missing`, treatment `on`: The segment `qa` is not in Live. Add it to Live first.',
    ],
    [
      'no targets',
      { targets: [] },
      '- ❌ error `segment-missing`, rule 2: The segment `qa` is not in Live. Add it to Live first.',
    ],
  ])('with %s', (_what, members, line) => {
    expect(findingLine(finding(members), true)).toBe(line);
  });

  const lost = finding({
    ...{ code: 'targets-lost', severity: 'warning', place: 'treatment `on`' },
    ...{ message: 'Live loses 7 individual targets of it.', fix: 'Keep them.', targets: ['ada', 'b|b'] },
  });

  test('names its targets, as code, where they are to be shown', () => {
    expect(findingLine(lost, true)).toBe(
      '- ⚠️ warning `targets-lost`, treatment `on`: Live loses 7 individual targets of it. The first: `ada`, <code>b&#124;b</code>. Keep them.',
    );
  });

  test('names no target where they are not to be shown', () => {
    expect(findingLine(lost, false)).toBe(
      '- ⚠️ warning `targets-lost`, treatment `on`: Live loses 7 individual targets of it. Keep them.',
    );
  });

  test('does nothing, whatever names it has in it', () => {
    const hostile = '</details><script>alert(1)</script>\n## x\n::error::x';
    const { elements } = rendered(
      findingLine(finding({ place: hostile, message: hostile, fix: hostile, targets: [hostile] }), true),
    );
    expect(elements).not.toContain('script');
    expect(elements).not.toContain('h2');
    expect(elements.filter((name) => name === 'li')).toHaveLength(1);
  });
});

describe('The targets an item loses', () => {
  const keys = numbered('user', 1, 7);
  const before = minimal({ treatments: [{ name: 'on', keys }, { name: 'off' }] });
  const plan = planOf({ sourceDefinition: minimal(), before });

  test('are named in the summary where they are to be shown, the first few', () => {
    expect(summaryOf(reportOf(plan))).toContain(
      'Staging loses 7 individual targets of it. The first: `user-1`, `user-2`, `user-3`, `user-4`, `user-5`. To keep',
    );
  });

  test('are not named anywhere where they are not, and never in the log', () => {
    const hidden = summaryOf(reportOf(plan, { showTargets: false }));
    expect(hidden).toContain('Staging loses 7 individual targets of it. To keep');
    expect(hidden).not.toContain('user-');
    expect(logOf(reportOf(plan)).join('\n')).not.toContain('user-');
  });
});

describe('Findings on the plan as a whole', () => {
  const refused = planOf({}, { maxChanges: 0 });
  const ending = { outcome: 'not-attempted', written: 'no' } as const;

  test('stand before those on items, in the summary', () => {
    const markdown = summaryOf(reportOf(refused, { status: 'refused', ending }));
    expect(markdown.split('\n').slice(6, 9)).toEqual([
      '- ❌ error `too-many-changes`, plan: 1 item would change, and `max-changes` is 0. See whether all of them are meant; then raise `max-changes`, or name fewer flags.',
      '',
      '- ⚠️ warning `targets-lost`, treatment `on`: Staging loses 14 individual targets of it. The first: `tester-1`, `tester-2`, `tester-3`, `tester-4`, `tester-5`. To keep them, add them to the source, or leave out section `individual-targets`.',
    ]);
  });

  test('stand right below the headline, in the log', () => {
    expect(logOf(reportOf(refused, { status: 'refused', ending }))[1]).toBe(
      'error too-many-changes, plan: 1 item would change, and `max-changes` is 0. See whether all of them are meant; then raise `max-changes`, or name fewer flags.',
    );
  });

  test('are none where all is well, or there is no plan', () => {
    expect(summaryOf(reportOf())).not.toContain('too-many-changes');
    expect(logOf({ ...reportOf(), plan: undefined }).join('\n')).not.toContain('too-many-changes');
  });
});

test('An item that was refused has its findings once: its message repeats them', () => {
  const plan = planOf({ sourceDefinition: minimal({ defaultTreatment: 'gone' }), before: minimal() });
  const result = resultOf(onlyItem(plan), {
    ...{ outcome: 'refused', written: 'no', reason: 'checks-failed' },
    message: 'default treatment: It names treatment `gone`.',
  });
  const markdown = summaryOf(reportOf(plan, { status: 'refused', results: [result] }));
  expect(markdown.match(/It names treatment/gu)).toHaveLength(1);
});

describe('The failure of a run that checks refused', () => {
  const plan = planOf({ sourceDefinition: minimal({ defaultTreatment: 'gone' }), before: minimal() });
  const MESSAGE = 'Nothing was written, since 1 check failed.';
  const reasonLine = (reason: FailureReason, status: Status) =>
    summaryOf(
      reportOf(plan, {
        status,
        failure: { reason, message: MESSAGE, help: `docs/x.md#${reason}` },
        ending: { outcome: 'refused', written: 'no' },
      }),
    )
      .split('\n')
      .find((line) => line.startsWith('Reason'));

  test.each(['checks-failed', 'pending-change'] as const)(
    'for %s points to the findings instead of repeating them',
    (reason) => {
      expect(reasonLine(reason, 'refused')).toBe(
        `Reason \`${reason}\`: What was found is below. See \`docs/x.md#${reason}\`.`,
      );
    },
  );

  test.each<[FailureReason, Status]>([
    ['pending-change', 'failed'],
    ['plan-stale', 'refused'],
    ['checks-failed', 'partial'],
  ])('is told in its own words for %s where the run ended as %s', (reason, status) => {
    expect(reasonLine(reason, status)).toBe(`Reason \`${reason}\`: ${MESSAGE} See \`docs/x.md#${reason}\`.`);
  });
});
