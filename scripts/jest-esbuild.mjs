// Jest transform: strips the types with esbuild, keeping native ESM.
// Only `code` with an inline map is returned: with a separate `map` Istanbul reports the compiled lines.
import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

/** @type {import('esbuild').TransformOptions} */
const options = { loader: 'ts', format: 'esm', target: 'node24', sourcemap: 'inline', sourcesContent: true };
const salt = JSON.stringify([version, options]);

/** @param {string} source @param {string} path */
const process = (source, path) => ({ code: transformSync(source, { ...options, sourcefile: path }).code });

/** @param {string} source @param {string} path @param {{ instrument: boolean }} transform */
const getCacheKey = (source, path, { instrument }) =>
  createHash('sha256')
    .update([salt, path, String(instrument), source].join('\0'))
    .digest('hex')
    .slice(0, 32);

export default { process, getCacheKey };
