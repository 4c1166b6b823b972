// What overrides changed, as a table of the summary and as lines of the log.
import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../../src/definition/definition.ts';
import type { ScopedOverride } from '../../src/plan/overrides.ts';
import type { RunReport } from '../../src/report/report.ts';
import { logOf } from '../../src/report/log.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { inList, minimal, numbered, planOf, reportOf, rule } from './samples.ts';

const sizes = (on: number) => [
  { treatment: 'on', size: on },
  { treatment: 'off', size: 100 - on },
];

const report = (
  override: Partial<ScopedOverride>,
  sourceDefinition: Definition,
  { before = minimal(), ...members }: { readonly before?: Definition | undefined } & Partial<RunReport> = {},
): RunReport => {
  const overrides = [{ rules: new Map(), segments: new Map(), ...override }];
  return reportOf(planOf({ sourceDefinition, before }, { overrides }), members);
};

const tableOf = (shown: RunReport): readonly string[] => {
  const lines = summaryOf(shown).split('\n');
  const first = lines.findIndex((line) => line.startsWith('| Overridden'));
  return first < 0 ? [] : lines.slice(first, lines.indexOf('', first));
};

const linesOf = (shown: RunReport): readonly string[] =>
  logOf(shown).filter((line): line is string => typeof line === 'string' && /override/u.test(line));

const onPlan = (name: string, on = 100) => rule(inList('plan', name), { on, off: 100 - on });
const inSegment = (name: string) => rule({ type: 'IN_SEGMENT', string: name });

describe('whole parts', () => {
  const shown = report(
    { defaultRule: sizes(10), trafficAllocation: 50 },
    minimal({ defaultRule: sizes(100), trafficAllocation: null }),
  );

  test('are told as source, after overrides, and target before', () => {
    expect(tableOf(shown)).toEqual([
      '| Overridden | Source (Production) | After overrides | Before (Staging) |',
      '| --- | --- | --- | --- |',
      '| default rule | ██████████&nbsp;`on`&nbsp;100&nbsp;%<br>░░░░░░░░░░&nbsp;`off`&nbsp;0&nbsp;% | █░░░░░░░░░&nbsp;`on`&nbsp;10&nbsp;%<br>█████████░&nbsp;`off`&nbsp;90&nbsp;% | ██████████&nbsp;`off`&nbsp;100&nbsp;% |',
      '| traffic allocation | not set | █████░░░░░&nbsp;50&nbsp;% | ██████████&nbsp;100&nbsp;% |',
    ]);
  });

  test('are a line of the log each', () => {
    expect(linesOf(shown)).toEqual([
      'override of default rule: on 100 %, off 0 % → on 10 %, off 90 %',
      'override of traffic allocation: not set → 50 %',
    ]);
  });

  test('have no state before where the target has no definition', () => {
    const created = reportOf(
      planOf(
        { sourceDefinition: minimal(), before: undefined },
        { overrides: [{ trafficAllocation: 50, rules: new Map(), segments: new Map() }] },
      ),
    );

    expect(tableOf(created)[2]).toMatch(/\| no definition \|$/u);
  });
});

