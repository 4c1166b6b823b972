// Types of npm.mjs, for programs in TypeScript.

/** Runs npm, its output shown. Throws where it fails. */
export function npm(args: readonly string[], options: { readonly cwd: string }): void;
