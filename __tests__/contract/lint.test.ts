// The linter enforces who may call whom: each forbidden line, put where it must not be, is refused.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..');

/** `[where, what]`: imports that break a rule of the house. */
const FORBIDDEN_IMPORTS: readonly (readonly [string, string])[] = [
  ['src/json.ts', './failure.ts'],
  ['src/failure.ts', 'zod'],
  ['src/definition/a.ts', '../plan/a.ts'],
  ['src/definition/a.ts', '../definition/../plan/a.ts'],
  ['src/definition/a.ts', '../../src/plan/a.ts'],
  ['src/definition/a.ts', '../impact/a.ts'],
  ['src/definition/a.ts', '../inputs.ts'],
  ['src/definition/a.ts', 'node:fs'],
  ['src/definition/a.ts', 'undici'],
  ['src/definition/a.ts', '@actions/core'],
  ['src/impact/a.ts', '../plan/a.ts'],
  ['src/impact/a.ts', 'node:os'],
  ['src/plan/a.ts', '../report/a.ts'],
  ['src/plan/a.ts', '../execute/ports.ts'],
  ['src/plan/a.ts', '../admin-api/client.ts'],
  ['src/plan/a.ts', 'node:fs/promises'],
  ['src/plan/a.ts', 'fastify'],
  ['src/report/a.ts', '../execute/a.ts'],
  ['src/report/a.ts', '../github/a.ts'],
  ['src/report/a.ts', '../inputs.ts'],
  ['src/report/a.ts', '@actions/core'],
  ['src/execute/a.ts', '../promote.ts'],
  ['src/execute/a.ts', '../report/a.ts'],
  ['src/execute/a.ts', '../admin-api/client.ts'],
  ['src/execute/a.ts', '../github/runner.ts'],
  ['src/execute/a.ts', 'undici'],
  ['src/execute/a.ts', 'node:fs'],
  ['src/reading/a.ts', '../execute/execute.ts'],
  ['src/reading/a.ts', '../admin-api/client.ts'],
  ['src/reading/a.ts', '../report/summary.ts'],
  ['src/reading/a.ts', 'node:fs'],
  ['src/inputs.ts', './promote.ts'],
  ['src/inputs.ts', './execute/a.ts'],
  ['src/inputs.ts', '@actions/core'],
  ['src/promote.ts', './main.ts'],
  ['src/promote.ts', './admin-api/client.ts'],
  ['src/promote.ts', './github/actions-runner.ts'],
  ['src/promote.ts', '@actions/core'],
  ['src/promote.ts', 'node:fs'],
  ['src/main.ts', '@actions/core'],
  ['src/main.ts', 'undici'],
  ['src/main.ts', './report/a.ts'],
  ['src/main.ts', '../emulator/emulator.ts'],
  ['src/admin-api/client.ts', 'undici'],
  ['src/admin-api/client.ts', '../report/a.ts'],
  ['src/admin-api/client.ts', '../github/a.ts'],
  ['src/admin-api/client.ts', '../../emulator/world.ts'],
  ['src/admin-api/http.ts', '@actions/http-client'],
  ['src/github/a.ts', 'undici'],
  ['src/github/a.ts', '@actions/core'],
  ['src/github/a.ts', '@actions/github'],
  ['src/github/octokit-pull-request.ts', 'undici'],
  ['src/promote.ts', './github/octokit-pull-request.ts'],
  ['src/github/a.ts', '../plan/a.ts'],
  ['src/github/a.ts', '../../__tests__/a.ts'],
];

/** Every form an import can have is an import. */
const FORBIDDEN_FORMS: readonly Case[] = [
  `import type { a as a0 } from '../plan/a.ts';`,
  `export { a as a1 } from '../plan/a.ts';`,
  `export * from '../plan/a.ts';`,
  `export const a2 = import('../plan/a.ts');`,
].map((code) => ({ where: 'src/definition/a.ts', code, rule: 'no-restricted-imports' }));

