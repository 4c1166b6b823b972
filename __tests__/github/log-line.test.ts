// Foreign text in the job log: no line of it is a command, and nothing in it is hidden.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { inertLines } from '../../src/github/log-line.ts';
import { text } from '../arbitrary.ts';

describe('text', () => {
  test.each<[string, string, readonly string[]]>([
    ['plain', 'Flag clients was updated.', ['Flag clients was updated.']],
    ['empty', '', ['']],
    ['with a command at its start', '::error::x', ['| ::error::x']],
    ['with a command after space', ' \t\u00a0::error::x', ['|  \t\u00a0::error::x']],
    ['with colons inside', 'a ::error::x', ['a ::error::x']],
    ['with one colon at its start', ':error:', [':error:']],
    ['with an older command anywhere', 'a ##[error]x##[group]', ['a ## [error]x## [group]']],
    ['with more signs before one', '###[error]', ['### [error]']],
    ['with signs that are no command', '## [x] #[y]', ['## [x] #[y]']],
    ['of several lines', 'a\nb\r\nc\rd', ['a', '| b', '| c', '| d']],
    ['with empty lines', 'a\n\nb', ['a', '| ', '| b']],
    ['with lines of other kinds', 'a\vb\fc\u0085d\u2028e\u2029f', ['a', '| b', '| c', '| d', '| e', '| f']],
    ['with a command on its second line', 'a\n::set-output::x', ['a', '| ::set-output::x']],
    [
      'with control characters',
      'a\u0000b\u0007c\u001b[31md\u007fe\u009ff',
      ['a\ufffdb\ufffdc\ufffd[31md\ufffde\ufffdf'],
    ],
    ['with a tab', 'a\tb', ['a\tb']],
    ['that turns its direction', 'a\u202eb\u2066c\u200fd', ['a\ufffdb\ufffdc\ufffdd']],
    ['with characters without width', 'a\u200bb\u2060c\ufeffd', ['a\ufffdb\ufffdc\ufffdd']],
    ['with a command behind a hidden character', '\u200b::error::x', ['\ufffd::error::x']],
    ['with an older command split by a hidden character', '##\u200b[error]', ['##\ufffd[error]']],
    ['in other scripts', 'größe 大小 🎉', ['größe 大小 🎉']],
  ])('%s', (_what, foreign, lines) => {
    expect(inertLines(foreign)).toEqual(lines);
  });
});

test('no line of any text can be a command', () => {
  const commands = fc.constantFrom(
    '::',
    '##[',
    '#',
    '[',
    '\n',
    '\r',
    ' ',
    '\t',
    '\u2028',
    '\u0085',
    '\ufeff',
    '\u200b',
    '\u3000',
    'x',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        text(),
        fc.array(commands).map((parts) => parts.join('')),
      ),
      (foreign) => {
        for (const [position, line] of inertLines(foreign).entries()) {
          expect(line.trim().startsWith('::')).toBe(false);
          expect(line).not.toContain('##[');
          expect(line).not.toMatch(/[\n\r\v\f\u0085\u2028\u2029]/u);
          expect(position === 0 || line.startsWith('| ')).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});
