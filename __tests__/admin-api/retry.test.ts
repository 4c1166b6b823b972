// When a request is worth another attempt, and how long to wait before it.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isTransient, leavesDoubt, limitWords, waitBeforeRetry } from '../../src/admin-api/retry.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');

const ORG = 'x-ratelimit-reset-seconds-org';
const IP = 'x-ratelimit-reset-seconds-ip';

const wait = (headers: Readonly<Record<string, string>> = {}, { attempt = 1, random = 1 } = {}): number =>
  waitBeforeRetry({ status: 429, headers }, { attempt, random, now: NOW });

describe('an attempt', () => {
  test.each([
    [undefined, true, true],
    [200, false, false],
    [301, false, true],
    [400, false, false],
    [401, false, false],
    [403, false, false],
    [404, false, false],
    [407, false, false],
    [408, true, true],
    [409, false, false],
    [423, false, false],
    [428, false, false],
    [429, true, false],
    [430, false, false],
    [499, false, false],
    [500, true, true],
    [502, true, true],
    [504, true, true],
    [599, true, true],
  ])('with status %s: worth another %s, a write in doubt %s', (status, transient, doubt) => {
    expect(isTransient({ status, headers: {} })).toBe(transient);
    expect(leavesDoubt({ status, headers: {} })).toBe(doubt);
  });
});

describe('the wait the server asks for', () => {
  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['the reset of the organisation', { [ORG]: '7' }, 7000],
    ['the reset of the address', { [IP]: '3' }, 3000],
    ['the larger of both, one way', { [ORG]: '2', [IP]: '9' }, 9000],
    ['the larger of both, the other way', { [ORG]: '12', [IP]: '9' }, 12_000],
    ['a reset before Retry-After', { [ORG]: '2', 'retry-after': '90' }, 2000],
    ['the one that is a number', { [ORG]: 'soon', [IP]: '4' }, 4000],
    ['a fraction of a second', { [ORG]: '0.5' }, 500],
    ['seconds with space around', { [ORG]: ' 5 ' }, 5000],
    ['Retry-After in seconds', { 'retry-after': '120' }, 120_000],
    ['Retry-After as a date', { 'retry-after': 'Sun, 22 Nov 2026 12:00:45 GMT' }, 45_000],
    ['Retry-After where the resets are not numbers', { [ORG]: '', [IP]: '1e3', 'retry-after': '6' }, 6000],
    ['longer than any backoff', { [ORG]: '3600' }, 3_600_000],
  ])('%s', (_what, headers, milliseconds) => {
    expect(wait(headers)).toBe(milliseconds);
  });

  test('is the same whatever the chance and the attempt', () => {
    expect(wait({ [ORG]: '7' }, { random: 0, attempt: 9 })).toBe(7000);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ['no header', {}],
    ['no wait at all', { [ORG]: '0', [IP]: '0' }],
    ['a negative number', { [ORG]: '-5' }],
    ['a number of another spelling', { [ORG]: '0x10', [IP]: '1e3' }],
    ['no number', { [ORG]: 'soon' }],
    ['Retry-After of zero', { 'retry-after': '0' }],
    ['Retry-After that is over', { 'retry-after': 'Sun, 22 Nov 2026 11:59:59 GMT' }],
    ['Retry-After that is now', { 'retry-after': 'Sun, 22 Nov 2026 12:00:00 GMT' }],
    ['Retry-After that is neither', { 'retry-after': 'later' }],
    ['an empty Retry-After', { 'retry-after': '' }],
  ])('is none: %s', (_what, headers) => {
    expect(wait(headers)).toBe(500);
  });
});

describe('the words of an answer on the limit', () => {
  const [LEFT_ORG, LEFT_IP] = ['x-ratelimit-remaining-org', 'x-ratelimit-remaining-ip'];
  test.each<[string, Readonly<Record<string, string>>, ReturnType<typeof limitWords>]>([
    ['none', {}, { remaining: undefined, reset: undefined }],
    ['of the organisation', { [LEFT_ORG]: '7', [ORG]: '3' }, { remaining: 7, reset: 3000 }],
    ['of the address', { [LEFT_IP]: '7', [IP]: '3' }, { remaining: 7, reset: 3000 }],
    [
      'of both: the smaller remainder, the larger reset',
      { [LEFT_ORG]: '7', [LEFT_IP]: '9', [ORG]: '3', [IP]: '4' },
      { remaining: 7, reset: 4000 },
    ],
    ['nothing left', { [LEFT_ORG]: '0', [ORG]: '1' }, { remaining: 0, reset: 1000 }],
    ['no numbers', { [LEFT_ORG]: '-1', [ORG]: 'soon' }, { remaining: undefined, reset: undefined }],
    ['no reset', { [LEFT_ORG]: '5', [ORG]: '0' }, { remaining: 5, reset: undefined }],
  ])('%s', (_what, headers, words) => {
    expect(limitWords({ status: 200, headers })).toEqual(words);
  });
});

describe('backoff', () => {
  test.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [6, 16_000],
    [7, 30_000],
    [8, 30_000],
    [2000, 30_000],
  ])('after attempt %d is at most %d ms, and at least half of that', (attempt, longest) => {
    expect(wait({}, { attempt, random: 1 })).toBe(longest);
    expect(wait({}, { attempt, random: 0.5 })).toBe(longest * 0.75);
    expect(wait({}, { attempt, random: 0 })).toBe(longest / 2);
  });

  test('is the same without an answer', () => {
    expect(waitBeforeRetry({ status: undefined, headers: {} }, { attempt: 2, random: 1, now: NOW })).toBe(
      1000,
    );
  });
});

test('there is always a wait, whatever the headers say', () => {
  const header = fc.option(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), {
    nil: undefined,
  });
  fc.assert(
    fc.property(
      header,
      header,
      header,
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (org, ip, after, attempt, random) => {
        const headers = Object.fromEntries(
          Object.entries({ [ORG]: org, [IP]: ip, 'retry-after': after }).filter(
            ([, text]) => text !== undefined,
          ),
        ) as Record<string, string>;

        expect(wait(headers, { attempt, random })).toBeGreaterThan(0);
      },
    ),
  );
});
