// Who changes, as a table and as the line that a summary opens with.
import { describe, expect, test } from '@jest/globals';
import { audienceLines, audienceRows, audienceTable, largestShiftWords } from '../../src/report/audiences.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { rendered } from './render.ts';
import { inList, minimal, numbered, onlyItem, planOf, reportOf, resultOf, rule } from './samples.ts';
import type { Definition } from '../../src/definition/definition.ts';

const titles = ['Before (Staging)', 'After'] as const;

const rows = (before: Definition | undefined, after: Definition, showTargets = true) =>
  audienceRows({ before, after, titles, showTargets }).rows;

const served = (sizes: Readonly<Record<string, number>>) => ({
  defaultRule: Object.entries(sizes).map(([treatment, size]) => ({ treatment, size })),
});

describe('the table', () => {
  test('has a sentence, both sides as bars, and who changes, for each audience', () => {
    const before = minimal({ rules: [rule(inList('plan', 'pro', 'team'), { on: 10, off: 90 })] });
    const after = minimal({ rules: [rule(inList('plan', 'team', 'pro'))] });
    expect(rows(before, after)).toEqual([
      [
        'Users with `plan` in [`team`, `pro`]: `on` 10 % → `on` 100 %; 90 % of them change.',
        '█░░░░░░░░░&nbsp;`on`&nbsp;10&nbsp;%<br>█████████░&nbsp;`off`&nbsp;90&nbsp;%',
        '██████████&nbsp;`on`&nbsp;100&nbsp;%',
        '█████████░&nbsp;90&nbsp;%<br>`off` → `on` 90 %',
      ],
      [
        'Everyone else: unchanged, `off`.',
        '██████████&nbsp;`off`&nbsp;100&nbsp;%',
        '██████████&nbsp;`off`&nbsp;100&nbsp;%',
        'unchanged',
      ],
    ]);
  });

  test('has a change of configurations on a line of its own, and moves nobody for it', () => {
    const configured = (text: string) =>
      minimal({
        treatments: [{ name: 'on', configurations: text }, { name: 'off' }],
        ...served({ on: 40, off: 60 }),
      });
    expect(rows(configured('{"a":1}'), configured('{"a":2}')).map((cells) => cells[3])).toEqual([
      '░░░░░░░░░░&nbsp;0&nbsp;%<br>`on` with another configuration: 40 %',
    ]);
  });

  test('has one row for individual targets with the same fate, by name or as their number', () => {
    const target = (on: readonly string[], off: readonly string[], segments: readonly string[] = []) =>
      minimal({
        treatments: [
          { name: 'on', keys: on, segments },
          { name: 'off', keys: off },
        ],
      });
    const [before, after] = [target(['ada', 'bob', 'cleo'], []), target(['cleo'], ['ada', 'bob'], ['qa'])];
    expect(rows(before, after).map(([who]) => who)).toEqual([
      'Individual target `cleo`: unchanged, `on`.',
      'Individual target segment `qa`: `off` → `on`; all of them change.',
      'Individual targets `ada`, `bob`: `on` → `off`.',
      'Everyone else: unchanged, `off`.',
    ]);
    expect(rows(before, after, false).map(([who]) => who)).toEqual([
      '1 individual target: unchanged, `on`.',
      '1 individual target: `off` → `on`; all of them change.',
      '2 individual targets: `on` → `off`.',
      'Everyone else: unchanged, `off`.',
    ]);
  });

  test('names no segment that a target depends on where targets are not to be shown', () => {
    const before = minimal({ treatments: [{ name: 'on', segments: ['staff'] }, { name: 'off' }] });
    const after = minimal({
      treatments: [{ name: 'on', segments: ['staff'], keys: ['ada'] }, { name: 'off' }],
    });
    expect(rows(before, after)[0]).toEqual([
      'Individual target `ada`: not known → `on`; it depends on who is in segment `staff`.',
      'not known',
      '██████████&nbsp;`on`&nbsp;100&nbsp;%',
      '██████████&nbsp;100&nbsp;% at most',
    ]);
    expect(rows(before, after, false).join(' ')).not.toContain('staff');
  });

  test('of a new definition says what SDKs serve without one', () => {
    expect(rows(undefined, minimal())).toEqual([
      [
        'Everyone else: `control` → `off`.',
        'no definition: `control`',
        '██████████&nbsp;`off`&nbsp;100&nbsp;%',
        'new',
      ],
    ]);
  });

  test('of many audiences begins with those that change', () => {
    const many = (last: number) =>
      minimal({
        rules: numbered('r', 1, 25).map((name, at) =>
          rule(inList(name, 'x'), at === 24 ? { on: last, off: 100 - last } : { on: 100 }),
        ),
      });
    const all = rows(many(10), many(20));
    expect(all).toHaveLength(26);
    expect(all[0]?.[0]).toContain('`r-25`');
    expect(all.at(-1)?.[0]).toBe('Everyone else: unchanged, `off`.');
    const markdown = summaryOf(reportOf(planOf({ sourceDefinition: many(20), before: many(10) })));
    expect(markdown).toContain('<summary>6 more audiences</summary>');
  });

  test('of more audiences than anybody reads counts the rest', () => {
    const rules = (last: number) =>
      minimal({
        rules: numbered('r', 1, 600).map((name) => rule(inList(name, 'x'), { on: last, off: 100 - last })),
      });
    const markdown = summaryOf(reportOf(planOf({ sourceDefinition: rules(20), before: rules(20) }, {}, {})));
    expect(markdown).not.toContain('more audience');
    const changed = summaryOf(reportOf(planOf({ sourceDefinition: rules(20), before: rules(10) })));
    expect(changed).toContain('And 101 more audiences.');
  });

  test('has a head for each cell', () => {
    const { elements } = rendered(audienceTable(rows(minimal(), minimal()), { titles }));
    expect(elements.filter((name) => name === 'th')).toHaveLength(4);
    expect(elements.filter((name) => name === 'td')).toHaveLength(4);
  });
});

