// What is to be said of a change request: what it asks for, and whom to ask.
import { shortTitle } from '../plan/change-request.ts';
import type { ItemResult } from '../plan/outcome.ts';
import { isDone } from './comparison.ts';
import { listed } from './words.ts';

const quoted = (name: string): string => `\`${name.replaceAll('`', "'")}\``;

/** Sentences in which names stand between backticks; `undefined` where no change request is open or published. */
export function approvalWords(result: ItemResult): string | undefined {
  const { item, outcome, request } = result;
  if (request === undefined || outcome === 'failed') return undefined;
  const { target } = item;
  const title = request.title ? ` "${shortTitle(request.title)}"` : '';
  const what = `Change request ${quoted(request.id)}${title} for ${quoted(target.flag)} in ${target.environment.name}`;
  if (isDone(result)) return `${what} was approved and published.`;
  const who =
    request.approvers.length === 0
      ? `those who may approve changes in ${target.environment.name}`
      : listed(request.approvers.map(quoted));
  return `${what} waits for approval, and asks for exactly what is shown here. Ask ${who} to decide it.`;
}

/** What a change request could not ask for beside the definition. */
export function notRequestedWords(result: ItemResult): string | undefined {
  const { item, notRequested } = result;
  if (notRequested === undefined) return undefined;
  const environment = item.target.environment.name;
  return `That the flag is to be ${notRequested === 'kill' ? 'killed' : 'restored'} in ${environment} was not requested: a flag takes one change request at a time. Run again ${isDone(result) ? 'to do that' : 'when this one is published'}.`;
}
