// The checks on where a copy comes from and where it goes: nothing untried into production, nothing backwards.
import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../src/json.ts';
import type { Finding, FindingCode } from '../../src/plan/finding.ts';
import { sourceIsProven, wayIsForward } from '../../src/plan/target-checks.ts';
import { definition, json } from '../definition/samples.ts';
import { NOW, candidate, place, type Sight } from './samples.ts';

const HOUR = 3_600_000;
const at = (name: string, production?: boolean) =>
  place(name, { environment: { id: name.toLowerCase(), name, production } });

describe('a source', () => {
  const into = (members: JsonObject) =>
    candidate({ sourceDefinition: definition(members), target: at('Production', true) });
  const doubt = (words: string): Finding => ({
    ...{ code: 'into-production-from-nowhere', severity: 'warning', place: 'source' },
    message: `Production is a production environment, and the definition in Staging ${words}.`,
    fix: 'Try it in Staging first.',
  });
  const [IDLE, FRESH] = ['has seen no traffic', 'was changed in the last hour'];

  test.each<[string, JsonObject, readonly Finding[]]>([
    ['long in use', { lastTrafficReceivedAt: NOW - HOUR, lastUpdateTime: NOW - 2 * HOUR }, []],
    ['in use that does not say when it was changed', { lastTrafficReceivedAt: NOW }, []],
    ['never used', { lastUpdateTime: NOW - 2 * HOUR }, [doubt(IDLE)]],
    ['never used, as null says', { lastTrafficReceivedAt: null }, [doubt(IDLE)]],
    ['used at a time that is no number', { lastTrafficReceivedAt: '2025' }, [doubt(IDLE)]],
    ['changed just now', { lastTrafficReceivedAt: 1, lastUpdateTime: NOW }, [doubt(FRESH)]],
    [
      'changed less than an hour ago',
      { lastTrafficReceivedAt: 1, lastUpdateTime: NOW - HOUR + 1 },
      [doubt(FRESH)],
    ],
    ['changed an hour ago', { lastTrafficReceivedAt: 1, lastUpdateTime: NOW - HOUR }, []],
    [
      'changed in the future, as another clock has it',
      { lastTrafficReceivedAt: 1, lastUpdateTime: NOW + 5000 },
      [doubt(FRESH)],
    ],
    [
      'changed less than an hour from now, as another clock has it',
      { lastTrafficReceivedAt: 1, lastUpdateTime: NOW + HOUR - 1 },
      [doubt(FRESH)],
    ],
    ['changed an hour from now', { lastTrafficReceivedAt: 1, lastUpdateTime: NOW + HOUR }, []],
    ['changed just now and never used', { lastUpdateTime: NOW }, [doubt(`${IDLE} and ${FRESH}`)]],
  ])('%s', (_what, members, findings) => {
    expect(sourceIsProven(into(members))).toEqual(findings);
  });

  test.each<[string, Json, number]>([
    ['just now', json(`${NOW}.0`), 1],
    ['an hour ago', json(`${NOW - HOUR}.0`), 0],
    ['at no time at all', json('1e400'), 0],
  ])('changed %s, by a number kept as text', (_what, lastUpdateTime, findings) => {
    expect(sourceIsProven(into({ lastTrafficReceivedAt: json('1.0'), lastUpdateTime }))).toHaveLength(
      findings,
    );
  });

  test.each([[false], [undefined]])('is no matter where `production` of the target is %s', (production) => {
    const seen = candidate({
      sourceDefinition: definition({ lastUpdateTime: NOW }),
      target: at('Production', production),
    });

    expect(sourceIsProven(seen)).toEqual([]);
  });
});

