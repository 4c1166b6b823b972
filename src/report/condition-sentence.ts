// The condition of a rule as a sentence, for every matcher type of the API and for those it may get.
import { toNumber, type Matcher, type Rule } from '../definition/definition.ts';
import { canonical } from '../definition/equality.ts';
import { isJsonObject, isRawNumber, toJson, type Json, type JsonObject } from '../json.ts';
import { code, text } from './markdown.ts';
import { count, listed } from './words.ts';

/** How a value of a matcher is said; `undefined` where it is not of the documented shape. */
type Reading = (value: Json | undefined, negate?: boolean) => string | undefined;

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

const one: Reading = (value) => (typeof value === 'string' ? code(value) : undefined);

const list: Reading = (value) =>
  isTexts(value) ? `[${listed(value.map((element) => code(element)))}]` : undefined;

const anyOf: Reading = (value) =>
  isTexts(value) && value.length !== 1 ? `any of ${list(value)}` : one(isTexts(value) ? value[0] : value);

const boolean: Reading = (value) => (typeof value === 'boolean' ? String(value) : undefined);

const number: Reading = (value) => {
  if (isRawNumber(value)) return code(value.rawJSON);
  return typeof value === 'number' ? String(value) : undefined;
};

const date: Reading = (value) => {
  if (typeof value !== 'number' && !isRawNumber(value)) return undefined;
  const time = new Date(toNumber(value));
  // Beyond what a date can be, the number speaks for itself.
  if (Number.isNaN(time.getTime())) return number(value);
  return time.toISOString().replace('T00:00:00.000Z', '').replace('.000Z', 'Z');
};

const between =
  (end: Reading): Reading =>
  (value) => {
    if (!isJsonObject(value) || Object.keys(value).length !== 2) return undefined;
    const [from, to] = [end(value['from']), end(value['to'])];
    return from === undefined || to === undefined ? undefined : `${from} and ${to}`;
  };

const parent: Reading = (value, negate) => {
  if (!isJsonObject(value) || Object.keys(value).length !== 2) return undefined;
  const [flag, treatment] = [one(value['splitName']), value['treatments'] ?? value['treatment']];
  const treatments = isTexts(treatment) ? treatment.map((name) => code(name)).join(' or ') : one(treatment);
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
function rest(value: JsonObject, said: readonly string[]): string {
  const members = Object.entries(value).filter(
    ([member, content]) => !said.includes(member) && canonical({ [member]: content }) !== '{}',
  );
  return members.length === 0 ? '' : ` with ${code(toJson(Object.fromEntries(members)), 200)}`;
}

function matcherSentence(matcher: Matcher): string {
  const found = KINDS.get(matcher.type);
  const member = found?.members.find((name) => found.read(matcher[name]) !== undefined);
  const asked = matcher['attribute'] == null ? 'user key' : one(matcher['attribute']);
  if (found === undefined || member === undefined || (found.asksAttribute && asked === undefined)) {
    return `${code(matcher.type)}${rest(matcher, ['type'])}`;
  }
  const negate = matcher['negate'] === true;
  const said = ['type', member, ...(negate ? ['negate'] : []), ...(found.asksAttribute ? ['attribute'] : [])];
  const words = [
    ...(found.asksAttribute ? [asked] : []),
    found.words[negate ? 1 : 0],
    found.read(matcher[member], negate),
  ];
  return words.filter(Boolean).join(' ') + rest(matcher, said);
}

/** Markdown: `plan` is in [`pro`, `team`] and not in segment `qa`. */
export function conditionSentence({ condition }: Rule): string {
  const { matchers, combiner } = condition;
  const word = typeof combiner === 'string' ? text(combiner.toLowerCase()) : 'and';
  const sentences = matchers.slice(0, 20).map(matcherSentence);
  const more = matchers.length > 20 ? [count(matchers.length - 20, 'more condition')] : [];
  const said = typeof combiner === 'string' ? ['matchers', 'combiner'] : ['matchers'];
  return ([...sentences, ...more].join(` ${word} `) || 'no condition') + rest(condition, said);
}
