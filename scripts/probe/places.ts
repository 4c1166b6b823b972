// Finds the workspace and its environments by name or id, and refuses production.
import type * as z from 'zod';
import { pathOf } from '../../src/admin-api/reader.ts';
import { environmentList, workspacePage } from '../../src/admin-api/wire.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts';
import { suggest } from '../../src/near-misses.ts';
import { isOk, type Ask, type Reply } from './connection.ts';
import { decided, refusedBy, wordsOf, type Fact } from './fact.ts';
import type { ProbeOptions } from './options.ts';

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Places {
  readonly workspace: Named;
  readonly environment: Named;
  readonly approvals: Named | undefined;
  /** Any environment of the workspace but the first: for reading, with a key that may not. */
  readonly other: Named | undefined;
  /** What the lists showed. */
  readonly facts: readonly Fact[];
}

/** As many as a page is known to have. */
const PAGE = 100;
const MOST_PAGES = 20;

/** The objects of a list, be it a page or bare. */
export function entriesOf(body: Json | undefined): readonly JsonObject[] {
  const list: Json | undefined = isJsonObject(body) ? body['objects'] : body;
  return Array.isArray(list) ? list.filter((entry: Json): entry is JsonObject => isJsonObject(entry)) : [];
}

const isNamed =
  (word: string) =>
  ({ id, name }: Named): boolean =>
    id === word || name === word;

const isRefused = ({ status }: Reply): boolean => status === 401 || status === 403;

/** @throws Error where a list is neither shown nor refused to this key */
function checkListed(what: string, reply: Reply): void {
  if (!isOk(reply) && !isRefused(reply)) throw new Error(`Could not list the ${what}: ${wordsOf(reply)}.`);
}

/** @throws Error where an answer is not the list it should be */
function listedIn<T>(what: string, { body }: Reply, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Error(`The list of ${what} is not what the API documents. Check --api-url.`);
}

async function workspaceNamed(ask: Ask, word: string): Promise<{ first: Reply; found: Named }> {
  const asIs = { id: word, name: word };
  const names: string[] = [];
  let first: Reply | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const reply = await ask('GET', `/workspaces?limit=${PAGE}&offset=${names.length}`);
    first ??= reply;
    checkListed('workspaces', reply);
    if (isRefused(reply)) return { first, found: asIs };
    const { objects, totalCount } = listedIn('workspaces', reply, workspacePage);
    const [match, another] = objects.filter(isNamed(word));
    if (match !== undefined && another !== undefined)
      throw new Error(`There are several workspaces ${word}; name one by its id.`);
    if (match !== undefined) return { first, found: match };
    names.push(...objects.map(({ name }) => name));
    if (objects.length === 0 || names.length >= (totalCount ?? 0)) break;
  }
  throw new Error(`There is no workspace ${word}.${suggest(word, names)}`);
}

interface Listed extends Named {
  readonly production?: boolean | null | undefined;
}

/** One environment, which must not be a production one. @throws Error where it may be, or is not there */
function safeEnvironment(listed: readonly Listed[] | 'refused', word: string, notProduction: boolean): Named {
  const asIs: Listed = { id: word, name: word };
  const found = listed === 'refused' ? asIs : listed.find(isNamed(word));
  if (found === undefined) {
    const names = listed === 'refused' ? [] : listed.map(({ name }) => name);
    throw new Error(`There is no environment ${word}.${suggest(word, names)}`);
  }
  const { production } = found;
  if (production === true)
    throw new Error(`${word} is a production environment. The probe does not go there.`);
  if (production !== false && !notProduction)
    throw new Error(
      `The API does not say whether ${word} is a production environment; --not-production does.`,
    );
  return found;
}

function listsFact(workspaces: Reply, environments: Reply): Fact {
  const statuses = [workspaces, environments].map((reply) => (isOk(reply) ? false : reply.status));
  const position = statuses[0] === statuses[1] ? statuses[0] : undefined;
  return decided(
    'listsRefused',
    position,
    `workspaces ${workspaces.status}, environments ${environments.status}`,
  );
}

/** @throws Error in one sentence, where something is not there, is production, or might be */
export async function findPlaces(ask: Ask, options: ProbeOptions): Promise<Places> {
  const { first, found: workspace } = await workspaceNamed(ask, options.workspace);
  const reply = await ask('GET', pathOf('environments', 'ws', workspace.id));
  checkListed(`environments of workspace ${options.workspace}`, reply);
  if (isRefused(reply) && !options.notProduction) {
    throw new Error(
      `${refusedBy('The list of environments', reply)}. Is the key right, and has it not expired? For one that ` +
        'may do everything but list, name the workspace by its id, and say --not-production if that is so.',
    );
  }
  const listed = isOk(reply) ? listedIn('environments', reply, environmentList) : 'refused';
  const find = (word: string): Named => safeEnvironment(listed, word, options.notProduction);
  const environment = find(options.environment);
  const approvals =
    options.approvalsEnvironment === undefined ? undefined : find(options.approvalsEnvironment);
  if (approvals?.id === environment.id)
    throw new Error('--approvals-environment must be another environment than --environment.');
  const others = listed === 'refused' ? [] : listed;
  return {
    workspace,
    environment,
    approvals,
    other: [...others, ...(approvals ? [approvals] : [])].find(({ id }) => id !== environment.id),
    facts: [listsFact(first, reply)],
  };
}
