// What users read when no answer came, by the error the network gave.
import { describe, expect, test } from '@jest/globals';
import { isHopeless, networkFailure, wasNotSent } from '../../src/admin-api/network-error.ts';

const error = (code: string, message = 'm'): Error => Object.assign(new Error(message), { code });

const said = (thrown: unknown): string =>
  networkFailure(thrown, { purpose: 'read', timedOut: false, timeoutMilliseconds: 1000 }).message;

describe('the cause', () => {
  test.each([
    [error('ECONNREFUSED'), 'the connection was refused'],
    [error('ENOTFOUND'), 'the host name could not be resolved'],
    [error('EAI_AGAIN'), 'the host name could not be resolved'],
    [error('ECONNRESET'), 'the connection was closed before the answer was complete'],
    [error('UND_ERR_SOCKET'), 'the connection was closed before the answer was complete'],
    [error('EPIPE'), 'the connection was closed before the answer was complete'],
    [
      error('DEPTH_ZERO_SELF_SIGNED_CERT'),
      'the TLS connection could not be trusted (DEPTH_ZERO_SELF_SIGNED_CERT)',
    ],
    [
      error('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
      'the TLS connection could not be trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    ],
    [
      error('X', 'Proxy response (407) !== 200'),
      'the proxy refused the connection (Proxy response (407) !== 200)',
    ],
    [error('EOTHER', 'odd'), 'odd (EOTHER)'],
    [new Error('bare'), 'bare'],
    [new Error('outer', { cause: error('EINNER') }), 'outer (EINNER)'],
    [{ code: 7 }, ''],
    ['text', 'text'],
    [undefined, 'undefined'],
  ])('%s', (thrown, words) => {
    expect(said(thrown)).toBe(
      words.startsWith('the TLS')
        ? `Could not read: ${words}. If the API is behind your own certificate authority, set \`NODE_EXTRA_CA_CERTS\` on the runner.`
        : `Could not read: ${words}. Check \`api-url\`, the network and the proxy of the runner, then run again.`,
    );
  });

  test('a time-out says how long was waited', () => {
    const failure = networkFailure(undefined, { purpose: 'read', timedOut: true, timeoutMilliseconds: 1500 });
    expect(failure.message).toContain('no answer came within 1.5 seconds');
    expect(failure.reason).toBe('network');
  });

  test.each([new SyntaxError('s'), new RangeError('r'), error('ERR_ENCODING_INVALID_ENCODED_DATA')])(
    'an answer that cannot be used is an api-error: %s',
    (thrown) => {
      const attempt = { purpose: 'read', timedOut: false, timeoutMilliseconds: 1000 };
      expect(networkFailure(thrown, attempt).reason).toBe('api-error');
    },
  );
});

test('a request was not sent where there was no connection or no trust', () => {
  expect(['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED'].map((code) => wasNotSent(error(code)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(['ECONNRESET', 'UND_ERR_SOCKET', ''].map((code) => wasNotSent(error(code)))).toEqual([
    false,
    false,
    false,
  ]);
});

test('another attempt is hopeless without trust, or where answers do not end', () => {
  expect([
    isHopeless(error('CERT_HAS_EXPIRED')),
    isHopeless(new RangeError('r')),
    isHopeless(error('ECONNREFUSED')),
  ]).toEqual([true, true, false]);
});
