// Reading from the Admin API: answers taken for what the contract says, and lists page by page.
import * as z from 'zod';
import { Failure, type FailureReason } from '../failure.ts';
import type { Json } from '../json.ts';
import { failureOf } from './api-error.ts';
import type { DatedAnswer, Exchange, ReadOptions } from './exchange.ts';
import { isSuccess } from './http.ts';
import type { Page } from './wire.ts';

/** The largest page of flags, definitions and segments the API documents (docs.split.io/reference/lists-feature-flags). */
const PAGE_SIZE = 50;

/** More pages than this are not read: an API that claims more entries does not keep to its own paging. */
const MOST_PAGES = 400;

/** A path of percent-encoded parts. */
export const pathOf = (...parts: readonly string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part)}`).join('');

/** Takes an answer, and says when the request for it was sent. */
export type Parser<T> = (json: Json, at: number) => T;

/** Takes an answer for what the contract says, or fails naming the first member that is not so. */
function parse<T>(answer: DatedAnswer, purpose: string, parser: Parser<T>): T {
  if (!isSuccess(answer)) throw failureOf(answer, purpose);
  try {
    if (answer.json === undefined) throw new SyntaxError('it is not JSON');
    return parser(answer.json, answer.at);
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const fault = issue
      ? `${issue.path.join('.') || 'the answer'}: ${issue.message.replace('received undefined', 'but it is missing')}`
      : cause instanceof Error
        ? cause.message
        : String(cause);
    throw new Failure(
      'api-error',
      `Could not ${purpose}: the API's answer is not what its documentation says (${fault}). Check \`api-url\`.`,
      { cause },
    );
  }
}

/** What is read: where, for what (for messages), and how the answer is taken. */
export interface Asked<T> {
  readonly path: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly purpose: string;
  readonly parser: Parser<T>;
}

export interface Reader {
  /**
   * @throws Failure where the answer is none, an error, or not what was asked for
   */
  readonly one: <T>(asked: Asked<T>, options?: ReadOptions) => Promise<T>;
  /** One page of a paged list, from an offset on. */
  readonly page: <T>(asked: Asked<Page<T>>, offset: number, options?: ReadOptions) => Promise<Page<T>>;
  /** The entries of a paged list, as far as its pages go, or those of its first pages. */
  readonly some: <T>(asked: Asked<Page<T>>, mostPages?: number) => Promise<readonly T[]>;
  /** All entries of a paged list. @throws Failure where its pages hold fewer than it claims. */
  readonly all: <T>(asked: Asked<Page<T>>) => Promise<readonly T[]>;
}

/** What is read, or a value in its stead where reading it fails for one of these reasons. */
export async function unless<T, Stead>(
  reading: Promise<T>,
  reasons: readonly FailureReason[],
  stead: Stead,
): Promise<T | Stead> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Failure && reasons.includes(error.reason)) return stead;
    throw error;
  }
}

/** @param expect told how many more requests a list takes, as soon as that is known */
export function createReader(exchange: Exchange, expect: (requests: number) => void): Reader {
  async function one<T>({ path, query, purpose, parser }: Asked<T>, options?: ReadOptions): Promise<T> {
    const search =
      query === undefined
        ? ''
        : `?${new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString()}`;
    return parse(
      await exchange.read({ method: 'GET', path: path + search, purpose }, options),
      purpose,
      parser,
    );
  }

  const pageOf = <T>(asked: Asked<Page<T>>, offset: number, options?: ReadOptions): Promise<Page<T>> =>
    one(
      {
        ...asked,
        query: [...(asked.query ?? []), ['limit', String(PAGE_SIZE)], ['offset', String(offset)]],
      },
      options,
    );

  /** A list that does not say how long it is ends with a page that is not full. */
  async function untilShort<T>(asked: Asked<Page<T>>, first: Page<T>, mostPages: number) {
    const entries = [...first.objects];
    // The API may give fewer entries a page than it is asked for, and says so.
    const full = Math.min(PAGE_SIZE, first.limit ?? PAGE_SIZE);
    let last = entries.length;
    for (let pages = 1; last > 0 && last >= full && pages < mostPages; pages += 1) {
      const { objects } = await pageOf(asked, entries.length);
      entries.push(...objects);
      last = objects.length;
    }
    return entries;
  }

  async function pages<T>(asked: Asked<Page<T>>, mostPages: number) {
    const first = await pageOf(asked, 0);
    // The API may give fewer entries a page than it is asked for.
    const { totalCount, objects } = first;
    const size = objects.length;
    if (totalCount == null) return { entries: await untilShort(asked, first, mostPages), totalCount: 0 };
    if (size === 0 || size >= totalCount) return { entries: objects, totalCount };
    const amount = Math.min(Math.ceil(totalCount / size), mostPages);
    expect(amount);
    const rest = await Promise.all(
      Array.from({ length: amount - 1 }, (_, number) => pageOf(asked, (number + 1) * size)),
    );
    return { entries: [first, ...rest].flatMap((page) => page.objects), totalCount };
  }

  return {
    one,
    page: pageOf,
    some: async (asked, mostPages = MOST_PAGES) => (await pages(asked, mostPages)).entries,
    async all(asked) {
      const { entries, totalCount } = await pages(asked, MOST_PAGES);
      if (entries.length >= totalCount) return entries;
      throw new Failure(
        'api-error',
        `Could not ${asked.purpose}: the API says that there are ${totalCount}, but lists only ${entries.length}.`,
      );
    },
  };
}
