// The Admin API in domain words, with one key. It reports what the API says; it does not judge it.
import * as z from 'zod';
import { parseDefinition, type Definition } from '../definition/definition.ts';
import type { AdminApi, Audit, Listing, Named, Place, Settle, WriteAnswer } from '../execute/ports.ts';
import { Failure } from '../failure.ts';
import { toJson, type Json, type JsonObject } from '../json.ts';
import { failureOf } from './api-error.ts';
import { createExchange, type ExchangeOptions } from './exchange.ts';
import { isSuccess, type Answer, type HttpRequest } from './http.ts';
import { environmentList, flagPage, workspacePage } from './wire.ts';

/** The largest page of flags the API documents (docs.split.io/reference/lists-feature-flags). */
const PAGE_SIZE = 50;

/** More pages than this are not read: an API that claims more entries does not keep to its own paging. */
const MOST_PAGES = 400;

/** Flag names read for near misses: enough to help, without paging through a big workspace. */
const MOST_FLAG_PAGES = 10;

/** Harness tokens go in their own header (developer-hub, api/overview); Split Admin API keys are bearer tokens. */
export const authorization = (key: string): Readonly<Record<string, string>> =>
  /^[ps]at\./.test(key) ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };

/** A path of percent-encoded parts. */
const pathOf = (...parts: readonly string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part)}`).join('');

const definitionPath = ({ workspace, flag, environment }: Place): string =>
  pathOf('splits', 'ws', workspace.id, flag, 'environments', environment.id);

const isRefusal = ({ status }: Answer): boolean => status === 401 || status === 403;

/** Takes an answer for what the contract says, or fails naming the first member that is not so. */
function parse<T>(answer: Answer, purpose: string, parser: (json: Json) => T): T {
  if (!isSuccess(answer)) throw failureOf(answer, purpose);
  try {
    if (answer.json === undefined) throw new SyntaxError('it is not JSON');
    return parser(answer.json);
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const fault = issue
      ? `${issue.path.join('.') || 'the answer'}: ${issue.message.replace('received undefined', 'but it is missing')}`
      : cause instanceof Error
        ? cause.message
        : String(cause);
    throw new Failure(
      'api-error',
      `Could not ${purpose}: the API's answer is not what its documentation says (${fault}). Check \`api-url\`.`,
      { cause },
    );
  }
}

/** The Admin API seen with one key. */
export function createAdminApi(options: ExchangeOptions): AdminApi {
  const exchange = createExchange(options);

  /** All entries of a paged list, or of its first pages. */
  async function pages<T>(list: {
    readonly path: string;
    readonly query?: Readonly<Record<string, string>>;
    readonly purpose: string;
    readonly parser: (json: Json) => {
      readonly objects: readonly T[];
      readonly totalCount?: number | null | undefined;
    };
    readonly mostPages?: number;
  }): Promise<Listing<T>> {
    const entries: T[] = [];
    for (let number = 0; number < (list.mostPages ?? MOST_PAGES); number += 1) {
      const query = new URLSearchParams({
        ...list.query,
        limit: String(PAGE_SIZE),
        offset: String(entries.length),
      });
      const answer = await exchange.read({
        method: 'GET',
        path: `${list.path}?${query.toString()}`,
        purpose: list.purpose,
      });
      if (isRefusal(answer)) return 'refused';
      const { objects, totalCount } = parse(answer, list.purpose, list.parser);
      entries.push(...objects);
      const isLast = totalCount == null ? objects.length < PAGE_SIZE : entries.length >= totalCount;
      if (objects.length === 0 || isLast) break;
    }
    return entries;
  }

  async function readDefinition(place: Place, begun: boolean): Promise<Definition | undefined> {
    const purpose = `read flag \`${place.flag}\` in ${place.environment.name}`;
    const answer = await exchange.read({ method: 'GET', path: definitionPath(place), purpose }, begun);
    return answer.status === 404 ? undefined : parse(answer, purpose, parseDefinition);
  }

  async function write(request: HttpRequest, settle: Settle): Promise<WriteAnswer> {
    const ended = await exchange.write(request, settle);
    const { written } = ended;
    if (written === 'yes') return { written };
    if ('failure' in ended) return { written, failure: ended.failure };
    const failure = failureOf(ended.answer, request.purpose);
    const { status } = ended.answer;
    // The target was read before: it appeared, or went away, since.
    const moved =
      (request.method === 'POST' && status === 409 && failure.reason === 'api-error') ||
      (request.method === 'PUT' && status === 404);
    return { written, failure: moved ? new Failure('target-changed', failure.message) : failure };
  }

  const writeDefinition =
    (method: 'PUT' | 'POST', verb: string) =>
    (place: Place, body: JsonObject, settle: Settle): Promise<WriteAnswer> =>
      write(
        {
          method,
          path: definitionPath(place),
          body: toJson(body),
          purpose: `${verb} flag \`${place.flag}\` in ${place.environment.name}`,
        },
        settle,
      );

  const changeKillState =
    (verb: 'kill' | 'restore') =>
    (place: Place, { title, comment }: Audit, settle: Settle): Promise<WriteAnswer> =>
      write(
        {
          method: 'PUT',
          path: `${definitionPath(place)}/${verb}`,
          body: toJson({ title, comment }),
          purpose: `${verb} flag \`${place.flag}\` in ${place.environment.name}`,
        },
        settle,
      );

  return {
    async workspacesNamed(name: string): Promise<Listing<Named>> {
      const list = {
        path: '/workspaces',
        purpose: 'list workspaces',
        parser: (json: Json) => workspacePage.parse(json),
      };
      const filtered = await pages({ ...list, query: { name, nameOp: 'IS' } });
      return filtered === 'refused' || filtered.length > 0 ? filtered : pages(list);
    },

    async environments(workspace) {
      const purpose = `list the environments of workspace ${workspace.name}`;
      const answer = await exchange.read({
        method: 'GET',
        path: pathOf('environments', 'ws', workspace.id),
        purpose,
      });
      if (isRefusal(answer)) return 'refused';
      return parse(answer, purpose, (json) => environmentList.parse(json)).map(
        ({ id, name, production }) => ({
          id,
          name,
          production: production === true,
        }),
      );
    },

    definition: (place) => readDefinition(place, false),
    definitionAfterWrite: (place) => readDefinition(place, true),

    async hasFlag({ workspace, flag }) {
      const purpose = `look up flag \`${flag}\` in workspace ${workspace.name}`;
      const answer = await exchange.read({
        method: 'GET',
        path: pathOf('splits', 'ws', workspace.id, flag),
        purpose,
      });
      if (!isSuccess(answer) && answer.status !== 404) throw failureOf(answer, purpose);
      return answer.status !== 404;
    },

    async flagNames(workspace) {
      const flags = await pages({
        path: pathOf('splits', 'ws', workspace.id),
        purpose: `list the flags of workspace ${workspace.name}`,
        parser: (json) => flagPage.parse(json),
        mostPages: MOST_FLAG_PAGES,
      });
      return flags === 'refused' ? [] : flags.map((flag) => flag.name);
    },

    createDefinition: writeDefinition('POST', 'create'),
    updateDefinition: writeDefinition('PUT', 'update'),
    kill: changeKillState('kill'),
    restore: changeKillState('restore'),
  };
}
