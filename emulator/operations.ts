// What each kind of change makes of a definition, be it written at once or by way of a change request.
import type { JsonObject } from '../src/json.ts';
import { fullUpdate, sentMembers } from './definitions.ts';
import type { Switches } from './switches.ts';
import { completeDefinition, momentAfter, type OperationType, type Site } from './world.ts';

/** When a change is made, and by which server. */
export interface Occasion {
  readonly switches: Switches;
  /** Ms since 1970. */
  readonly at: number;
  /** What a scripted fault makes of the definition; default nothing. */
  readonly mutate?: (stored: JsonObject) => JsonObject;
}

/** The definition of a site, if it has one. */
export const definitionAt = ({ environment, flag }: Site): JsonObject | undefined =>
  environment.definitions.get(flag.name);

/** The definition after a change; undefined when there is to be none. An update of what is gone by now creates it. */
export function definitionAfter(
  operation: OperationType,
  site: Site,
  { sent, switches, at }: Omit<Occasion, 'mutate'> & { readonly sent: JsonObject },
): JsonObject | undefined {
  const stored = definitionAt(site);
  if (operation === 'ARCHIVE') return undefined;
  if (operation === 'KILL' || operation === 'RESTORE')
    return stored && { ...stored, killed: operation === 'KILL' };
  if (stored !== undefined && operation === 'UPDATE') return fullUpdate(stored, sent, switches);
  const set = Object.entries(sentMembers(sent, switches)).filter(([, value]) => value !== null);
  return completeDefinition(site, { ...Object.fromEntries(set), creationTime: Math.floor(at) });
}

/** Puts a definition in its place, its `lastUpdateTime` moved, and returns it as stored. */
export function keepDefinition(
  site: Site,
  definition: JsonObject,
  { at, mutate = (stored) => stored }: Omit<Occasion, 'switches'>,
): JsonObject {
  const lastUpdateTime = momentAfter(definitionAt(site)?.['lastUpdateTime'], at);
  const stored = mutate({ ...definition, lastUpdateTime });
  site.environment.definitions.set(site.flag.name, stored);
  return stored;
}
