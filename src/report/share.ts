// Percentages a person sees at a glance: a bar beside the number.
import { toNumber, type Bucket } from '../definition/definition.ts';
import type { RawNumber } from '../json.ts';
import { code } from './markdown.ts';
import { listed, short } from './words.ts';

const CELLS = 10;

/** Lines or names of one list in a table cell; what is beyond is counted. */
export const CELL_LIMIT = 20;

/** Ten cells. Only 0 is empty and only 100 is full: 1 % shows one cell, 99 % leaves one open. */
function bar(percent: number): string {
  const cells = Math.min(CELLS - 1, Math.max(1, Math.round(percent / CELLS)));
  const full = percent >= 100 ? CELLS : percent > 0 ? cells : 0;
  return '█'.repeat(full) + '░'.repeat(CELLS - full);
}

/** `60 %`, the number as it came. */
export const percentWords = (size: number | RawNumber): string =>
  `${short(typeof size === 'number' ? String(size) : size.rawJSON)} %`;

/** Markdown that stays on one line where a table cell is narrow: `██████░░░░ 60 %`, and who gets it in between. */
export const percentBar = (size: number | RawNumber, treatment?: string): string =>
  [
    bar(toNumber(size)),
    ...(treatment === undefined ? [] : [code(treatment)]),
    percentWords(size).replaceAll(' ', '&nbsp;'),
  ].join('&nbsp;');

/** Markdown for a table cell: each bucket with its bar on a line of its own. */
export function bucketBars(buckets: readonly Bucket[]): string {
  const lines = buckets.slice(0, CELL_LIMIT).map(({ treatment, size }) => percentBar(size, treatment));
  const more = buckets.length > CELL_LIMIT ? [`and ${buckets.length - CELL_LIMIT} more`] : [];
  return [...lines, ...more].join('<br>') || 'none';
}

/** Plain text: `on 60 %, off 40 %`. */
export const bucketWords = (buckets: readonly Bucket[]): string =>
  listed(buckets.map(({ treatment, size }) => `${short(treatment)} ${percentWords(size)}`)) || 'none';
