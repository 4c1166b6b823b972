// How a summary is looked at: light and dark, as wide as GitHub shows it and as narrow as a phone.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { npm } from '../npm.mjs';
import { renderSummary } from '../render-summary.mjs';

/** CSS pixels: the column of a run's page on github.com, and a phone. */
const WIDTHS = { wide: 1012, narrow: 400 } as const;

export const LOOKS = (['light', 'dark'] as const).flatMap((scheme) =>
  Object.entries(WIDTHS).map(([size, width]) => ({ name: `${scheme}-${size}`, scheme, width })),
);

export type Look = (typeof LOOKS)[number];

/** Style sheets of the fonts for the pictures; what the machine has would make them look different everywhere. */
function fontSheets(): readonly string[] {
  const tools = fileURLToPath(new URL('../../tools/fonts/', import.meta.url));
  const fonts = join(tools, 'node_modules', '@fontsource');
  if (!existsSync(fonts)) npm(['ci'], { cwd: tools });
  return ['noto-sans/400.css', 'noto-sans/600.css', 'noto-sans-mono/400.css', 'noto-emoji/700.css'].map(
    (sheet) => pathToFileURL(join(fonts, sheet)).href,
  );
}

const FONTS = `
.markdown-body { font-family: 'Noto Sans', 'Noto Emoji', sans-serif; }
.markdown-body :is(code, pre) { font-family: 'Noto Sans Mono', monospace; }`;

/** Opens the Markdown of a summary as a page. `file` is where the page is kept. */
export async function openSummary(
  browser: Browser,
  { markdown, file, look }: { readonly markdown: string; readonly file: string; readonly look: Look },
): Promise<Page> {
  writeFileSync(file, renderSummary(markdown));
  const page = await browser.newPage({
    viewport: { width: look.width, height: 800 },
    deviceScaleFactor: 2,
    colorScheme: look.scheme,
  });
  await page.goto(pathToFileURL(file).href);
  return page;
}

/** Takes a picture of a summary that is open, with fonts that are the same everywhere. */
export async function takePicture(page: Page, path: string): Promise<void> {
  for (const url of fontSheets()) await page.addStyleTag({ url });
  await page.addStyleTag({ content: FONTS });
  // All of them at once: a fallback is asked for only when the font before it has come.
  await page.evaluate('Promise.all(Array.from(document.fonts, (font) => font.load())).then(() => 0)');
  await page.locator('article').screenshot({ path });
}
