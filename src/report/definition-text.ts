// A definition as stable lines of text, made to be compared line by line.
import type { Definition, Treatment } from '../definition/definition.ts';
import { canonical, withoutBookkeeping } from '../definition/equality.ts';
import { withoutTargets } from '../definition/sections.ts';
import { isJsonObject, parseJson, toJson, type Json, type JsonObject } from '../json.ts';

/** A value whose JSON fits in this many characters, indentation included, stays on one line. */
const WIDTH = 100;

/** Levels that are opened; what lies deeper stays on one line. */
const LEVELS = 24;

/** Members that say what an object is about come first; all others follow by name. */
const FIRST = ['name', 'type', 'attribute', 'negate', 'condition', 'treatment'];

const place = (member: string): number => (FIRST.includes(member) ? FIRST.indexOf(member) : FIRST.length);

/** The same meaning in one order of members, without the members that mean nothing. */
function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  return isJsonObject(value) ? orderedMembers(value) : value;
}

/** The members that are there: absent and `undefined` are one. */
const membersOf = (value: JsonObject): readonly (readonly [member: string, content: Json])[] =>
  Object.entries(value).flatMap(([member, content]) =>
    content === undefined ? [] : [[member, content] as const],
  );

const orderedMembers = (value: JsonObject): JsonObject =>
  Object.fromEntries(
    membersOf(value)
      .filter(([member, content]) => canonical({ [member]: content }) !== '{}')
      .toSorted(([left], [right]) => place(left) - place(right) || (left < right ? -1 : 1))
      .map(([member, content]) => [member, ordered(content)]),
  );

function parts(value: Json): readonly (readonly [prefix: string, content: Json])[] {
  if (Array.isArray(value)) return value.map((element: Json) => ['', element]);
  if (!isJsonObject(value)) return [];
  return membersOf(value).map(([member, content]) => [`${JSON.stringify(member)}: `, content]);
}

/**
 * JSON over several lines where it is longer than `width`, one element or member a line; without commas,
 * which would make more lines differ.
 */
function open(value: Json, prefix = '', { level = 0, width = WIDTH } = {}): readonly string[] {
  const indentation = '  '.repeat(level);
  const line = indentation + prefix + toJson(value);
  const inner = level < LEVELS && line.length > width ? parts(value) : [];
  if (inner.length === 0) return [line];
  const [first, last] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return [
    indentation + prefix + first,
    ...inner.flatMap(([name, content]) => open(content, name, { level: level + 1, width })),
    indentation + last,
  ];
}

/** The value that a treatment's `configurations` text holds; the text itself where it holds none. */
function configuration(text: string): Json {
  try {
    const value = parseJson(text);
    // Nested too deeply, it could be read but not written.
    toJson(value);
    return value;
  } catch {
    return text;
  }
}

/** Names of treatments whose configurations hold the same though their texts differ, as by white space. */
export function respelledConfigurations(
  before: Definition | undefined,
  after: Definition,
): ReadonlySet<string> {
  const opened = ({ configurations }: Treatment): string => toJson(configuration(configurations ?? ''));
  const isRespelled = (treatment: Treatment): boolean =>
    after.treatments.some(
      (other) =>
        other.name === treatment.name &&
        other.configurations !== treatment.configurations &&
        opened(other) === opened(treatment),
    );
  return new Set((before?.treatments ?? []).filter(isRespelled).map(({ name }) => name));
}

/** Configurations are opened, since what they hold is often all that changes, unless only their text does. */
function treatmentLines(treatment: Treatment, asText: ReadonlySet<string>): readonly string[] {
  const { name, configurations, ...members } = withoutTargets(treatment);
  const shown = (text: string): Json => (asText.has(treatment.name) ? text : configuration(text));
  const opened = typeof configurations === 'string' ? { configurations: shown(configurations) } : {};
  return open({ name, ...orderedMembers(members), ...opened }, '', { width: 0 });
}

/** The parts of a definition's text; they are compared each on its own. */
export const TEXT_PARTS = ['treatments', 'rules', 'everything else'] as const;

/**
 * A definition as lines of text: treatments with their configurations opened, rules, and the other members,
 * those nobody knows included. Without individual targets, which are sets, and without the bookkeeping of
 * the server. No definition has no lines.
 * @param asText names of treatments whose configurations are not to be opened
 */
export function definitionText(
  definition: Definition | undefined,
  asText: ReadonlySet<string> = new Set(),
): Readonly<Record<(typeof TEXT_PARTS)[number], readonly string[]>> {
  const { treatments = [], rules, ...others } = definition ?? {};
  return {
    treatments: treatments.flatMap((treatment) => treatmentLines(treatment, asText)),
    rules: (rules ?? []).flatMap((rule) => open(ordered(rule))),
    'everything else': parts(orderedMembers(withoutBookkeeping(others))).flatMap(([name, content]) =>
      open(content, name),
    ),
  };
}
