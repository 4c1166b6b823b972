// Who may do what: API keys, what they can see, and what their roles and scopes allow.
import { Refusal } from './answers.ts';
import type { Switches } from './switches.ts';
import type { Environment, Flag, Role, Scope, Token, Workspace, World } from './world.ts';

interface Permission {
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
}

const ANY_SCOPE: readonly Scope[] = ['GLOBAL', 'WORKSPACE', 'ENVIRONMENT'];
const WIDE_SCOPES: readonly Scope[] = ['GLOBAL', 'WORKSPACE'];
const FLAG_EDITORS: readonly Role[] = ['API_ALL_GRANTED', 'API_FEATURE_FLAG_EDITOR'];
const FLAG_READERS: readonly Role[] = [...FLAG_EDITORS, 'API_FEATURE_FLAG_VIEWER'];
const SEGMENT_EDITORS: readonly Role[] = ['API_ALL_GRANTED', 'API_SEGMENT_EDITOR'];
const SEGMENT_READERS: readonly Role[] = [...SEGMENT_EDITORS, 'API_SEGMENT_VIEWER'];
const ADMINS: readonly Role[] = ['API_ALL_GRANTED', 'API_ADMIN', 'API_WORKSPACE_ADMIN'];

/**
 * Permissions as docs.split.io/reference/authentication tables them. The table has no rows for segments,
 * lists of environments, traffic types and rollout statuses, nor for reading change requests: those are the
 * likely reading.
 */
const PERMISSIONS = {
  'read definitions': { roles: FLAG_READERS, scopes: ANY_SCOPE },
  'write definitions': { roles: FLAG_EDITORS, scopes: ANY_SCOPE },
  'read flags': { roles: FLAG_READERS, scopes: WIDE_SCOPES },
  'write flags': { roles: FLAG_EDITORS, scopes: WIDE_SCOPES },
  'list segments': { roles: SEGMENT_READERS, scopes: ANY_SCOPE },
  'read keys of segments': { roles: SEGMENT_READERS, scopes: ANY_SCOPE },
  'read change requests': { roles: FLAG_READERS, scopes: ANY_SCOPE },
  'submit change requests': { roles: [...FLAG_EDITORS, ...SEGMENT_EDITORS], scopes: ANY_SCOPE },
  'write change requests': { roles: FLAG_EDITORS, scopes: ANY_SCOPE },
  'write change requests of segments': { roles: SEGMENT_EDITORS, scopes: ANY_SCOPE },
  'list workspaces': { roles: ADMINS, scopes: ANY_SCOPE },
  'list environments': { roles: ADMINS, scopes: ANY_SCOPE },
  'read settings': { roles: [...ADMINS, ...FLAG_READERS, ...SEGMENT_READERS], scopes: WIDE_SCOPES },
} satisfies Record<string, Permission>;

/** What a key can be permitted to do. */
export type Operation = keyof typeof PERMISSIONS;

const ANYONE: Omit<Token, 'key'> = { role: 'API_ALL_GRANTED', scope: 'GLOBAL' };

/** Who sent a request. @throws Refusal 401 without a key, or with a key that is not among those listed. */
export function authenticate(
  { tokens }: World,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Token {
  const bearer = /^Bearer +(\S+)$/i.exec(String(headers['authorization'] ?? ''))?.[1];
  const key = bearer ?? String(headers['x-api-key'] ?? '');
  const token =
    tokens.length === 0 && key !== '' ? { ...ANYONE, key } : tokens.find((known) => known.key === key);
  if (token === undefined) throw new Refusal(401, 'Invalid or missing API key');
  return token;
}

interface Visitor {
  readonly world: World;
  readonly token: Token;
  readonly switches: Switches;
}

/** @throws Refusal 403 when the key's role or scope does not cover the operation. */
export function permit(
  { token: { role, scope }, switches }: Omit<Visitor, 'world'>,
  operation: Operation,
): void {
  const { roles, scopes }: Permission = PERMISSIONS[operation];
  const isLent =
    operation === 'list segments' && switches.flagRolesListSegments && FLAG_READERS.includes(role);
  if (!roles.includes(role) && !isLent)
    throw new Refusal(403, `A key with role ${role} may not ${operation}`);
  if (!scopes.includes(scope)) throw new Refusal(403, `A key with scope ${scope} may not ${operation}`);
}

/** Whether a key's scope reaches into an environment. */
export const seesEnvironment = (
  { scope, ids = [] }: Token,
  workspace: Workspace,
  environment: Environment,
): boolean => scope === 'GLOBAL' || ids.includes(scope === 'WORKSPACE' ? workspace.id : environment.id);

/** Whether a key's scope reaches into a workspace, if only into one environment of it. */
export const seesWorkspace = (token: Token, workspace: Workspace): boolean =>
  token.scope === 'ENVIRONMENT'
    ? workspace.environments.some((environment) => seesEnvironment(token, workspace, environment))
    : token.scope === 'GLOBAL' || (token.ids ?? []).includes(workspace.id);

/** The workspace of an id. @throws Refusal when there is none, or none the key can see. */
export function findWorkspace({ world, token, switches }: Visitor, id: string): Workspace {
  const workspace = world.workspaces.find((known) => known.id === id);
  if (workspace === undefined) throw new Refusal(404, `Could not find workspace ${id}`);
  if (!seesWorkspace(token, workspace))
    throw new Refusal(switches.outOfScope, `Could not find workspace ${id}`);
  return workspace;
}

/** The environment of an id or exact name. @throws Refusal when there is none, or none the key can see. */
export function findEnvironment(
  { token, switches }: Visitor,
  workspace: Workspace,
  word: string,
): Environment {
  const environment = workspace.environments.find(({ id, name }) => id === word || name === word);
  if (environment === undefined) throw new Refusal(404, `Could not find environment ${word}`);
  if (seesEnvironment(token, workspace, environment)) return environment;
  throw new Refusal(switches.outOfScope, `Could not find environment ${word}`);
}

/** The flag of a name, with the text the vendor documents for its absence. @throws Refusal 404. */
export function findFlag(workspace: Workspace, name: string): Flag {
  const flag = workspace.flags.get(name);
  if (flag === undefined) throw new Refusal(404, `Could not find splitmetadata ${name}`);
  return flag;
}
