// Keeps the names of individual targets out of texts that others wrote, such as the API's messages.
import { TARGET_LISTS, type Definition } from '../definition/definition.ts';
import type { ItemResult } from './outcome.ts';
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
    items.flatMap((item) => [
      ...namesIn(item.sourceDefinition),
      ...namesIn(item.before),
      // Overrides may have given a segment a name that neither side has.
      ...namesIn(item.result),
    ]),
  );
  // The longest first, so that no rest of a name is left behind.
  const hidden = [...names]
    .filter((name) => name.length >= SHORTEST_HIDDEN)
    .toSorted((left, right) => right.length - left.length);
  // A short one is told from a word by its backticks.
  const short = [...names].filter((name) => name.length < SHORTEST_HIDDEN);
  /** Takes out the beginning of a name that was cut off before it came here. */
  function hideCut(part: string): string {
    for (const name of hidden) {
      for (let length = Math.min(name.length, part.length); length >= SHORTEST_HIDDEN; length -= 1) {
        if (part.endsWith(name.slice(0, length))) return `${part.slice(0, -length)}(target)`;
      }
    }
    return part;
  }
  const hideAllCut = (text: string): string => {
    const parts = text.split('…');
    return parts.map((part, position) => (position < parts.length - 1 ? hideCut(part) : part)).join('…');
  };
  return (text) =>
    [...hidden, ...short.map((name) => `\`${name}\``)].reduce(
      (shown, name) => shown.replaceAll(name, '(target)'),
      hideAllCut(text),
    );
}

/** A result without the names of individual targets in what others wrote. @param hide what {@link targetHider} made */
export function withoutTargetNames(
  { item, message, request, warnings, ...result }: ItemResult,
  hide: (text: string) => string,
): ItemResult {
  return {
    ...result,
    ...(request && { request: { ...request, title: request.title && hide(request.title) } }),
    ...(message !== undefined && { message: hide(message) }),
    warnings: warnings.map(hide),
    item: { ...item, findings: item.findings.map((found) => ({ ...found, message: hide(found.message) })) },
  };
}
