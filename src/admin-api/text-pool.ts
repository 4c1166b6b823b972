// Holds each short text of many answers once: thousands of definitions repeat the same names, types and treatments.
import { isJsonObject, type Json } from '../json.ts';

/** Characters; longer texts are seldom the same. */
const LONGEST = 64;

/** As many different texts are kept; more would be those that no two definitions share, such as keys. */
const MOST = 10_000;

/** Replaces texts in a value by equal ones that were seen before, and returns the value. */
export type TextPool = <T extends Json>(value: T) => T;

export function createTextPool(): TextPool {
  const pool = new Map<string, string>();

  function pooled(text: string): string {
    if (text.length > LONGEST) return text;
    const known = pool.get(text);
    if (known === undefined && pool.size < MOST) pool.set(text, text);
    return known ?? text;
  }

  // In place: the value is fresh from the parser, and copies would be what this is to save.
  return function share<T extends Json>(value: T): T {
    if (typeof value === 'string') return pooled(value) as T;
    if (Array.isArray(value)) {
      const elements = value as Json[];
      for (const [at, element] of elements.entries()) elements[at] = share(element);
    } else if (isJsonObject(value)) {
      const members = value as Record<string, Json>;
      for (const [name, content] of Object.entries(members)) {
        // An assignment to this name would be lost.
        if (name !== '__proto__') members[name] = share(content);
      }
    }
    return value;
  };
}
