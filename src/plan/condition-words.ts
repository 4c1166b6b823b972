// The condition of a rule in words, for every matcher type of the API and for those it may get.
import { toNumber, type Matcher, type Rule } from '../definition/definition.ts';
import { canonical } from '../definition/equality.ts';
import { isJsonObject, isRawNumber, toJson, type Json, type JsonObject } from '../json.ts';
import { enumerated, plural } from './sentences.ts';

/** How a name or value of others is shown, in Markdown or plain text; the rest beyond `limit` characters is cut. */
export type Show = (value: string, limit?: number) => string;

/** How a value of a matcher is said; `undefined` where it is not of the documented shape. */
type Reading = (value: Json | undefined, show: Show, negate?: boolean) => string | undefined;

interface Kind {
  /** Members that may hold the value; the first readable one does. */
  readonly members: readonly string[];
  readonly read: Reading;
  /** Whether an attribute is asked; without one the key is. */
  readonly asksAttribute: boolean;
  readonly words: readonly [yes: string, no: string];
}

const isTexts = (value: Json | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((element) => typeof element === 'string');

const one: Reading = (value, show) => (typeof value === 'string' ? show(value) : undefined);

const list: Reading = (value, show) =>
  isTexts(value) ? `[${enumerated(value.map((element) => show(element)))}]` : undefined;

const anyOf: Reading = (value, show) =>
  isTexts(value) && value.length !== 1
    ? `any of ${list(value, show)}`
    : one(isTexts(value) ? value[0] : value, show);

const boolean: Reading = (value) => (typeof value === 'boolean' ? String(value) : undefined);

const number: Reading = (value, show) => {
  if (isRawNumber(value)) return show(value.rawJSON);
  return typeof value === 'number' ? String(value) : undefined;
};

const date: Reading = (value, show) => {
  if (typeof value !== 'number' && !isRawNumber(value)) return undefined;
  const time = new Date(toNumber(value));
  // Beyond what a date can be, the number speaks for itself.
  if (Number.isNaN(time.getTime())) return number(value, show);
  return time.toISOString().replace('T00:00:00.000Z', '').replace('.000Z', 'Z');
};

const between =
  (end: Reading): Reading =>
  (value, show) => {
    if (!isJsonObject(value) || Object.keys(value).length !== 2) return undefined;
    const [from, to] = [end(value['from'], show), end(value['to'], show)];
    return from === undefined || to === undefined ? undefined : `${from} and ${to}`;
  };

const parent: Reading = (value, show, negate) => {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return undefined;
  const [flag, treatment] = [one(value['splitName'], show), value['treatments'] ?? value['treatment']];
  const treatments = isTexts(treatment)
    ? treatment.map((name) => show(name)).join(' or ')
    : one(treatment, show);
  if (flag === undefined || !treatments) return undefined;
  return `flag ${flag} ${negate ? 'does not serve' : 'serves'} ${treatments}`;
};

const kind = (asksAttribute: boolean, read: Reading, members: readonly string[]) => {
  return (yes: string, no: string): Kind => ({ asksAttribute, read, members, words: [yes, no] });
};

const ofSegment = kind(false, one, ['string']);
const ofList = kind(true, list, ['strings', 'string']);
const ofTexts = kind(true, anyOf, ['strings', 'string']);
const ofText = kind(true, one, ['string']);
const ofNumber = kind(true, number, ['number']);
const ofDate = kind(true, date, ['date']);

/** The matcher types of the Admin API. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['ALL_KEYS', kind(false, () => '', ['type'])('everyone', 'no one')],
  ['IN_SEGMENT', ofSegment('in segment', 'not in segment')],
  ['IN_LARGE_SEGMENT', ofSegment('in large segment', 'not in large segment')],
  ['IN_RULE_BASED_SEGMENT', ofSegment('in rule-based segment', 'not in rule-based segment')],
  ['IN_SPLIT', kind(false, parent, ['depends'])('', '')],
  ['IN_LIST_STRING', ofList('is in', 'is not in')],
  ['STARTS_WITH_STRING', ofTexts('starts with', 'does not start with')],
  ['ENDS_WITH_STRING', ofTexts('ends with', 'does not end with')],
  ['CONTAINS_STRING', ofTexts('contains', 'does not contain')],
  ['MATCHES_STRING', ofText('matches', 'does not match')],
  ['EQUAL_SET', ofList('is exactly the set', 'is not exactly the set')],
  ['ANY_OF_SET', ofList('has any of', 'has none of')],
  ['ALL_OF_SET', ofList('has all of', 'does not have all of')],
  ['PART_OF_SET', ofList('is part of', 'is not part of')],
  ['BOOLEAN', kind(true, boolean, ['bool'])('is', 'is not')],
  ['EQUAL_NUMBER', ofNumber('is', 'is not')],
  ['LESS_THAN_OR_EQUAL_NUMBER', ofNumber('is at most', 'is not at most')],
  ['GREATER_THAN_OR_EQUAL_NUMBER', ofNumber('is at least', 'is not at least')],
  ['BETWEEN_NUMBER', kind(true, between(number), ['between'])('is between', 'is not between')],
  ['ON_DATE', ofDate('is on', 'is not on')],
  ['ON_OR_AFTER_DATE', ofDate('is on or after', 'is not on or after')],
  ['ON_OR_BEFORE_DATE', ofDate('is on or before', 'is not on or before')],
  ['BETWEEN_DATE', kind(true, between(date), ['between'])('is between', 'is not between')],
  ['EQUAL_TO_SEMVER', ofText('is version', 'is not version')],
  ['GREATER_THAN_OR_EQUAL_TO_SEMVER', ofText('is at least version', 'is not at least version')],
  ['LESS_THAN_OR_EQUAL_TO_SEMVER', ofText('is at most version', 'is not at most version')],
  ['BETWEEN_SEMVER', kind(true, between(one), ['between'])('is between versions', 'is not between versions')],
  ['IN_LIST_SEMVER', ofTexts('is version', 'is not version')],
]);

/** Members that mean something and were not said, as raw JSON: nothing is hidden because it is not known. */
function rest(value: JsonObject, said: readonly string[], show: Show): string {
  const members = Object.entries(value).filter(
    ([member, content]) => !said.includes(member) && canonical({ [member]: content }) !== '{}',
  );
  return members.length === 0 ? '' : ` with ${show(toJson(Object.fromEntries(members)), 200)}`;
}

/** What a matcher asks, in parts that a sentence is made of. */
interface Asked {
  /** The attribute; `user key` where it is the key; `undefined` where it is neither. */
  readonly subject: string | undefined;
  /** `is in`, `starts with`, `in segment`; empty for a parent flag, which the value has in its words. */
  readonly verb: string;
  readonly value: string;
  readonly rest: string;
}

/** `undefined` for a matcher that is not of the documented shape. */
function askedBy(matcher: Matcher, show: Show): Asked | undefined {
  const found = KINDS.get(matcher.type);
  const negate = matcher['negate'] === true;
  const [told] = (found?.members ?? []).flatMap((member) => {
    const value = found?.read(matcher[member], show, negate);
    return value === undefined ? [] : [{ member, value }];
  });
  const subject = matcher['attribute'] == null ? 'user key' : one(matcher['attribute'], show);
  if (found === undefined || told === undefined || (found.asksAttribute && subject === undefined))
    return undefined;
  const said = [
    'type',
    told.member,
    ...(negate ? ['negate'] : []),
    ...(found.asksAttribute ? ['attribute'] : []),
  ];
  return {
    subject: found.asksAttribute ? subject : undefined,
    verb: found.words[negate ? 1 : 0],
    value: told.value,
    rest: rest(matcher, said, show),
  };
}

const joined = (words: readonly (string | undefined)[]): string => words.filter(Boolean).join(' ');

const typeWords = (matcher: Matcher, show: Show): string =>
  show(matcher.type) + rest(matcher, ['type'], show);

function matcherSentence(matcher: Matcher, show: Show): string {
  const asked = askedBy(matcher, show);
  if (asked === undefined) return typeWords(matcher, show);
  return joined([asked.subject, asked.verb, asked.value]) + asked.rest;
}

/** Matchers that are said; others are counted. */
const MOST_SAID = 20;

/** The matchers of a condition, each in words, with what joins them, and what else the condition has. */
function conditionWords(
  { condition }: Rule,
  say: (matcher: Matcher) => string,
  show: Show,
): { readonly parts: readonly string[]; readonly word: string; readonly rest: string } {
  const { matchers, combiner } = condition;
  const isNamed = typeof combiner === 'string';
  const word = isNamed ? combiner.toLowerCase() : 'and';
  const more = matchers.length - MOST_SAID;
  return {
    parts: [...matchers.slice(0, MOST_SAID).map(say), ...(more > 0 ? [plural(more, 'more condition')] : [])],
    word: word === 'and' || word === 'or' ? word : show(word),
    rest: rest(condition, isNamed ? ['matchers', 'combiner'] : ['matchers'], show),
  };
}

/** `plan` is in [`pro`, `team`] and not in segment `qa`. */
export function conditionSentence(rule: Rule, show: Show): string {
  const said = conditionWords(rule, (matcher) => matcherSentence(matcher, show), show);
  return (said.parts.join(` ${said.word} `) || 'no condition') + said.rest;
}

/** What a matcher says of those who meet it: with `plan` in [`pro`]; whose `mail` ends with `x`; in segment `qa`. */
function matcherPhrase(matcher: Matcher, show: Show): string {
  const asked = askedBy(matcher, show);
  if (asked === undefined) return `for whom ${typeWords(matcher, show)} holds`;
  const { subject, verb, value, rest: more } = asked;
  if (verb === '') return `for whom ${value}${more}`;
  if (matcher.type === 'ALL_KEYS') return `of ${matcher['negate'] === true ? 'no' : 'any'} kind${more}`;
  if (subject === undefined) return joined([verb, value]) + more;
  // What follows `is` stands by itself: `is not in` becomes `not in`; `is` and `is not` alone do not.
  const [, state] = /^is ((?:not )?(?!not$).+)$/u.exec(verb) ?? [];
  const name = subject === 'user key' ? 'key' : subject;
  return (
    (state === undefined ? joined(['whose', name, verb, value]) : joined(['with', name, state, value])) + more
  );
}

/** Who meets the condition of a rule, after `users`: with `plan` in [`pro`, `team`] and not in segment `qa`. */
export function conditionPhrase(rule: Rule, show: Show): string {
  const said = conditionWords(rule, (matcher) => matcherPhrase(matcher, show), show);
  const phrases = said.parts.map((part, at) =>
    said.parts[at - 1]?.startsWith('with ') === true ? part.replace(/^with /u, '') : part,
  );
  return (phrases.join(` ${said.word} `) || 'without a condition') + said.rest;
}
