import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { code, details, fence, prose, table, text } from '../../src/report/markdown.ts';
import { short } from '../../src/report/words.ts';
import { text as anyText } from '../arbitrary.ts';
import { proseNodes, rendered } from './render.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details>',
  '<!-- open',
  'a | b \\| c',
  '`` ` ``',
  '[x](https://evil.example)',
  '![x](https://evil.example/p.png)',
  'https://evil.example and http://evil.example and ftp://evil.example',
  'www.evil.example WWW.evil.example',
  'someone@evil.example mailto:someone@evil.example',
  '**bold** __bold__ *em* _em_ ~~del~~',
  '&lt;b&gt; &#60; &amp;',
  '\\*x\\* \\',
  '[^1] [x]: y',
  '[ ] [x]',
];

/** What GitHub turns into a mention, a reference or an emoji when it stands in one text node outside code. */
const REFERENCE = /@\w|#\d|\bGH-\d|\b[\da-f]{7,40}\b|:\w+:|:\/\/|www\.\w|\$\w/iu;

describe.each([
  ['text', (value: string) => `Name ${text(value, 500)} end`],
  ['code', (value: string) => `Name ${code(value, 500)} end`],
  ['prose', (value: string) => `Name ${prose(value, 500)} end`],
])('%s', (form, draw) => {
  test.each(HOSTILE)('shows %j and makes nothing of it', (value) => {
    const { text: shown, elements } = rendered(draw(value));
    expect(elements.filter((name) => !['p', 'span', 'code'].includes(name))).toEqual([]);
    if (form !== 'prose') expect(shown).toBe(`Name ${value} end`);
  });

  test('fills exactly one table cell, whatever it is', () => {
    fc.assert(
      fc.property(anyText(), (value) => {
        const { text: shown, elements } = rendered(table(['head', 'next'], [[draw(value), 'end']]));
        expect(elements.filter((name) => name === 'td')).toHaveLength(2);
        expect(
          elements.filter((name) => ['a', 'img', 'script', 'em', 'strong', 'del'].includes(name)),
        ).toEqual([]);
        if (form === 'text')
          expect(shown.replace(/\s+/gu, '')).toContain(short(value, 500).replace(/ /gu, ''));
      }),
    );
  });

  test('leaves nothing outside code that GitHub would turn into a reference', () => {
    fc.assert(
      fc.property(anyText(), (value) => {
        for (const node of proseNodes(draw(value))) expect(node).not.toMatch(REFERENCE);
      }),
    );
  });
});

describe('text', () => {
  test.each([
    ['plain name-1.2 (x)', 'plain name-1.2 (x)'],
    ['clients: ok', 'clients: ok'],
    ['@octocat', '@<span></span>octocat'],
    ['#123', '#<span></span>123'],
    ['GH-12', 'GH-<span></span>12'],
    [':tada:', ':<span></span>tada:'],
    ['$x$', '$<span></span>x$'],
    ['www.x', 'www<span></span>.x'],
    ['0123456', '012345<span></span>6'],
    ['0123456789abcdef', '012345<span></span>6789ab<span></span>cdef'],
    ['012345', '012345'],
    ['a_b', 'a_b'],
    ['a_www.x.example', 'a_www<span></span>.x.example'],
    ['_a_ é_è', '&#95;a&#95; é_è'],
    ['a__b', 'a&#95;&#95;b'],
    ['&<>`*~[]\\|', '&#38;&#60;&#62;&#96;&#42;&#126;&#91;&#93;&#92;&#124;'],
    ['a\u202eb', 'a&#92;u202eb'],
  ])('of %j is %j', (value, markdown) => {
    expect(text(value)).toBe(markdown);
  });

  test('is abbreviated', () => {
    expect(text('a'.repeat(81))).toBe(`${'a'.repeat(79)}…`);
    expect(text('abc', 2)).toBe('a…');
  });
});

describe('code', () => {
  test.each([
    ['plan', '`plan`'],
    ['@a #1 <b>', '`@a #1 <b>`'],
    ['', '`""`'],
    [' a', '`" a"`'],
    ['a|b', '<code>a&#124;b</code>'],
    ['a`b', '<code>a&#96;b</code>'],
    ['a\nb', '`a\\u000ab`'],
  ])('of %j is %j', (value, markdown) => {
    expect(code(value)).toBe(markdown);
  });

  test('is abbreviated', () => {
    expect(code('abc', 2)).toBe('`a…`');
  });
});

describe('prose', () => {
  test.each([
    ['Flag `a_b` is *gone*.', 'Flag `a_b` is &#42;gone&#42;.'],
    ['`a` and `b`', '`a` and `b`'],
    ['an open `tick', 'an open &#96;tick'],
    ['two `a` and `open', 'two `a` and &#96;open'],
    ['none', 'none'],
  ])('of %j is %j', (value, markdown) => {
    expect(prose(value)).toBe(markdown);
  });

  test('is abbreviated', () => {
    expect(prose('a'.repeat(2001))).toBe(`${'a'.repeat(1999)}…`);
    expect(prose(`\`${'a'.repeat(90)}\``)).toBe(`\`${'a'.repeat(90)}\``);
  });
});

describe('fence', () => {
  test('is longer than any run of backticks inside', () => {
    expect(fence('diff', ['-a', '+b'])).toBe('```diff\n-a\n+b\n```');
    expect(fence('diff', ['-``'])).toBe('```diff\n-``\n```');
    expect(fence('diff', ['-```', '+`````', ' ```'])).toBe('``````diff\n-```\n+`````\n ```\n``````');
  });

  test('shows what is not seen', () => {
    expect(fence('diff', ['-\u202e'])).toBe('```diff\n-\\u202e\n```');
  });
});

test('details and tables are complete pieces', () => {
  expect(details('Title', 'body')).toBe('<details>\n<summary>Title</summary>\n\nbody\n\n</details>');
  expect(table(['A', 'B'], [['1', '2']])).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |');
});
