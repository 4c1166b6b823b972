// Types of browser.mjs, for the tests.
import type { Browser } from 'playwright-core';

/** Opens a headless browser. Whoever opens it closes it. */
export function openBrowser(): Promise<Browser>;