describe('rules', () => {
  const source = minimal({ rules: [onPlan('free'), onPlan('pro'), onPlan('team')] });
  const rules = new Map([
    [2, sizes(10)],
    [3, sizes(20)],
  ]);

  test('are told with their condition, beside the rule of the target that has the same', () => {
    const shown = report({ rules }, source, { before: minimal({ rules: [onPlan('team', 5)] }) });

    expect(tableOf(shown).slice(2)).toEqual([
      '| rule 2: `plan` is in [`pro`] | ██████████&nbsp;`on`&nbsp;100&nbsp;%<br>░░░░░░░░░░&nbsp;`off`&nbsp;0&nbsp;% | █░░░░░░░░░&nbsp;`on`&nbsp;10&nbsp;%<br>█████████░&nbsp;`off`&nbsp;90&nbsp;% | no such rule |',
      '| rule 3: `plan` is in [`team`] | ██████████&nbsp;`on`&nbsp;100&nbsp;%<br>░░░░░░░░░░&nbsp;`off`&nbsp;0&nbsp;% | ██░░░░░░░░&nbsp;`on`&nbsp;20&nbsp;%<br>████████░░&nbsp;`off`&nbsp;80&nbsp;% | █░░░░░░░░░&nbsp;`on`&nbsp;5&nbsp;%<br>█████████░&nbsp;`off`&nbsp;95&nbsp;% |',
    ]);
    expect(linesOf(shown)).toEqual([
      'override of rule 2: on 100 %, off 0 % → on 10 %, off 90 %',
      'override of rule 3: on 100 %, off 0 % → on 20 %, off 80 %',
    ]);
  });

  test('are folded, and counted in the log, where there are many', () => {
    const many = minimal({ rules: numbered('p', 1, 25).map((name) => onPlan(name)) });
    const shown = report({ rules: new Map(numbered('', 1, 25).map((_, at) => [at + 1, sizes(1)])) }, many);

    expect(tableOf(shown)).toHaveLength(22);
    expect(summaryOf(shown)).toContain('<summary>5 more overrides</summary>\n\n| Overridden | Source');
    expect(summaryOf(shown)).toContain('| rule 25: ');
    expect(linesOf(shown)).toHaveLength(21);
    expect(linesOf(shown).at(-1)).toBe('and 5 more overrides');
  });
});

describe('segments', () => {
  const source = minimal({
    treatments: [{ name: 'on', segments: ['qa', 'staff'], largeSegments: ['a', 'b'] }, { name: 'off' }],
    rules: [inSegment('qa')],
  });
  const segments = new Map([
    ['qa', 'qa-live'],
    ['staff', 'qa'],
    ['a', 'b'],
  ]);

  test('are told by their old and new names', () => {
    const shown = report({ segments }, source);

    expect(tableOf(shown).slice(2)).toEqual([
      '| segment | `qa` | `qa-live` | – |',
      '| segment | `staff` | `qa` | – |',
      '| segment | `a` | named already | – |',
    ]);
    expect(linesOf(shown)).toEqual([
      'override of segment: qa → qa-live',
      'override of segment: staff → qa',
      'override of segment: a → named already',
    ]);
  });

  test('that are individual targets are counted where those are not to be named', () => {
    const shown = report({ segments }, source, { showTargets: false });

    expect(tableOf(shown).slice(2)).toEqual([
      '| segment | `qa` | `qa-live` | – |',
      '| individual targets | – | 2 segments renamed | – |',
    ]);
    expect(linesOf(shown)).toEqual([
      'override of segment: qa → qa-live',
      'override of individual targets: 2 segments renamed',
    ]);
    expect(`${summaryOf(shown)}${logOf(shown).join('\n')}`).not.toContain('staff');
  });

  test('of rules alone need no count of individual targets', () => {
    const shown = report({ segments }, minimal({ rules: [inSegment('qa')] }), { showTargets: false });

    expect(tableOf(shown).slice(2)).toEqual(['| segment | `qa` | `qa-live` | – |']);
  });

  test('with hostile names stay text', () => {
    const evil = '`| <b>##[error]\n::x';
    const shown = report({ segments: new Map([['qa', evil]]) }, minimal({ rules: [inSegment('qa')] }));

    const [line] = tableOf(shown).slice(2);

    expect(line?.split(' | ')).toHaveLength(4);
    expect(line).toContain('<code>&#96;&#124; &#60;b&#62;');
    expect(line).not.toMatch(/##\[|<b>|::/u);
    expect(linesOf(shown)[0]).not.toContain('##[');
  });
});

test('nothing is told where nothing was overridden, where nothing differs, and of a rollback', () => {
  const changed = minimal({ defaultRule: sizes(100) });

  for (const shown of [
    report({}, changed),
    report({ trafficAllocation: 100 }, changed),
    report({ trafficAllocation: 100 }, minimal({ trafficAllocation: 5 })),
    report({ trafficAllocation: 50 }, changed, { mode: 'rollback' }),
  ]) {
    expect(tableOf(shown)).toEqual([]);
    expect(linesOf(shown)).toEqual([]);
  }
});
