// One attempt at one request over HTTP, and the only place that knows undici: connections, time limit, body.
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { Failure } from '../failure.ts';
import { parseJson, type Json } from '../json.ts';
import { isHopeless, networkFailure, wasNotSent } from './network-error.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path below the base URL, percent-encoded, with its query. */
  readonly path: string;
  readonly body?: string;
  /** What the request is for, for messages: "read flag `x` in Staging". */
  readonly purpose: string;
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body of a success; `undefined` when it is not JSON. */
  readonly json: Json | undefined;
}

/** An attempt that ended without an answer that could be used. */
export interface Lost {
  readonly status: undefined;
  readonly headers: Readonly<Record<string, never>>;
  readonly failure: Failure;
  /** Whether the request may have reached the server. */
  readonly sent: boolean;
  /** Whether another attempt is out of the question. */
  readonly final: boolean;
}

export interface HttpOptions {
  readonly dispatcher: Dispatcher;
  /** Base URL without a trailing slash. */
  readonly apiUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Time one attempt may take, body included. */
  readonly timeoutMilliseconds: number;
  /** Takes the keys out of a text: done before anything cuts or escapes it. */
  readonly redact: (text: string) => string;
}

/** An answer larger than this is not one of this API's. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

export const isSuccess = ({ status }: { readonly status: number | undefined }): boolean =>
  status !== undefined && status >= 200 && status < 300;

/** Connections to the API: kept alive, and through the proxy that the environment names, if any. */
export function createDispatcher(options: {
  readonly useProxy: boolean;
  readonly connectTimeoutMilliseconds: number;
}): Dispatcher {
  // Time limits are this module's own: those of undici are coarse, and one limit covers the whole attempt.
  const common = {
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: options.connectTimeoutMilliseconds },
  };
  try {
    return options.useProxy ? new EnvHttpProxyAgent(common) : new Agent(common);
  } catch (cause) {
    throw new Failure(
      'network',
      'The proxy that the environment names is not usable: correct `HTTPS_PROXY` or `HTTP_PROXY` on the runner.',
      { cause },
    );
  }
}

async function readBody(body: AsyncIterable<Uint8Array>, fatal: boolean): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER_BYTES)
      throw new RangeError(`the answer is larger than ${LARGEST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal }).decode(Buffer.concat(chunks));
}

function jsonOrUndefined(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

const flat = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]));

/** Makes the function that sends one request once. It never throws; aborting `stop` ends the attempt at once. */
export function createAttempt(options: HttpOptions) {
  const { dispatcher, apiUrl, headers: ownHeaders, timeoutMilliseconds, redact } = options;
  const { origin, pathname } = new URL(apiUrl);
  const basePath = pathname.replace(/\/$/, '');

  async function perform({ method, path, body: sent }: HttpRequest, signal: AbortSignal): Promise<Answer> {
    // Origin and path are passed apart, so that no URL parser resolves dots in a name.
    const { statusCode, headers, body } = await dispatcher.request({
      origin,
      path: basePath + path,
      method,
      headers: {
        ...ownHeaders,
        accept: 'application/json',
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: sent ?? null,
      signal,
    });
    const status = statusCode;
    // A success that is not UTF-8 would be written back damaged; an error only has to be readable.
    const text = await readBody(body, isSuccess({ status }));
    const json = isSuccess({ status }) ? jsonOrUndefined(text) : undefined;
    const type = String(headers['content-type']);
    // A read wants JSON, and gets another chance at it; only a page of HTML is meant as it is.
    const isBroken =
      json === undefined && (method === 'GET' ? !/html/.test(type) : /json/.test(type) && text !== '');
    if (isSuccess({ status }) && isBroken) throw new SyntaxError('the answer is not complete JSON');
    return { status, headers: flat(headers), text: isSuccess({ status }) ? text : redact(text), json };
  }

  return async (request: HttpRequest, stop: AbortSignal): Promise<Answer | Lost> => {
    const abort = new AbortController();
    const onStop = (): void => abort.abort('stopped');
    const timer = setTimeout(() => abort.abort('timeout'), timeoutMilliseconds);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    // Raced, since undici does not reject a request that is still connecting when its signal aborts.
    const aborted = new Promise<never>((_resolve, reject) => {
      const fail = (): void => reject(new Error(String(abort.signal.reason)));
      if (abort.signal.aborted) fail();
      else abort.signal.addEventListener('abort', fail);
    });
    try {
      return await Promise.race([perform(request, abort.signal), aborted]);
    } catch (error) {
      const isStopped = abort.signal.aborted && abort.signal.reason === 'stopped';
      const timedOut = abort.signal.aborted && !isStopped;
      return {
        status: undefined,
        headers: {},
        failure: isStopped
          ? new Failure('cancelled', `Could not ${request.purpose}: the job was cancelled.`)
          : networkFailure(error, { ...request, timeoutMilliseconds, timedOut }),
        sent: !wasNotSent(error),
        final: isStopped || isHopeless(error),
      };
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    }
  };
}
