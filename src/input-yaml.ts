// YAML as it was written: texts, lists and maps, and nothing that a text could be taken for.
import { FAILSAFE_SCHEMA, type YAMLException, defineMappingTag, loadAll, realMapTag } from 'js-yaml';

/** Stands for the value of a key that one map has more than once. */
export const TWICE = Symbol('twice');

const mappings = defineMappingTag<Map<unknown, unknown>>(realMapTag.tagName, {
  ...realMapTag,
  addPair(map, key, value) {
    if (typeof key !== 'string') return 'a key has to be a word';
    map.set(key, map.has(key) ? TWICE : value);
    return '';
  },
  // A key that is there twice is told with everything else that is wrong.
  has: () => false,
});

/**
 * A key or value is the text that was written, so that `on`, `true` and `1.0` can be names; no tag makes anything else
 * of it. A map keeps the order written.
 */
const SCHEMA = FAILSAFE_SCHEMA.withTags(mappings);

/** Enough for people who do not want to repeat themselves, too few to make much of little. */
const MOST_ALIASES = 20;

/** The documents of a text, made of strings, arrays and Maps; a text of comments has none. */
export function readYaml(
  text: string,
): { readonly documents: readonly unknown[] } | { readonly wrong: string } {
  try {
    return { documents: loadAll(text, { schema: SCHEMA, maxAliases: MOST_ALIASES }) };
  } catch (error) {
    const { reason, mark } = error as Partial<YAMLException>;
    return { wrong: mark === undefined ? (reason ?? String(error)) : `${reason} in line ${mark.line + 1}` };
  }
}
