// Change requests: whether one asks for exactly what a run would write, and how far it has come.
import { parseDefinition, type Definition } from '../definition/definition.ts';
import { sameMeaning } from '../definition/equality.ts';
import { changedSections } from '../definition/sections.ts';
import { memberOf, type JsonObject } from '../json.ts';
import type { Draft, Place } from './plan.ts';
import type { ChangeRequest, Operation } from './surroundings.ts';
import { NOT_COMPARED } from './verification.ts';

/** The one request that can be made for a draft: an object is locked while a request on it is open. */
export function operationFor({ before, changed, killChange, removes }: Draft): Operation {
  if (removes === true) return 'ARCHIVE';
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

/** Whether a change request is open and about this flag in this environment: lists may show others. */
export function locks(request: ChangeRequest, { flag, environment }: Place): boolean {
  const { id, ownId, name } = environment;
  const isHere = request.environment === undefined || [id, ownId, name].includes(request.environment);
  return request.flag === flag && isHere && decisionOn(request) === 'open';
}

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
  if (!locks(request, draft.target) || request.operation !== operation) return false;
  if (operation !== 'CREATE' && operation !== 'UPDATE') return true;
  const proposal = definitionOrNone(request.proposal);
  if (proposal === undefined) return false;
  // An API that shows no kill state in a proposal leaves it as it is.
  const meantKillState = proposedKillState(draft, killed);
  if ((proposal.killed ?? meantKillState) !== meantKillState) return false;
  // The API may show fewer members of a proposal than of a definition, and defaults of more, but none that differs.
  const others = Object.keys(proposal).filter((member) => !NOT_COMPARED.has(member));
  return (
    changedSections(proposal, draft.result).length === 0 &&
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

const LONGEST_TITLE = 100;

/** A title as part of a sentence in which names stand between backticks. */
export const shortTitle = (title: string): string => {
  const plain = title.replaceAll('`', "'");
  return plain.length > LONGEST_TITLE ? `${plain.slice(0, LONGEST_TITLE)}…` : plain;
};
