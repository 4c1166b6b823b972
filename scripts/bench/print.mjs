// Figures as people read them, in tables.

/** @param {readonly number[]} values */
export const median = (values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** @param {number} value @param {number} [digits] */
export const decimal = (value, digits = 0) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** @param {number} bytes */
export const megabytes = (bytes) => `${decimal(bytes / 1e6, 1)} MB`;

/** @param {string} title @param {readonly (readonly string[])[]} rows the first holds the heads */
export function printTable(title, rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  /** @param {readonly string[]} row */
  const line = (row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ');
  const [head = [], ...body] = rows;
  console.log(`\n${title}\n`);
  console.log(
    [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...body.map(line)].join('\n'),
  );
}
