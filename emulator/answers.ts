// What the API says: its error bodies, and its pages.
import type { Json, JsonObject } from '../src/json.ts';
import type { Switches } from './switches.ts';

/** An answer that is not a success. Without a message its body is empty. */
export class Refusal extends Error {
  readonly status: number;
  readonly details: Json;

  constructor(status: number, message = '', details: Json = '') {
    super(message);
    this.status = status;
    this.details = details;
  }
}

/**
 * Makes error bodies as docs.split.io/reference/error-codes shows them. The transaction id has the form
 * of the documented ones, 11 characters in base 36, and counts, so that a run gives the same bodies again.
 */
export function errorBodies(): (status: number, message: string, details?: Json) => JsonObject {
  let count = 0;
  return (code, message, details = '') => {
    count += 1;
    return { code, message, details, transactionId: (2 * 36 ** 10 + count * 1_000_003).toString(36) };
  };
}

/** Sorts as the API lists: by name, case-insensitive. */
export const byName = <Item extends { readonly name: string }>(items: Iterable<Item>): Item[] => {
  const keyed = [...items].map((item) => ({ item, key: item.name.toLowerCase() }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ item }) => item);
};

function count(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Refusal(400, `${name} must be a non-negative integer, not ${text}`);
  return Number(text);
}

/** The part of a list a query asks for. Default limit 20 (docs.split.io/reference). */
export interface Slice<Item> {
  readonly items: readonly Item[];
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
}

interface Extent {
  readonly query: URLSearchParams;
  readonly maximum: number;
  readonly overLimit: Switches['overLimit'];
}

/** Reads `limit`. @throws Refusal 400 when it is no number, or too large where that is refused. */
export function limitOf({ query, maximum, overLimit }: Extent): number {
  const asked = count(query, 'limit', 20);
  if (asked === 0 || (asked > maximum && overLimit === '400')) {
    throw new Refusal(400, `limit must be between 1 and ${maximum}, not ${asked}`);
  }
  return Math.min(asked, maximum);
}

/** Reads `offset` and `limit`. @throws Refusal 400 when they are not numbers, or too large where that is refused. */
export function slice<Item>(all: readonly Item[], extent: Extent): Slice<Item> {
  const offset = count(extent.query, 'offset', 0);
  const limit = limitOf(extent);
  return { items: all.slice(offset, offset + limit), offset, limit, total: all.length };
}

/** The usual envelope of a page. */
export const page = ({ items, offset, limit, total }: Slice<Json>): JsonObject => ({
  objects: items,
  offset,
  limit,
  totalCount: total,
});
