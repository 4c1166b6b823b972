// What meets every request before its route: recording, latency, faults, the API key, the rate limit.
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toJson } from '../src/json.ts';
import { authenticate } from './access.ts';
import { answerOf, type Fault, type FaultAnswer, type FaultQueue } from './faults.ts';
import type { Limiter } from './rate-limit.ts';
import type { Recording } from './recording.ts';
import { rawBodyOf, type Room } from './route.ts';
import type { Decision, World } from './world.ts';

/** What comes after a connection was cut or left hanging: nothing. */
const nothing = (): Promise<never> => new Promise(() => undefined);

const isControl = ({ url }: FastifyRequest): boolean => url.startsWith('/emulator/');

const textOf = ({ body = '' }: FaultAnswer): string => (typeof body === 'string' ? body : toJson(body));

/** Cuts the connection, or leaves it hanging, or sets status and headers of the answer that is returned. */
async function strike(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  fault: Fault,
): Promise<FaultAnswer | undefined> {
  if (fault.reset) raw.socket.resetAndDestroy();
  if (fault.reset || fault.hang) return nothing();
  const answer = answerOf(fault);
  if (answer === undefined) return undefined;
  const isJson = answer.body !== undefined && typeof answer.body !== 'string';
  reply
    .code(answer.status)
    .headers({ ...(isJson && { 'content-type': 'application/json' }), ...answer.headers });
  return answer;
}

function cut(reply: FastifyReply, body: string): Promise<never> {
  const bytes = Buffer.from(body);
  reply.raw.writeHead(reply.statusCode, {
    'content-type': String(reply.getHeader('content-type')),
    'content-length': bytes.byteLength,
  });
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => reply.raw.destroy());
  return nothing();
}

/**
 * Sends an answer and never comes back: when the connection is gone, Fastify takes the reply for one not
 * sent yet, and would go on to the route.
 */
function last(reply: FastifyReply, body: string): Promise<never> {
  void reply.send(body);
  return nothing();
}

interface Reception {
  readonly world: World;
  readonly faults: FaultQueue;
  readonly log: Recording;
  readonly latencyMs: number;
  readonly now: () => number;
  readonly limit: Limiter | undefined;
  /** Somebody's decision on what a path names. */
  readonly decide: (path: string, decision: Decision) => void;
}

/** Adds the hooks; returns what the fault a request met makes of a definition the request stores. */
export function addReception(
  app: FastifyInstance,
  { world, faults, log, latencyMs, now, limit, decide }: Reception,
): Room['mutate'] {
  const hits = new WeakMap<FastifyRequest, Fault>();
  const started = now();

  app.addHook('onRequest', async (request) => {
    if (!isControl(request)) log.arrived(request, now() - started);
  });

  app.addHook('preValidation', async (request, reply) => {
    if (isControl(request)) return undefined;
    log.read(request, rawBodyOf(request));
    if (latencyMs > 0) await wait(latencyMs);
    const fault = faults.take(request.method, request.url);
    if (fault !== undefined) {
      hits.set(request, fault);
      if (fault.delayMs !== undefined) await wait(fault.delayMs);
      fault.then?.(world);
      if (fault.decides !== undefined) decide(request.url, fault.decides);
      const answer = fault.applied ? undefined : await strike(request, reply, fault);
      if (answer !== undefined) return last(reply, textOf(answer));
    }
    authenticate(world, request.headers);
    const passage = limit?.();
    if (passage === undefined) return undefined;
    reply.headers(passage.headers);
    const { refusal } = passage;
    return refusal && last(reply.code(429).type(refusal.type), refusal.body);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const fault = hits.get(request);
    const answer = fault?.applied ? await strike(request, reply, fault) : undefined;
    const body = answer === undefined ? String(payload ?? '') : textOf(answer);
    const bytes = Buffer.byteLength(body);
    const isCut = fault?.cutBody === true;
    log.answered(request, {
      status: isCut ? undefined : reply.statusCode,
      bytes: isCut ? Math.floor(bytes / 2) : bytes,
    });
    return isCut ? cut(reply, body) : body;
  });

  return (request, stored) => hits.get(request)?.mutate?.(stored) ?? stored;
}
