/** Every document that readers of this repository get, as a path from its root. */
export const DOCUMENTS: readonly string[];
