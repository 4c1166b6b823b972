// Names that were probably meant, and what is there, for messages about a name that is not.
import leven from 'leven';
import { listed, quoted } from './plan/sentences.ts';

const MOST_LISTED = 20;

/** "Did you mean …? There are: …" for a name that is none of `names`; empty where there are none. */
export function suggest(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const near = names
    .map((name) => ({ name, distance: leven(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.floor(name.length / 4)))
    .toSorted((left, right) => left.distance - right.distance)
    .slice(0, 3)
    .map(({ name }) => name);
  const question = near.length > 0 ? `Did you mean ${quoted(near)}? ` : '';
  return ` ${question}There are: ${listed(names, MOST_LISTED)}.`;
}
