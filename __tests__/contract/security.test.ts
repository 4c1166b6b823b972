// SECURITY.md: every threat names tests that cover it, and each of them is there under that name.
import { describe, expect, test } from '@jest/globals';
import { read } from './workflow.ts';

const [, model = ''] = read('SECURITY.md').split('\n## Threat model\n');
const threats = model
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [name = '', ...lines] = section.split('\n');
    return { name, lines };
  });

/** Each line of a list: the words of the link, the file, and the title of a test in it. */
const NAMED = /^- \[`([\w/.-]+)`\]\(__tests__\/\1\): `(.+)`$/;

const named = threats.flatMap(({ name: threat, lines }) =>
  lines
    .filter((line) => line.startsWith('- '))
    .map((line) => {
      const [, file = '', title = ''] = NAMED.exec(line) ?? [];
      return { threat, line, file, title };
    }),
);

/** A text in code, as the title of a test or the name of a case has it. */
const isTitleIn = (source: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote},`));

describe('the threat model', () => {
  test('is about what somebody may try', () => {
    const names = threats.map(({ name }) => name).join('\n');
    for (const word of [
      'flag content',
      'answers of the API',
      'Forks',
      'plan artifact',
      'logs',
      'Supply chain',
    ])
      expect(names).toContain(word);
  });

  test.each(threats)('has tests against "$name"', ({ name }) => {
    expect(named.filter(({ threat }) => threat === name).length).toBeGreaterThan(0);
  });

  test.each(named)('$threat: $file has the test "$title"', ({ line, file, title }) => {
    expect(line).toMatch(NAMED);
    expect(isTitleIn(read(`__tests__/${file}`), title)).toBe(true);
  });
});
