// What was observed, beside what the emulator assumes: a Markdown table to read and to send.
import { code, prose, table } from '../../src/report/markdown.ts';
import type { Fact } from './fact.ts';
import type { Findings } from './probe.ts';

/** Ids say whose account it is, and help nobody. */
const IDS = /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/giu;

const LONGEST_CELL = 400;

/** A text without the ids and names of the account. */
function anonymous(words: string, names: Findings['names']): string {
  const known = Object.entries(names).toSorted(([, a = ''], [, b = '']) => b.length - a.length);
  return known
    .reduce((rest, [role, name = '']) => (name.length > 1 ? rest.replaceAll(name, `<${role}>`) : rest), words)
    .replaceAll(IDS, '<id>');
}

function settingOf({ seen, switch: name }: Fact): string {
  if (name === undefined) return '';
  const [position] = 'setting' in seen ? Object.values(seen.setting ?? {}) : [];
  return position === undefined ? code(name) : code(`${name}=${position}`);
}

const isOther = ({ seen, assumed }: Fact): boolean =>
  'setting' in seen &&
  !Object.values(seen.setting ?? {})
    .map(String)
    .includes(assumed);

/** The whole report. */
export function reportOf({ facts, names, switches }: Findings): string {
  const cell = (words: string): string => code(anonymous(words, names), LONGEST_CELL);
  const rows = facts.map((fact) => [
    prose(fact.subject, LONGEST_CELL),
    'because' in fact.seen
      ? prose(anonymous(`not observed, because ${fact.seen.because}`, names), LONGEST_CELL)
      : cell(fact.seen.observed),
    code(fact.assumed, LONGEST_CELL),
    settingOf(fact) + (isOther(fact) ? ', **other than assumed**' : ''),
  ]);
  const missing = facts.filter(({ seen }) => 'because' in seen).length;
  const others = facts.filter(isOther).length;
  return [
    `${facts.length - missing} facts observed, ${missing} not; ${others} of ${Object.keys(switches).length} switches are other than assumed.`,
    table(['what', 'observed', 'assumed', 'switch'], rows),
  ].join('\n\n');
}
