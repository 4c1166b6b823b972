// Keeps a text within a number of bytes by leaving out whole blocks, the deepest detail first.
import { code } from './markdown.ts';

/** A piece of Markdown that is shown whole or not at all. */
export interface Block {
  readonly markdown: string;
  /** How much of a detail it is: of two blocks the one with the larger depth goes first. */
  readonly depth: number;
  /** What it is, for the sentence that says what was left out. */
  readonly what: string;
}

const SEPARATOR = '\n\n';

const bytes = (text: string): number => Buffer.byteLength(text);

interface Limits {
  readonly budget: number;
  readonly planFile: string | undefined;
  /** What the text is, for the sentence that says what was left out. */
  readonly page?: 'summary' | 'comment';
}

function note(left: ReadonlySet<Block>, { planFile, page = 'summary' }: Limits): readonly string[] {
  if (left.size === 0) return [];
  const names = [...new Set(Array.from(left, ({ what }) => what))].toSorted().join(', ');
  const where = planFile === undefined ? '' : ` The plan file has everything: ${code(planFile, 300)}.`;
  return [`**Left out because the ${page} would be too large:** ${names}.${where}`];
}

/**
 * The blocks as one text of at most `budget` bytes (UTF-8). What does not fit is left out block by block:
 * the deepest first, of these the largest, and comes back where it fits after all. A sentence after the first block says what is missing and that
 * `planFile` has it. Empty where not even that sentence fits.
 */
export function fit(blocks: readonly Block[], limits: Limits): string {
  const { budget } = limits;
  const sized = blocks.map((block) => ({ block, size: bytes(block.markdown + SEPARATOR) }));
  const leaving = sized.toSorted(
    (left, right) => right.block.depth - left.block.depth || right.size - left.size,
  );
  const left = new Set<Block>();
  let size = sized.reduce((sum, each) => sum + each.size, 0);
  const noteSize = (): number => note(left, limits).reduce((sum, line) => sum + bytes(line + SEPARATOR), 0);
  for (const each of leaving) {
    if (size + noteSize() <= budget) break;
    left.add(each.block);
    size -= each.size;
  }
  // One large block may have taken small ones with it that fit beside what is left.
  for (const each of leaving.toReversed().filter(({ block }) => left.has(block))) {
    left.delete(each.block);
    if (size + each.size + noteSize() <= budget) size += each.size;
    else left.add(each.block);
  }
  if (size + noteSize() > budget) return '';
  const [first = [], ...others] = blocks.filter((block) => !left.has(block)).map((block) => [block.markdown]);
  return [...first, ...note(left, limits), ...others.flat()].map((markdown) => markdown + SEPARATOR).join('');
}
