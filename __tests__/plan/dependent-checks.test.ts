// The check on the flags that ask this one: no rule loses the treatment it asks for.
import { describe, expect, test } from '@jest/globals';
import type { Definition } from '../../src/definition/definition.ts';
import type { Json } from '../../src/json.ts';
import type { Finding } from '../../src/plan/finding.ts';
import { dependentsHold, goneTreatments } from '../../src/plan/parent-checks.ts';
import { neighbourOf } from '../../src/plan/surroundings.ts';
import { definition, inSplit, matcher, rule, treatment } from '../definition/samples.ts';
import { UNKNOWN, alsoBecomes, candidate, place, type Sight } from './samples.ts';

const withTreatments = (...names: readonly string[]): Definition =>
  definition({ treatments: names.map((name) => treatment(name)) });

const asking = (matchers: Json) => definition({ rules: [rule(matchers)] });

/** Every definition of the target environment. */
const everyone = (definitions: Readonly<Record<string, Definition>>): Sight => ({
  around: {
    everyone: { known: Object.entries(definitions).map(([flag, there]) => neighbourOf(flag, there)) },
  },
});

const breaks = (treatments: string, flags: string): Finding => ({
  ...{ code: 'dependent-breaks', severity: 'error', place: `treatment \`${treatments}\`` },
  message: `It goes away, but rules of ${flags} in Production ask for it.`,
  fix: 'Change those rules first, or keep the treatment.',
});

test.each<[string, Definition | undefined, Definition, readonly string[]]>([
  ['nothing new', withTreatments('on', 'off'), withTreatments('on', 'off'), []],
  ['another order, and one more', withTreatments('on', 'off'), withTreatments('new', 'off', 'on'), []],
  ['one less', withTreatments('on', 'old', 'off'), withTreatments('on', 'off'), ['old']],
  ['another case', withTreatments('on', 'off'), withTreatments('On', 'off'), ['on']],
  ['no definition before', undefined, withTreatments('on'), []],
])('the treatments that go away with %s', (_what, before, result, gone) => {
  expect(goneTreatments({ before, result })).toEqual(gone);
});

describe('a treatment that goes away', () => {
  const loses = { before: withTreatments('on', 'off', 'beta') };
  const keeps = { ...loses, sourceDefinition: loses.before };
  const dependsOn = (depends: Json) => asking(matcher('IN_SPLIT', { depends }));

  test.each<[string, Readonly<Record<string, Definition>>, readonly Finding[]]>([
    ['that nobody asks for', { child: asking(inSplit('clients', 'on')) }, []],
    ['of a flag that nobody asks', { child: definition() }, []],
    [
      'that another flag asks for',
      { child: asking(inSplit('clients', 'on', 'beta')) },
      [breaks('beta', '`child`')],
    ],
    [
      'that another flag asks for in the older form',
      { child: dependsOn({ splitName: 'clients', treatment: 'beta' }) },
      [breaks('beta', '`child`')],
    ],
    [
      'that several flags ask for',
      { a: asking(inSplit('clients', 'beta')), b: definition(), c: asking(inSplit('clients', 'beta')) },
      [breaks('beta', '`a`, `c`')],
    ],
    ['of the same name as that of another flag', { child: asking(inSplit('others', 'beta')) }, []],
    ['that only its own old rules ask for', { clients: asking(inSplit('clients', 'beta')) }, []],
  ])('%s', (_what, definitions, findings) => {
    expect(dependentsHold(candidate(loses, everyone(definitions)))).toEqual(findings);
  });

  test('is none where all stay, whoever asks for them', () => {
    const sight = everyone({ child: asking(inSplit('clients', 'beta')) });

    expect(dependentsHold(candidate(keeps, sight))).toEqual([]);
  });

  test('is told for each treatment', () => {
    const before = withTreatments('on', 'off', 'x', 'y', 'z');
    const sight = everyone({
      a: asking([inSplit('clients', 'x'), inSplit('clients', 'z')]),
      b: asking(inSplit('clients', 'z')),
    });

    expect(dependentsHold(candidate({ before }, sight))).toEqual([
      breaks('x', '`a`'),
      breaks('z', '`a`, `b`'),
    ]);
  });

  test('is asked for by a flag as this run makes it', () => {
    const asks = asking(inSplit('clients', 'beta'));
    const stops = { ...everyone({ child: asks }), also: [alsoBecomes('child', definition(), asks)] };
    const begins = { ...everyone({ child: definition() }), also: [alsoBecomes('child', asks, definition())] };
    const created = { ...everyone({}), also: [alsoBecomes('child', asks)] };

    const elsewhere = { ...alsoBecomes('child', asks), target: place('Canary', { flag: 'child' }) };

    expect(dependentsHold(candidate(loses, { ...everyone({}), also: [elsewhere] }))).toEqual([]);
    expect(dependentsHold(candidate(loses, stops))).toEqual([]);
    expect(dependentsHold(candidate(loses, begins))).toEqual([breaks('beta', '`child`')]);
    expect(dependentsHold(candidate(loses, created))).toEqual([breaks('beta', '`child`')]);
  });

  test.each<[string, Sight, string]>([
    ['cannot be read', { around: { everyone: UNKNOWN } }, 'The API answered 403.'],
    ['were not looked up', {}, 'It was not looked up.'],
  ])('is a warning where the other flags %s', (_what, sight, why) => {
    expect(dependentsHold(candidate(loses, sight))).toEqual([
      {
        ...{ code: 'dependent-breaks', severity: 'warning', unverified: true, place: 'treatments' },
        message: `Could not be verified: whether other flags in Production ask for treatment \`beta\`, which goes away. ${why}`,
        fix: 'Look it up in the web console, or use a key that may read it.',
      },
    ]);
    expect(dependentsHold(candidate(keeps, sight))).toEqual([]);
  });
});
