// Runs npm, also where no `npm` can be spawned by name (on Windows it is a .cmd file).
import { spawnSync } from 'node:child_process';

/**
 * @param {string[]} args
 * @param {{ cwd: string }} options
 * @throws {Error} where npm is missing or fails; npm has said why on the standard streams
 */
export function npm(args, { cwd }) {
  // Under `npm run` npm names itself; that copy is the one the user chose. The name is free of other input.
  const itself = process.env.npm_execpath;
  const { status, error } = itself?.endsWith('.js')
    ? spawnSync(process.execPath, [itself, ...args], { cwd, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0)
    throw new Error(`npm ${args.join(' ')} failed in ${cwd}${error ? `: ${error.message}` : ''}`);
}
