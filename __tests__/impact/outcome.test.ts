// Buckets and traffic allocation as shares.
import { expect, test } from '@jest/globals';
import { outcomeOf, percentOf, sharesOf } from '../../src/impact/outcome.ts';
import { definition, json } from '../definition/samples.ts';
import { parseDefinition } from '../../src/definition/definition.ts';
import { shareWords } from './spoken.ts';

const served = (buckets: string, allocation = '100'): string => {
  const value = parseDefinition({
    ...definition({ defaultTreatment: 'off', trafficAllocation: json(allocation) }),
    defaultRule: json(buckets),
  });
  return shareWords(sharesOf(outcomeOf(value, value.defaultRule)));
};

const bucket = (treatment: string, size: string): string => `{"treatment":"${treatment}","size":${size}}`;

test.each([
  ['the order of the buckets', [bucket('on', '10'), bucket('off', '90')], '100', 'on 10 %, off 90 %'],
  ['no allocation', [bucket('on', '100')], 'null', 'on 100 %'],
  ['an allocation', [bucket('on', '100')], '40', 'on 40 %, off 60 %'],
  ['an allocation of nobody', [bucket('on', '100')], '0', 'off 100 %'],
  ['an allocation spelled otherwise', [bucket('on', '100')], '40.0', 'on 40 %, off 60 %'],
  ['an allocation with a fraction', [bucket('on', '100')], '40.9', 'on 40 %, off 60 %'],
  ['an allocation beyond all', [bucket('on', '100')], '1e400', 'on 100 %'],
  ['an allocation below nobody', [bucket('on', '100')], '-1', 'off 100 %'],
  ['both hashes', [bucket('on', '33'), bucket('beta', '67')], '33', 'on 10.89 %, beta 22.11 %, off 67 %'],
  [
    'a treatment that is also the default',
    [bucket('off', '50'), bucket('on', '50')],
    '50',
    'off 75 %, on 25 %',
  ],
  [
    'a treatment twice',
    [bucket('on', '10'), bucket('off', '80'), bucket('on', '10')],
    '100',
    'on 20 %, off 80 %',
  ],
  ['an empty bucket', [bucket('beta', '0'), bucket('on', '100')], '100', 'on 100 %'],
  ['sizes spelled otherwise', [bucket('on', '10.0'), bucket('off', '9e1')], '100', 'on 10 %, off 90 %'],
  [
    'sizes with fractions, which no bucket has',
    [bucket('on', '33.3'), bucket('off', '33.3'), bucket('beta', '33.4')],
    '100',
    'on 33 %, off 33 %, beta 34 %',
  ],
  [
    'sizes that floats do not add up',
    [...Array.from({ length: 10 }, () => bucket('on', '0.1')), bucket('off', '99')],
    '100',
    'on 1 %, off 99 %',
  ],
  ['buckets that leave a rest', [bucket('on', '30')], '100', 'on 30 %, control 70 %'],
  ['no buckets', [], '100', 'control 100 %'],
  [
    'buckets beyond the last',
    [bucket('on', '70'), bucket('off', '70'), bucket('beta', '10')],
    '100',
    'on 70 %, off 30 %',
  ],
  ['a negative size', [bucket('on', '-50'), bucket('off', '100')], '100', 'off 100 %'],
])('%s', (_what, buckets, allocation, expected) => {
  expect(served(`[${buckets.join(',')}]`, allocation)).toBe(expected);
});

test.each([
  [10_000, '100'],
  [9000, '90'],
  [1250, '12.5'],
  [825, '8.25'],
  [1, '0.01'],
  [0, '0'],
])('%d of ten thousand are %s percent', (share, percent) => {
  expect(percentOf(share)).toBe(percent);
});

test('every share in percent has at most two decimals', () => {
  for (let share = 0; share <= 10_000; share++) expect(percentOf(share)).toMatch(/^\d+(\.\d{1,2})?$/u);
});
