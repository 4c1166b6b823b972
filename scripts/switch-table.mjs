// Writes the table of switches in docs/emulator.md from the emulator's own list. `npm run docs` runs it.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { EVERY_SWITCH, UNKNOWNS } from '../emulator/switches.ts';

const PAGE = fileURLToPath(new URL('../docs/emulator.md', import.meta.url));
const BLOCK = /(<!-- begin switches -->)[\s\S]*?(<!-- end switches -->)/;

/** @param {string} unknown */
const rowsOf = (unknown) =>
  EVERY_SWITCH.filter(([, entry]) => entry.unknown === unknown).map(
    ([name, { positions, meaning }]) =>
      `| \`${name}\` | ${positions.map((position) => `\`${position}\``).join(', ')} | ${meaning} |`,
  );

/** @type {typeof import('./switch-table.mjs').withSwitches} */
export async function withSwitches(page) {
  const sections = Object.entries(UNKNOWNS).map(([unknown, question]) =>
    [
      `### ${question}`,
      '',
      '| switch | positions | meaning |',
      '| --- | --- | --- |',
      ...rowsOf(unknown),
    ].join('\n'),
  );
  const filled = page.replace(BLOCK, (_, begin, end) => [begin, ...sections, end].join('\n\n'));
  return format(filled, { ...(await resolveConfig(PAGE)), filepath: PAGE });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(PAGE, await withSwitches(readFileSync(PAGE, 'utf8')));
}
