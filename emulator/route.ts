// What a route is given and gives, and how routes become Fastify's.
import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify';
import { isJsonObject, parseJson, toJson, type Json, type JsonObject } from '../src/json.ts';
import { authenticate } from './access.ts';
import { Refusal } from './answers.ts';
import type { Switches } from './switches.ts';
import type { Token, World } from './world.ts';

/** What a running emulator has for every request. */
export interface Room {
  readonly world: World;
  readonly switches: Switches;
  /** Ms since 1970, never going back. */
  readonly now: () => number;
  /** What a scripted fault makes of a definition the request stores. */
  readonly mutate: (request: FastifyRequest, stored: JsonObject) => JsonObject;
}

/** One request, for a route. */
export interface Call extends Omit<Room, 'mutate'> {
  readonly token: Token;
  readonly query: URLSearchParams;
  /** A decoded part of the path. */
  readonly param: (name: string) => string;
  /** A text member of the body, if there is a body and it has one; the body is not checked. */
  readonly peek: (member: string) => string | undefined;
  /** The body, lossless. @throws Refusal 400 when it is not JSON or not what the schema says. */
  readonly body: (schema: object) => Json;
  /** @throws Refusal 400 when a value is not what the schema says. */
  readonly validate: (schema: object, value: Json) => void;
  readonly mutate: (stored: JsonObject) => JsonObject;
}

/** A success. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** One method of one path; `url` is Fastify's pattern, after the prefix. */
export interface Route {
  readonly method: HTTPMethods;
  readonly url: string;
  /** Refusals are thrown, in the order of the API's checks. */
  readonly handle: (call: Call) => Answer;
}

/** The answer of a request that worked. */
export const ok = (body: Json, status = 200): Answer => ({ status, body });

const parsed = (text: string): Json | undefined => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};

/** The query of a request's URL; Fastify's own parser would turn repeated names into arrays. */
const queryOf = (url: string): URLSearchParams => new URLSearchParams(url.split('?').slice(1).join('?'));

/** The text of a body as it came; the content type parser of the emulator leaves it unparsed. */
export const rawBodyOf = ({ body }: FastifyRequest): string => (typeof body === 'string' ? body : '');

function checkShape(request: FastifyRequest, schema: object, value: Json): void {
  const check = request.compileValidationSchema(schema);
  if (check(JSON.parse(toJson(value)))) return;
  const problems = (check.errors ?? []).map(({ instancePath, message = '' }) =>
    `${instancePath} ${message}`.trim(),
  );
  throw new Refusal(400, problems.join('; '));
}

/** The body of a request, lossless. @throws Refusal 400 when it is not JSON or not what the schema says. */
export function bodyOf(request: FastifyRequest, schema: object): Json {
  const value = parsed(rawBodyOf(request));
  if (value === undefined) throw new Refusal(400, 'The body is not valid JSON');
  checkShape(request, schema, value);
  return value;
}

function callOf(request: FastifyRequest, room: Room): Call {
  const params: ReadonlyMap<string, unknown> = new Map(Object.entries(request.params ?? {}));
  return {
    ...room,
    token: authenticate(room.world, request.headers),
    query: queryOf(request.url),
    param: (name) => String(params.get(name)),
    peek: (member) => {
      const json = parsed(rawBodyOf(request));
      const value = isJsonObject(json) ? json[member] : undefined;
      return typeof value === 'string' ? value : undefined;
    },
    validate: (schema, value) => checkShape(request, schema, value),
    body: (schema) => bodyOf(request, schema),
    mutate: (stored) => room.mutate(request, stored),
  };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Adds the routes, and for every other method of their paths one that answers 405. */
export function addRoutes(app: FastifyInstance, routes: readonly Route[], room: Room): void {
  for (const { method, url, handle } of routes) {
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        const { status, body } = handle(callOf(request, room));
        return reply
          .code(status)
          .type('application/json')
          .send(status === 204 ? undefined : toJson(body));
      },
    });
  }
  for (const url of new Set(routes.map((route) => route.url))) {
    const known = routes.filter((route) => route.url === url).map(({ method }) => method);
    app.route({
      method: METHODS.filter((method) => !known.includes(method)),
      url,
      handler: () => {
        throw new Refusal(405, 'Method not allowed');
      },
    });
  }
}
