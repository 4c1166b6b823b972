// Types of generate-docs.mjs, for the tests.

/** The README with its tables of inputs and outputs as action.yml has them. */
export function withTables(texts: { readonly readme: string; readonly action: string }): Promise<string>;
