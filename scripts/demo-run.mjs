// The demo itself: flag `clients` of workspace `Default`, promoted from Production to Staging on a local Admin
// API by the committed bundle, first planned, then applied. Runs on Node 24, which reads the emulator's TypeScript.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startEmulator } from '../emulator/emulator.ts';
import { seededWorld } from '../emulator/seed.ts';
import { npm } from './npm.mjs';
import { runAction, shownOf } from './run-action.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, '.demo', 'clients');
const PICTURE = join(ROOT, 'docs', 'summary.png');

const INPUTS = {
  'api-key': 'demo-key-that-is-no-secret',
  flags: 'clients',
  workspace: 'Default',
  'source-environment': 'Production',
  'target-environment': 'Staging',
};

/** @param {import('./run-action.mjs').ActionRun} run @param {number} requests */
const story = ({ stdout, stderr, exitCode, milliseconds, outputs }, requests) =>
  [
    shownOf(stdout) + stderr,
    `Exit code ${exitCode}, ${Math.round(milliseconds)} ms, ${requests} requests. Outputs:`,
    ...Object.entries(outputs).map(([name, value]) => `  ${name}: ${value}`),
    '',
  ].join('\n');

/** @type {typeof import('./demo-run.mjs').demonstrate} */
export async function demonstrate({ folder, modes, say = () => undefined }) {
  const { renderSummary } = await import('./render-summary.mjs');
  const emulator = await startEmulator({ world: seededWorld() });
  const steps = [];
  try {
    say(`\nAn emulated Admin API answers at ${emulator.apiUrl}.`);
    for (const mode of modes) {
      say(`\n── mode: ${mode} ${'─'.repeat(60)}`);
      const inputs = { ...INPUTS, mode, 'api-url': emulator.apiUrl };
      const run = await runAction(inputs, { cwd: ROOT, parent: folder });
      say(story(run, emulator.requests.length));
      emulator.forget();
      const page = join(folder, `${mode}.html`);
      writeFileSync(join(folder, `${mode}.md`), run.summary);
      writeFileSync(page, renderSummary(run.summary));
      steps.push({ mode, run, page });
    }
  } finally {
    await emulator.close();
  }
  return steps;
}

/** Style sheets of the fonts for the picture; what the machine has would make it look different everywhere. */
function fontSheets() {
  const tools = join(ROOT, 'tools', 'fonts');
  const fonts = join(tools, 'node_modules', '@fontsource');
  if (!existsSync(fonts)) npm(['ci'], { cwd: tools });
  return ['noto-sans/400.css', 'noto-sans/600.css', 'noto-sans-mono/400.css', 'noto-emoji/700.css'].map(
    (sheet) => pathToFileURL(join(fonts, sheet)).href,
  );
}

const FONTS = `
.markdown-body { font-family: 'Noto Sans', 'Noto Emoji', sans-serif; }
.markdown-body :is(code, pre) { font-family: 'Noto Sans Mono', monospace; }`;

/** Renews the README's picture of the summary. @param {string} page */
async function takePicture(page) {
  const { openBrowser } = await import('./browser.mjs');
  const sheets = fontSheets();
  const browser = await openBrowser();
  try {
    const tab = await browser.newPage({
      viewport: { width: 1012, height: 600 },
      deviceScaleFactor: 2,
      colorScheme: 'light',
    });
    await tab.goto(pathToFileURL(page).href);
    for (const url of sheets) await tab.addStyleTag({ url });
    await tab.addStyleTag({ content: FONTS });
    // All of them at once: a fallback is asked for only when the font before it has come.
    await tab.evaluate('Promise.all(Array.from(document.fonts, (font) => font.load())).then(() => 0)');
    mkdirSync(join(ROOT, 'docs'), { recursive: true });
    await tab.locator('article').screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}

/** @param {readonly string[]} args */
async function main(args) {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const pages = await demonstrate({ folder: FOLDER, modes: ['plan', 'apply'], say: console.log });
  console.log('The job summaries, as GitHub would show them (open in a browser):');
  for (const { mode, page } of pages) console.log(`  ${mode.padEnd(5)}  ${page}`);
  const last = pages.at(-1);
  if (args.includes('--screenshot') && last !== undefined) {
    await takePicture(last.page);
    console.log(`Renewed ${relative(ROOT, PICTURE)}.`);
  }
  if (pages.some(({ run }) => run.exitCode !== 0)) process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
