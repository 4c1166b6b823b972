// What the probe finds out: facts, some of which put a switch of the emulator into a position.
import { SWITCHES, type SwitchName, type Switches } from '../../emulator/switches.ts';
import { isJsonObject, toJson } from '../../src/json.ts';
import { isOk, type Reply } from './connection.ts';

export interface Fact {
  /** What it is about. */
  readonly subject: string;
  /** What the emulator does by default. */
  readonly assumed: string;
  /** The switch that stands for it. */
  readonly switch?: SwitchName;
  readonly seen:
    { readonly observed: string; readonly setting?: Partial<Switches> } | { readonly because: string };
}

/** Facts as they are found. */
export type Facts = AsyncGenerator<Fact, void>;

const about = (name: SwitchName): Pick<Fact, 'subject' | 'assumed' | 'switch'> => ({
  subject: SWITCHES[name].meaning,
  assumed: String(SWITCHES[name].positions[0]),
  switch: name,
});

/** A fact that decides a switch, if one of its positions behaves so. */
export function decided(
  name: SwitchName,
  position: string | number | boolean | undefined,
  words?: string,
): Fact {
  const found = SWITCHES[name].positions.find((known) => known === position);
  const observed = [
    words ?? String(position),
    ...(found === undefined ? ['(no position of the switch)'] : []),
  ];
  return {
    ...about(name),
    seen: { observed: observed.join(' '), ...(found !== undefined && { setting: { [name]: found } }) },
  };
}

/** A fact for which there is no switch. */
export const noted = (subject: string, observed: string, assumed: string): Fact => ({
  subject,
  assumed,
  seen: { observed },
});

/** What could not be found out. */
export const unseen = (name: SwitchName, because: string): Fact => ({ ...about(name), seen: { because } });
export const unnoted = (subject: string, assumed: string, because: string): Fact => ({
  subject,
  assumed,
  seen: { because },
});

/** Status and words of an answer: `404 “Could not find it”`. */
export function wordsOf({ status, text, body }: Reply): string {
  if (text === '') return `${status}, empty body`;
  if (!isJsonObject(body)) return `${status} “${text}”`;
  const { message, details } = body;
  const said = [message, details].filter((part) => part !== undefined && part !== null && part !== '');
  const words = said.map((part) => (typeof part === 'string' ? part : toJson(part ?? null)));
  return words.length === 0 ? `${status} “${text}”` : `${status} “${words.join(': ')}”`;
}

/** Why something that needs an answer of success was not found out. */
export const refusedBy = (what: string, reply: Reply): string => `${what} was refused: ${wordsOf(reply)}`;

/** `accepted (200)`, or what the refusal said. */
export const verdict = (reply: Reply): string =>
  isOk(reply) ? `accepted (${reply.status})` : wordsOf(reply);
