// `npm run action`: the committed bundle, run on this machine from a file of inputs, with what a person gets to see.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { onStage, KEY, type Stage } from './stage.ts';

const ROOT = join(import.meta.dirname, '..', '..');

interface Ending {
  readonly exitCode: number;
  readonly shown: string;
  /** The job summary as a page; nothing where none was made. */
  readonly page: string;
}

/** Runs the command in a folder with these files; what the command itself made is removed. */
async function action(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Ending> {
  const folder = await mkdtemp(join(tmpdir(), 'local run '));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const [exitCode, shown] = await new Promise<readonly [number, string]>((resolve) => {
      execFile(
        process.execPath,
        [join(ROOT, 'scripts', 'action.mjs'), ...args],
        { cwd: folder },
        (error, stdout, stderr) => resolve([Number(error?.code ?? 0), stdout + stderr]),
      );
    });
    const file = /^ {2}(.*summary\.html)$/m.exec(shown)?.[1];
    const page = file === undefined ? '' : await readFile(file, 'utf8');
    if (file !== undefined) await rm(dirname(file), { recursive: true });
    return { exitCode, shown, page };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const example = async ({ emulator }: Stage): Promise<string> =>
  (await readFile(join(ROOT, '.env.example'), 'utf8')).replace('http://127.0.0.1:4400', emulator.origin);

test('the example, copied to .env, plans on the emulator, and shows log, outputs and summary', async () => {
  await onStage(async (stage) => {
    const { exitCode, shown, page } = await action({ '.env': await example(stage) });
    expect(exitCode).toBe(0);
    // Of several lines, each is a pattern.
    expect(shown).toContain('Planning client*, !clients_old from Production to Staging.');
    expect(shown).toContain('Exit code 0. Outputs:\n');
    expect(shown).toContain('\n  status: planned\n');
    const headline = /^ {2}headline: (.*)$/m.exec(shown)?.[1] ?? 'no headline';
    expect(page).toContain('<!doctype html>');
    expect(page).toContain(headline);
    expect(stage.writes()).toEqual([]);
  });
});

test('another file can be named, arguments win over it, and a failure ends red', async () => {
  await onStage(async (stage) => {
    const { exitCode, shown, page } = await action({ 'mine.env': await example(stage) }, [
      '--env',
      'mine.env',
      'flags=clients',
      'fail-on=changes',
    ]);
    expect(exitCode).toBe(1);
    expect(shown).toContain('Planning clients from Production to Staging.');
    expect(shown).toContain('\n  failure-reason: changes-found\n');
    expect(page).toContain('<!doctype html>');
  });
});

test('the key is not shown, though the Action tells the runner to mask it', async () => {
  await onStage(async (stage) => {
    const text = (await example(stage)).replace('any-key-of-the-emulator', KEY);
    const { exitCode, shown, page } = await action({ '.env': text });
    expect(exitCode).toBe(0);
    expect(shown).not.toContain('::add-mask::');
    expect(shown + page).not.toContain(KEY);
  });
});

test('what is no input is a variable of the environment, such as a proxy', async () => {
  await onStage(async (stage) => {
    const proxy = 'http_proxy=http://127.0.0.1:9\nno_proxy=\nINPUT_MAX-RETRIES=0\n';
    const { exitCode, shown } = await action({ '.env': `${await example(stage)}\n${proxy}` });
    expect(exitCode).toBe(1);
    expect(shown).toContain('\n  failure-reason: network\n');
    expect(stage.emulator.requests).toEqual([]);
  });
});

test('a plan file is found where the command is run', async () => {
  await onStage(async (stage) => {
    const { exitCode, shown } = await action({ '.env': await example(stage), 'plan.json': '{}' }, [
      'plan-file=plan.json',
      ...['mode=apply', 'flags=', 'source-environment=', 'target-environment='],
    ]);
    expect(exitCode).toBe(1);
    expect(shown).toContain('plan.json');
    expect(shown).not.toContain('ENOENT');
    expect(shown).toContain('\n  failure-reason: invalid-input\n');
  });
});

test.each([
  ['no input at all', [], 'Copy .env.example to .env'],
  ['a file that is not there', ['--env', 'no.env'], 'no.env cannot be read'],
  ['an argument without a name', ['clients'], 'clients is not of the form name=value'],
  ['an option that does not exist', ['--file', 'x'], "Unknown option '--file'"],
])('%s is refused in a sentence', async (_what, args, sentence) => {
  const { exitCode, shown, page } = await action({}, args);
  expect(exitCode).toBe(1);
  expect(shown).toContain(sentence);
  expect(shown).not.toContain('    at ');
  expect(page).toBe('');
});
