// What was asked of the emulator, in the order it was asked.
import type { FastifyRequest } from 'fastify';
import { parseJson, type Json } from '../src/json.ts';

/** One request and what became of it. */
export interface RecordedRequest {
  readonly method: string;
  /** Path with its query, as sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, lossless; undefined when there is none or it is not JSON. */
  readonly body: Json | undefined;
  readonly rawBody: string;
  /** Ms since the emulator started. */
  readonly at: number;
  /** Status answered; undefined while unanswered or if the connection was cut. */
  readonly status: number | undefined;
  /** Bytes of body sent. */
  readonly bytes: number;
}

type Entry = { -readonly [Member in keyof RecordedRequest]: RecordedRequest[Member] };

/** The requests so far, and how they come to be noted. */
export interface Recording {
  readonly requests: readonly RecordedRequest[];
  /** Notes that a request has come. */
  arrived(request: FastifyRequest, at: number): void;
  /** Notes its body, as text. */
  read(request: FastifyRequest, rawBody: string): void;
  /** Notes what is sent back; no status when the connection is cut. */
  answered(
    request: FastifyRequest,
    answer: { readonly status: number | undefined; readonly bytes: number },
  ): void;
  clear(): void;
}

function bodyOf(raw: string): Json | undefined {
  try {
    return parseJson(raw);
  } catch {
    return undefined;
  }
}

/** A recording, empty at first. */
export function recording(): Recording {
  const requests: Entry[] = [];
  const entries = new WeakMap<FastifyRequest, Entry>();
  const note = (request: FastifyRequest, members: Partial<Entry>): void => {
    const entry = entries.get(request);
    if (entry !== undefined) Object.assign(entry, members);
  };
  return {
    requests,
    arrived(request, at) {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
      const entry: Entry = {
        method: request.method,
        path: request.url,
        headers: Object.fromEntries(headers),
        body: undefined,
        rawBody: '',
        at,
        status: undefined,
        bytes: 0,
      };
      requests.push(entry);
      entries.set(request, entry);
    },
    read: (request, rawBody) => note(request, { rawBody, body: bodyOf(rawBody) }),
    answered: (request, answer) => note(request, answer),
    clear: () => {
      requests.length = 0;
    },
  };
}