const FORBIDDEN_CODE: readonly Case[] = [
  { where: 'src/plan/a.ts', code: `void Date.now();`, rule: 'no-restricted-properties' },
  { where: 'src/definition/a.ts', code: `void performance.now();`, rule: 'no-restricted-globals' },
  { where: 'src/report/a.ts', code: `void process.platform;`, rule: 'no-restricted-globals' },
  { where: 'src/report/a.ts', code: `void globalThis.fetch;`, rule: 'no-restricted-globals' },
  { where: 'src/impact/a.ts', code: `void Math.random();`, rule: 'no-restricted-properties' },
  { where: 'src/plan/a.ts', code: `void crypto.randomUUID();`, rule: 'no-restricted-globals' },
  { where: 'src/plan/a.ts', code: `setTimeout(() => undefined, 1);`, rule: 'no-restricted-globals' },
  { where: 'src/report/a.ts', code: `void fetch('https://example.com');`, rule: 'no-restricted-globals' },
  { where: 'src/inputs.ts', code: `void process.env;`, rule: 'no-restricted-globals' },
  { where: 'src/admin-api/client.ts', code: `void process.env['KEY'];`, rule: 'no-process-env' },
  { where: 'src/execute/a.ts', code: `void process.env['KEY'];`, rule: 'no-process-env' },
  { where: 'src/execute/a.ts', code: `console.log('a');`, rule: 'no-console' },
  { where: 'src/execute/a.ts', code: `Promise.reject(new Error('a'));`, rule: 'no-floating-promises' },
  {
    where: 'src/execute/a.ts',
    code: `[1].forEach(async () => Promise.resolve());`,
    rule: 'no-misused-promises',
  },
  { where: 'src/execute/a.ts', code: `export const b0: any = 1;`, rule: 'no-explicit-any' },
  {
    where: 'src/execute/a.ts',
    code: `export const b1: string = JSON.parse('1');`,
    rule: 'no-unsafe-assignment',
  },
  {
    where: 'src/execute/a.ts',
    code: `export const b2 = JSON.parse('1') as string;`,
    rule: 'no-unsafe-type-assertion',
  },
  { where: 'src/execute/a.ts', code: `export const b3 = (b: number) => b == 1;`, rule: 'eqeqeq' },
  {
    where: 'src/execute/a.ts',
    code: `export const b4 = (b: 'x' | 'y') => { switch (b) { case 'x': return 1; } return 2; };`,
    rule: 'switch-exhaustiveness-check',
  },
];

/** `[where, what]`: imports that must pass; else the rules would refuse everything. */
const ALLOWED: readonly (readonly [string, string])[] = [
  ['src/definition/a.ts', '../json.ts'],
  ['src/definition/a.ts', 'zod'],
  ['src/impact/a.ts', '../definition/a.ts'],
  ['src/plan/a.ts', './b.ts'],
  ['src/plan/a.ts', '../impact/a.ts'],
  ['src/plan/a.ts', 'node:crypto'],
  ['src/report/a.ts', '../plan/a.ts'],
  ['src/report/a.ts', 'diff'],
  ['src/execute/a.ts', './ports.ts'],
  ['src/execute/a.ts', '../plan/a.ts'],
  ['src/reading/a.ts', '../execute/ports.ts'],
  ['src/reading/a.ts', '../plan/a.ts'],
  ['src/promote.ts', './reading/a.ts'],
  ['src/promote.ts', './execute/a.ts'],
  ['src/promote.ts', './report/a.ts'],
  ['src/promote.ts', './inputs.ts'],
  ['src/promote.ts', './github/runner.ts'],
  ['src/main.ts', './promote.ts'],
  ['src/main.ts', './github/a.ts'],
  ['src/admin-api/client.ts', './http.ts'],
  ['src/admin-api/client.ts', '../execute/ports.ts'],
  ['src/admin-api/http.ts', 'undici'],
  ['src/promote.ts', './github/pull-request.ts'],
  ['src/github/actions-runner.ts', '@actions/core'],
  ['src/github/octokit-pull-request.ts', '@actions/github'],
  ['src/github/a.ts', 'node:fs/promises'],
  ['__tests__/a.test.ts', '../src/main.ts'],
];

/** One line that is put somewhere, and the rule that must refuse it there; none where it must pass. */
interface Case {
  readonly where: string;
  readonly code: string;
  readonly rule?: string;
}

