import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Outcome, Status } from '../../src/plan/outcome.ts';
import { differencesOf } from '../../src/definition/difference.ts';
import { SECTIONS } from '../../src/definition/sections.ts';
import { targetHider } from '../../src/plan/target-names.ts';
import { headlineOf } from '../../src/report/headline.ts';
import { logOf } from '../../src/report/log.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import type { RunReport } from '../../src/report/report.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { definition, text } from '../arbitrary.ts';
import { rendered } from './render.ts';
import { onlyItem, place, planOf, reportOf } from './samples.ts';

const STATUSES: readonly Status[] = [
  ...(['partial', 'refused', 'failed', 'pending-approval', 'unchanged', 'planned', 'applied'] as const),
];
const OUTCOMES: readonly Outcome[] = [
  'unchanged',
  'would-create',
  'created',
  'updated',
  'failed',
  'restored',
];

/** Any run over any definitions under any names. */
/** The lines of the log, with those of its groups and their titles. */
const linesOf = (run: RunReport): readonly string[] =>
  logOf(run).flatMap((part) => (typeof part === 'string' ? [part] : [part.title, ...part.lines]));

const report = (): fc.Arbitrary<RunReport> =>
  fc
    .record({
      source: definition(),
      before: fc.option(definition(), { nil: undefined }),
      readBack: fc.option(definition(), { nil: undefined }),
      sections: fc.subarray([...SECTIONS]),
      killState: fc.constantFrom('keep' as const, 'copy' as const),
      names: fc.tuple(text(), text(), text()),
      message: text(),
      status: fc.constantFrom(...STATUSES),
      outcome: fc.constantFrom(...OUTCOMES),
      showTargets: fc.boolean(),
      mode: fc.constantFrom('plan' as const, 'apply' as const),
    })
    .map(
      ({
        source,
        before,
        readBack,
        sections,
        killState,
        names,
        message,
        status,
        outcome,
        showTargets,
        mode,
      }) => {
        const [flag, environment, workspace] = names;
        const target = {
          workspace: { id: 'other', name: workspace },
          environment: { id: 'e', name: environment },
          flag,
        };
        const plan = planOf(
          { sourceDefinition: source, before, target: place('Staging', target) },
          { sections, killState },
        );
        const item = onlyItem(plan);
        const residual =
          readBack === undefined ? {} : { readBack, residual: differencesOf(readBack, item.result) };
        return reportOf(plan, {
          mode,
          status,
          request: { flag, source: workspace, target: environment },
          failure:
            status === 'failed' ? { reason: 'network', message, help: 'docs/x.md#network' } : undefined,
          ending: { outcome, message, warnings: [message], ...residual },
          showTargets,
          planFile: `/tmp/${environment}`,
        });
      },
    );

/** The run as it is told where targets are not to be shown: segments are individual targets, too. */
function hiding(run: RunReport): RunReport {
  const hide = targetHider(run.plan?.items ?? []);
  const results = run.results.map((result) => {
    const findings = result.item.findings.map((found) => ({ ...found, message: hide(found.message) }));
    return { ...result, item: { ...result.item, findings } };
  });
  return { ...run, results };
}

const OURS = new Set(
  'h2 h3 h4 p strong span code br table thead tbody tr th td ul li details summary pre hr'.split(' '),
);

describe('For any definitions and names', () => {
  test('the summary keeps within its budget, whatever the budget is', () => {
    fc.assert(
      fc.property(report(), fc.oneof(fc.nat(3000), fc.nat(60_000)), (run, budget) => {
        expect(Buffer.byteLength(summaryOf(run, { budget }))).toBeLessThanOrEqual(budget);
      }),
    );
  });

  test('the summary holds no element that is not ours, and as many cells as its tables have columns', () => {
    fc.assert(
      fc.property(report(), (run) => {
        const markdown = summaryOf(run);
        const { elements } = rendered(markdown);
        expect(elements.filter((name) => !OURS.has(name))).toEqual([]);
        const times = (name: string): number => elements.filter((element) => element === name).length;
        expect(times('details')).toBe(markdown.split('\n<details>\n').length - 1);
        expect(times('table')).toBe(markdown.split(/^\| --- /mu).length - 1);
        expect(times('tr')).toBe(markdown.split('\n').filter((line) => /^\| (?!--- )/u.test(line)).length);
      }),
    );
  });

  test('no line of the summary or the log can be a command to the runner', () => {
    fc.assert(
      fc.property(report(), (run) => {
        for (const line of [...summaryOf(run).split('\n'), ...linesOf(run)]) {
          expect(line.trim()).not.toMatch(/^::|##\[/u);
        }
      }),
    );
  });

  test('no individual target is named when targets are not to be shown', () => {
    fc.assert(
      fc.property(report(), (shownRun) => {
        const run = hiding(shownRun);
        const { elements: _, text: shown } = rendered(summaryOf({ ...run, showTargets: false }));
        expect(shown).not.toContain('target<');
        expect(logOf(run).join('\n')).not.toContain('target<');
      }),
    );
  });

  test('headline and log lines are one line without control or bidi characters, and the headline is short', () => {
    fc.assert(
      fc.property(report(), (run) => {
        for (const line of [headlineOf(run), ...logOf(run)]) {
          expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
          expect(line).toMatch(/^[a-zA-Z]/u);
        }
        expect(headlineOf(run).length).toBeLessThanOrEqual(500);
      }),
    );
  });

  test('every output is a text, and the results are JSON', () => {
    fc.assert(
      fc.property(report(), (run) => {
        const outputs = outputsOf(run, { planFile: '', summaryFile: '' });
        expect(Object.values(outputs).every((value) => typeof value === 'string')).toBe(true);
        expect(Array.isArray(JSON.parse(outputs.results))).toBe(true);
      }),
    );
  });
});
