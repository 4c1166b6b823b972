// Which flags a run is about: names, globs over the source environment, exclusions and tags.
import picomatch from 'picomatch';

/** What the input `flags` asks for, taken apart. */
export interface Patterns {
  /** Flags named without a glob. */
  readonly names: readonly string[];
  readonly globs: readonly string[];
  /** What begins with `!`, without it: names or globs. */
  readonly exclusions: readonly string[];
}

const isGlob = (pattern: string): boolean => /[*?]/.test(pattern);

/** Takes the input `flags` apart. */
export function patternsOf(flags: readonly string[]): Patterns {
  const wanted = flags.filter((pattern) => !pattern.startsWith('!'));
  return {
    names: wanted.filter((pattern) => !isGlob(pattern)),
    globs: wanted.filter(isGlob),
    exclusions: flags.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
  };
}

/** Only `*` and `?` mean something; names are case-sensitive. */
function matcherOf(pattern: string): (name: string) => boolean {
  const escaped = pattern.replaceAll(/[^*?\p{L}\p{N}_-]/gu, String.raw`\$&`);
  const matches = picomatch(escaped, { dot: true, noglobstar: true });
  return (name) => matches(name);
}

export interface Selection {
  /** In the order asked for: named flags first, then what globs and tags find. */
  readonly flags: readonly string[];
  /** Globs that no flag of the source environment matches. */
  readonly unmatched: readonly string[];
  /** Named flags without any of the tags. */
  readonly untagged: readonly string[];
  /** Exclusions that take nothing out. */
  readonly idle: readonly string[];
}

/**
 * Selects flags.
 * @param options.defined names of the flags with a definition in the source environment; what globs, and tags
 *   without `flags`, choose from
 * @param options.tagged names of the flags with any of the tags; `undefined` where no tags were given
 */
export function select(
  { names, globs, exclusions }: Patterns,
  {
    defined,
    tagged,
  }: { readonly defined: readonly string[]; readonly tagged: ReadonlySet<string> | undefined },
): Selection {
  const isTagged = (name: string): boolean => tagged === undefined || tagged.has(name);
  const matchers = globs.map((glob) => ({ glob, matches: matcherOf(glob) }));
  const chosenByTagAlone = names.length + globs.length === 0;
  const found = defined.filter((name) => chosenByTagAlone || matchers.some(({ matches }) => matches(name)));
  const wanted = [...new Set([...names, ...found])].filter(isTagged);
  const excluding = exclusions.map((exclusion) => ({ exclusion, matches: matcherOf(exclusion) }));
  return {
    flags: wanted.filter((name) => !excluding.some(({ matches }) => matches(name))),
    unmatched: matchers.filter(({ matches }) => !defined.some(matches)).map(({ glob }) => glob),
    untagged: names.filter((name) => !isTagged(name)),
    idle: excluding.filter(({ matches }) => !wanted.some(matches)).map(({ exclusion }) => exclusion),
  };
}
