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

type Tagged = ReadonlySet<string> | undefined;

/** Whether any of these patterns matches a name; they are taken apart once. */
function matcherOfAny(patterns: readonly string[]): (name: string) => boolean {
  const matchers = patterns.map(matcherOf);
  return (name) => matchers.some((matches) => matches(name));
}

/** Whether a flag of the source environment is chosen, before exclusions take any out. */
function chosenBy({ names, globs }: Patterns, tagged: Tagged): (flag: string) => boolean {
  const named = new Set(names);
  const isMatched = matcherOfAny(globs);
  const isChosenByTagAlone = names.length + globs.length === 0;
  return (flag) =>
    (tagged === undefined || tagged.has(flag)) && (isChosenByTagAlone || named.has(flag) || isMatched(flag));
}

/** Whether a flag of the source environment is selected. @param tagged as for {@link select} */
export function wantedBy(patterns: Patterns, tagged: Tagged): (flag: string) => boolean {
  const isChosen = chosenBy(patterns, tagged);
  const isExcluded = matcherOfAny(patterns.exclusions);
  return (flag) => isChosen(flag) && !isExcluded(flag);
}

/**
 * Selects flags.
 * @param options.defined names of the flags with a definition in the source environment; what globs, and tags
 *   without `flags`, choose from
 * @param options.tagged names of the flags with any of the tags; `undefined` where no tags were given
 */
export function select(
  patterns: Patterns,
  { defined, tagged }: { readonly defined: readonly string[]; readonly tagged: Tagged },
): Selection {
  const { names, globs, exclusions } = patterns;
  const isExcluded = matcherOfAny(exclusions);
  const chosen = [...new Set([...names, ...defined])].filter(chosenBy(patterns, tagged));
  return {
    flags: chosen.filter((flag) => !isExcluded(flag)),
    unmatched: globs.filter((glob) => !defined.some(matcherOf(glob))),
    untagged: names.filter((name) => tagged?.has(name) === false),
    idle: exclusions.filter((exclusion) => !chosen.some(matcherOf(exclusion))),
  };
}
