// `npm run lint:prose -- FILE…`: markdownlint over prose; by default over all that readers of this repository get.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lint } from 'markdownlint/sync';

const ROOT = new URL('..', import.meta.url);

/** Markdown in a folder of this repository, with all below it. @param {string} folder */
const below = (folder) =>
  !existsSync(new URL(folder, ROOT))
    ? []
    : readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .map((file) => `${folder}/${file.replaceAll('\\', '/')}`);

/** @type {typeof import('./lint-prose.mjs').DOCUMENTS} */
export const DOCUMENTS = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...['docs', '.github'].flatMap(below),
];

/** The rules about structure, headings, links and names. Prettier sees to the look, and leaves lines as they are wrapped. */
const CONFIG = {
  'line-length': false,
  'proper-names': {
    code_blocks: false,
    html_elements: false,
    names: ['GitHub', 'github.com', 'github.blog', 'Harness', 'JavaScript', 'Markdown', 'Node', 'TypeScript'],
  },
};

/** @param {string[]} given */
function main(given) {
  const files = given.length === 0 ? DOCUMENTS.map((file) => fileURLToPath(new URL(file, ROOT))) : given;
  const strings = Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const found = Object.entries(lint({ strings, config: CONFIG })).flatMap(([file, errors]) =>
    errors.map(
      ({ lineNumber, ruleNames, ruleDescription, errorDetail }) =>
        `${file}:${lineNumber}: ${ruleDescription}${errorDetail ? ` (${errorDetail})` : ''} [${ruleNames.at(-1)}]`,
    ),
  );
  for (const line of found) console.log(line);
  console.log(`${files.length} documents, ${found.length} problems`);
  process.exitCode = found.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
