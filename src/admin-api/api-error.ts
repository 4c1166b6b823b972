// From an answer that is no success to a failure: the reason, the API's own words, and what to do next.
import * as z from 'zod';
import { Failure, type FailureReason } from '../failure.ts';
import { isJsonObject, parseJson, type Json } from '../json.ts';
import type { Answer } from './http.ts';

const errorBody = z.looseObject({
  message: z.string().nullish(),
  transactionId: z.string().nullish(),
  // The name this member had in 2017 (splitio/ExternalApiExample).
  tid: z.string().nullish(),
});

const LONGEST_QUOTE = 500;

/** Characters of a page of HTML that are looked at: its tags are stripped in quadratic time. */
const LONGEST_PAGE = 5000;

const quote = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
};

/** Every `denyMessages` entry at any depth: what a governance policy says for itself. */
function denyMessages(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((element: Json) => denyMessages(element));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([member, content]) =>
    member === 'denyMessages' && Array.isArray(content)
      ? content.filter((message: Json): message is string => typeof message === 'string')
      : denyMessages(content),
  );
}

interface Said {
  readonly message: string;
  /** The policy's words, where a policy denied the request. */
  readonly denials: readonly string[];
  readonly sentence: string;
}

/** What the body of an error says; the body may be empty, HTML, or any JSON. */
function said(text: string): Said {
  let body: Json;
  try {
    body = parseJson(text);
  } catch {
    const words = quote(text.slice(0, LONGEST_PAGE).replaceAll(/<[^>]*>/g, ' '));
    return {
      message: words,
      denials: [],
      sentence: words === '' ? 'It said nothing more.' : `It said: ${words}`,
    };
  }
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) {
    return { message: '', denials: [], sentence: `It said: ${quote(text)}` };
  }
  const { message, transactionId, tid } = parsed.data;
  const details = isJsonObject(body) ? body['details'] : undefined;
  const denials = denyMessages(details);
  const words = [message, typeof details === 'string' ? details : undefined, ...denials].filter(Boolean);
  const transaction = transactionId ?? tid;
  return {
    message: message ?? '',
    denials,
    sentence:
      (words.length === 0 ? 'It said nothing more.' : `It said: ${quote(words.join(': '))}`) +
      (transaction ? ` (transactionId ${quote(transaction)})` : ''),
  };
}

function reasonOf(status: number, { message, denials }: Said): FailureReason {
  switch (status) {
    case 401:
      return 'authentication';
    case 403:
      // The only sign there is: approval settings cannot be read (developer-hub, api/approvals.md).
      return message.startsWith('Approvals are required') ? 'approval-required' : 'permission';
    case 404:
      return 'not-found';
    case 409:
    case 499:
      return denials.length > 0 || /polic|governance/i.test(message) || status === 499
        ? 'policy-denied'
        : 'api-error';
    case 423:
      return 'pending-change';
    case 429:
      return 'rate-limited';
    default:
      return 'api-error';
  }
}

const NEXT: Partial<Record<FailureReason, string>> = {
  authentication: 'Check that the key is right, has not expired, and is valid for this environment.',
  permission: 'Give the key a role that may do this; the README lists the roles.',
  'not-found': 'Check the name, and that the key may see it.',
  'approval-required':
    'The target environment requires approvals; with `on-approval-required: request` a change request is filed.',
  'policy-denied': 'Change what the policy refuses, or ask those who own the policy.',
  'pending-change': 'Have the open change request decided or withdrawn, then run again.',
  'rate-limited': 'Run again later; the limit is shared by everyone in the organisation.',
};

function nextStep(reason: FailureReason, { status, headers, text }: Answer): string {
  const next = NEXT[reason];
  if (next !== undefined) return next;
  if (status >= 300 && status < 400) {
    return `It redirects to ${quote(headers['location'] ?? 'nowhere')}, which is not followed, since the key would go along; correct \`api-url\`.`;
  }
  if (status === 400 && text === '') {
    return 'An empty 400 is what the API answers where a workspace requires a title and a comment; check `title` and `comment`.';
  }
  return status >= 500
    ? 'Run again later.'
    : 'Check `api-url`, and the request against the API documentation.';
}

/** The failure an answer stands for. `purpose` says what was tried: "read flag `x` in Staging". */
export function failureOf(answer: Answer, purpose: string): Failure {
  const words = said(answer.text);
  const reason = reasonOf(answer.status, words);
  return new Failure(
    reason,
    `Could not ${purpose}: the API answered ${answer.status}. ${words.sentence}${/[.!?…]$/.test(words.sentence) ? '' : '.'} ${nextStep(reason, answer)}`,
  );
}
