// `npm run docs`: writes README's tables of inputs and outputs from action.yml, between markers that name a list:
//   <!-- begin inputs: api-key flags … -->   <!-- end inputs -->      likewise `outputs`; without a list: all.
// `--check` writes nothing and fails where the README is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';

const README = fileURLToPath(new URL('../README.md', import.meta.url));
const ACTION = fileURLToPath(new URL('../action.yml', import.meta.url));
const BLOCK = /(<!-- begin (inputs|outputs)(?:: *([^>]*?))? *-->)[\s\S]*?(<!-- end \2 -->)/g;

/** @typedef {{ description: string, default?: string, required?: boolean }} Entry */
/** @typedef {Record<'inputs' | 'outputs', Record<string, Entry>>} Action */

/** @param {string} text */
const cell = (text) =>
  text
    .trim()
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ');

/** @param {Entry} entry */
const defaultOf = ({ required, default: value }) => {
  if (required === true) return 'required';
  return value === undefined || value === '' ? '' : `\`${cell(value)}\``;
};

/** @type {Record<'inputs' | 'outputs', { head: string, row: (name: string, entry: Entry) => string }>} */
const TABLES = {
  inputs: {
    head: '| input | default | meaning |\n| --- | --- | --- |',
    row: (name, entry) => `| \`${name}\` | ${defaultOf(entry)} | ${cell(entry.description)} |`,
  },
  outputs: {
    head: '| output | value |\n| --- | --- |',
    row: (name, { description }) => `| \`${name}\` | ${cell(description)} |`,
  },
};

/** Every input and output stands in exactly one table. @param {Action} action @param {Map<'inputs' | 'outputs', string[]>} listed */
function requireAll(action, listed) {
  const problems = [...listed].flatMap(([kind, names]) => [
    ...names.filter((name) => !(name in action[kind])).map((name) => `${name} is not among the ${kind}`),
    ...names
      .filter((name, at) => names.indexOf(name) !== at)
      .map((name) => `${name} is twice among the ${kind}`),
    ...Object.keys(action[kind])
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is missing among the ${kind}`),
  ]);
  if (problems.length > 0) throw new Error(`README.md against action.yml: ${problems.join('; ')}.`);
}

/**
 * The README with its tables as action.yml has them now. Throws where an input or output is in no table, in
 * two, or unknown.
 * @param {{ readme: string, action: string }} texts
 * @returns {Promise<string>}
 */
export async function withTables({ readme, action: source }) {
  /** @type {Action} */
  const action = parse(source);
  /** @type {Map<'inputs' | 'outputs', string[]>} */
  const listed = new Map([
    ['inputs', []],
    ['outputs', []],
  ]);
  const filled = readme.replaceAll(
    BLOCK,
    (_, begin, /** @type {'inputs' | 'outputs'} */ kind, list = '', end) => {
      const names = list === '' ? Object.keys(action[kind]) : list.trim().split(/[\s,]+/);
      listed.get(kind)?.push(...names);
      const { head, row } = TABLES[kind];
      const rows = names.map((/** @type {string} */ name) =>
        row(name, action[kind][name] ?? { description: '' }),
      );
      return [begin, '', head, ...rows, '', end].join('\n');
    },
  );
  requireAll(action, listed);
  return format(filled, { ...(await resolveConfig(README)), filepath: README });
}

async function main() {
  const readme = readFileSync(README, 'utf8');
  const fresh = await withTables({ readme, action: readFileSync(ACTION, 'utf8') });
  if (fresh === readme) return;
  if (process.argv.includes('--check')) throw new Error('README.md is stale. Run `npm run docs`.');
  writeFileSync(README, fresh);
  console.log('README.md: tables of inputs and outputs renewed.');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
