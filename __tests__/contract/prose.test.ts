// The documents hold together: prose is linted, links lead somewhere, and what a reader copies or runs is right.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { DOCUMENTS } from '../../scripts/lint-prose.mjs';
import { inputSchema } from '../../src/input-rules.ts';
import { parseInputs } from '../../src/inputs.ts';
import { blocksOf, brokenLinksIn, commandsIn } from './document.ts';
import { isThisAction, read, type Step } from './workflow.ts';

const { inputs } = parse(read('action.yml')) as { readonly inputs: Readonly<Record<string, unknown>> };
const { scripts } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

describe('the linter of prose', () => {
  const lint = (...files: readonly string[]): string => {
    const script = join(import.meta.dirname, '..', '..', 'scripts', 'lint-prose.mjs');
    return execFileSync(process.execPath, [script, ...files], { encoding: 'utf8' });
  };

  test('finds nothing in any document', () => {
    expect(lint()).toBe(`${DOCUMENTS.length} documents, 0 problems\n`);
  });

  test.each([
    ['a heading that skips a level', '# One\n\n### Three\n'],
    ['a list that is none', '# One\n\nWords\n- a\n'],
    ['a name that is spelled otherwise', '# One\n\nOn Github.\n'],
    ['a link to nothing', '# One\n\n[x]()\n'],
  ])('would find %s', (_what, markdown) => {
    const folder = mkdtempSync(join(tmpdir(), 'prose-'));
    try {
      const file = join(folder, 'page.md');
      writeFileSync(file, markdown);
      expect(() => lint(file)).toThrow();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('reads the pages that users start from', () => {
    const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'docs/troubleshooting.md'];
    expect(DOCUMENTS).toEqual(expect.arrayContaining([...pages, 'docs/workflows/README.md']));
  });
});

describe('links', () => {
  test.each(DOCUMENTS)('of %s lead to files and headings that are there', (path) => {
    expect(brokenLinksIn(path, read(path))).toEqual([]);
  });

  test.each([
    ['[x](nowhere.md)', 'docs/nowhere.md is not there'],
    ['![x](nowhere.png)', 'docs/nowhere.png is not there'],
    ['[x][y]\n\n[y]: nowhere.md', 'docs/nowhere.md is not there'],
    ['[x](../../outside.md)', '../outside.md is not there'],
    ['[x](many.md#nowhere)', 'docs/many.md has no heading #nowhere'],
    ['[x](#nowhere)', 'docs/page.md has no heading #nowhere'],
    ['[x](pictures/plan.png#part)', 'docs/pictures/plan.png has no headings'],
  ])('like %j would be found', (link, fault) => {
    const found = brokenLinksIn('docs/page.md', `# Page\n\n${link}\n`);
    expect(found).toEqual([expect.stringMatching(new RegExp(`^docs/page\\.md:\\d+: ${fault}$`))]);
  });

  test('that are right pass, whatever is in the heading', () => {
    const page = '# `on-failure`: what, & why?\n\n## Twice\n\n## Twice\n\n';
    const links =
      '[a](#on-failure-what--why) [b](#twice-1) [c](many.md#max-changes) [d](../src) [e](https://x.y)';
    expect(brokenLinksIn('docs/page.md', `${page}${links}\n`)).toEqual([]);
  });
});

/** Every step of this Action in a piece of YAML, wherever it stands. */
function stepsIn(value: unknown): readonly Step[] {
  if (typeof value !== 'object' || value === null) return [];
  return [
    ...('uses' in value && isThisAction(value as Step) ? [value as Step] : []),
    ...Object.values(value).flatMap(stepsIn),
  ];
}

/** What is given to this Action: by steps, or by a block that is nothing but inputs. */
function givenIn(yaml: unknown): readonly (readonly [string, unknown])[] {
  const isInputs = typeof yaml === 'object' && yaml !== null && !Array.isArray(yaml) && !('jobs' in yaml);
  return isInputs ? Object.entries(yaml) : stepsIn(yaml).flatMap((step) => Object.entries(step.with ?? {}));
}

/** Inputs that have a language of their own; the other inputs fit what the pages show. */
const AROUND = {
  ...{ 'api-key': 'k', flags: '*', 'source-environment': 'Staging', 'target-environment': 'QA, Production' },
};

/** Whether an input takes a value. */
function takes(input: string, value: string): boolean {
  const rule = Object.entries(inputSchema.shape).find(([name]) => name === input)?.[1];
  if (rule !== undefined) return rule.safeParse(value).success;
  parseInputs(new Map(Object.entries({ ...AROUND, [input]: value })));
  return true;
}

describe('blocks of YAML', () => {
  // Whole workflows are checked in full in workflows.test.ts.
  test.each(blocksOf('yaml'))(
    'in $path at line $line give inputs that exist, with values that are allowed',
    ({ text }) => {
      for (const [input, value] of givenIn(parse(text))) {
        expect(Object.keys(inputs)).toContain(input);
        // A number or a boolean reaches the Action as text.
        const given = typeof value === 'object' ? JSON.stringify(value) : String(value);
        if (!given.includes('${{')) expect([input, takes(input, given)]).toEqual([input, true]);
      }
    },
  );

  test('of a step, a workflow and mere inputs are all looked into', () => {
    const step = { uses: 'promote-split-flags/promote-split-flags@v0', with: { flag: 'x' } };
    expect(givenIn([{ run: 'x' }, step])).toEqual([['flag', 'x']]);
    expect(givenIn({ jobs: { a: { steps: [step] } } })).toEqual([['flag', 'x']]);
    expect(givenIn({ flag: 'x' })).toEqual([['flag', 'x']]);
    expect(givenIn([{ uses: 'actions/checkout@v0', with: { ref: 'x' } }])).toEqual([]);
  });
});

describe('commands', () => {
  const commands = DOCUMENTS.flatMap(commandsIn).filter((command) => /^npm |\bnpm run /.test(command));

  test('of npm are scripts of package.json, or what npm can do by itself', () => {
    const named = commands.map((command) => /npm (?:run )?([\w:-]+)/.exec(command)?.[1] ?? '');
    const known = [...Object.keys(scripts), 'ci', 'cit', 'i', 'audit', 'version'];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(['demo', 'jest', 'test']));
  });

  test('that run the Action give inputs that exist', () => {
    const given = commands
      .filter((command) => command.startsWith('npm run action --'))
      .flatMap((command) => [...command.matchAll(/\s([\w-]+)=/g)].map(([, name = '']) => name));
    expect(given.length).toBeGreaterThan(0);
    expect(Object.keys(inputs)).toEqual(expect.arrayContaining(given));
  });
});
