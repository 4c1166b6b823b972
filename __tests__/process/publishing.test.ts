// The scripts of release.yml and dependabot-dist.yml that may write to the repository, run with a stand-in for GitHub's
// command-line tool that notes what it is told.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { own, type Step } from '../contract/workflow.ts';
import { playScript } from './play-workflow.ts';

/** Its scripts are written for GitHub's Linux runners, with the tools that are there. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;

/** Notes its arguments, one call a line. `$FAIL` is a pattern of calls that fail; `$ANSWER` is what it prints. */
const GH = `#!/usr/bin/env bash
printf '%s\\n' "\${*//$'\\n'/ }" >> "$CALLS"
if [ -n "$FAIL" ] && [[ "$*" =~ $FAIL ]]; then exit 1; fi
if [ "$1 $2" = 'run download' ]; then cp --recursive "$ARTIFACT" "\${@: -1}"; fi
if [ "$1 $2" = 'api --paginate' ]; then printf '%s\\n' "$ANSWER"; fi
`;

type Texts = Readonly<Record<string, string>>;

/** The calls a script made; `failed` where it ended red. */
function callsOf(
  step: Step | undefined,
  env: Texts,
): { readonly calls: readonly string[]; readonly failed: boolean } {
  const folder = mkdtempSync(join(tmpdir(), 'gh-'));
  const [gh, calls] = [join(folder, 'gh'), join(folder, 'calls')];
  writeFileSync(gh, GH);
  chmodSync(gh, 0o755);
  writeFileSync(calls, '');
  let failed = false;
  try {
    playScript(step, {
      known: {
        'github.token': 'token',
        'github.repository': 'octo-org/promote',
        'github.event.pull_request.head.ref': 'dependabot/npm_and_yarn/bundled-1',
        'github.event.pull_request.head.sha': 'abc123',
      },
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, CALLS: calls, FAIL: '', ...env },
    });
  } catch {
    failed = true;
  }
  return { calls: readFileSync(calls, 'utf8').trimEnd().split('\n'), failed };
}

onLinux('the tag of the major version', () => {
  const step = own('release.yml').jobs['publish']?.steps?.at(-1);
  const move = (tag: string, tags: readonly string[], fail = '') =>
    callsOf(step, {
      GITHUB_REF_NAME: tag,
      GITHUB_SHA: 'abc123',
      ANSWER: tags.map((each) => `refs/tags/${each}`).join('\n'),
      FAIL: fail,
    });

  test('moves to the newest version, by number and not by letter', () => {
    const { calls, failed } = move('v1.10.0', ['v1.2.0', 'v1.10.0', 'v1.9.9', 'v1.99.0-rc.1']);
    expect(failed).toBe(false);
    expect(calls.at(-1)).toBe(
      'api --method PATCH repos/{owner}/{repo}/git/refs/tags/v1 --raw-field sha=abc123 --field force=true --silent',
    );
  });

  test('stays where it is after a fix to an older version', () => {
    const { calls, failed } = move('v1.9.10', ['v1.9.9', 'v1.9.10', 'v1.10.0']);
    expect(failed).toBe(false);
    expect(calls).toHaveLength(1);
  });

  test('is made for the first version', () => {
    const { calls, failed } = move('v2.0.0', ['v2.0.0'], 'git/ref/tags');
    expect(failed).toBe(false);
    expect(calls.at(-1)).toBe(
      'api --method POST repos/{owner}/{repo}/git/refs --raw-field ref=refs/tags/v2 --raw-field sha=abc123 --silent',
    );
  });

  test('is not touched where the tags cannot be read', () => {
    const { calls, failed } = move('v1.0.0', ['v1.0.0'], 'matching-refs');
    expect(failed).toBe(true);
    expect(calls).toHaveLength(1);
  });
});

onLinux('the release', () => {
  const step = own('release.yml').jobs['publish']?.steps?.find(({ name }) => name === 'Publish the release');

  test('is published once all its files are there', () => {
    const { calls, failed } = callsOf(step, { GITHUB_REF_NAME: 'v1.2.3' });
    expect(failed).toBe(false);
    expect(calls).toEqual([
      'release create v1.2.3 --verify-tag --draft --title v1.2.3 --notes-file release/notes.md ' +
        'release/index.js release/sbom.cdx.json release/licenses.txt',
      'release edit v1.2.3 --draft=false',
    ]);
  });

  test('is not published where a file could not be added, or where there is one already', () => {
    const { calls, failed } = callsOf(step, { GITHUB_REF_NAME: 'v1.2.3', FAIL: 'release create' });
    expect(failed).toBe(true);
    expect(calls).toHaveLength(1);
  });
});

onLinux('the rebuilt dist/ of a pull request', () => {
  const step = own('dependabot-dist.yml').jobs['commit']?.steps?.at(-1);

  /** Runs the script on what the other job is said to have built. */
  function commit(build: (folder: string) => void, fail = '') {
    const artifact = mkdtempSync(join(tmpdir(), 'artifact-'));
    build(artifact);
    return callsOf(step, { ARTIFACT: artifact, GITHUB_RUN_ID: '42', FAIL: fail });
  }
  const dist = (folder: string): void => {
    writeFileSync(join(folder, 'index.js'), 'bundle');
    writeFileSync(join(folder, 'licenses.txt'), 'licences');
  };

  test('becomes one commit on the very commit it was built from, and CI is started for it', () => {
    const { calls, failed } = commit(dist);
    expect(failed).toBe(false);
    expect(calls.map((call) => call.split(' ').slice(0, 2).join(' '))).toEqual([
      'run download',
      'api graphql',
      'workflow run',
    ]);
    expect(calls[1]).toContain('branch=dependabot/npm_and_yarn/bundled-1 --raw-field head=abc123 ');
    expect(calls[1]).toMatch(/expectedHeadOid: \$head/);
    expect(calls[1]?.match(/path: "[^"]+"/g)).toEqual(['path: "dist/index.js"', 'path: "dist/licenses.txt"']);
    expect(calls[2]).toBe('workflow run ci.yml --ref dependabot/npm_and_yarn/bundled-1');
  });

  test.each([
    ['a further file', (folder: string) => writeFileSync(join(folder, 'more.js'), '')],
    ['a folder', (folder: string) => mkdirSync(join(folder, '.github'))],
    ['a file too large', (folder: string) => writeFileSync(join(folder, 'index.js'), 'x'.repeat(5_200_000))],
  ])('is refused with %s', (_what, add) => {
    const { calls, failed } = commit((folder) => {
      dist(folder);
      add(folder);
    });
    expect(failed).toBe(true);
    expect(calls).toEqual([expect.stringMatching(/^run download 42 --name dist/)]);
  });

  test('is refused where a file is a link to another, or missing', () => {
    for (const build of [
      (folder: string) => {
        writeFileSync(join(folder, 'licenses.txt'), '');
        symlinkSync('/etc/passwd', join(folder, 'index.js'));
      },
      (folder: string) => writeFileSync(join(folder, 'index.js'), ''),
    ]) {
      const { calls, failed } = commit(build);
      expect(failed).toBe(true);
      expect(calls).toHaveLength(1);
    }
  });

  test('starts no CI where the branch has moved on', () => {
    const { calls, failed } = commit(dist, 'api graphql');
    expect(failed).toBe(true);
    expect(calls).toHaveLength(2);
  });
});
