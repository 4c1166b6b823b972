// Change requests: whether one asks for exactly what a run would write, and how far it has come.
import { parseDefinition, type Definition } from '../definition/definition.ts';
import { sameMeaning } from '../definition/equality.ts';
import { SECTIONS } from '../definition/sections.ts';
import { memberOf, type JsonObject } from '../json.ts';
import type { Draft } from './plan.ts';
import type { ChangeRequest, Operation } from './surroundings.ts';
import { NOT_COMPARED, verify } from './verification.ts';

/** The one request that can be made for a draft: an object is locked while a request on it is open. */
export function operationFor({ before, changed, killChange }: Draft): Operation {
  if (before === undefined) return 'CREATE';
  if (killChange === undefined || changed.some((part) => part !== 'kill-state')) return 'UPDATE';
  return killChange === 'kill' ? 'KILL' : 'RESTORE';
}

function definitionOrNone(value: JsonObject): Definition | undefined {
  try {
    return parseDefinition(value);
  } catch {
    return undefined;
  }
}

/**
 * The kill state in the proposal for a draft: a new definition comes as it is meant; a change of the kill state
 * of one that is there would be a request of its own.
 * @param killed the target's kill state at this moment
 */
export const proposedKillState = ({ before, result }: Draft, killed: boolean): boolean =>
  before === undefined ? result.killed === true : killed;

/**
 * Whether an open change request asks for exactly the result of a draft, by meaning.
 * @param killed the target's kill state at this moment
 */
export function asksFor(
  request: ChangeRequest,
  draft: Draft,
  killed = draft.before?.killed === true,
): boolean {
  const operation = operationFor(draft);
  if (request.flag !== draft.target.flag || request.operation !== operation) return false;
  if (operation === 'KILL' || operation === 'RESTORE') return true;
  const proposal = definitionOrNone(request.proposal);
  if (proposal === undefined) return false;
  // An API that shows no kill state in a proposal leaves it as it is.
  const asked = proposal.killed ?? proposedKillState(draft, killed);
  const { asMeant } = verify(
    { ...proposal, killed: asked },
    {
      item: draft,
      copied: SECTIONS,
      killed: proposedKillState(draft, killed),
    },
  );
  // The API may show fewer members of a proposal than of a definition, and defaults of more, but none that differs.
  const others = Object.keys(proposal).filter((member) => !NOT_COMPARED.has(member));
  return (
    asMeant &&
    others.every((member) => {
      const [asked, meant] = [memberOf(proposal, member), memberOf(draft.result, member)];
      return sameMeaning(asked, meant) || (asked === false && meant == null);
    })
  );
}

/** What the statuses of a request come to (docs: Admin API, approvals); those not named are still open. */
export function decisionOn({ status }: ChangeRequest): 'published' | 'rejected' | 'open' {
  switch (status) {
    case 'PUBLISHED':
      return 'published';
    case 'REJECTED':
    case 'WITHDRAWN':
      return 'rejected';
    default:
      return 'open';
  }
}
