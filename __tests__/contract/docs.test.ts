// The documents agree with the code: headings, version, and every workflow a reader might paste.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { FAILURE_REASONS } from '../../src/failure.ts';
import { INPUT_DEFAULTS } from '../../src/input-rules.ts';
import { FINDING_CODES } from '../../src/plan/finding.ts';
import { VERSION } from '../../src/version.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const headings = (path: string, level: string): readonly string[] =>
  [...read(path).matchAll(new RegExp(`^${level} (\\S+)$`, 'gm'))].map(([, heading = '']) => heading);

test('the version is that of package.json', () => {
  expect(JSON.parse(read('package.json'))).toMatchObject({ version: VERSION });
});

test('troubleshooting has a section for every failure reason and every finding, in their order', () => {
  const [reasons, findings] = [
    headings('docs/troubleshooting.md', '##'),
    headings('docs/troubleshooting.md', '###'),
  ];
  expect(reasons).toEqual([...FAILURE_REASONS, 'Findings']);
  expect(findings).toEqual(FINDING_CODES);
});

test('the README names every failure reason and every finding', () => {
  for (const word of [...FAILURE_REASONS, ...FINDING_CODES]) {
    expect(read('README.md')).toContain(`\`${word}\``);
  }
});

test('the defaults the code knows are those of action.yml', () => {
  const { inputs } = parse(read('action.yml')) as {
    readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  };
  const defaults = Object.entries(inputs).map(([name, { default: value = '' }]) => [name, value]);
  // The token's default is an expression that only the runner can fill in.
  expect(defaults).toEqual(
    Object.entries(INPUT_DEFAULTS).map(([name, value]) => [
      name,
      name === 'github-token' ? '${{ github.token }}' : value,
    ]),
  );
});

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly if?: string;
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly concurrency: { readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

describe('the workflows of the README', () => {
  const blocks = [...read('README.md').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
    ([, yaml = '']): unknown => parse(yaml),
  );
  const workflows = blocks.filter(
    (block): block is Workflow => typeof block === 'object' && block !== null && 'jobs' in block,
  );
  const stepsOf = ({ jobs }: Workflow): readonly Step[] => Object.values(jobs).flatMap(({ steps }) => steps);

  test('are three, and every block of YAML parses', () => {
    expect(workflows).toHaveLength(3);
    expect(blocks.length).toBeGreaterThan(3);
  });

  test.each(workflows)('number %# uses only inputs that exist, and writes the mode out', (workflow) => {
    const [step] = stepsOf(workflow).filter(({ uses }) => uses?.includes('promote-split-flags@'));
    expect(Object.keys(INPUT_DEFAULTS)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
    expect(Object.keys(step?.with ?? {})).toEqual(
      expect.arrayContaining(['api-key', 'flags', 'source-environment', 'target-environment', 'mode']),
    );
  });

  test.each(workflows)(
    'number %# keeps the plan file whatever happens, needs no permission, and never cancels a run',
    (workflow) => {
      const keeping = stepsOf(workflow).filter(({ uses }) => uses?.startsWith('actions/upload-artifact@'));
      expect(keeping).toHaveLength(1);
      expect(keeping[0]?.if).toContain('always()');
      expect(workflow.permissions).toEqual({});
      expect(workflow.concurrency['cancel-in-progress']).toBe(false);
    },
  );
});
