// From an answer that is no success to a reason and a sentence, whatever the answer's body is.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { failureOf } from '../../src/admin-api/api-error.ts';

const PURPOSE = 'read flag `clients` in Staging';

const failure = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  failureOf(
    { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body), json: undefined },
    PURPOSE,
  );

const sentence = (status: number, said: string, next: string): string =>
  `Could not ${PURPOSE}: the API answered ${status}. ${said} ${next}`;

const AUTHENTICATION = 'Check that the key is right, has not expired, and is valid for this environment.';
const PERMISSION = 'Give the key a role that may do this; the README lists the roles.';
const NOT_FOUND = 'Check the name, and that the key may see it.';
const APPROVAL =
  'The target environment requires approvals; with `on-approval-required: request` a change request is filed.';
const POLICY = 'Change what the policy refuses, or ask those who own the policy.';
const PENDING = 'Have the open change request decided or withdrawn, then run again.';
const RATE = 'Run again later; the limit is shared by everyone in the organisation.';
const AGAIN = 'Run again later.';
const CHECK = 'Check `api-url`, and the request against the API documentation.';
const TITLE =
  'An empty 400 is what the API answers where a workspace requires a title and a comment; check `title` and `comment`.';

describe('the reason', () => {
  test.each([
    [401, {}, 'authentication', AUTHENTICATION],
    [403, {}, 'permission', PERMISSION],
    [403, { message: 'Not allowed. Approvals are required' }, 'permission', PERMISSION],
    [403, { message: 'Approvals are required. orgId=1 envId=2' }, 'approval-required', APPROVAL],
    [404, {}, 'not-found', NOT_FOUND],
    [409, {}, 'api-error', CHECK],
    [409, { message: 'exists already' }, 'api-error', CHECK],
    [409, { message: 'Denied by Policy' }, 'policy-denied', POLICY],
    [409, { message: 'policies refuse this' }, 'policy-denied', POLICY],
    [409, { message: 'Governance says no' }, 'policy-denied', POLICY],
    [409, { message: 'no', details: { denyMessages: ['four eyes'] } }, 'policy-denied', POLICY],
    [409, { message: 'no', details: { denyMessages: [] } }, 'api-error', CHECK],
    [499, {}, 'policy-denied', POLICY],
    [423, {}, 'pending-change', PENDING],
    [429, {}, 'rate-limited', RATE],
    [400, {}, 'api-error', CHECK],
    [402, {}, 'api-error', CHECK],
    [405, {}, 'api-error', CHECK],
    [410, { message: 'policy' }, 'api-error', CHECK],
    [500, {}, 'api-error', AGAIN],
    [503, { message: 'Approvals are required' }, 'api-error', AGAIN],
    [204, {}, 'api-error', CHECK],
  ])('of %d %j is %s, with what to do', (status, body, reason, next) => {
    const { reason: found, message } = failure(status, body);

    expect(found).toBe(reason);
    expect(message.endsWith(` ${next}`)).toBe(true);
  });
});

