// `npm run demo`: from a fresh clone to the Action's job summary in one command. This part needs nothing but
// Node 20 and npm: it installs what is missing, then runs demo-run.mjs on Node 24.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { node24 } from './node24.mjs';

try {
  ensureInstalled(console.log);
  const demo = fileURLToPath(new URL('demo-run.mjs', import.meta.url));
  const { status } = spawnSync(node24(console.log), [demo, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
