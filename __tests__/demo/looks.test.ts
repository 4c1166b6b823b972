// How summaries look in a browser: twelve scenes, light and dark, wide and narrow.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../scripts/browser.mjs';
import { LOOKS, openSummary, type Look } from '../../scripts/pictures/looks.ts';
import { play, SCENES } from '../../scripts/pictures/scenes.ts';
import type { ActionRun } from '../../scripts/run-action.mjs';

let folder: string;
let browser: Browser;
const runs = new Map<string, ActionRun>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'looks-'));
  browser = await openBrowser();
  for (const scene of SCENES) runs.set(scene.name, await play(scene, folder));
}, 120_000);

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

const [WIDE] = LOOKS;

async function open(name: string, look: Look): Promise<Page> {
  const markdown = runs.get(name)?.summary ?? '';
  return openSummary(browser, { markdown, file: join(folder, `${name}.html`), look });
}

/** What code for the page says; the tests' types know no DOM. */
const ask = <Answer>(page: Page, code: string): Promise<Answer> => page.evaluate<Answer>(code);

const ENDINGS: Readonly<Record<string, string>> = {
  plan: 'planned',
  'shift-over-limit': 'refused',
  reshuffle: 'planned',
  overrides: 'applied',
  created: 'applied',
  killed: 'applied',
  everything: 'applied',
  many: 'refused',
  approval: 'pending-approval',
  refuted: 'partial',
  rollback: 'rolled-back',
  unchanged: 'unchanged',
};

test('the scenes end as they are meant to', () => {
  const ended = Array.from(runs, ([name, { outputs }]) => [name, outputs['status']]);
  expect(Object.fromEntries(ended)).toEqual(ENDINGS);
});

test('each shows something else', () => {
  const headlines = Array.from(runs.values(), ({ outputs }) => outputs['headline']);
  const many = SCENES.filter(({ name }) => ['plan', 'reshuffle'].includes(name)).length;
  expect(headlines.filter((headline) => headline?.startsWith('Would update'))).toHaveLength(many);
  expect(headlines.filter((headline) => headline?.startsWith('Created'))).toHaveLength(1);
  expect(runs.get('created')?.summary).toContain('| new |');
});

describe.each(LOOKS)('$name', (look) => {
  test.each(SCENES.map(({ name }) => name))('%s: nothing runs out of the window', async (name) => {
    const page = await open(name, look);
    const over = await ask<readonly number[]>(
      page,
      `['html', 'article'].map((name) => document.querySelector(name))
        .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)`,
    );
    expect(over).toEqual([0, 0]);
    await page.close();
  });
});

describe('at the width that GitHub gives it', () => {
  test.each(SCENES.map(({ name }) => name))('%s: no table has to be scrolled', async (name) => {
    const page = await open(name, WIDE as Look);
    const hidden = await ask<readonly number[]>(
      page,
      `[...document.querySelectorAll('table')].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)`,
    );
    expect(hidden.filter((width) => width > 0)).toEqual([]);
    await page.close();
  });

  test.each(['plan', 'everything', 'many'])('%s: bars line up', async (name) => {
    const page = await open(name, WIDE as Look);
    // Each run of bar cells, with the table column it stands in.
    const bars = await ask<readonly { column: string; left: number; width: number }[]>(
      page,
      `[...document.querySelectorAll('td')].flatMap((cell) => {
        const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        const bars = [];
        const table = [...document.querySelectorAll('table')].indexOf(cell.closest('table'));
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const found = /[█░]{10}/u.exec(node.data);
          if (found === null) continue;
          const range = document.createRange();
          range.setStart(node, found.index);
          range.setEnd(node, found.index + found[0].length);
          const { left, width } = range.getBoundingClientRect();
          bars.push({ column: table + '.' + cell.cellIndex, left: Math.round(left), width: Math.round(width) });
        }
        return bars;
      })`,
    );
    expect(bars.length).toBeGreaterThan(3);
    expect(new Set(bars.map(({ width }) => width)).size).toBe(1);
    const lefts = new Map<string, Set<number>>();
    for (const { column, left } of bars) lefts.set(column, new Set([...(lefts.get(column) ?? []), left]));
    expect(Array.from(lefts.values(), ({ size }) => size).filter((size) => size > 1)).toEqual([]);
    await page.close();
  });

  test('who changes fits on one screen for an ordinary flag', async () => {
    const page = await open('plan', WIDE as Look);
    const table = page.getByRole('table').first();
    expect(await table.getByRole('columnheader').first().innerText()).toBe('Who (the first that fits)');
    const box = await table.boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? Infinity)).toBeLessThan(800);
    await page.close();
  });
});
