// The comment on a pull request: the top of the summary, small enough, and without the names of individual targets.
import { describe, expect, test } from '@jest/globals';
import { commentOf } from '../../src/report/pull-request-comment.ts';
import type { RunReport } from '../../src/report/report.ts';
import { minimal, onlyItem, place, planOf, production, reportOf, resultOf } from './samples.ts';
import { rendered } from './render.ts';

const RUN = { target: 'Staging', runUrl: 'https://github.com/octo-org/web-shop/actions/runs/1' };

/** As many characters as GitHub takes in a comment; the hidden marker needs some of them. */
const MOST = 65_536;
const MARKER = 100;

/** A run over many flags, whose names are as given. */
function many(amount: number, nameOf: (number: number) => string): RunReport {
  const plan = planOf({ before: minimal(), sourceDefinition: production() });
  const item = onlyItem(plan);
  const items = Array.from({ length: amount }, (_, number) => ({
    ...item,
    target: place('Staging', { flag: nameOf(number) }),
  }));
  const results = items.map((each) => resultOf(each, { outcome: 'would-update', written: 'no' }));
  return reportOf({ ...plan, items }, { mode: 'plan', status: 'planned', results });
}

const depthOf = (markdown: string): number => {
  let [depth, lowest] = [0, 0];
  for (const [tag] of markdown.matchAll(/<\/?details>/g)) {
    depth += tag === '<details>' ? 1 : -1;
    lowest = Math.min(lowest, depth);
  }
  return lowest < 0 ? lowest : depth;
};

describe('A comment', () => {
  test('has verdict, sections and the link, and neither rules, targets nor text diffs', () => {
    const comment = commentOf(reportOf(), RUN);
    expect(comment).toMatch(/^## ✅ Promoted\n/);
    expect(comment).toContain('| individual targets |');
    expect(comment).toContain(`For Staging · [full summary](${RUN.runUrl})`);
    expect(comment).not.toMatch(/#### |```diff|Left out/);
  });

  test('names no individual targets, though the report shows them', () => {
    const report = reportOf();
    expect(report.showTargets).toBe(true);
    for (const name of ['ada', 'cleo', 'staff', 'tester-1']) {
      expect(commentOf(report, RUN)).not.toContain(name);
    }
  });

  test('links to nothing where the run has no address', () => {
    expect(commentOf(reportOf(), { ...RUN, runUrl: 'unknown' })).toContain(
      'For Staging · full summary in the run',
    );
  });

  test('shows what its target is called as text', () => {
    const { elements } = rendered(commentOf(reportOf(), { ...RUN, target: '<img src=x> [a](b)' }));
    expect(elements.filter((name) => name === 'img')).toEqual([]);
    expect(elements.filter((name) => name === 'a')).toHaveLength(1);
  });
});

describe('A comment on many items', () => {
  test('has a row for each and their details, folded', () => {
    const comment = commentOf(
      many(20, (number) => `flag_${number}`),
      RUN,
    );
    expect(comment.match(/^\| flag_\d+ \|/gm)).toHaveLength(20);
    expect(comment.match(/<summary>flag_\d+ in Staging/g)).toHaveLength(20);
    expect(comment).not.toContain('Left out');
  });

  test.each([
    ['plain names', (number: number) => `flag_${number}`],
    ['long names', (number: number) => `${number}${'x'.repeat(90)}`],
    ['names of two units a character', (number: number) => `${'🦄'.repeat(90)}${number}`],
    ['names of many bytes a character', (number: number) => `${'語'.repeat(90)}${number}`],
    ['names that have to be escaped', (number: number) => `${'<'.repeat(90)}${number}`],
    ['names that close what folds them', (number: number) => `</details>${number}`],
  ])('stays small enough with 1,000 %s, and says what is missing', (_what, nameOf) => {
    const comment = commentOf(many(1000, nameOf), RUN);
    expect(comment.length).toBeLessThanOrEqual(MOST - MARKER);
    expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(MOST - MARKER);
    expect(comment).toMatch(/^## 📝 Plan/);
    expect(comment).toContain('1,000 items');
    expect(comment).toContain('**Left out because the comment would be too large:** details of items, ');
    expect(comment).toContain('[full summary](');
    expect(comment).toMatch(/^\| Flag \| Environment/m);
    expect(depthOf(comment)).toBe(0);
  });

  test('never has half of an item, whatever there is room for', () => {
    const report = many(30, (number) => `${'é'.repeat(40)}${number}`);
    for (let budget = 1000; budget < 60_000; budget += 997) {
      const comment = commentOf(report, { ...RUN, budget });
      expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(budget);
      expect(comment).toContain('[full summary](');
      expect(depthOf(comment)).toBe(0);
    }
  });
});
