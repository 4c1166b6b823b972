// `node scripts/fresh.mjs PROGRAM …`: runs a program of this repository on Node 24 in a fresh clone, too. This part
// needs nothing but Node 20 and npm: it installs what is missing first.
import { ensureInstalled } from './install.mjs';
import { runOnNode24 } from './node24.mjs';

try {
  ensureInstalled(console.log);
  runOnNode24(process.argv.slice(2), console.log);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
