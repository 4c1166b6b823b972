// What the bundle takes of zod: all but the turning of schemas into code at run time, which is `eval` by another name.
import { readFile } from 'node:fs/promises';

const CONSTRUCTOR = 'const F = Function;';

/**
 * Zod then takes the path it has for where code from text is forbidden (`jitless`). Throws where zod is no longer
 * written as this expects.
 * @type {import('esbuild').Plugin}
 */
export const zodWithoutEval = {
  name: 'zod-without-eval',
  setup(build) {
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/](?:util|doc)\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (text.split(CONSTRUCTOR).length !== 2) throw new Error(`${path} has no "${CONSTRUCTOR}" any more.`);
      return { contents: text.replace(CONSTRUCTOR, 'const F = undefined;'), loader: 'js' };
    });
  },
};
