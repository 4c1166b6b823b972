// What somebody else changed: since a plan was made, or since the run that is to be undone.
import type { Definition } from '../definition/definition.ts';
import type { Section } from '../definition/sections.ts';
import { changeTo } from '../plan/make-plan.ts';
import type { Conflict, Item, Moved } from '../plan/plan.ts';
import { changeWords } from './change-words.ts';
import { table, text } from './markdown.ts';
import { partCell } from './section-table.ts';
import { partWords } from './words.ts';

/** What makes one definition another, a line a section. */
function changeLines(was: Definition | undefined, is: Definition | undefined): readonly string[] {
  if (is === undefined) return ['it has no definition any more'];
  if (was === undefined) return ['it has a definition by now'];
  const change = changeTo(is, was);
  const lines = change.changed.map(
    (part) =>
      `${partWords(part)}: ${changeWords(part, { before: was, after: is, differences: change.differences })}`,
  );
  return lines.length === 0 ? ['something outside of the sections changed'] : lines;
}

/** Sentences on what is no longer what a plan recorded: side, flag, environment, and what changed. */
export function movedWords({
  source,
  target,
  moved = [],
}: Pick<Item, 'source' | 'target' | 'moved'>): readonly string[] {
  return moved.map(({ side, was, is }: Moved) => {
    const { flag, environment } = side === 'source' ? source : target;
    return `${side} ${flag} in ${environment.name}: ${changeLines(was, is).join('; ')}`;
  });
}

const cell = (definition: Definition | undefined, section: Section): string =>
  definition === undefined ? 'no definition' : partCell(section, definition);

/** The three states of what was changed since a run: before it, after it, and now. Markdown. */
export const conflictTable = ({ sections, old, ours, theirs }: Conflict, environment: string): string =>
  table(
    ['Changed since', 'Before the run', 'What the run left', `${text(environment)} now`],
    sections.map((section) => [
      partWords(section),
      cell(old, section),
      cell(ours, section),
      cell(theirs, section),
    ]),
  );
