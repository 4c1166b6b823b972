// Plain wording that all renderers share: counts, lists, abbreviation, and characters nobody would see.
import type { ChangedPart } from '../definition/sections.ts';
import { grouped } from '../plan/sentences.ts';

export { enumerated as listed } from '../plan/sentences.ts';

/**
 * Characters that are not seen or that change how their neighbours are seen (control, format and bidi
 * characters, lone surrogates, line separators, odd spaces, fillers), and the second `#` of `##[`, which
 * the runner takes for a command anywhere in a line.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}|(?<=#)#(?=\[)/gu;

const escapeUnits = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
  ).join('');

/** A text in one line with every unseen character written as `\u202e`, which is also how JSON writes it. */
export const visible = (value: string): string => value.replace(UNSEEN, escapeUnits);

/** {@link visible} text of at most `limit` characters (code points); the rest is an ellipsis. */
export function short(value: string, limit = 80): string {
  const characters = Array.from(visible(value.slice(0, 2 * limit + 2)));
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`;
}

/** `1 key`, `30,000 keys`; `plural` where an s does not do. */
export const count = (amount: number, noun: string, plural = `${noun}s`): string =>
  `${grouped(amount)} ${amount === 1 ? noun : plural}`;

/** A section's name as a person says it: `default rule`. */
export const partWords = (part: ChangedPart): string => part.replaceAll('-', ' ');

/** The last name of a path, of either kind of system. */
export const fileName = (path: string): string => path.replace(/^.*[\\/]/su, '');

/** `2026-11-22 10:15 UTC`; `undefined` for what is no moment a calendar has. @param time milliseconds since the epoch */
export function momentWords(time: number): string | undefined {
  const date = new Date(time);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 || time < 0) return undefined;
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
