// Makes foreign text harmless in the job log.

// Control characters, and characters that reorder text, could hide or forge parts of a line.
// oxlint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/**
 * Lines that the runner cannot take for a command: it trims a line before it looks for `::`, and finds
 * `##[` anywhere in it. Every line after the first, and any that could be a command, gets a visible prefix.
 */
export function inertLines(text: string): readonly string[] {
  return text.split(LINE_BREAK).map((line, position) => {
    const visible = line.replaceAll(INVISIBLE, '\ufffd').replaceAll('##[', '## [');
    return position > 0 || visible.trimStart().startsWith('::') ? `| ${visible}` : visible;
  });
}
