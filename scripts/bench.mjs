// `npm run bench`: prints figures and gates nothing: times depend on the machine, the tests hold counts and bytes.
// `npm run bench -- many start` runs only some of it.
import { largeDefinition } from './bench/large-definition.mjs';
import { manyFlags } from './bench/many-flags.mjs';
import { oneFlag } from './bench/one-flag.mjs';
import { inFolder } from './bench/run.mjs';
import { startUp } from './bench/start-up.mjs';

/** @type {Record<string, (folder: string) => Promise<void>>} */
const PARTS = { start: startUp, one: oneFlag, large: largeDefinition, many: manyFlags };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  throw new Error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}.`);
}
console.log(`Node ${process.version}, ${process.platform}-${process.arch}`);
for (const [name, run] of Object.entries(PARTS)) {
  if (wanted.length === 0 || wanted.includes(name)) await inFolder(run);
}