test('what is said of users who may not exist is explained once', () => {
  const [pro, german] = [rule(inList('plan', 'pro')), rule(inList('country', 'DE'), { off: 100 })];
  const [before, after] = [minimal({ rules: [pro, german] }), minimal({ rules: [german, pro] })];
  const note = 'the rules alone do not tell whether anybody meets both conditions.';
  expect(summaryOf(reportOf(planOf({ sourceDefinition: after, before }))).split(note)).toHaveLength(2);
  expect(summaryOf(reportOf(planOf({ sourceDefinition: minimal(), before })))).not.toContain(note);
});

describe('the line that a summary opens with', () => {
  const resultFor = (before: Definition | undefined, after: Definition) =>
    resultOf(onlyItem(planOf({ sourceDefinition: after, before })));

  test('says how many of whom change', () => {
    const result = resultFor(
      minimal({ rules: [rule(inList('plan', 'pro'), { on: 10, off: 90 })] }),
      minimal({ rules: [rule(inList('plan', 'pro'))] }),
    );
    expect(largestShiftWords([result])).toBe('**Largest shift: 90 % of users with `plan` in [`pro`].**');
  });

  test('of several items names the one', () => {
    const results = [
      resultFor(minimal(served({ off: 100 })), minimal(served({ on: 10, off: 90 }))),
      resultFor(minimal(served({ off: 100 })), minimal(served({ on: 30, off: 70 }))),
      resultFor(undefined, minimal(served({ on: 100 }))),
    ];
    expect(largestShiftWords(results)).toBe('**Largest shift: 30 % of everyone else (clients in Staging).**');
  });

  test('says where nobody changes', () => {
    expect(largestShiftWords([resultFor(minimal(), minimal({ trafficAllocation: 50 }))])).toBe(
      '**Nobody gets another treatment.**',
    );
  });

  test('is none where nothing differs, or all is new', () => {
    expect(largestShiftWords([resultFor(minimal(), minimal())])).toBeUndefined();
    expect(largestShiftWords([resultFor(undefined, minimal())])).toBeUndefined();
  });

  test('comes right after the headline', () => {
    expect(summaryOf(reportOf()).split('\n\n')[2]).toBe(
      '**Largest shift: 80 % of users with `plan` in [`pro`, `team`] and not in segment `qa`.**',
    );
  });
});

test('the log has a sentence for each audience that changes, and counts those that are too many', () => {
  const many = (size: number) =>
    minimal({
      rules: numbered('r', 1, 12).map((name) => rule(inList(name, 'x'), { on: size, off: 100 - size })),
    });
  const lines = audienceLines(many(10), many(20));
  expect(lines).toHaveLength(11);
  expect(lines[0]).toBe('Users with `r-1` in [`x`]: `on` 10 % → `on` 20 %; 10 % of them change.');
  expect(lines.at(-1)).toBe('2 more audiences in the summary.');
});
