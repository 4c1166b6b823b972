// `npm run pictures`: plays twelve scenes and takes pictures of their summaries, light and dark, wide and narrow.
// All of them go to .demo/pictures; those for README and pages go to docs/pictures, too.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../browser.mjs';
import { LOOKS, openSummary, takePicture } from './looks.ts';
import { play, SCENES } from './scenes.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, '.demo', 'pictures');
const DOCS = join(ROOT, 'docs', 'pictures');

/** The look in which pictures stand in README and pages. */
const [IN_DOCS] = LOOKS;

rmSync(FOLDER, { recursive: true, force: true });
for (const folder of [FOLDER, DOCS]) mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
try {
  for (const scene of SCENES) {
    const { summary, outputs } = await play(scene, FOLDER);
    console.log(`${scene.name}: ${scene.shows} (${outputs['status']})`);
    for (const look of LOOKS) {
      const path = join(FOLDER, `${scene.name}-${look.name}.png`);
      const file = join(FOLDER, `${scene.name}.html`);
      const page = await openSummary(browser, { markdown: summary, file, look });
      await takePicture(page, path);
      await page.close();
      if (scene.inDocs === true && look === IN_DOCS) copyFileSync(path, join(DOCS, `${scene.name}.png`));
    }
  }
} finally {
  await browser.close();
}
console.log(`\n${SCENES.length * LOOKS.length} pictures in ${FOLDER}; those in docs/pictures are renewed.`);
