// What is done for a release before anybody approves it: checks, a build from scratch, and the files that go with it.
// `node scripts/release.mjs v1.2.3` for a tag; `npm run release:dry-run` at any time. Both write .release/ and nothing else.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildInto, requireFreshDist, SBOM } from './build.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, '.release');
const REPOSITORY = 'promote-split-flags/promote-split-flags';

/** @param {string} path */
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** @param {string[]} args */
const git = (args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trimEnd();

/** @type {typeof import('./release.mjs').sectionOf} */
export function sectionOf(changelog, heading) {
  const sections = changelog.replaceAll('\r\n', '\n').split(/^## /m).slice(1);
  const section = sections.find(
    (text) => (text.split(/\s/, 1)[0] ?? '').replaceAll(/[[\]]/g, '') === heading,
  );
  return section?.split('\n').slice(1).join('\n').trim() || undefined;
}

/** @type {typeof import('./release.mjs').problemsOf} */
export function problemsOf({ tag, packageVersion, sourceVersion, changelog, uncommitted }) {
  const wanted = `v${packageVersion}`;
  const section = sectionOf(changelog, packageVersion);
  return {
    problems: [
      ...(/^v(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/.test(tag)
        ? []
        : [`The tag ${tag} is not of the form v1.2.3.`]),
      ...(tag === wanted ? [] : [`The tag is ${tag}, but the version in package.json makes it ${wanted}.`]),
      ...(sourceVersion === packageVersion
        ? []
        : [`src/version.ts says ${sourceVersion}, package.json says ${packageVersion}.`]),
    ],
    pending: [
      ...(section === undefined
        ? [`CHANGELOG.md has no section "## ${packageVersion}", or nothing in it.`]
        : []),
      ...(uncommitted === '' ? [] : [`The checkout is not clean:\n${uncommitted}`]),
    ],
  };
}

/** @type {typeof import('./release.mjs').withWholeLinks} */
export function withWholeLinks(notes, tag) {
  const { GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY: repository = REPOSITORY } =
    process.env;
  return notes.replaceAll(/\]\((?![a-z]+:|#)/g, `](${server}/${repository}/blob/${tag}/`);
}

/** The packages in an SBOM. */
const packagesIn = () => JSON.parse(readFileSync(join(FOLDER, SBOM), 'utf8')).components.length;

/** @param {string} tag @param {boolean} isDry */
async function prepare(tag, isDry) {
  const { version } = JSON.parse(read('package.json'));
  const changelog = read('CHANGELOG.md');
  const { problems, pending } = problemsOf({
    tag,
    packageVersion: version,
    sourceVersion: /VERSION = '(.*)'/.exec(read('src/version.ts'))?.[1] ?? 'nothing',
    changelog,
    uncommitted: git(['status', '--porcelain']),
  });
  const stopping = isDry ? problems : [...problems, ...pending];
  if (stopping.length > 0) throw new Error(stopping.join('\n'));

  const notes = sectionOf(changelog, version) ?? sectionOf(changelog, 'Unreleased') ?? '';
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  const bytes = await buildInto({ outdir: FOLDER, sbom: true });
  requireFreshDist(FOLDER);
  writeFileSync(join(FOLDER, 'notes.md'), `${withWholeLinks(notes, tag)}\n`);

  console.log(`Release ${tag} of commit ${git(['rev-parse', 'HEAD'])}, in ${FOLDER}:`);
  console.log(`  index.js       ${bytes} bytes, what is committed as dist/index.js`);
  console.log(`  ${SBOM}  CycloneDX 1.6, valid; ${packagesIn()} packages, those in index.js`);
  console.log('  licenses.txt   their licences, what is committed as dist/licenses.txt');
  console.log(`  notes.md       ${notes.split('\n').length} lines of CHANGELOG.md`);
  if (!isDry) return;
  for (const problem of pending) console.log(`\nWould stop the release now: ${problem}`);
  console.log(
    `\nNothing was tagged, signed or published. Pushing the tag ${tag} would, once it is approved:`,
  );
  console.log('  attest index.js: where it was built, from which commit, and what is in it');
  console.log(`  publish the release ${tag} with index.js, ${SBOM} and licenses.txt`);
  console.log(`  move the tag ${tag.split('.')[0]} to this commit, unless that of a newer version is there`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [given = ''] = process.argv.slice(2);
  const isDry = given === '--dry-run';
  try {
    await prepare(isDry ? `v${JSON.parse(read('package.json')).version}` : given, isDry);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
