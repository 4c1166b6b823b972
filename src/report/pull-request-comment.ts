// The comment on a pull request: the top of the summary for one target environment, and the way to all of it.
import { fit, type Block } from './budget.ts';
import { TOP } from './depth.ts';
import { details, text } from './markdown.ts';
import type { RunReport } from './report.ts';
import { blocksOf, type Style } from './summary.ts';

/**
 * Bytes. GitHub takes 65,536 characters, and no text has more characters than bytes, however they are counted;
 * the difference is spare room, that of the hidden marker included.
 */
const BUDGET = 60_000;

const isTop = ({ depth }: Block): boolean => depth <= TOP;

/** Small tables, so that much of them fits; an item's details are shown whole or not at all. */
const STYLE: Style = {
  rows: 50,
  mostDetailed: 50,
  fold(title, blocks) {
    const body = blocks.filter(isTop).map(({ markdown }) => markdown);
    return [{ depth: TOP, what: 'details of items', markdown: details(title, body.join('\n\n')) }];
  },
};

/** Whom the comment is for, and where to read on; an address that is none, such as `unknown`, is no link. */
function footer(target: string, runUrl: string): Block {
  const summary = URL.canParse(runUrl) ? `[full summary](${encodeURI(runUrl)})` : 'full summary in the run';
  return { depth: 0, what: 'link', markdown: `For ${text(target)} · ${summary}` };
}

/**
 * GitHub-flavoured Markdown of at most `budget` bytes (UTF-8) about one target environment. Text of others is
 * inert in it, and individual targets are counts, whatever the report says.
 */
export function commentOf(
  report: RunReport,
  {
    target,
    runUrl,
    budget = BUDGET,
  }: { readonly target: string; readonly runUrl: string; readonly budget?: number },
): string {
  const blocks = blocksOf({ ...report, showTargets: false }, STYLE).filter(isTop);
  return fit([...blocks, footer(target, runUrl)], { budget, planFile: undefined, page: 'comment' });
}
