// The lines of `expect`: which flag each is about, and what is told of those that do not hold.
import { describe, expect, test } from '@jest/globals';
import {
  everyLineIsAboutAFlag,
  linesOf,
  strayLines,
  unmetExpectations,
} from '../../src/plan/expectations.ts';
import { definition, inSegment, rule, treatment } from '../definition/samples.ts';
import { alsoBecomes } from './samples.ts';

const good = (text: string) => linesOf(text).map(({ line }) => line);

const wrongs = (text: string) => linesOf(text).map(({ wrong }) => wrong ?? 'good');

describe('lines', () => {
  test('are counted as they stand, blank ones too', () => {
    expect(
      good('\n  a -> on  \n\n{"plan":"pro, team"} -> off\n').map(({ number, text }) => [number, text]),
    ).toEqual([
      [2, 'a -> on'],
      [4, '{"plan":"pro, team"} -> off'],
    ]);
  });

  test.each([
    ['user:42 -> on', 'good'],
    ['clients: user-42 -> on', 'good'],
    ['clients : {"plan":"pro"} -> on', 'good'],
    ['clients: {plan: pro} -> on', 'what begins with `{` is not a JSON object of attributes'],
    ['clients:{plan: pro} -> on', 'what begins with `{` is not a JSON object of attributes'],
    ['{"a": 1 -> on', 'what begins with `{` is not a JSON object of attributes'],
  ])('%s is %s', (line, wrong) => {
    expect(wrongs(line)).toEqual([wrong]);
  });

  test('of no known form are told with their form', () => {
    expect(wrongs('user-42')[0]).toContain('is not of the form');
    expect(wrongs('clients: user-42 -> on 5')[0]).toContain('not a share such as `90%`');
  });
});

describe('which flag a line is about', () => {
  const strays = (text: string, ...flags: readonly string[]) =>
    strayLines(good(text), new Set(flags)).map(({ number }) => number);

  test('the only one, with its name or without', () => {
    expect(strays('a -> on\nclients: a -> on\nuser:42 -> on', 'clients')).toEqual([]);
  });

  test('none, where it begins with the name of another', () => {
    expect(strays('checkout: a -> on', 'clients')).toEqual([1]);
  });

  test('of several, the one it begins with', () => {
    expect(
      strays('a -> on\nclients: a -> on\ncheckout:a -> on\nother: a -> on', 'clients', 'checkout'),
    ).toEqual([1, 4]);
  });
});

const served = definition({
  treatments: [treatment('on', { keys: ['ada'] }), treatment('off')],
  defaultTreatment: 'off',
  rules: [rule(inSegment('staff'))],
  defaultRule: [
    { treatment: 'on', size: 10 },
    { treatment: 'off', size: 90 },
  ],
});

const unmet = (text: string, flag = 'clients', flags: readonly string[] = [flag]) =>
  unmetExpectations(good(text), { flag, flags: new Set(flags), definition: served });

describe('what does not hold', () => {
  test('is nothing where everything does', () => {
    expect(unmet('ada -> on\neveryone-else -> off 90%\neveryone-else -> on 10 %')).toEqual([]);
  });

  test('is told with what would be served instead', () => {
    expect(unmet('ada -> off\neveryone-else -> off')).toEqual([
      {
        code: 'expectation-failed',
        severity: 'error',
        place: '`expect` line 1',
        message: '`ada -> off` does not hold: `on` would be served.',
        fix: 'Correct the definition in the source, or what is expected.',
      },
      expect.objectContaining({
        place: '`expect` line 2',
        message: '`everyone-else -> off` does not hold: `on` 10 %, `off` 90 % would be served.',
      }),
    ]);
  });

  test('or cannot be said: an error that says why', () => {
    expect(unmet('bob -> on')).toEqual([
      expect.objectContaining({
        severity: 'error',
        message: 'Whether `bob -> on` holds cannot be said. It depends on who is in segment `staff`.',
      }),
    ]);
  });

  test('of other flags is theirs', () => {
    expect(unmet('clients: ada -> off\ncheckout: ada -> on', 'checkout', ['clients', 'checkout'])).toEqual(
      [],
    );
    expect(unmet('clients: ada -> off', 'clients', ['clients', 'checkout'])).toHaveLength(1);
  });
});

test('a line that is about no flag of the run is an error of the plan', () => {
  const drafts = ['clients', 'checkout'].map((flag) => alsoBecomes(flag, served));
  expect(everyLineIsAboutAFlag(good('clients: ada -> on\nada -> on'), drafts)).toEqual([
    {
      code: 'expectation-failed',
      severity: 'error',
      place: '`expect` line 2',
      message: '`ada -> on` is about none of the flags of this run, so nothing was checked.',
      fix: 'Begin it with the name of one of them and a colon: `clients`, `checkout`.',
    },
  ]);
});
