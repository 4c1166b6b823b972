// What is left out first when a summary is too large, and how much of a long list is shown open.
import type { Block } from './budget.ts';

/** Rows and entries that are shown open; more of them are folded. */
export const OPEN = 20;

/** What is left out first when a summary is too large has the largest number. */
const DEPTH = {
  verdict: 1,
  audiences: 2,
  findings: 2,
  moreAudiences: 3,
  moreFindings: 3,
  sections: 3,
  notPromoted: 4,
  rules: 5,
  moreRules: 6,
  targets: 7,
  diff: 8,
  targetDiff: 9,
} as const;

type Depth = keyof typeof DEPTH;

/** The deepest detail of the top of a summary: what changes section by section, not rule by rule. */
export const TOP = DEPTH.sections;

/** A block where there are lines, none where there are none. */
export const blockOf = (depth: Depth, what: string, lines: readonly string[]): readonly Block[] =>
  lines.length === 0 ? [] : [{ depth: DEPTH[depth], what, markdown: lines.join('\n') }];
