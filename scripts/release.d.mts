// Types of release.mjs, for the tests.

export interface ReleaseState {
  readonly tag: string;
  readonly packageVersion: string;
  readonly sourceVersion: string;
  /** All of CHANGELOG.md. */
  readonly changelog: string;
  /** What `git status --porcelain` printed; nothing for a clean checkout. */
  readonly uncommitted: string;
}

/** What stops a release: `problems` in a dry run too, `pending` is what is only done just before a release. */
export function problemsOf(state: ReleaseState): {
  readonly problems: readonly string[];
  readonly pending: readonly string[];
};

/** What stands below a heading of the second level, up to the next; `undefined` where it is missing or empty. */
export function sectionOf(changelog: string, heading: string): string | undefined;

/** Notes whose links to files of the repository are whole, as a release page needs them, and lead to the files at a tag. */
export function withWholeLinks(notes: string, tag: string): string;
