// The adapter to the runner: what it reads from the environment, and what it leaves in files and on the log.
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Failure } from '../../src/failure.ts';
import { parseJson } from '../../src/json.ts';
import { createRunner } from '../../src/github/actions-runner.ts';

const SECRET = 'a-secret-of-some-length';

let printed = '';
beforeEach(() => {
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});

const folder = (): string => mkdtempSync(join(tmpdir(), 'runner-'));

describe('the context', () => {
  test('names actor, commit and run', () => {
    const { context } = createRunner({
      GITHUB_ACTOR: 'octocat',
      GITHUB_SHA: 'abc',
      GITHUB_RUN_ID: '7',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_SERVER_URL: 'https://ghe.example.test',
      GITHUB_ACTION_REPOSITORY: 'o/action',
      GITHUB_ACTION_REF: 'v1',
    });
    expect(context).toEqual({
      actor: 'octocat',
      sha: 'abc',
      repository: 'o/r',
      runId: '7',
      runUrl: 'https://ghe.example.test/o/r/actions/runs/7',
      troubleshooting: 'https://ghe.example.test/o/action/blob/v1/docs/troubleshooting.md',
    });
  });

  test('says unknown where the runner says nothing', () => {
    expect(createRunner({}).context).toEqual({
      actor: 'unknown',
      sha: 'unknown',
      repository: 'unknown',
      runId: 'unknown',
      runUrl: 'unknown',
      troubleshooting: 'docs/troubleshooting.md',
    });
  });

  test('names the attempt of a run that was repeated, and github.com by default', () => {
    const environment = {
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: '7',
      GITHUB_ACTION_REPOSITORY: 'o/a',
      GITHUB_ACTION_REF: 'v1',
    };
    expect(createRunner({ ...environment, GITHUB_RUN_ATTEMPT: '2' }).context.runUrl).toBe(
      'https://github.com/o/r/actions/runs/7/attempts/2',
    );
    expect(createRunner({ ...environment, GITHUB_RUN_ATTEMPT: '1' }).context.runUrl).toBe(
      'https://github.com/o/r/actions/runs/7',
    );
    expect(createRunner(environment).context.troubleshooting).toBe(
      'https://github.com/o/a/blob/v1/docs/troubleshooting.md',
    );
  });
});

test('inputs are every INPUT_ variable, in lower case', () => {
  const given = createRunner({ 'INPUT_API-KEY': 'k', INPUT_MODE: undefined, PATH: '/bin' }).givenInputs();
  expect([...given]).toEqual([
    ['api-key', 'k'],
    ['mode', ''],
  ]);
});

