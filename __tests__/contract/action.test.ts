// The contract with users: action.yml has these inputs, these defaults and these outputs, and the README says so.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { withTables } from '../../scripts/generate-docs.mjs';

const textOf = async (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, '..', '..', name), 'utf8');

interface Entry {
  readonly description: string;
  readonly default?: string;
  readonly required?: boolean;
}

interface Action {
  readonly name: string;
  readonly description: string;
  readonly branding: { readonly icon: string; readonly color: string };
  readonly inputs: Readonly<Record<string, Entry>>;
  readonly outputs: Readonly<Record<string, Entry>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const actionYml = async (): Promise<Action> => parse(await textOf('action.yml')) as Action;

/** Every input with its default; `undefined` where there is none. Written out here and in action.yml only. */
const INPUTS: Readonly<Record<string, string | undefined>> = {
  'api-key': undefined,
  flags: undefined,
  'source-environment': undefined,
  'target-environment': undefined,
  workspace: 'Default',
  mode: 'apply',
  tags: undefined,
  'target-flag': undefined,
  'target-workspace': undefined,
  'source-api-key': undefined,
  include: undefined,
  exclude: undefined,
  'kill-state': 'keep',
  'create-missing': 'true',
  overrides: undefined,
  'max-changes': '50',
  'max-shift': undefined,
  expect: undefined,
  'fail-on': undefined,
  'ignore-checks': undefined,
  'plan-file': undefined,
  'expected-fingerprint': undefined,
  'on-approval-required': 'request',
  approvers: undefined,
  'wait-for-approval': '0',
  'on-failure': 'stop',
  title: undefined,
  comment: undefined,
  'comment-on-pull-request': 'false',
  'github-token': '${{ github.token }}',
  'show-targets': 'true',
  'api-url': 'https://api.split.io/internal/api/v2',
  'request-timeout-seconds': '30',
  'max-retries': '5',
};

const OUTPUTS = [
  'status',
  'headline',
  'changed',
  'in-effect',
  'failure-reason',
  'results',
  'fingerprint',
  'plan-file',
  'summary-file',
  'change-request-ids',
];

describe('action.yml', () => {
  test('has exactly the inputs of the contract, with their defaults', async () => {
    const { inputs } = await actionYml();
    expect(Object.fromEntries(Object.entries(inputs).map(([name, entry]) => [name, entry.default]))).toEqual(
      INPUTS,
    );
  });

  test('requires the API key and nothing else: the rest is checked by the Action', async () => {
    const { inputs } = await actionYml();
    const required = Object.entries(inputs).filter(([, entry]) => entry.required !== undefined);
    expect(required.map(([name, entry]) => [name, entry.required])).toEqual([['api-key', true]]);
  });

  test('gives every default as text, the only type that reaches an Action', async () => {
    const { inputs } = await actionYml();
    const types = new Set(Object.values(inputs).map((entry) => typeof entry.default));
    expect(types).toEqual(new Set(['string', 'undefined']));
  });

  test('has exactly the outputs of the contract', async () => {
    expect(Object.keys((await actionYml()).outputs)).toEqual(OUTPUTS);
  });

  test('describes every input and output in a sentence', async () => {
    const { inputs, outputs } = await actionYml();
    for (const { description } of [...Object.values(inputs), ...Object.values(outputs)]) {
      expect(description.trim()).toMatch(/^[A-Z`].*[.)]$/s);
    }
  });

  test('runs the committed bundle on Node 24', async () => {
    expect((await actionYml()).runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  });

  test('has a name, a description and branding, as the marketplace asks', async () => {
    const { name, description, branding } = await actionYml();
    expect(name).toBe('Promote Split Flags');
    // The marketplace cuts longer ones.
    expect(description.length).toBeLessThanOrEqual(125);
    expect(branding).toEqual({ icon: expect.any(String), color: expect.any(String) });
  });
});

describe('README.md', () => {
  test('has the tables that `npm run docs` would write', async () => {
    const readme = await textOf('README.md');
    expect(await withTables({ readme, action: await textOf('action.yml') })).toBe(readme);
  });
});

describe('the generated tables', () => {
  const action = `
inputs:
  first: { description: 'One | two.', required: true }
  second: { description: "Line one,\\n  line two.", default: 'x' }
outputs:
  result: { description: What came out. }
`;
  const readme = (...blocks: readonly string[]): string => `# Title\n\n${blocks.join('\n\n')}\n`;
  const outputs = '<!-- begin outputs -->\n<!-- end outputs -->';

  test('stand between their markers, in the order of the list', async () => {
    const lists = '<!-- begin inputs: second first -->\nold\n<!-- end inputs -->';
    expect(await withTables({ readme: readme(lists, outputs), action })).toBe(`# Title

<!-- begin inputs: second first -->

| input    | default  | meaning             |
| -------- | -------- | ------------------- |
| \`second\` | \`x\`      | Line one, line two. |
| \`first\`  | required | One \\| two.         |

<!-- end inputs -->

<!-- begin outputs -->

| output   | value          |
| -------- | -------------- |
| \`result\` | What came out. |

<!-- end outputs -->
`);
  });

  test.each([
    ['first', 'second is missing among the inputs'],
    ['first second third', 'third is not among the inputs'],
    ['first second first', 'first is twice among the inputs'],
  ])('of the list "%s" are refused: %s', async (list, problem) => {
    const lists = `<!-- begin inputs: ${list} -->\n<!-- end inputs -->`;
    await expect(withTables({ readme: readme(lists, outputs), action })).rejects.toThrow(problem);
  });
});
