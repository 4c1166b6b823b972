// Keeps the names of individual targets out of texts that others wrote, such as the API's messages.
import { TARGET_LISTS, type Definition } from '../definition/definition.ts';
import type { Item } from './plan.ts';

/** Shorter names are part of ordinary words too often. */
const SHORTEST_HIDDEN = 4;

const namesIn = (definition: Definition | undefined): readonly string[] =>
  (definition?.treatments ?? []).flatMap((treatment) =>
    TARGET_LISTS.flatMap((list) => treatment[list] ?? []),
  );

/** Makes the function that takes the individual targets of these items out of a text. */
export function targetHider(items: readonly Item[]): (text: string) => string {
  const names = new Set(
    items.flatMap((item) => [...namesIn(item.sourceDefinition), ...namesIn(item.before)]),
  );
  // The longest first, so that no rest of a name is left behind.
  const hidden = [...names]
    .filter((name) => name.length >= SHORTEST_HIDDEN)
    .toSorted((left, right) => right.length - left.length);
  // A short one is told from a word by its backticks.
  const short = [...names].filter((name) => name.length < SHORTEST_HIDDEN);
  /** A name that was cut off before it came here. */
  const hideCut = (text: string): string =>
    text.replaceAll(/(\S{4,})…/g, (whole, part: string) =>
      hidden.some((name) => name.startsWith(part)) ? '(target)…' : whole,
    );
  return (text) =>
    [...hidden, ...short.map((name) => `\`${name}\``)].reduce(
      (shown, name) => shown.replaceAll(name, '(target)'),
      hideCut(text),
    );
}