describe('the log', () => {
  test('cannot be made to act by foreign text', () => {
    const runner = createRunner({});
    runner.info('flag\n::error::x\r\n  ::warning::y ##[error]z');
    runner.info('::set-output name=a::b');
    runner.debug('a\n::stop');
    runner.warning('w\n::error::x');
    expect(printed.split(/\r?\n/).filter((line) => line !== '')).toEqual([
      'flag',
      '| ::error::x',
      '|   ::warning::y ## [error]z',
      '| ::set-output name=a::b',
      '::debug::a',
      '::debug::| ::stop',
      '::warning::w%0A| ::error::x',
    ]);
  });

  test('a failure fails the step, and its link survives when the message is cut', () => {
    createRunner({}).fail('x'.repeat(10_000), 'See docs#reason');
    expect(process.exitCode).toBe(1);
    expect(printed.length).toBeLessThan(4096);
    expect(printed.trimEnd()).toMatch(/x… See docs#reason$/);
  });

  test('shows a secret nowhere but in the command that masks it', () => {
    const runner = createRunner({});
    runner.mask(SECRET);
    runner.info(`key ${SECRET}`);
    runner.fail(`key ${SECRET}`, 'See docs');
    expect(printed.replace(`::add-mask::${SECRET}`, '')).not.toContain(SECRET);
  });

  test('leaves ordinary words alone where a key is as short as one', () => {
    const runner = createRunner({});
    runner.mask('on');
    runner.info('on 100 %');
    expect(printed).toContain('on 100 %');
  });
});

describe('files', () => {
  test('the plan file is whole, private, and has no secret in it', async () => {
    const directory = folder();
    const runner = createRunner({ RUNNER_TEMP: directory });
    runner.mask(SECRET);
    const { path, replace } = runner.planFile();
    await replace([`{"a":"${SECRET}",`, '"slot"', '}']);
    expect(readFileSync(path, 'utf8')).toContain('***');
    await replace(['{"b":', '2', '}']);
    expect(readFileSync(path, 'utf8')).toBe('{"b":2}');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.part`)).toBe(false);
  });

  test('a slot of the plan file can be overwritten, wherever it is, and nothing else changes', async () => {
    const { path, replace, overwrite } = createRunner({ RUNNER_TEMP: folder() }).planFile();
    const pieces = Array.from({ length: 200 }, (_, at) => `\n"${'ä'.repeat(at)}",`);
    await replace(['[', ...pieces.flatMap((piece) => ['"old"', `,${piece}`]), '"old"', ']']);
    const [first, last] = [0, 200];
    await overwrite(
      new Map([
        [first, '"1st"'],
        [7, '"7th"'],
        [last, '"end"'],
      ]),
    );
    const read = parseJson(readFileSync(path, 'utf8'));
    expect(read).toEqual([
      ...pieces.flatMap((_, at) => [at === 0 ? '1st' : at === 7 ? '7th' : 'old', 'ä'.repeat(at)]),
      'end',
    ]);
    const content = readFileSync(path);
    for (let at = content.indexOf('"old"'); at >= 0; at = content.indexOf('"old"', at + 1)) {
      expect(Math.floor(at / 512)).toBe(Math.floor((at + 4) / 512));
    }
  });

  test('pieces of any size come out as they went in', async () => {
    const { path, replace } = createRunner({ RUNNER_TEMP: folder() }).planFile();
    const texts = [10, 300_000, 70_000, 262_130, 262_144, 5].map((size) => 'ü'.repeat(size / 2));
    await replace(['[', ...texts.flatMap((text) => ['"slot"', `,"${text}",`]), '0', ']']);
    expect(parseJson(readFileSync(path, 'utf8'))).toEqual([...texts.flatMap((text) => ['slot', text]), 0]);
  });

  test('a plan file that cannot be written is a failure that names RUNNER_TEMP', async () => {
    const file = createRunner({ RUNNER_TEMP: '/nonexistent' }).planFile();
    for (const writing of [file.replace(['{}']), file.overwrite(new Map([[0, '1']]))]) {
      await expect(writing).rejects.toThrow(Failure);
    }
    await expect(file.replace([])).rejects.toThrow(
      'Make RUNNER_TEMP a directory that this step may write to.',
    );
  });

  test('a file that the user names is read from the workspace, as UTF-8 or not at all', async () => {
    const directory = folder();
    const runner = createRunner({ GITHUB_WORKSPACE: directory });
    writeFileSync(join(directory, 'plan.json'), '{"a":"ü"}');
    writeFileSync(join(directory, 'latin.json'), Buffer.from([0x22, 0xfc, 0x22]));
    expect(await runner.readFile('plan.json')).toBe('{"a":"ü"}');
    expect(await runner.readFile(join(directory, 'plan.json'))).toBe('{"a":"ü"}');
    for (const path of ['latin.json', 'missing.json', '.']) {
      await expect(runner.readFile(path)).rejects.toThrow(`The plan file ${path} could not be read`);
    }
  });

  test('the summary is added to the step and kept beside the plan file', async () => {
    const directory = folder();
    const summary = join(directory, 'summary');
    writeFileSync(summary, 'before\n');
    const path = await createRunner({ RUNNER_TEMP: directory, GITHUB_STEP_SUMMARY: summary }).writeSummary(
      '# s',
    );
    expect(readFileSync(summary, 'utf8')).toBe('before\n# s\n');
    expect(readFileSync(path, 'utf8')).toBe('# s');
  });

  test('a summary that cannot be shown or kept is said in the log', async () => {
    const path = await createRunner({
      RUNNER_TEMP: '/nonexistent',
      GITHUB_STEP_SUMMARY: '/nonexistent/s',
    }).writeSummary('# s');
    expect(path).toBe('');
    expect(printed).toContain('There is no job summary here');
    expect(printed).toContain('The summary could not be kept in a file');
  });

  test('outputs go to the file of the step, redacted', () => {
    const output = join(folder(), 'output');
    writeFileSync(output, '');
    process.env['GITHUB_OUTPUT'] = output;
    const runner = createRunner({});
    runner.mask(SECRET);
    runner.setOutput('headline', `with ${SECRET}`);
    delete process.env['GITHUB_OUTPUT'];
    expect(readFileSync(output, 'utf8')).toMatch(/^headline<<(\S+)\nwith \*\*\*\n\1\n$/);
  });
});
