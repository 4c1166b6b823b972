// The checks on the flags that IN_SPLIT rules ask: there, with the treatments named, live, and no circle.
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/json.ts';
import type { Finding } from '../../src/plan/finding.ts';
import { chainEnds, parentsAreLive, parentsAreThere } from '../../src/plan/parent-checks.ts';
import { definition, inSplit, matcher, rule, treatment } from '../definition/samples.ts';
import { UNKNOWN, alsoBecomes, candidate, neighbours, type Sight } from './samples.ts';

/** A flag with these rules, asked by nobody yet. */
const asking = (...matchers: readonly Json[]) => definition({ rules: matchers.map((one) => rule(one)) });

const FIX_UNVERIFIED = 'Look it up in the web console, or use a key that may read it.';

describe('a parent', () => {
  const seen = (matchers: readonly Json[], sight: Sight) =>
    candidate({ sourceDefinition: asking(...matchers) }, sight);
  const there = { around: { neighbours: neighbours({ parent: definition() }) } };
  const nowhere = { around: { neighbours: neighbours({ parent: undefined }) } };
  const withoutDefinition = (where: string): Finding => ({
    ...{ code: 'parent-missing', severity: 'error', place: where },
    message: 'It asks flag `parent`, which has no definition in Production.',
    fix: 'Promote `parent` to Production first, or take the rule out.',
  });
  const lacking = (name: string, where: string, treatments = '`on`, `off`'): Finding => ({
    ...{ code: 'parent-missing', severity: 'error', place: where },
    message: `It asks flag \`parent\` for treatment \`${name}\`, which it does not have in Production; there are ${treatments}.`,
    fix: 'Promote `parent` to Production first, or correct the rule.',
  });
  const older = (name: string) => matcher('IN_SPLIT', { depends: { splitName: 'parent', treatment: name } });

  test.each<[string, readonly Json[], Sight, readonly Finding[]]>([
    ['is there, with the treatments named', [inSplit('parent', 'on', 'off')], there, []],
    ['is there, with the treatment named in the older form', [older('on')], there, []],
    ['is there, and asked for no treatment', [inSplit('parent')], there, []],
    ['has no definition', [inSplit('parent', 'on')], nowhere, [withoutDefinition('rule 1')]],
    [
      'has no definition, and is asked by several rules',
      [inSplit('parent', 'on'), inSplit('parent', 'off')],
      nowhere,
      [withoutDefinition('rule 1, rule 2')],
    ],
    ['lacks a treatment', [inSplit('parent', 'on', 'beta')], there, [lacking('beta', 'rule 1')]],
    ['lacks a treatment named in the older form', [older('beta')], there, [lacking('beta', 'rule 1')]],
    ['lacks a treatment by its case', [inSplit('parent', 'On')], there, [lacking('On', 'rule 1')]],
    [
      'lacks several treatments, each told with the rules that name it',
      [inSplit('parent', 'x', 'y'), inSplit('parent', 'on'), inSplit('parent', 'y')],
      there,
      [lacking('x', 'rule 1'), lacking('y', 'rule 1, rule 3')],
    ],
    ['is not asked', [], nowhere, []],
    ['is the flag itself, which is a circle', [inSplit('clients', 'gone')], nowhere, []],
  ])('%s', (_what, matchers, sight, findings) => {
    expect(parentsAreThere(seen(matchers, sight))).toEqual(findings);
  });

  test.each<[string, Sight, string]>([
    [
      'could not be looked up',
      { around: { neighbours: new Map([['parent', UNKNOWN]]) } },
      'The API answered 403.',
    ],
    ['was not looked up', {}, 'It was not looked up.'],
  ])('%s: that is a warning', (_what, sight, why) => {
    expect(parentsAreThere(seen([inSplit('parent', 'on')], sight))).toEqual([
      {
        ...{ code: 'parent-missing', severity: 'warning', unverified: true, place: 'rule 1' },
        message: `Could not be verified: whether flag \`parent\` has a definition in Production. ${why}`,
        fix: FIX_UNVERIFIED,
      },
    ]);
  });

  test('that this run creates is there', () => {
    const also = [alsoBecomes('parent', definition({ treatments: [treatment('on'), treatment('beta')] }))];

    expect(parentsAreThere(seen([inSplit('parent', 'beta')], { ...nowhere, also }))).toEqual([]);
  });

  test('that this run changes has the treatments that it will have', () => {
    const gains = definition({ treatments: [treatment('on'), treatment('off'), treatment('beta')] });
    const loses = definition({ treatments: [treatment('off'), treatment('beta')] });

    expect(
      parentsAreThere(seen([inSplit('parent', 'beta')], { ...there, also: [alsoBecomes('parent', gains)] })),
    ).toEqual([]);
    expect(
      parentsAreThere(seen([inSplit('parent', 'on')], { ...there, also: [alsoBecomes('parent', loses)] })),
    ).toEqual([lacking('on', 'rule 1', '`off`, `beta`')]);
  });

  test('is told for each flag that is asked', () => {
    const sight = { around: { neighbours: neighbours({ parent: undefined, other: undefined }) } };
    const findings = parentsAreThere(seen([[inSplit('parent', 'on'), inSplit('other', 'on')]], sight));

    expect(findings).toMatchObject([
      { message: expect.stringContaining('flag `parent`') },
      { message: expect.stringContaining('flag `other`') },
    ]);
  });
});

