// Scripted faults: what a server or the way to it may do to a request, once or several times.
import type { Json, JsonObject } from '../src/json.ts';
import type { Decision, World } from './world.ts';

/** An answer in place of the true one. A body which is not text is sent as JSON. */
export interface FaultAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/**
 * What to do to which requests. The first fault that matches a request and is not used up takes it.
 * At most one of `answer`, `redirect`, `reset` and `hang` is of use; `cutBody` goes with `answer` or alone.
 */
export interface Fault {
  readonly method?: string;
  /** Text the path with its query contains, or a pattern it matches. Left out: any path. */
  readonly path?: string | RegExp;
  /** How many matching requests it is for; default 1. */
  readonly times?: number;
  /** How many matching requests go by first; default 0. */
  readonly after?: number;
  /** Waits before anything else is done, in ms. */
  readonly delayMs?: number;
  /** Changes the world before the request is looked at: someone else edits meanwhile. */
  readonly then?: (world: World) => void;
  /**
   * Somebody decides before the request is looked at: on the change request its path names, or without one on
   * every open one. With `after`, what a client that polls sees first is that nothing has happened yet.
   */
  readonly decides?: Decision;
  /** Changes a definition the request stores: a server that keeps something else than what it was sent. */
  readonly mutate?: (stored: JsonObject) => JsonObject;
  /** Whether the request takes effect before the fault hits: a write that happened, its answer lost. Default false. */
  readonly applied?: boolean;
  readonly answer?: FaultAnswer;
  /** Answers 307 with this location. */
  readonly redirect?: string;
  /** Resets the connection. */
  readonly reset?: boolean;
  /** Never answers; the connection stays open until the emulator is closed. */
  readonly hang?: boolean;
  /** Sends the headers and half of the body, then cuts the connection. The request takes effect unless `answer` is given. */
  readonly cutBody?: boolean;
}

/** A server that fails without a word, as lists of an environment do now and then. To be spread into a fault. */
export const BARE_500: Fault = { answer: { status: 500 } };

/** A server whose database complains, as the list of workspaces does now and then. To be spread into a fault. */
export const DUPLICATE_KEY_500: Fault = {
  answer: {
    status: 500,
    body: {
      code: 500,
      message:
        'E11000 duplicate key error collection: split.workspaces index: _id_ dup key: { _id: "7c0e4a10" }',
      details: '',
      transactionId: '22f0rxo8uno',
    },
  },
};

/** JSON schema of the faults that can be queued from outside: those without functions. */
export const faultSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    method: { type: 'string' },
    path: { type: 'string' },
    times: { type: 'integer', minimum: 1 },
    after: { type: 'integer', minimum: 0 },
    delayMs: { type: 'number', minimum: 0 },
    decides: { enum: ['APPROVED', 'REJECTED', 'WITHDRAWN'] },
    applied: { type: 'boolean' },
    redirect: { type: 'string' },
    reset: { type: 'boolean' },
    hang: { type: 'boolean' },
    cutBody: { type: 'boolean' },
    answer: {
      type: 'object',
      required: ['status'],
      additionalProperties: false,
      properties: {
        status: { type: 'integer', minimum: 200, maximum: 599 },
        headers: { type: 'object', additionalProperties: { type: 'string' } },
        body: {},
      },
    },
  },
};

/** Faults that wait for their requests. */
export interface FaultQueue {
  add(fault: Fault): void;
  /** The fault for a request, which is one use of it. */
  take(method: string, path: string): Fault | undefined;
  clear(): void;
}

const matches = (fault: Fault, method: string, path: string): boolean =>
  (fault.method === undefined || fault.method.toUpperCase() === method) &&
  (fault.path === undefined ||
    (typeof fault.path === 'string' ? path.includes(fault.path) : path.search(fault.path) >= 0));

/** A queue of faults, empty at first. */
export function faultQueue(): FaultQueue {
  let queue: { fault: Fault; toSkip: number; left: number }[] = [];
  return {
    add: (fault) => queue.push({ fault, toSkip: fault.after ?? 0, left: fault.times ?? 1 }),
    clear: () => {
      queue = [];
    },
    take(method, path) {
      for (const entry of queue) {
        if (entry.left === 0 || !matches(entry.fault, method, path)) continue;
        if (entry.toSkip > 0) {
          entry.toSkip -= 1;
          continue;
        }
        entry.left -= 1;
        return entry.fault;
      }
      return undefined;
    },
  };
}

/** The answer a fault gives in place of the true one, if it gives one. */
export const answerOf = ({ answer, redirect }: Fault): FaultAnswer | undefined =>
  redirect === undefined ? answer : { status: 307, headers: { location: redirect } };
