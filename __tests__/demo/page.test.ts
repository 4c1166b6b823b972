// What a person sees who opens the demo's job summary, in a real browser that came with `npm ci`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../scripts/browser.mjs';
import { demonstrate, type DemoStep } from '../../scripts/demo-run.mjs';

let folder: string;
let browser: Browser;
let page: Page;
let applied: DemoStep;
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'));
  const [step] = await demonstrate({ folder, modes: ['apply'] });
  if (step === undefined) throw new Error('The demo made no step.');
  applied = step;
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1012, height: 800 } });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(request.url()));
  await page.goto(pathToFileURL(applied.page).href);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

test('the run is green and changed the target', () => {
  expect(applied.run.exitCode).toBe(0);
  expect(applied.run.outputs).toMatchObject({ status: 'applied', changed: 'true' });
});

test('the page opens with a heading and the headline, readable without scrolling', async () => {
  const headline = page.getByText(applied.run.outputs['headline'] ?? 'no headline', { exact: true });
  expect(await headline.isVisible()).toBe(true);
  expect((await headline.boundingBox())?.y).toBeLessThan(150);
  expect(await page.getByRole('heading').first().isVisible()).toBe(true);
});

test('a table shows what changed, section by section, before and after', async () => {
  const table = page.getByRole('table').filter({ hasText: 'traffic allocation' });
  const heads = await table.getByRole('columnheader').allInnerTexts();
  expect(heads).toEqual(['Section', 'Before (Staging)', 'After']);
  const row = table.getByRole('row').filter({ hasText: 'traffic allocation' });
  expect(await row.isVisible()).toBe(true);
  const cells = (await row.getByRole('cell').allInnerTexts()).map((text) => text.replaceAll(/\s+/gu, ' '));
  expect(cells).toEqual(['traffic allocation', '██████████ 100 %', '████████░░ 80 %']);
});

test('the long text is folded, and opens with a click', async () => {
  const details = page.locator('details');
  const count = await details.count();
  expect(count).toBeGreaterThan(0);
  for (let at = 0; at < count; at += 1) {
    const code = details.nth(at).locator('pre');
    expect(await code.isVisible()).toBe(false);
    await details.nth(at).locator('summary').click();
    expect(await code.isVisible()).toBe(true);
  }
});

test('a diff shows removed lines in red and added lines in green', async () => {
  const colourOf = async (line: string): Promise<readonly number[]> => {
    // Code for the page is text: the tests' types know no DOM.
    const style = await page.evaluate<string>(
      `getComputedStyle([...document.querySelectorAll('pre span')]
        .find(({ textContent }) => textContent.startsWith(${JSON.stringify(line)}))).color`,
    );
    return (style.match(/\d+/g) ?? []).map(Number);
  };
  const [removedRed = 0, removedGreen = 0] = await colourOf('-"qa-automation-1"');
  const [addedRed = 0, addedGreen = 0] = await colourOf('+"user-2210"');
  expect(removedRed).toBeGreaterThan(removedGreen);
  expect(addedGreen).toBeGreaterThan(addedRed);
});

test.each([1012, 400])('nothing runs out of a window of %d pixels', async (width) => {
  await page.setViewportSize({ width, height: 800 });
  const hidden = await page.evaluate<readonly number[]>(
    `['html', 'article'].map((name) => document.querySelector(name))
      .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)`,
  );
  expect(hidden).toEqual([0, 0]);
});

test('the page asks for nothing: no image, no script, no complaint', async () => {
  expect(await page.locator('img, script, iframe, object, embed').count()).toBe(0);
  expect(complaints).toEqual([]);
});
