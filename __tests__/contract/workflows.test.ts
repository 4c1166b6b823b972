// The workflows in docs/workflows: they parse, they use what action.yml has, and they are safe to paste.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { estimateWords } from '../../src/report/log.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const THIS_ACTION = 'promote-split-flags/promote-split-flags@v0';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly if?: string;
}

interface Concurrency {
  readonly group: string;
  readonly 'cancel-in-progress': boolean;
  readonly queue?: string;
}

interface Job {
  readonly strategy?: unknown;
  readonly permissions?: unknown;
  readonly concurrency?: Concurrency;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = readdirSync(new URL('../../docs/workflows', import.meta.url));
const { inputs } = parse(read('action.yml')) as { readonly inputs: Readonly<Record<string, unknown>> };

const isThisAction = ({ uses = '' }: Step): boolean => uses.split('@')[0] === THIS_ACTION.split('@')[0];

test('there are workflows, and nothing else', () => {
  expect(files).toContain('matrix.yml');
  expect(files.filter((file) => !file.endsWith('.yml'))).toEqual([]);
});

describe.each(files)('%s', (file) => {
  const workflow = parse(read(`docs/workflows/${file}`)) as Workflow;
  const jobs = Object.values(workflow.jobs);
  const promoting = jobs.filter(({ steps }) => steps.some(isThisAction));

  test('promotes, with the Action as the README has it', () => {
    const used = promoting.flatMap(({ steps }) => steps.filter(isThisAction)).map(({ uses }) => uses);
    expect(new Set(used)).toEqual(new Set([THIS_ACTION]));
    expect(read('README.md')).toContain(`uses: ${THIS_ACTION}\n`);
  });

  test('gives only inputs that exist, and writes the mode out', () => {
    for (const { with: given = {} } of promoting.flatMap(({ steps }) => steps.filter(isThisAction))) {
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
      expect(Object.keys(given)).toEqual(
        expect.arrayContaining(['api-key', 'source-environment', 'target-environment', 'mode']),
      );
    }
  });

  test('asks for no permission, and checks nothing out', () => {
    expect(workflow.permissions).toEqual({});
    expect(jobs.map(({ permissions }) => permissions)).toEqual(jobs.map(() => undefined));
    expect(jobs.flatMap(({ steps }) => steps).map(({ uses }) => uses)).not.toContainEqual(
      expect.stringMatching(/^actions\/checkout@/),
    );
  });

  test('lets one job at a time write to a target environment, and cancels none', () => {
    for (const { concurrency = workflow.concurrency, steps } of promoting) {
      for (const { with: given = {} } of steps.filter(isThisAction)) {
        expect(given['target-environment']).not.toBe('');
        // GitHub compares the names of groups regardless of case.
        expect(concurrency?.group.toLowerCase()).toContain(given['target-environment']?.toLowerCase());
      }
      expect(concurrency?.['cancel-in-progress']).toBe(false);
      expect(['single', 'max']).toContain(concurrency?.queue ?? 'single');
    }
  });

  test('ends a job that hangs', () => {
    for (const job of promoting) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  test('keeps the plan file whatever happens, under a name of its own in every job of a matrix', () => {
    for (const { steps, strategy } of promoting) {
      const keeping = steps.filter(({ uses = '' }) => uses.startsWith('actions/upload-artifact@'));
      expect(keeping).toHaveLength(1);
      expect(keeping[0]?.if).toContain('always()');
      expect(keeping[0]?.with?.['name']?.includes('${{ matrix.')).toBe(strategy !== undefined);
    }
  });
});

describe('docs/many.md', () => {
  const page = read('docs/many.md');

  test('shows matrix.yml as it is', () => {
    const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml = '']) => yaml);
    expect(blocks.filter((yaml) => /^jobs:$/m.test(yaml))).toEqual([read('docs/workflows/matrix.yml')]);
    for (const yaml of blocks) expect(() => parse(yaml) as unknown).not.toThrow();
  });

  test('quotes the plan', () => {
    const limit = { requests: 20, milliseconds: 10_000 };
    expect(page).toContain(estimateWords({ requests: 210, milliseconds: 130_000, limit }));
  });

  test('is linked from the README', () => {
    expect(read('README.md')).toContain('(docs/many.md)');
  });

  test('links to headings that are there', () => {
    for (const [, path = '', heading = ''] of page.matchAll(/\]\(([\w./-]+\.md)#([\w-]+)\)/g)) {
      const headings = [...read(`docs/${path}`).matchAll(/^#+ (.+)$/gm)].map(([, words = '']) =>
        words
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(headings).toContain(heading);
    }
  });
});
