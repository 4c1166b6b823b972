// Which flags a run is about.
import { describe, expect, test } from '@jest/globals';
import { patternsOf, select, type Selection } from '../../src/plan/selection.ts';

const DEFINED = ['checkout', 'checkout-v2', 'Checkout', 'search', 'search-beta', 'cart'];

interface Source {
  readonly defined?: readonly string[];
  readonly tagged?: readonly string[];
}

const selected = (flags: readonly string[], { defined = DEFINED, tagged }: Source = {}): Selection =>
  select(patternsOf(flags), { defined, tagged: tagged && new Set(tagged) });

/** What a selection without anything odd looks like. */
const only = (flags: readonly string[], odd: Partial<Selection> = {}): Selection => ({
  ...{ flags, unmatched: [], untagged: [], idle: [] },
  ...odd,
});

describe('The input is taken apart into names, globs and exclusions', () => {
  test.each<[string, readonly string[], ReturnType<typeof patternsOf>]>([
    ['nothing', [], { names: [], globs: [], exclusions: [] }],
    ['a name', ['cart'], { names: ['cart'], globs: [], exclusions: [] }],
    ['a glob with *', ['c*'], { names: [], globs: ['c*'], exclusions: [] }],
    ['a glob with ?', ['car?'], { names: [], globs: ['car?'], exclusions: [] }],
    ['exclusions of both kinds', ['!cart', '!c*'], { names: [], globs: [], exclusions: ['cart', 'c*'] }],
    [
      'a mixture, each kind in the order given',
      ['!b*', 'z', 'y*', '!a', 'b', 'a?'],
      { names: ['z', 'b'], globs: ['y*', 'a?'], exclusions: ['b*', 'a'] },
    ],
    [
      'other glob characters, which make no glob',
      ['a[b]', '{a,b}', 'a!b', '@(a)', 'a|b'],
      { names: ['a[b]', '{a,b}', 'a!b', '@(a)', 'a|b'], globs: [], exclusions: [] },
    ],
  ])('%s', (_what, flags, patterns) => {
    expect(patternsOf(flags)).toEqual(patterns);
  });
});

describe('Flags are selected', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['by name, in the order given', ['search', 'cart'], ['search', 'cart']],
    ['by name, though the source has no definition, which is for others to tell', ['gone'], ['gone']],
    ['by a glob that ends in *, in the order of the source', ['search*'], ['search', 'search-beta']],
    ['by a glob that begins with *', ['*beta'], ['search-beta']],
    ['by a glob with * for nothing', ['car*t'], ['cart']],
    ['by a glob with several *, and ** is no more than *', ['*a**b*'], ['search-beta']],
    ['by ?, which is exactly one character', ['checkout-v?'], ['checkout-v2']],
    ['by * alone, which is all of them', ['*'], DEFINED],
    ['by names before globs, wherever they stand', ['c*t', 'search'], ['search', 'checkout', 'cart']],
    ['once, however often they are found', ['cart', '*art', 'cart', 'ca*'], ['cart']],
    ['without those an exclusion names', ['search*', '!search'], ['search-beta']],
    ['without those an exclusion finds', ['*', '!*check*', '!s*'], ['Checkout', 'cart']],
    ['with exclusions first or last alike', ['!search', 'search*'], ['search-beta']],
    ['without a named one that an exclusion finds', ['cart', 'search', '!c*'], ['search']],
    ['down to none at all', ['cart', '!*'], []],
  ])('%s', (_what, flags, found) => {
    expect(selected(flags)).toEqual(only(found));
  });

  test.each<[string, readonly string[], Selection]>([
    ['a glob', ['CART*', 'cart'], only(['cart'], { unmatched: ['CART*'] })],
    ['a capital in a glob', ['C*'], only(['Checkout'])],
    ['an exclusion', ['cart', '!Cart'], only(['cart'], { idle: ['Cart'] })],
    ['a name', ['Cart'], only(['Cart'])],
  ])('with capitals that count in %s', (_what, flags, selection) => {
    expect(selected(flags)).toEqual(selection);
  });

  test('each name as it is where names differ in a dot or a dash only', () => {
    expect(selected(['a.b*', 'a-?'], { defined: ['axb', 'a.b', '.a.b', 'a-', 'a-b', 'a-bc'] })).toEqual(
      only(['a.b', 'a-b']),
    );
  });

  test('by * though the name begins with a dot', () => {
    expect(selected(['*a'], { defined: ['.a', 'a'] })).toEqual(only(['.a', 'a']));
  });
});

