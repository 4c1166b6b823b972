// The Admin API in domain words, with one key. It reports what the API says; it does not judge it.
import { parseDefinition, type Definition } from '../definition/definition.ts';
import type { AdminApi, Audit, Place, SegmentKind, Site, WriteAnswer, WriteGuard } from '../execute/ports.ts';
import { Failure } from '../failure.ts';
import { toJson, type Json, type JsonObject } from '../json.ts';
import { failureOf } from './api-error.ts';
import { changeRequestCalls, type Write } from './change-requests.ts';
import { createExchange, heldBack, type ExchangeOptions } from './exchange.ts';
import { createReader, pathOf, unless, type Asked } from './reader.ts';
import { createTextPool, type TextPool } from './text-pool.ts';
import {
  definitionPage,
  environmentList,
  flagFacts,
  flagPage,
  segmentPage,
  workspacePage,
  type Page,
} from './wire.ts';

/** Flag names read for near misses: enough to help, without paging through a big workspace. */
const MOST_FLAG_PAGES = 10;

/** Harness tokens go in their own header (developer-hub, api/overview); Split Admin API keys are bearer tokens. */
export const authorization = (key: string): Readonly<Record<string, string>> =>
  /^[ps]at\./.test(key) ? { 'x-api-key': key } : { authorization: `Bearer ${key}` };

const definitionPath = ({ workspace, flag, environment }: Place): string =>
  pathOf('splits', 'ws', workspace.id, flag, 'environments', environment.id);

const definitionsPath = ({ workspace, environment }: Site): string =>
  pathOf('splits', 'ws', workspace.id, 'environments', environment.id);

/** Definitions are taken as their page arrives, so that no more of them is held than is wanted. */
const definitionsAsked = <T>(
  site: Site,
  take: (flag: string, definition: Definition, at: number) => T,
  share: TextPool,
): Asked<Page<T>> => ({
  path: definitionsPath(site),
  purpose: `list the definitions in ${site.environment.name}`,
  parser: (json, at) => {
    const { objects, totalCount, limit } = definitionPage.parse(json);
    return {
      objects: objects.map((entry) => take(entry.name, parseDefinition(share(entry)), at)),
      totalCount,
      limit,
    };
  },
});

/** The definition that the answer to a write shows; answers to kill, restore and DELETE are `true`. */
function definitionIn(json: Json | undefined): Definition | undefined {
  try {
    return json === undefined ? undefined : parseDefinition(json);
  } catch {
    return undefined;
  }
}

const SEGMENT_PATHS: Readonly<Record<SegmentKind, string>> = {
  standard: 'segments',
  large: 'large-segments',
  'rule-based': 'rule-based-segments',
};

const orNone = <T>(reading: Promise<T>): Promise<T | undefined> => unless(reading, ['not-found'], undefined);

const orRefused = <T>(reading: Promise<T>): Promise<T | 'refused'> =>
  unless(reading, ['authentication', 'permission'], 'refused');

