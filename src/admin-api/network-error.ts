// From an exchange without an answer to a failure that says why, in words a release engineer can act on.
import { Failure } from '../failure.ts';

/** What is known of an error: not every thrown value is an `Error`, and its code may be that of its cause. */
function factsOf(error: unknown): { readonly code: string; readonly message: string } {
  if (typeof error !== 'object' || error === null) return { code: '', message: String(error) };
  const message = 'message' in error ? String(error.message) : '';
  if ('code' in error && typeof error.code === 'string') return { code: error.code, message };
  return { code: 'cause' in error ? factsOf(error.cause).code : '', message };
}

const codeOf = (error: unknown): string => factsOf(error).code;

/** Errors that say the request never left this machine: no write can have happened. */
const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const isCertificateCode = (code: string): boolean =>
  /CERT|SELF_SIGNED|^ERR_TLS|^ERR_SSL|UNABLE_TO_/.test(code);

export const wasNotSent = (error: unknown): boolean =>
  NOT_SENT.has(codeOf(error)) || isCertificateCode(codeOf(error));

/** Whether the next attempt would fail in the same way: no trust, or an answer of unbounded size. */
export const isHopeless = (error: unknown): boolean =>
  error instanceof RangeError || isCertificateCode(codeOf(error));

/** Whether an answer did arrive, but is none of this API's: broken JSON, no UTF-8, too large. */
const isUnusableAnswer = (error: unknown): boolean =>
  error instanceof SyntaxError ||
  error instanceof RangeError ||
  codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA';

function causeOf(error: unknown): string {
  const { code, message } = factsOf(error);
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name could not be resolved';
  if (isCertificateCode(code)) return `the TLS connection could not be trusted (${code})`;
  if (message.includes('Proxy response')) return `the proxy refused the connection (${message})`;
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' || code === 'EPIPE') {
    return 'the connection was closed before the answer was complete';
  }
  return code === '' ? message : `${message} (${code})`;
}

/** The `network` failure for an error of one attempt. */
export function networkFailure(
  error: unknown,
  attempt: { readonly purpose: string; readonly timedOut: boolean; readonly timeoutMilliseconds: number },
): Failure {
  const cause = attempt.timedOut
    ? `no answer came within ${attempt.timeoutMilliseconds / 1000} seconds`
    : causeOf(error);
  const next = isCertificateCode(codeOf(error))
    ? 'If the API is behind your own certificate authority, set `NODE_EXTRA_CA_CERTS` on the runner.'
    : 'Check `api-url`, the network and the proxy of the runner, then run again.';
  return new Failure(
    isUnusableAnswer(error) ? 'api-error' : 'network',
    `Could not ${attempt.purpose}: ${cause}. ${next}`,
    { cause: error },
  );
}