describe("the API's own words", () => {
  test.each<[string, unknown, string]>([
    ['message', { code: 404, message: 'Flag not found' }, 'It said: Flag not found.'],
    ['message that ends in a full stop', { message: 'Flag not found.' }, 'It said: Flag not found.'],
    ['message that ends otherwise', { message: 'Really?' }, 'It said: Really?'],
    ['message and details', { message: 'No', details: 'because' }, 'It said: No: because.'],
    ['details alone', { details: 'because', message: null }, 'It said: because.'],
    ['details that are an object without denials', { message: 'No', details: { a: 'b' } }, 'It said: No.'],
    ['empty details', { message: 'No', details: '' }, 'It said: No.'],
    ['null details', { message: 'No', details: null }, 'It said: No.'],
    ['transaction', { message: 'No', transactionId: 't-1' }, 'It said: No (transactionId t-1).'],
    ['transaction of 2017', { message: 'No', tid: 't-2' }, 'It said: No (transactionId t-2).'],
    [
      'the newer transaction of two',
      { message: 'No', transactionId: 't-1', tid: 't-2' },
      'It said: No (transactionId t-1).',
    ],
    ['transaction that is empty', { message: 'No', transactionId: '' }, 'It said: No.'],
    ['transaction that is null', { message: 'No', transactionId: null }, 'It said: No.'],
    ['transaction alone', { transactionId: 't-1' }, 'It said nothing more. (transactionId t-1).'],
    ['nothing', {}, 'It said nothing more.'],
    ['an empty message', { message: '' }, 'It said nothing more.'],
    ['text over several lines', { message: 'a\r\n\n  b\tc ' }, 'It said: a b c.'],
    ['a message that is no text', { message: { a: 1 } }, 'It said: {"message":{"a":1}}.'],
    [
      'a transaction that is no text',
      { message: 'No', transactionId: 1 },
      'It said: {"message":"No","transactionId":1}.',
    ],
    ['a list', ['x'], 'It said: ["x"].'],
    ['a number', '7', 'It said: 7.'],
    ['null', 'null', 'It said: null.'],
    ['a number kept as text', '7.0', 'It said nothing more.'],
    ['a JSON text', '"busy"', 'It said: "busy".'],
    ['an empty body', '', 'It said nothing more.'],
    ['a body of space', ' \n ', 'It said nothing more.'],
    ['plain text', 'upstream timed out', 'It said: upstream timed out.'],
    [
      'HTML',
      '<html><body><h1>502 Bad Gateway</h1>\n<hr>nginx</body></html>',
      'It said: 502 Bad Gateway nginx.',
    ],
    ['HTML without text', '<html></html>', 'It said nothing more.'],
    ['broken JSON', '{"message":', 'It said: {"message":.'],
  ])('%s', (_what, body, said) => {
    expect(failure(404, body).message).toBe(sentence(404, said, NOT_FOUND));
  });

  test('are cut after 500 characters', () => {
    expect(failure(404, { message: 'x'.repeat(500) }).message).toContain(`It said: ${'x'.repeat(500)}. `);
    expect(failure(404, { message: 'x'.repeat(501) }).message).toContain(`It said: ${'x'.repeat(500)}… `);
    expect(failure(404, { message: 'no', transactionId: 'y'.repeat(501) }).message).toContain(
      `(transactionId ${'y'.repeat(500)}…).`,
    );
    expect(failure(404, 'z'.repeat(501)).message).toContain(`It said: ${'z'.repeat(500)}… `);
  });

  test("are the policy's too, from any depth of the details", () => {
    const details = {
      denyMessages: ['one'],
      sets: [{ policies: [{ denyMessages: ['two', 3, 'three'] }] }, { denyMessages: 'none' }],
      other: { messages: ['no'] },
    };

    expect(failure(499, { message: 'policy denied', details }).message).toBe(
      sentence(499, 'It said: policy denied: one: two: three.', POLICY),
    );
  });

  test('are no denials outside the details', () => {
    expect(failure(409, { message: 'no', denyMessages: ['x'] })).toMatchObject({
      reason: 'api-error',
      message: sentence(409, 'It said: no.', CHECK),
    });
  });
});

describe('what to do next', () => {
  test.each([
    [
      301,
      { location: 'https://other.example/a b' },
      'It redirects to https://other.example/a b, which is not followed, since the key would go along; correct `api-url`.',
    ],
    [
      399,
      { location: 'x' },
      'It redirects to x, which is not followed, since the key would go along; correct `api-url`.',
    ],
    [
      300,
      {},
      'It redirects to nowhere, which is not followed, since the key would go along; correct `api-url`.',
    ],
    [299, {}, CHECK],
    [400, {}, TITLE],
    [410, {}, CHECK],
    [500, {}, AGAIN],
  ])('after an empty %d with %j', (status, headers, next) => {
    expect(failure(status, '', headers).message).toBe(sentence(status, 'It said nothing more.', next));
  });

  test('after a 400 that says something is to check the request', () => {
    expect(failure(400, { message: 'bad' }).message).toBe(sentence(400, 'It said: bad.', CHECK));
  });
});

test('any answer gives one line of text and one of the reasons', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), fc.oneof(fc.string(), fc.json()), (status, text) => {
      const { message, reason } = failure(status, text);

      expect(message).toMatch(
        /^Could not read flag `clients` in Staging: the API answered \d{3}\. .*[.?!…] .*\.$/u,
      );
      expect(reason).not.toBe('network');
    }),
  );
});
