// `npm run preview -- FILE`: renders the Markdown of a job summary to a page under .demo/ and prints its path.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderSummary } from './render-summary.mjs';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Which file? npm run preview -- path/to/summary.md');
  process.exitCode = 2;
} else {
  const folder = fileURLToPath(new URL('../.demo', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const page = join(folder, `${basename(file, '.md')}.html`);
  writeFileSync(page, renderSummary(readFileSync(file, 'utf8')));
  console.log(page);
}
