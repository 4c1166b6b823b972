// Escaping: makes text of others inert in Markdown and HTML. Only what is built here goes into a summary.
import { short, visible } from './words.ts';

/** Parts two pieces of text for good: the sanitizer keeps it, and no reference or link is found across it. */
const BREAK = '<span></span>';

/**
 * What Markdown, HTML or GitHub would give a meaning to: markup characters (an underscore inside a word is
 * none, so that flag names stay as they are); what begins a mention, a number
 * reference, a link, an emoji or a formula; what looks like a web host, an issue or a commit.
 */
const ACTIVE =
  /[&<>`*~[\]\\|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|[@#:$](?=\S)|(?<![\p{L}\p{N}])www(?=\.)|\bGH-(?=\d)|\b[\da-f]{7,40}\b/giu;

function disarm(found: string): string {
  if (/^[\da-f]{7}/iu.test(found)) return found.replace(/.{6}/gu, `$&${BREAK}`);
  return /^[&<>`*_~[\]\\|]$/u.test(found) ? `&#${found.charCodeAt(0)};` : found + BREAK;
}

const inert = (value: string): string => value.replace(ACTIVE, disarm);

/**
 * Text of others as Markdown that shows it and does nothing else, in a table cell too. For a place where a
 * line has begun: it does not look for what only counts at the start of a line. At most `limit` characters.
 */
export const text = (value: string, limit?: number): string => inert(short(value, limit));

/** The same as inline code. Texts that would not show (empty, blank at an end) are put in quotes. */
export function code(value: string, limit?: number): string {
  const seen = short(value === '' || value.trim() !== value ? JSON.stringify(value) : value, limit);
  // A backslash cannot save a pipe in a table cell from every parser, and no code span can hold any backtick.
  return /[`|]/u.test(seen) ? `<code>${inert(seen)}</code>` : `\`${seen}\``;
}

/** A sentence in which names stand between backticks; what is between them becomes {@link code}. */
export function prose(value: string, limit = 2000): string {
  const parts = short(value, limit).split('`');
  return parts
    .map((part, position) => {
      if (position % 2 === 0) return inert(part);
      return position === parts.length - 1 ? inert(`\`${part}`) : code(part, limit);
    })
    .join('');
}

/** A fenced code block that no content can close. */
export function fence(language: string, lines: readonly string[]): string {
  const content = lines.map(visible).join('\n');
  const runs = content.match(/`{3,}/gu) ?? [];
  const marks = '`'.repeat(runs.reduce((longest, run) => Math.max(longest, run.length + 1), 3));
  return `${marks}${language}\n${content}\n${marks}`;
}

/** A folded part. `title` and `body` are Markdown; the title is shown as it is, without inline markup. */
export const details = (title: string, body: string): string =>
  `<details>\n<summary>${title}</summary>\n\n${body}\n\n</details>`;

/** A table of cells that are Markdown without line breaks. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
