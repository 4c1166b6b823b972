// What is prepared for a release: what stops it, and the files that go with it.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { requireFreshDist } from '../../scripts/build.mjs';
import { problemsOf, sectionOf, withWholeLinks, type ReleaseState } from '../../scripts/release.mjs';
import { VERSION } from '../../src/version.ts';
import { read } from './workflow.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const READY: ReleaseState = {
  tag: 'v1.2.3',
  packageVersion: '1.2.3',
  sourceVersion: '1.2.3',
  changelog:
    '# Changelog\n\n## Unreleased\n\n## 1.2.3 (2026-12-01)\n\n- One.\n- Two.\n\n## 1.2.2\n\n- Old.\n',
  uncommitted: '',
};

describe('a release', () => {
  test('is not stopped where everything fits', () => {
    expect(problemsOf(READY)).toEqual({ problems: [], pending: [] });
  });

  test.each([
    [
      'another version in package.json',
      { packageVersion: '1.2.4', sourceVersion: '1.2.4' },
      'makes it v1.2.4',
    ],
    ['another version in the code', { sourceVersion: '1.2.2' }, 'src/version.ts says 1.2.2'],
    ['a tag without v', { tag: '1.2.3' }, 'The tag 1.2.3 is not of the form'],
    ['a moving tag', { tag: 'v1' }, 'The tag v1 is not of the form'],
    ['a tag with a suffix', { tag: 'v1.2.3-rc.1' }, 'not of the form'],
  ])('is stopped by %s, a dry run too', (_what, change, problem) => {
    const { problems } = problemsOf({ ...READY, ...change });
    expect(problems.join('\n')).toContain(problem);
  });

  test.each([
    ['a changelog without the version', { changelog: '# Changelog\n\n## Unreleased\n\n- New.\n' }],
    ['a section with nothing in it', { changelog: '## 1.2.3\n\n## 1.2.2\n\n- Old.\n' }],
    ['the section of a longer version', { changelog: '## 1.2.30\n\n- Other.\n' }],
    ['a file that is not committed', { uncommitted: '?? dist/extra.js' }],
  ])('is stopped by %s, though a dry run goes on', (_what, change) => {
    const { problems, pending } = problemsOf({ ...READY, ...change });
    expect(problems).toEqual([]);
    expect(pending).toHaveLength(1);
  });

  test('has the section of its version as its notes, and no other', () => {
    expect(sectionOf(READY.changelog, '1.2.3')).toBe('- One.\n- Two.');
    expect(sectionOf(READY.changelog.replaceAll('\n', '\r\n'), '1.2.2')).toBe('- Old.');
  });
});

test('a tag for another version is refused, whatever the checkout is like', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/release.mjs', 'v987.6.5'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain(`The tag is v987.6.5, but the version in package.json makes it v${VERSION}.`);
});

test('notes link to files at the tag, and leave other links alone', () => {
  const notes =
    '[many](docs/many.md), [here](#here), [there](https://example.com/x), [workflow](.github/w.yml)';
  expect(withWholeLinks(notes, 'v1.2.3').replaceAll(/https:\/\/[^)]*\/blob\//g, 'BLOB/')).toBe(
    '[many](BLOB/v1.2.3/docs/many.md), [here](#here), [there](https://example.com/x), ' +
      '[workflow](BLOB/v1.2.3/.github/w.yml)',
  );
});

describe('a fresh build', () => {
  const differingIn = (change: (folder: string) => void) => {
    const folder = mkdtempSync(join(tmpdir(), 'fresh-'));
    cpSync(join(ROOT, 'dist'), folder, { recursive: true });
    change(folder);
    try {
      requireFreshDist(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('is what is committed, beside its SBOM', () => {
    expect(() => differingIn((folder) => writeFileSync(join(folder, 'sbom.cdx.json'), '{}'))).not.toThrow();
  });

  test.each([
    ['index.js', (folder: string) => appendFileSync(join(folder, 'index.js'), ' ')],
    ['licenses.txt', (folder: string) => rmSync(join(folder, 'licenses.txt'))],
    ['more.js', (folder: string) => writeFileSync(join(folder, 'more.js'), '')],
  ])('stops where %s differs from it, with the command that helps', (file, change) => {
    expect(() => differingIn(change)).toThrow(
      `dist/ is not what src/ builds: ${file}. Run \`npm run build\``,
    );
  });
});

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly scope: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
}

describe('the dry run', () => {
  let told: string;
  let components: readonly Component[];
  const file = (name: string): string => readFileSync(join(ROOT, '.release', name), 'utf8');

  beforeAll(() => {
    told = execFileSync(process.execPath, ['scripts/release.mjs', '--dry-run'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    ({ components } = JSON.parse(file('sbom.cdx.json')) as { readonly components: readonly Component[] });
  });

  test('makes the files of the release, the bundle as it is committed', () => {
    expect(file('index.js')).toBe(read('dist/index.js'));
    expect(file('licenses.txt')).toBe(read('dist/licenses.txt'));
    expect(file('notes.md').trim()).not.toBe('');
  });

  test('says what it did not do', () => {
    expect(told).toContain('Nothing was tagged, signed or published.');
    expect(told).toContain(`publish the release v${VERSION} with index.js, sbom.cdx.json and licenses.txt`);
    expect(told).toContain(`move the tag v${VERSION.split('.')[0]} to this commit`);
  });

  const named = ({ group, name }: Component): string => (group === undefined ? name : `${group}/${name}`);

  test('lists in the SBOM every package whose code is in the bundle, and nothing else', () => {
    // Esbuild writes the path of each file above its code.
    const bundled = [...read('dist/index.js').matchAll(/^ *\/\/ node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)];
    expect(components.map(named).toSorted()).toEqual(
      [...new Set(bundled.map(([, name = '']) => name))].toSorted(),
    );
    expect(components.length).toBeGreaterThan(5);
    expect(components.map(({ scope }) => scope)).toEqual(components.map(() => 'required'));
  });

  test('gives for each the installed version, a package URL and the licence that licenses.txt prints', () => {
    for (const component of components) {
      const { version, purl, licenses } = component;
      expect(JSON.parse(read(`node_modules/${named(component)}/package.json`))).toMatchObject({ version });
      expect(purl.split('?')[0]).toBe(`pkg:npm/${named(component).replace('@', '%40')}@${version}`);
      const ids = licenses.map(({ license }) => license.id).join(' ');
      expect(read('dist/licenses.txt')).toContain(`\n${named(component)} ${version} (${ids})\n`);
    }
  });

  test('describes this Action, at its version, and holds nothing that differs from build to build', () => {
    const sbom = JSON.parse(file('sbom.cdx.json')) as Readonly<Record<string, unknown>>;
    expect(sbom).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { type: 'application', name: 'promote-split-flags', version: VERSION } },
    });
    expect(sbom).not.toHaveProperty('serialNumber');
    expect(sbom).not.toHaveProperty('metadata.timestamp');
  });
});