describe('the way from the source to the target', () => {
  const way = (
    from: boolean | undefined,
    to: boolean | undefined,
    times: readonly [source: Json, target: Json] = [2, 1],
  ) => {
    const [older, newer] = times.map((lastUpdateTime) => definition({ lastUpdateTime }));
    return candidate({
      ...{ source: at('Staging', from), target: at('Production', to) },
      ...{ sourceDefinition: older ?? definition(), before: newer },
    });
  };
  const BACKWARDS: Finding = {
    ...{ code: 'from-production', severity: 'warning', place: 'source' },
    message: 'Staging is a production environment and Production is not: this copies backwards.',
    fix: 'If that is not meant, swap source and target.',
  };

  test.each<[boolean | undefined, boolean | undefined, readonly Finding[]]>([
    [true, false, [BACKWARDS]],
    [true, true, []],
    [false, true, []],
    [false, false, []],
    [true, undefined, []],
    [undefined, false, []],
    [undefined, true, []],
    [undefined, undefined, []],
  ])('from production %s to production %s', (from, to, findings) => {
    expect(wayIsForward(way(from, to))).toEqual(findings);
  });

  test('is backwards for a definition that is new, too', () => {
    const seen = candidate({ source: at('Staging', true), target: at('Dev', false), before: undefined });

    expect(wayIsForward(seen)).toHaveLength(1);
  });

  const overwrites = (newer: string, older: string): Finding => ({
    ...{ code: 'from-production', severity: 'warning', place: 'target' },
    message: `Production is a production environment, and its definition (${newer}) is newer than the one in Staging (${older}).`,
    fix: 'See in the difference whether Production has something that Staging lacks.',
  });
  const [MONDAY, TUESDAY] = [Date.UTC(2025, 0, 6, 9, 5), Date.UTC(2025, 0, 7)];

  test.each<[string, Json, Json, readonly Finding[]]>([
    ['older', MONDAY, TUESDAY, [overwrites('2025-01-07 00:00 UTC', '2025-01-06 09:05 UTC')]],
    ['newer', TUESDAY, MONDAY, []],
    ['as old', MONDAY, MONDAY, []],
    ['of unknown age', null, TUESDAY, []],
    [
      'older by numbers kept as text',
      json(`${MONDAY}.0`),
      json(`${TUESDAY}.0`),
      [overwrites('2025-01-07 00:00 UTC', '2025-01-06 09:05 UTC')],
    ],
    [
      'of the last year that has four digits, and older',
      MONDAY,
      Date.UTC(9999, 11, 31, 23, 59),
      [overwrites('9999-12-31 23:59 UTC', '2025-01-06 09:05 UTC')],
    ],
    [
      'of a year beyond that, and older',
      MONDAY,
      Date.UTC(10_000, 0, 1),
      [overwrites('253402300800000', '2025-01-06 09:05 UTC')],
    ],
    [
      'of an absurd age, and older',
      1,
      json('1700000000000000001'),
      [overwrites('1700000000000000000', '1970-01-01 00:00 UTC')],
    ],
  ])('is onto production by a definition that is %s', (_what, source, target, findings) => {
    for (const from of [false, true, undefined]) {
      expect(wayIsForward(way(from, true, [source, target]))).toEqual(findings);
    }
  });

  test.each<[string, Sight, ReturnType<typeof place>]>([
    ['no definition', { before: undefined }, at('Production', true)],
    ['a definition of unknown age', { before: definition() }, at('Production', true)],
    [
      'a newer definition outside production',
      { before: definition({ lastUpdateTime: 9 }) },
      at('Production', false),
    ],
    [
      'a newer definition nobody knows where',
      { before: definition({ lastUpdateTime: 9 }) },
      at('Production'),
    ],
  ])('is forward onto %s', (_what, sight, target) => {
    const seen = candidate({ sourceDefinition: definition({ lastUpdateTime: 1 }), target }, sight);

    expect(wayIsForward(seen)).toEqual([]);
  });
});

describe('an environment that nobody knows to be production or not', () => {
  const doubt = (code: Finding['code'], words: string): Finding => ({
    ...{ code, severity: 'warning', unverified: true, place: 'plan' },
    message: `Could not be verified: whether ${words}. The key may not list environments.`,
    fix: 'Look it up in the web console, or use a key that may read it.',
  });
  const sight = (...failOn: readonly FindingCode[]): Sight => ({ wanted: { failOn } });
  const between = (from: boolean | undefined, to: boolean | undefined) => ({
    ...{ source: at('Staging', from), target: at('Production', to) },
    sourceDefinition: definition({ lastTrafficReceivedAt: 1 }),
  });

  test.each<[boolean | undefined, boolean | undefined, string | undefined]>([
    [undefined, undefined, '`Staging`, `Production` are production environments'],
    [true, undefined, '`Production` is a production environment'],
    [undefined, false, '`Staging` is a production environment'],
    [false, true, undefined],
  ])('is told where the way of a copy matters: from production %s to %s', (from, to, words) => {
    const code = 'from-production';
    const findings = wayIsForward(candidate(between(from, to), sight('killed-target', code)));

    expect(findings).toEqual(words === undefined ? [] : [doubt(code, words)]);
  });

  test.each<[boolean | undefined, boolean | undefined, string | undefined]>([
    [undefined, undefined, '`Production` is a production environment'],
    [undefined, true, undefined],
    [undefined, false, undefined],
  ])('is told where a proven source matters: from production %s to %s', (from, to, words) => {
    const code = 'into-production-from-nowhere';
    const findings = sourceIsProven(candidate(between(from, to), sight(code)));

    expect(findings).toEqual(words === undefined ? [] : [doubt(code, words)]);
  });

  test('is no matter where only the other check is to fail the run', () => {
    const read = between(undefined, undefined);

    expect(wayIsForward(candidate(read, sight('into-production-from-nowhere')))).toEqual([]);
    expect(sourceIsProven(candidate(read, sight('from-production')))).toEqual([]);
  });
});
