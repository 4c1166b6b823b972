// Types of render-summary.mjs, for the tests.

/** A whole HTML page that shows a job summary as GitHub would; it needs nothing from anywhere. */
export function renderSummary(markdown: string): string;