/** The Admin API seen with one key. */
export function createAdminApi(options: ExchangeOptions): AdminApi {
  const exchange = createExchange(options);
  const reader = createReader(exchange, options.expect);
  const share = createTextPool();

  const write: Write = async (request, { settle, notAfter }) => {
    const ended = await exchange.write(request, settle, notAfter);
    const { written } = ended;
    if (written === 'yes') {
      const definition = 'answer' in ended ? definitionIn(ended.answer.json) : undefined;
      return { answer: { written, definition }, ended };
    }
    if ('failure' in ended) return { answer: { written, failure: ended.failure }, ended };
    if ('late' in ended)
      return { answer: { written, failure: heldBack(request.purpose), late: true }, ended };
    const failure = failureOf(ended.answer, request.purpose);
    const { status } = ended.answer;
    // The target was read before: it appeared, or went away, since.
    const moved =
      request.path.startsWith('/splits/') &&
      ((request.method === 'POST' && status === 409 && failure.reason === 'api-error') ||
        (request.method !== 'POST' && status === 404));
    return {
      answer: { written, failure: moved ? new Failure('target-changed', failure.message) : failure },
      ended,
    };
  };

  const writeDefinition =
    (method: 'PUT' | 'POST', verb: string) =>
    async (place: Place, body: JsonObject, guard: WriteGuard): Promise<WriteAnswer> => {
      const purpose = `${verb} flag \`${place.flag}\` in ${place.environment.name}`;
      const request = { method, path: definitionPath(place), body: toJson(body), purpose };
      return (await write(request, guard)).answer;
    };

  const changeKillState =
    (verb: 'kill' | 'restore') =>
    async (place: Place, { title, comment }: Audit, guard: WriteGuard): Promise<WriteAnswer> => {
      const request = {
        method: 'PUT' as const,
        path: `${definitionPath(place)}/${verb}`,
        body: toJson({ title, comment }),
        purpose: `${verb} flag \`${place.flag}\` in ${place.environment.name}`,
      };
      return (await write(request, guard)).answer;
    };

  return {
    async workspacesNamed(name: string) {
      const asked = {
        path: '/workspaces',
        purpose: 'list workspaces',
        parser: (json: Json) => workspacePage.parse(json),
      };
      const filtered = await orRefused(
        reader.some({
          ...asked,
          query: [
            ['name', name],
            ['nameOp', 'IS'],
          ],
        }),
      );
      return filtered === 'refused' || filtered.length > 0 ? filtered : orRefused(reader.some(asked));
    },

    async environments(workspace) {
      const list = await orRefused(
        reader.one({
          path: pathOf('environments', 'ws', workspace.id),
          purpose: `list the environments of workspace ${workspace.name}`,
          parser: (json) => environmentList.parse(json),
        }),
      );
      if (list === 'refused') return list;
      return list.map(({ id, name, production }) => ({ id, name, production: production === true }));
    },

    definition: (place, readOptions) =>
      orNone(
        reader.one(
          {
            path: definitionPath(place),
            purpose: `read flag \`${place.flag}\` in ${place.environment.name}`,
            parser: (json, at) => ({ definition: parseDefinition(json), at }),
          },
          readOptions,
        ),
      ),

    flag: ({ workspace, flag }) =>
      orNone(
        reader.one({
          path: pathOf('splits', 'ws', workspace.id, flag),
          purpose: `look up flag \`${flag}\` in workspace ${workspace.name}`,
          parser: (json) => flagFacts.parse(json),
        }),
      ),

    async flagNames(workspace, tags) {
      const asked = {
        path: pathOf('splits', 'ws', workspace.id),
        query: (tags ?? []).map((tag) => ['tag', tag] as const),
        purpose: `list the flags of workspace ${workspace.name}`,
        parser: (json: Json) => flagPage.parse(json),
      };
      const flags = await (tags === undefined ? reader.some(asked, MOST_FLAG_PAGES) : reader.all(asked));
      return flags.map((flag) => flag.name);
    },

    async anyDefinition(site) {
      const { objects } = await reader.one({
        path: definitionsPath(site),
        query: [['limit', '1']],
        purpose: `look into ${site.environment.name}`,
        parser: (json) => definitionPage.parse(json),
      });
      const [first] = objects;
      return first && parseDefinition(first);
    },

    definitions: (site, take) => reader.all(definitionsAsked(site, take, share)),

    async definitionPage(site, offset, take, readOptions) {
      const asked = definitionsAsked(site, (flag, definition, at) => take(flag, { definition, at }), share);
      const { objects, totalCount } = await reader.page(asked, offset, readOptions);
      return { size: objects.length, total: totalCount ?? objects.length };
    },

    segments: ({ workspace, environment }, kind) =>
      reader.all({
        path: pathOf(SEGMENT_PATHS[kind], 'ws', workspace.id, 'environments', environment.id),
        purpose: `list the ${kind} segments of ${environment.name}`,
        parser: (json) => segmentPage.parse(json),
      }),

    ...changeRequestCalls(reader, write),
    createDefinition: writeDefinition('POST', 'create'),
    updateDefinition: writeDefinition('PUT', 'update'),
    async removeDefinition(place, { title, comment }, guard) {
      // DELETE takes title and comment in the query (docs.split.io, delete-feature-flag-definition).
      const query = new URLSearchParams({ title, comment }).toString();
      const purpose = `remove flag \`${place.flag}\` from ${place.environment.name}`;
      const path = `${definitionPath(place)}?${query}`;
      return (await write({ method: 'DELETE', path, purpose }, guard)).answer;
    },
    kill: changeKillState('kill'),
    restore: changeKillState('restore'),
  };
}
