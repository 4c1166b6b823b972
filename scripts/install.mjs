// Installs the packages of package-lock.json where they are missing or other than it says. Needs nothing installed.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} Packages */

/** @param {string} file @returns {Packages | undefined} */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** npm keeps a copy of the lock's entries for what it has put into node_modules. */
function upToDate() {
  const wanted = packagesOf('package-lock.json') ?? {};
  const present = packagesOf('node_modules/.package-lock.json');
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const there = present[path];
    // Optional ones may be for other platforms.
    if (path === '' || (there === undefined && optional === true)) return true;
    return there?.version === version && there?.integrity === integrity;
  });
}

/** @param {(message: string) => void} say told before an installation starts */
export function ensureInstalled(say) {
  if (upToDate()) return;
  say('Installing the packages of package-lock.json (npm ci) …');
  npm(['ci'], { cwd: ROOT });
}
