// What stands between a key that may write and the write, direct or by way of a change request.
import type { JsonObject } from '../src/json.ts';
import { Refusal } from './answers.ts';
import { definitionAt } from './operations.ts';
import type { Call } from './route.ts';
import type { Site, Workspace } from './world.ts';

/** A text said along with a write, such as its title. */
export type Narrative = (member: string) => string | null | undefined;

/**
 * The definition to be written over. The vendor documents no text for one that is missing though its flag
 * exists; clients must not rely on this one.
 * @throws Refusal 404.
 */
export function storedAt(site: Site): JsonObject {
  const stored = definitionAt(site);
  if (stored !== undefined) return stored;
  const { environment, flag } = site;
  throw new Refusal(404, `Could not find a definition of ${flag.name} in environment ${environment.name}`);
}

/** @throws Refusal 409 when there is a definition already. */
export function checkAbsent({ environment, flag }: Site): void {
  if (environment.definitions.has(flag.name))
    throw new Refusal(409, `${flag.name} has a definition in environment ${environment.name} already`);
}

/** @throws Refusal 423 while a change request is open, which an id says. */
export function refuseLocked(open: string | undefined): void {
  if (open === undefined) return;
  const details = `A pending change request with id:${open} for this object already exists`;
  throw new Refusal(423, 'Something was wrong', details);
}

/** @throws Refusal 423 while a change request for the definition is open. */
export const checkNotLocked = ({ environment, flag }: Site): void =>
  refuseLocked(environment.openChangeRequests.get(flag.name));

/** @throws Refusal 400, empty, when title or comment is missing in a workspace that requires them. */
export function checkTold({ requiresTitleAndComments }: Workspace, narrative: Narrative): void {
  const told = ['title', 'comment'].every((member) => (narrative(member) ?? '') !== '');
  if (requiresTitleAndComments && !told) throw new Refusal(400);
}

/** Checks a direct write, in the API's order. @throws Refusal 423, 403 or an empty 400. */
export function checkWriteAllowed(
  { switches, world }: Call,
  site: Site,
  { narrative, kills = false }: { readonly narrative: Narrative; readonly kills?: boolean },
): void {
  const { workspace, environment } = site;
  if (switches.openChangeRequest === 'refuse') checkNotLocked(site);
  if (environment.approvalsRequired && !(kills && environment.allowKills)) {
    const ids = `orgId=${world.organizationId} envId=${environment.id}`;
    throw new Refusal(403, `Approvals are required. ${ids}`);
  }
  checkTold(workspace, narrative);
}
