// The documents agree with the code: headings, version, and every workflow a reader might paste.
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { HELP as EMULATOR_HELP } from '../../emulator/options.ts';
import { worldOf } from '../../emulator/seed-file.ts';
import { EVERY_SWITCH, UNKNOWNS } from '../../emulator/switches.ts';
import { planSchemaText } from '../../scripts/plan-schema.mjs';
import { HELP as PROBE_HELP } from '../../scripts/probe/options.ts';
import { withSwitches } from '../../scripts/switch-table.mjs';
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

test('the schema of plan files is what the Action takes for one (`npm run docs` renews it)', () => {
  expect(JSON.parse(read('docs/plan.schema.json'))).toEqual(JSON.parse(planSchemaText()));
});

test('the page about the emulator has every switch, its positions and what it stands for (`npm run docs` renews it)', async () => {
  const page = read('docs/emulator.md');
  expect(await withSwitches(page)).toBe(page);
  for (const [name, { positions, meaning, unknown }] of EVERY_SWITCH) {
    const section = page.split('\n### ').find((text) => text.startsWith(UNKNOWNS[unknown])) ?? '';
    const row = section.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';
    expect(row.split(' | ').map((cell) => cell.trim())).toEqual([
      `| \`${name}\``,
      positions.map((position) => `\`${position}\``).join(', '),
      expect.stringContaining(meaning),
    ]);
  }
});

test('the pages about emulator and probe name every option', () => {
  const documented = (page: string) =>
    new Set([...read(page).matchAll(/`(--[\w-]+)/g)].map(([, name]) => name));
  const helped = (help: string) => [...help.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, name]) => name);
  const [emulator, probe] = [documented('docs/emulator.md'), documented('docs/probe.md')];
  expect(helped(EMULATOR_HELP).filter((name) => !emulator.has(name))).toEqual([]);
  expect(helped(PROBE_HELP).filter((name) => name !== '--help' && !probe.has(name))).toEqual([]);
});

test('the seed that the page about the emulator shows is one', () => {
  const [, seed = ''] = /^```json\n([\s\S]*?)^```$/m.exec(read('docs/emulator.md')) ?? [];
  expect(worldOf(seed).workspaces[0]?.environments).toHaveLength(2);
});

test('the tables of troubleshooting name every failure reason and every finding', () => {
  const named = [...read('docs/troubleshooting.md').matchAll(/^\| (`.*?`) +\|/gm)].flatMap(([, cell = '']) =>
    cell.split(', ').map((code) => code.slice(1, -1)),
  );
  expect(named.toSorted()).toEqual([...FAILURE_REASONS, ...FINDING_CODES].toSorted());
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