const imported = ([where, what]: readonly [string, string], at: number, prefix: string): Case => ({
  where,
  code: `import { a as ${prefix}${at} } from '${what}';`,
});

const REFUSED: readonly Case[] = [
  ...FORBIDDEN_IMPORTS.map((pair, at) => ({
    ...imported(pair, at, 'refused'),
    rule: 'no-restricted-imports',
  })),
  ...FORBIDDEN_FORMS,
  ...FORBIDDEN_CODE,
];
const PASSED: readonly Case[] = [
  ...ALLOWED.map((pair, at) => imported(pair, at, 'allowed')),
  ...['src/main.ts', 'src/github/a.ts'].map((where) => ({ where, code: `void process.env['KEY'];` })),
  { where: '__tests__/a.test.ts', code: 'void Date.now();' },
];

/** All lines of one place are one file; a case is found again by its line. */
const FILES: ReadonlyMap<string, readonly string[]> = [...REFUSED, ...PASSED].reduce(
  (files, { where, code }) => files.set(where, [...(files.get(where) ?? []), code]),
  new Map<string, readonly string[]>(),
);

interface Diagnostic {
  readonly code: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

let directory: string;
let diagnostics: readonly Diagnostic[];

/** The rules that a case breaks, such as `eslint(no-console)`. */
const brokenBy = ({ where, code }: Case): readonly string[] => {
  const line = (FILES.get(where) ?? []).indexOf(code) + 1;
  return diagnostics
    .filter(
      ({ filename, labels }) => filename.replaceAll('\\', '/') === where && labels[0]?.span.line === line,
    )
    .map((diagnostic) => diagnostic.code);
};

/** Runs the linter, which ends red when it has found something, and returns what it printed. */
const lint = async (): Promise<string> =>
  new Promise((resolve, reject) => {
    const bin = join(ROOT, 'node_modules', 'oxlint', 'bin', 'oxlint');
    execFile(
      process.execPath,
      [bin, '--format=json', 'src', '__tests__'],
      { cwd: directory, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error !== null && error.code !== 1) reject(new Error(stderr, { cause: error }));
        else resolve(stdout);
      },
    );
  });

const put = async (where: string, text: string): Promise<void> => {
  await mkdir(dirname(join(directory, where)), { recursive: true });
  await writeFile(join(directory, where), text);
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lint-'));
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'), 'junction');
  await copyFile(join(ROOT, '.oxlintrc.json'), join(directory, '.oxlintrc.json'));
  await copyFile(join(ROOT, 'tsconfig.json'), join(directory, 'tsconfig.json'));
  await Promise.all([...FILES].map(async ([where, lines]) => put(where, `${lines.join('\n')}\n`)));
  await put('src/execute/long.ts', '// a line\n'.repeat(251));
  ({ diagnostics } = JSON.parse(await lint()) as { diagnostics: readonly Diagnostic[] });
}, 60_000);

afterAll(async () => rm(directory, { recursive: true, force: true }));

describe('what its place does not allow is refused', () => {
  test.each(REFUSED)('$where: $code', (refused) => {
    expect(brokenBy(refused).join(' ')).toContain(`(${refused.rule})`);
  });

  test('a file of more than 250 lines', () => {
    const long = diagnostics.filter(({ filename }) => filename.endsWith('long.ts'));
    expect(long.map(({ code }) => code)).toContain('eslint(max-lines)');
  });
});

describe('what its place allows passes', () => {
  test.each(PASSED)('$where: $code', (passed) => {
    expect(brokenBy(passed).filter((code) => /restricted|process-env/.test(code))).toEqual([]);
  });
});

test('no pure room asks what time it is, which no rule of the linter can say', async () => {
  const rooms = ['definition', 'impact', 'plan', 'report'];
  const files = (await readdir(join(ROOT, 'src'), { recursive: true })).filter(
    (file) => rooms.includes(file.split(/[\\/]/)[0] ?? '') && file.endsWith('.ts'),
  );
  const texts = await Promise.all(files.map(async (file) => readFile(join(ROOT, 'src', file), 'utf8')));
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((_, at) => /\bDate\(\s*\)|new Date\b(?!\()/.test(texts[at] ?? ''))).toEqual([]);
});
