// Values that belong together.

/** The values under one key each, in the order in which the keys come up; no group is empty. */
export function groups<T>(
  values: readonly T[],
  keyOf: (value: T) => string,
): readonly (readonly [T, ...T[]])[] {
  const byKey = new Map<string, [T, ...T[]]>();
  for (const value of values) {
    const group = byKey.get(keyOf(value));
    if (group === undefined) byKey.set(keyOf(value), [value]);
    else group.push(value);
  }
  return [...byKey.values()];
}
