// Builds dist/, the one-file bundle that runners execute, and emulator/dist/, the emulator for `npx`, each with the
// licences of what is in it. `node scripts/build.mjs` writes them; `--check` rebuilds elsewhere and compares.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { zodWithoutEval } from './zod-without-eval.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAX_BYTES = 2_500_000;

export const SBOM = 'sbom.cdx.json';

/**
 * Esbuild also lists what it only looked at; that has no bytes in the output.
 * @type {import('esbuild').Plugin}
 */
const onlyWhatIsBundled = {
  name: 'only-what-is-bundled',
  setup(build) {
    build.onEnd(({ metafile }) => {
      for (const { inputs } of Object.values(metafile?.outputs ?? {})) {
        for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
          if (bytesInOutput === 0) delete inputs[path];
        }
      }
    });
  },
};

/** Validates what it writes. The same bundle gives the same file, so it has neither a time nor a random number in it. */
async function sbomWriter() {
  const { cyclonedxEsbuildPlugin } = await import('@cyclonedx/cyclonedx-esbuild');
  return cyclonedxEsbuildPlugin({
    outputFile: SBOM,
    specVersion: '1.6',
    outputReproducible: true,
    validate: true,
    logLevel: 'silent',
  });
}

/** @typedef {{ entry: string, options: import('esbuild').BuildOptions, undicis: number }} Program */

/** @type {Program} */
const ACTION = {
  entry: 'src/main.ts',
  options: {
    target: 'node24',
    alias: { undici: './scripts/undici-in-use.cjs' },
    plugins: [zodWithoutEval],
  },
  undicis: 1,
};

/** Node 20 has no lossless JSON of its own. @type {Program} */
const EMULATOR = {
  entry: 'emulator/main.ts',
  options: { target: 'node20', inject: ['core-js/actual/json/index.js'] },
  undicis: 0,
};

const DIST = 'dist';

/** What is committed, by folder. */
const COMMITTED = { [DIST]: ACTION, 'emulator/dist': EMULATOR };

/** @param {string} outdir @param {Program} program @param {boolean} sbom */
async function bundle(outdir, { entry, options }, sbom) {
  return build({
    ...options,
    absWorkingDir: ROOT,
    entryPoints: { index: entry },
    outdir,
    bundle: true,
    plugins: [...(options.plugins ?? []), onlyWhatIsBundled, ...(sbom ? [await sbomWriter()] : [])],
    platform: 'node',
    format: 'esm',
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // CommonJS packages (undici) ask for built-in modules through `require`, which ESM does not have.
    banner: {
      js: "import { createRequire as $require } from 'node:module';\nconst require = $require(import.meta.url);",
    },
  });
}

/**
 * Paths, relative to the repository, of the files whose code is in the bundle.
 * @param {import('esbuild').Metafile} metafile
 */
const bundledFiles = (metafile) =>
  Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));

/** Folders, relative to the repository, of the packages in the bundle. @param {import('esbuild').Metafile} metafile */
function bundledPackages(metafile) {
  const folders = bundledFiles(metafile)
    .map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].toSorted();
}

/** Packages that say their licence in package.json alone. */
const WITHOUT_LICENCE_FILE = ['abstract-logging'];

/** @param {string} folder */
function licenseOf(folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(ROOT, folder, 'package.json'), 'utf8'),
  );
  const title = `${name} ${version} (${license})`;
  const file = readdirSync(join(ROOT, folder)).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
  if (file === undefined && WITHOUT_LICENCE_FILE.includes(name)) {
    return `${title}\n\nBy ${author}. The package names its licence and has no text of it.\n`;
  }
  if (file === undefined) throw new Error(`${name} ${version} is bundled but has no licence file.`);
  const text = readFileSync(join(ROOT, folder, file), 'utf8')
    .replaceAll('\r\n', '\n')
    .trim();
  return `${title}\n\n${text}\n`;
}

/**
 * What must hold for every bundle; the figures are promised in the README.
 * @param {import('esbuild').Metafile} metafile @param {number} undicisWanted
 */
function problemsOf(metafile, undicisWanted) {
  const bytes = Object.values(metafile.outputs)[0]?.bytes ?? 0;
  const undicis = bundledPackages(metafile).filter((folder) => folder.endsWith('node_modules/undici'));
  const locales = bundledFiles(metafile).filter((path) => /\/zod\/.*\/locales\/(?!en\.)/.test(path));
  return [
    ...(bytes < MAX_BYTES ? [] : [`index.js has ${bytes} bytes, ${MAX_BYTES} at most are allowed.`]),
    ...(undicis.length === undicisWanted
      ? []
      : [`Of undici ${undicisWanted} must be bundled: ${undicis.join(', ') || 'none'}.`]),
    ...(locales.length === 0
      ? []
      : [`${locales.length} locales of zod are bundled: write import * as z from 'zod'.`]),
  ];
}

/** @type {typeof import('./build.mjs').buildInto} */
export async function buildInto({ outdir, program = ACTION, sbom = false }) {
  mkdirSync(outdir, { recursive: true });
  const { metafile } = await bundle(outdir, program, sbom);
  const rule = `\n${'-'.repeat(80)}\n\n`;
  const header = 'Licences of the packages that are part of index.js\n';
  writeFileSync(
    join(outdir, 'licenses.txt'),
    [header, ...bundledPackages(metafile).map(licenseOf)].join(rule),
  );
  const problems = problemsOf(metafile, program.undicis);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return Object.values(metafile.outputs)[0]?.bytes ?? 0;
}

/** Names of the files in which two folders differ. @param {string} left @param {string} right */
function differing(left, right) {
  /** @param {string} folder @returns {Map<string, Buffer>} */
  const filesOf = (folder) =>
    new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const [a, b] = [filesOf(left), filesOf(right)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => {
    const [one, other] = [a.get(name), b.get(name)];
    return one === undefined || other === undefined || !one.equals(other);
  });
}

/**
 * Throws where a committed folder is not what another holds, which was built just now; an SBOM does not count.
 * @param {string} fresh @param {string} folder @param {Program} program
 */
function requireFresh(fresh, folder, { entry }) {
  mkdirSync(join(ROOT, folder), { recursive: true });
  const stale = differing(join(ROOT, folder), fresh).filter((name) => name !== SBOM);
  if (stale.length === 0) return;
  throw new Error(
    `${folder}/ is not what ${dirname(entry)}/ builds: ${stale.join(', ')}. Run \`npm run build\` and commit ${folder}/.`,
  );
}

/** @type {typeof import('./build.mjs').requireFreshDist} */
export const requireFreshDist = (fresh) => requireFresh(fresh, DIST, ACTION);

/** @param {string} folder @param {Program} program */
async function check(folder, program) {
  const fresh = mkdtempSync(join(tmpdir(), 'dist-check-'));
  try {
    const bytes = await buildInto({ outdir: fresh, program });
    requireFresh(fresh, folder, program);
    console.log(`${folder}/ is fresh (${bytes} bytes).`);
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

/** @param {string} folder @param {Program} program */
async function write(folder, program) {
  const outdir = join(ROOT, folder);
  rmSync(outdir, { recursive: true, force: true });
  console.log(`${folder}/index.js: ${await buildInto({ outdir, program })} bytes.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const act = process.argv.includes('--check') ? check : write;
    for (const [folder, program] of Object.entries(COMMITTED)) await act(folder, program);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
