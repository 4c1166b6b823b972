// `node scripts/fresh.mjs PROGRAM …`: runs a program of this repository on Node 24 in a fresh clone, too. This part
// needs nothing but Node 20 and npm: it installs what is missing first.
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './install.mjs';
import { node24 } from './node24.mjs';

try {
  ensureInstalled(console.log);
  const { status } = spawnSync(node24(console.log), process.argv.slice(2), { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