describe('Patterns that do nothing are told', () => {
  test.each<[string, readonly string[], Selection]>([
    ['a glob without a match', ['x*', 'cart'], only(['cart'], { unmatched: ['x*'] })],
    ['every glob without a match', ['x*', 'c?rt', '?'], only(['cart'], { unmatched: ['x*', '?'] })],
    ['an exclusion of an unknown name', ['cart', '!x'], only(['cart'], { idle: ['x'] })],
    ['an exclusion of what nothing asked for', ['cart', '!s*'], only(['cart'], { idle: ['s*'] })],
    ['an exclusion that is a beginning only', ['cart', '!car'], only(['cart'], { idle: ['car'] })],
    ['the idle one of two exclusions', ['c*', '!cart', '!x*'], only(DEFINED.slice(0, 2), { idle: ['x*'] })],
  ])('%s', (_what, flags, selection) => {
    expect(selected(flags)).toEqual(selection);
  });

  test('but not a glob whose every match is excluded, nor an exclusion that another makes needless', () => {
    expect(selected(['search*', '!search*', '!search'])).toEqual(only([]));
  });

  test('where the source has no flags', () => {
    expect(selected(['*', 'cart'], { defined: [] })).toEqual(only(['cart'], { unmatched: ['*'] }));
  });
});

describe('Tags', () => {
  const tagged = ['search', 'Checkout', 'elsewhere'];

  test.each<[string, readonly string[], readonly string[] | undefined, Selection]>([
    ['alone choose from the source, in its order', [], tagged, only(['Checkout', 'search'])],
    ['alone choose nothing where no flag has any of them', [], [], only([])],
    ['with exclusions alone choose the others', ['!C*'], tagged, only(['search'])],
    [
      'make an exclusion of an untagged flag idle',
      ['!cart'],
      tagged,
      only(tagged.slice(0, 2).toReversed(), { idle: ['cart'] }),
    ],
    ['narrow what globs find', ['s*', 'cart*'], tagged, only(['search'])],
    [
      'narrow what is named, and that is told',
      ['cart', 'search'],
      tagged,
      only(['search'], { untagged: ['cart'] }),
    ],
    ['that a flag has none of leave nothing', ['*', 'cart'], [], only([], { untagged: ['cart'] })],
    ['that were not given narrow nothing', ['cart'], undefined, only(['cart'])],
    ['do not add to names and globs', ['Checkout'], tagged, only(['Checkout'])],
    ['let a named flag without a definition stay', ['elsewhere'], tagged, only(['elsewhere'])],
  ])('%s', (_what, flags, given, selection) => {
    expect(selected(flags, { ...(given && { tagged: given }) })).toEqual(selection);
  });
});

describe('Names of any kind are only names', () => {
  const HOSTILE = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];

  test.each(HOSTILE)('%s, where nothing of the kind is there', (name) => {
    expect(selected([`${name}*`, `!${name}`, 'cart'])).toEqual(
      only(['cart'], { unmatched: [`${name}*`], idle: [name] }),
    );
    expect(selected([name], { tagged: [] })).toEqual(only([], { untagged: [name] }));
  });

  test.each(HOSTILE)('%s, where it is', (name) => {
    const source = { defined: [...HOSTILE, 'cart'], tagged: HOSTILE };
    expect(selected([`${name.slice(0, 4)}*`], source)).toEqual(only([name]));
    expect(selected([`!${name}`], source)).toEqual(only(HOSTILE.filter((other) => other !== name)));
  });
});

describe('Characters that other globs give a meaning to are themselves', () => {
  /** A name, and another that it would match if the characters meant anything. */
  const LITERAL: readonly (readonly [name: string, other: string])[] = [
    ['a[b]', 'ab'],
    ['a[!b]', 'ac'],
    ['[[:alpha:]]', 'a'],
    ['{a,b}', 'a'],
    ['{1..3}', '2'],
    ['@(a)', 'a'],
    ['!(a)', 'b'],
    ['a.b', 'axb'],
    ['^a', 'a'],
    ['a$', 'a'],
    ['a+', 'aa'],
    ['(a)', 'a'],
    ['a|b', 'a'],
    ['a\\b', 'ab'],
  ];

  test.each(LITERAL)('%s is not %s, as a glob', (name, other) => {
    const defined = [name, other, `${name}-x`, `${other}-x`];
    // A name that begins with `!` would be an exclusion.
    const patterns = { names: [], exclusions: [] };
    expect(select({ ...patterns, globs: [`${name}*`] }, { defined, tagged: undefined })).toEqual(
      only([name, `${name}-x`]),
    );
  });

  test.each(LITERAL)('%s is not %s, as an exclusion', (name, other) => {
    expect(selected(['*', `!${name}`], { defined: [name, other] })).toEqual(only([other]));
    expect(selected(['*', `!${name}`], { defined: [other] })).toEqual(only([other], { idle: [name] }));
  });
});
