// Title and comment for the API's audit log, from templates.
import type { Item } from './plan.ts';

/** Fills a template in one pass, so that a value with braces in it stays text. Other braces stay as they are. */
const fill = (template: string, facts: ReadonlyMap<string, string>): string =>
  template.replaceAll(/\{([a-z-]+)\}/g, (whole, name: string) => facts.get(name) ?? whole);

/** What the API's audit log says of a write. */
export interface Audit {
  readonly title: string;
  readonly comment: string;
}

/** The templates `title` and `comment`, filled in for one item. */
export function auditOf(
  { source, target }: Item,
  templates: Audit,
  run: {
    readonly actor: string;
    readonly sha: string;
    readonly runUrl: string;
    readonly fingerprint: string;
  },
): Audit {
  const facts = new Map([
    ['flag', target.flag],
    ['source', source.environment.name],
    ['target', target.environment.name],
    ['actor', run.actor],
    ['run-url', run.runUrl],
    ['sha', run.sha],
    ['fingerprint', run.fingerprint],
  ]);
  return { title: fill(templates.title, facts), comment: fill(templates.comment, facts) };
}
