// The lines of `expect`: what the result must serve, which flag each is about, and what is served instead.
import { decide, parseExpectation, type Expectation } from '../impact/expectation.ts';
import type { Share } from '../impact/outcome.ts';
import type { Definition } from '../definition/definition.ts';
import { PLAIN, sharesWords } from './audience-words.ts';
import { finding, type Finding } from './finding.ts';
import type { Draft } from './plan.ts';
import { quoted } from './sentences.ts';

/** A line as given. Whether its beginning names a flag shows when it is known which flags there are. */
export interface ExpectedLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** The line read as one that begins with a flag's name and a colon. */
  readonly named: { readonly flag: string; readonly expectation: Expectation } | undefined;
  /** The line read as one about the only flag there is. */
  readonly whole: Expectation | undefined;
}

const NAMED = /^([a-z][\w-]*)\s*:(\s*)(.+)$/iu;

/** The lines of the input, each with what is wrong with it: a clause, `undefined` for a good one. */
export function linesOf(
  text: string,
): readonly { readonly line: ExpectedLine; readonly wrong: string | undefined }[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.flatMap((line, position) => {
    if (line === '') return [];
    const [, flag, gap = '', after] = NAMED.exec(line) ?? [];
    const [whole, rest] = [parseExpectation(line), after === undefined ? undefined : parseExpectation(after)];
    const isNamed = flag !== undefined && rest !== undefined && !('wrong' in rest);
    return [
      {
        line: {
          ...{ number: position + 1, text: line },
          named: isNamed ? { flag, expectation: rest } : undefined,
          // No key is likely to have a colon with a gap behind it: this was meant as a flag's name.
          whole: 'wrong' in whole || gap !== '' ? undefined : whole,
        },
        // What follows a colon and begins with a brace was meant as attributes, not as the end of a key.
        wrong:
          rest !== undefined && 'wrong' in rest && after?.startsWith('{') === true
            ? rest.wrong
            : 'wrong' in whole
              ? whole.wrong
              : undefined,
      },
    ];
  });
}

/** What a line expects of a flag; `undefined`: it is about another one. @param flags all flags there are */
function expectationOf(
  { named, whole }: ExpectedLine,
  flag: string,
  flags: ReadonlySet<string>,
): Expectation | undefined {
  if (named !== undefined && flags.has(named.flag))
    return named.flag === flag ? named.expectation : undefined;
  return flags.size === 1 ? whole : undefined;
}

const place = ({ number }: ExpectedLine): string => `\`expect\` line ${number}`;

/** Lines that are about none of these flags; they would be checked on nothing. */
export function strayLines(
  lines: readonly ExpectedLine[],
  flags: ReadonlySet<string>,
): readonly ExpectedLine[] {
  return lines.filter((line) => Array.from(flags).every((flag) => !expectationOf(line, flag, flags)));
}

/** What is served, share by share. */
const servedWords = (served: readonly Share[]): string => sharesWords(served, PLAIN.show);

/** What a definition serves otherwise than it is expected to. @param flags all flags of the run */
export function unmetExpectations(
  lines: readonly ExpectedLine[],
  {
    flag,
    flags,
    definition,
  }: { readonly flag: string; readonly flags: ReadonlySet<string>; readonly definition: Definition },
): readonly Finding[] {
  const decided = lines.flatMap((line) => {
    const expectation = expectationOf(line, flag, flags);
    return expectation === undefined ? [] : [{ line, decision: decide(expectation, definition) }];
  });
  return decided.flatMap(({ line, decision }) => {
    if (decision === 'met') return [];
    const told = { place: place(line) };
    if ('undecidable' in decision) {
      return [
        finding('expectation-failed', {
          ...told,
          message: `Whether ${PLAIN.show(line.text, 200)} holds cannot be said. ${decision.undecidable}`,
          fix: 'Expect what the definition alone decides: give all attributes that its rules ask for, or another user.',
        }),
      ];
    }
    return [
      finding('expectation-failed', {
        ...told,
        message: `${PLAIN.show(line.text, 200)} does not hold: ${servedWords(decision.served)} would be served.`,
        fix: 'Correct the definition in the source, or what is expected.',
      }),
    ];
  });
}

/** The flags that lines may be about. */
export const flagsOf = (drafts: readonly Draft[]): ReadonlySet<string> =>
  new Set(drafts.map(({ source }) => source.flag));

/** A plan is no better for lines that are checked on none of its flags. */
export function everyLineIsAboutAFlag(
  lines: readonly ExpectedLine[],
  drafts: readonly Draft[],
): readonly Finding[] {
  const flags = flagsOf(drafts);
  return strayLines(lines, flags).map((line) =>
    finding('expectation-failed', {
      place: place(line),
      message: `${PLAIN.show(line.text, 200)} is about none of the flags of this run, so nothing was checked.`,
      fix: `Begin it with the name of one of them and a colon: ${quoted([...flags].slice(0, 10))}.`,
    }),
  );
}
