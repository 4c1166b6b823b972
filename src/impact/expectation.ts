// What the result must serve, as a user writes it in a line, and whether it does.
import type { Definition } from '../definition/definition.ts';
import { isJsonObject, parseJson, type Json } from '../json.ts';
import { ALL, sharesOf, type Share } from './outcome.ts';
import { walker, type Subject } from './walk.ts';

export interface Expectation {
  readonly subject: Extract<Subject, { kind: 'key' | 'attributes' | 'everyone-else' }>;
  readonly treatment: string;
  /** Of ten thousand; a line without a share means all of them. */
  readonly share: number;
}

const TREATMENT = /^[a-z\d][\w.-]*$/iu;

/** A share of at most two decimals, so that it is a whole number of ten thousand. */
const PERCENT = /^(?:100(?:\.0{1,2})?|\d{1,2}(?:\.\d{1,2})?)\s*%$/u;

const parsed = (text: string): Json | undefined => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};

function subjectOf(text: string): Expectation['subject'] | undefined {
  if (text === 'everyone-else') return { kind: 'everyone-else' };
  if (!text.startsWith('{')) return { kind: 'key', key: text };
  const attributes = parsed(text);
  return isJsonObject(attributes) ? { kind: 'attributes', attributes } : undefined;
}

/** Reads a line such as `user-42 -> on`; `wrong` is a clause that says what is wrong with one that cannot be read. */
export function parseExpectation(line: string): Expectation | { readonly wrong: string } {
  const arrow = line.lastIndexOf('->');
  const [who, expected] = [line.slice(0, Math.max(0, arrow)).trim(), line.slice(arrow + 2).trim()];
  const treatment = expected.replace(/\s.*$/su, '');
  const percent = expected.slice(treatment.length).trim();
  if (who === '' || !TREATMENT.test(treatment)) {
    return {
      wrong: 'it is not of the form `user-42 -> on`, `{"plan":"pro"} -> on` or `everyone-else -> off 90%`',
    };
  }
  if (percent !== '' && !PERCENT.test(percent)) {
    return {
      wrong:
        'what follows the treatment is not a share such as `90%`, from 0 to 100 with at most two decimals',
    };
  }
  const subject = subjectOf(who);
  if (subject === undefined) return { wrong: 'what begins with `{` is not a JSON object of attributes' };
  const share = percent === '' ? ALL : Math.round(Number(percent.replace('%', '')) * (ALL / 100));
  return { subject, treatment, share };
}

/** `served`: what is served instead. `undecidable`: why it cannot be said, as a sentence. */
export type Decision = 'met' | { readonly served: readonly Share[] } | { readonly undecidable: string };

/** Whether a definition serves what is expected. */
export function decide({ subject, treatment, share }: Expectation, definition: Definition): Decision {
  const { possible, doubt } = walker(definition)(subject);
  const served = possible.map(sharesOf);
  const isMet = (shares: readonly Share[]): boolean =>
    (shares.find((one) => one.treatment === treatment)?.share ?? 0) === share;
  if (served.every(isMet)) return 'met';
  if (doubt !== undefined) return { undecidable: `It depends on ${doubt.unknown}.` };
  return { served: served.flat() };
}