describe('a parent that is killed', () => {
  const killed = definition({ killed: true });
  const live = definition({ killed: false });
  const sightOf = (parent: ReturnType<typeof definition> | undefined): Sight => ({
    around: { neighbours: neighbours({ parent }) },
  });
  const sourceDefinition = asking(inSplit('parent', 'on'), inSplit('parent', 'off'));

  test('is a warning: the rule sees only its default treatment', () => {
    expect(parentsAreLive(candidate({ sourceDefinition }, sightOf(killed)))).toEqual([
      {
        ...{ code: 'parent-killed', severity: 'warning', place: 'rule 1, rule 2' },
        message:
          'It asks flag `parent`, which is killed in Production, so it sees only the default treatment `off`.',
        fix: 'Restore `parent` in Production when the rule is to count.',
      },
    ]);
  });

  test.each<[string, Sight]>([
    ['is live', sightOf(live)],
    ['has no definition', sightOf(undefined)],
    ['is not known', { around: { neighbours: new Map([['parent', UNKNOWN]]) } }],
    ['is restored by this run', { ...sightOf(killed), also: [alsoBecomes('parent', live, killed)] }],
  ])('is none where it %s', (_what, sight) => {
    expect(parentsAreLive(candidate({ sourceDefinition }, sight))).toEqual([]);
  });

  test('by this run is one, too', () => {
    const sight = { ...sightOf(live), also: [alsoBecomes('parent', killed, live)] };

    expect(parentsAreLive(candidate({ sourceDefinition }, sight))).toHaveLength(1);
  });
});

describe('a circle', () => {
  const circle = (way: string, where = 'rule 1'): Finding => ({
    ...{ code: 'dependency-cycle', severity: 'error', place: where },
    message: `The result would make a cycle of flags that ask each other in Production: ${way}.`,
    fix: 'Take one of these rules out.',
  });
  const asks = (...flags: readonly string[]) => asking(...flags.map((flag) => inSplit(flag, 'on')));

  test.each<[string, readonly string[], Readonly<Record<string, readonly string[]>>, readonly Finding[]]>([
    ['of the flag with itself', ['clients'], {}, [circle('`clients` → `clients`')]],
    ['of two', ['a'], { a: ['clients'] }, [circle('`clients` → `a` → `clients`')]],
    [
      'of four, by the second rule',
      ['x', 'a'],
      { x: [], a: ['y', 'b'], y: [], b: ['c'], c: ['clients'] },
      [circle('`clients` → `a` → `b` → `c` → `clients`', 'rule 2')],
    ],
    [
      'of two ways is told once',
      ['a', 'b'],
      { a: ['clients'], b: ['clients'] },
      [circle('`clients` → `a` → `clients`')],
    ],
    ['is none in a chain', ['a'], { a: ['b'], b: ['c'], c: [] }, []],
    ['is none where two ways lead to one flag', ['a', 'b'], { a: ['c'], b: ['c'], c: [] }, []],
    ['that is there without this flag is none that the result makes', ['a'], { a: ['b'], b: ['a'] }, []],
    ['is none without rules', [], {}, []],
  ])('%s', (_what, own, others, findings) => {
    const around = {
      neighbours: neighbours(
        Object.fromEntries(Object.entries(others).map(([flag, flags]) => [flag, asks(...flags)])),
      ),
    };

    expect(chainEnds(candidate({ sourceDefinition: asks(...own) }, { around }))).toEqual(findings);
  });

  test('is told with every rule that begins it', () => {
    const sourceDefinition = asks('a', 'b', 'a');
    const around = { neighbours: neighbours({ a: asks('clients'), b: asks() }) };

    expect(chainEnds(candidate({ sourceDefinition }, { around }))).toEqual([
      circle('`clients` → `a` → `clients`', 'rule 1, rule 3'),
    ]);
  });

  test('that this run makes by another flag is one, and one that it breaks is none', () => {
    const sourceDefinition = asks('a');
    const made = {
      around: { neighbours: neighbours({ a: asks() }) },
      also: [alsoBecomes('a', asks('clients'))],
    };
    const broken = {
      around: { neighbours: neighbours({ a: asks('clients') }) },
      also: [alsoBecomes('a', asks())],
    };

    expect(chainEnds(candidate({ sourceDefinition }, made))).toEqual([circle('`clients` → `a` → `clients`')]);
    expect(chainEnds(candidate({ sourceDefinition }, broken))).toEqual([]);
  });

  test('may be hidden behind flags that cannot be read, which is a warning', () => {
    const around = {
      neighbours: new Map([...neighbours({ a: asks('b', 'c'), c: asks('d') }), ['b', UNKNOWN] as const]),
    };

    expect(chainEnds(candidate({ sourceDefinition: asks('a') }, { around }))).toEqual([
      {
        ...{ code: 'dependency-cycle', severity: 'warning', unverified: true, place: 'rules' },
        message:
          'Could not be verified: whether a chain of flags that ask each other leads back to this one, by way of `b`, `d`. Not all of them can be read in Production.',
        fix: FIX_UNVERIFIED,
      },
    ]);
  });

  test('that is sure is told, whatever cannot be read', () => {
    const around = {
      neighbours: new Map([...neighbours({ a: asks('b', 'clients') }), ['b', UNKNOWN] as const]),
    };

    expect(chainEnds(candidate({ sourceDefinition: asks('a') }, { around }))).toEqual([
      circle('`clients` → `a` → `clients`'),
    ]);
  });

  test('behind a parent that cannot be read is told with the parent alone', () => {
    const seen = candidate(
      { sourceDefinition: asks('a') },
      { around: { neighbours: new Map([['a', UNKNOWN]]) } },
    );

    expect(chainEnds(seen)).toEqual([]);
    expect(parentsAreThere(seen)).toHaveLength(1);
  });

  test('ends where a flag has no definition', () => {
    const around = { neighbours: neighbours({ a: undefined }) };

    expect(chainEnds(candidate({ sourceDefinition: asks('a') }, { around }))).toEqual([]);
  });
});
