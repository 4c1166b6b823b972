// What a target gets instead of the source's: which overrides hold for an item, and what they make of its source.
import type { Bucket, Definition } from '../definition/definition.ts';
import { renameSegments, segmentReferences } from '../definition/references.ts';
import type { Section } from '../definition/sections.ts';
import { isCalled, type Place } from './plan.ts';
import { listed, plural } from './sentences.ts';

/** What is not named stays as the source has it. */
export interface Override {
  readonly defaultRule?: readonly Bucket[] | undefined;
  /** Percent. */
  readonly trafficAllocation?: number | undefined;
  /** Percentages of rules, by position in the source from 1. */
  readonly rules: ReadonlyMap<number, readonly Bucket[]>;
  /** Old name to new name, whatever the kind of segment. */
  readonly segments: ReadonlyMap<string, string>;
}

/** An override, and what it is for; without `environment` and `flag` for every item. */
export interface ScopedOverride extends Override {
  /** Name or id of a target environment. */
  readonly environment?: string;
  /** Name in the source. */
  readonly flag?: string;
}

/** What is read for an item, as far as overrides look at it. */
interface Copied {
  readonly source: Place;
  readonly target: Place;
  readonly sourceDefinition: Definition;
  readonly before: Definition | undefined;
}

const holdsFor = (
  { environment, flag }: ScopedOverride,
  { source, target }: Pick<Copied, 'source' | 'target'>,
): boolean =>
  (environment === undefined || isCalled(target.environment, environment)) &&
  (flag === undefined || flag === source.flag);

/** 0 for every item, 1 for an environment, 2 for a flag, 3 for both. */
const narrowness = ({ environment, flag }: ScopedOverride): number =>
  (environment === undefined ? 0 : 1) + (flag === undefined ? 0 : 2);

/** What holds for an item: of all overrides for it the narrowest wins, rule by rule and segment by segment. */
export function overrideFor(
  overrides: readonly ScopedOverride[],
  item: Pick<Copied, 'source' | 'target'>,
): Override {
  const holding = overrides
    .filter((override) => holdsFor(override, item))
    .toSorted((left, right) => narrowness(left) - narrowness(right));
  return {
    defaultRule: holding.findLast(({ defaultRule }) => defaultRule !== undefined)?.defaultRule,
    trafficAllocation: holding.findLast(({ trafficAllocation }) => trafficAllocation !== undefined)
      ?.trafficAllocation,
    rules: new Map(holding.flatMap(({ rules }) => [...rules])),
    segments: new Map(holding.flatMap(({ segments }) => [...segments])),
  };
}

/** The source as it is copied: what overrides name is replaced, everything else is as it was read. */
export function overridden(source: Definition, override: Override): Definition {
  const { defaultRule, trafficAllocation, rules, segments } = override;
  const renamed = segments.size === 0 ? source : renameSegments(source, (name) => segments.get(name) ?? name);
  return {
    ...renamed,
    ...(rules.size > 0 &&
      renamed.rules != null && {
        rules: renamed.rules.map((rule, at) => ({ ...rule, buckets: rules.get(at + 1) ?? rule.buckets })),
      }),
    ...(defaultRule && { defaultRule }),
    ...(trafficAllocation !== undefined && { trafficAllocation }),
  };
}

/** Names of environments or flags that overrides are for and the run is not about. */
function strangers(
  kind: 'environment' | 'flag',
  overrides: readonly ScopedOverride[],
  items: readonly Copied[],
): readonly string[] {
  const isKnown = (word: string): boolean =>
    items.some(({ source, target }) =>
      kind === 'flag' ? source.flag === word : isCalled(target.environment, word),
    );
  const words = [...new Set(overrides.flatMap((override) => override[kind] ?? []))];
  const there = items.map(({ source, target }) => (kind === 'flag' ? source.flag : target.environment.name));
  return words
    .filter((word) => !isKnown(word))
    .map(
      (word) =>
        `\`overrides\` is for ${kind} \`${word}\`, which this run does not copy${kind === 'flag' ? '' : ' to'}; it copies${kind === 'flag' ? '' : ' to'} ${listed([...new Set(there)])}.`,
    );
}

/** Overrides for one environment under two names, so that neither is the narrower. */
function rivals(overrides: readonly ScopedOverride[], item: Copied): readonly string[] {
  const holding = overrides.filter((override) => holdsFor(override, item));
  return holding.flatMap((override, at) => {
    const rival = holding.findIndex((other) => narrowness(other) === narrowness(override));
    if (rival === at) return [];
    const names = [holding[rival]?.environment, override.environment].map((name) => `\`${name}\``);
    return [`\`overrides\` names one environment twice, as ${names.join(' and as ')}; name it once.`];
  });
}

/** Rules that overrides name and the source does not have. */
function missingRules(overrides: readonly ScopedOverride[], item: Copied): readonly string[] {
  const { source, target, sourceDefinition } = item;
  const amount = sourceDefinition.rules?.length ?? 0;
  const { rules } = overrideFor(overrides, item);
  return [...rules.keys()]
    .filter((position) => position > amount)
    .map(
      (position) =>
        `\`overrides\` sets rule ${position} of flag \`${source.flag}\` for ${target.environment.name}, but in ${source.environment.name} it has ${plural(amount, 'rule')}.`,
    );
}

/** What of overrides does not fit what was read; nothing may be written then. */
export const overrideProblems = (
  overrides: readonly ScopedOverride[],
  items: readonly Copied[],
): readonly string[] =>
  overrides.length === 0
    ? []
    : [
        ...strangers('environment', overrides, items),
        ...strangers('flag', overrides, items),
        ...new Set(items.flatMap((item) => rivals(overrides, item))),
        ...items.flatMap((item) => missingRules(overrides, item)),
      ];

/** The segments that a copy takes from its source. */
const copiedSegments = ({ sourceDefinition, before }: Copied, sections: readonly Section[]): Set<string> =>
  new Set(
    segmentReferences({
      ...sourceDefinition,
      treatments: sections.includes('individual-targets') ? sourceDefinition.treatments : [],
      rules: sections.includes('rules') || before === undefined ? (sourceDefinition.rules ?? []) : [],
    }).map(({ name }) => name),
  );

/** The old names of segments that nothing copied has, so that their new names take no effect. */
export function idleSegments(
  overrides: readonly ScopedOverride[],
  items: readonly Copied[],
  sections: readonly Section[],
): readonly string[] {
  const idle = new Set(overrides.flatMap(({ segments }) => [...segments.keys()]));
  for (const item of items) {
    if (idle.size === 0) break;
    const { segments } = overrideFor(overrides, item);
    for (const name of copiedSegments(item, sections)) if (segments.has(name)) idle.delete(name);
  }
  return [...idle];
}
