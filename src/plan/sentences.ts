// Names, numbers and places as parts of plain sentences.

/** `a`, `b`: names between backticks. */
export const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** A whole number with commas between thousands. (`toLocaleString` would load all of ICU for it.) */
export const grouped = (number: number): string => String(number).replaceAll(/\B(?=(\d{3})+$)/g, ',');

/** a, b and 3 more: the first words of a list that may be long. */
export function enumerated(words: readonly string[], most = 10): string {
  const shown = words.slice(0, most).join(', ');
  return words.length > most ? `${shown} and ${grouped(words.length - most)} more` : shown;
}

/** `a`, `b` and 3 more: the first names of a list that may be long. */
export const listed = (names: readonly string[], most?: number): string =>
  enumerated(
    names.map((name) => `\`${name}\``),
    most,
  );

/** `1 target`, `30,000 targets`. */
export const plural = (amount: number, noun: string): string =>
  `${grouped(amount)} ${noun}${amount === 1 ? '' : 's'}`;

const MOST_PLACES = 8;

/** `rule 1, rule 2 and 498 more`: where something is, without drowning what it is. */
export function placesOf(references: readonly { readonly place: string }[]): string {
  const places = [...new Set(references.map(({ place }) => place))];
  const shown = places.slice(0, MOST_PLACES).join(', ');
  return places.length > MOST_PLACES ? `${shown} and ${places.length - MOST_PLACES} more` : shown;
}

const MOST_SENTENCES = 50;

/** Many sentences without drowning whoever reads them: the first, and how many more there are. */
export const firstOf = (sentences: readonly string[]): readonly string[] =>
  sentences.length > MOST_SENTENCES
    ? [...sentences.slice(0, MOST_SENTENCES), `And ${grouped(sentences.length - MOST_SENTENCES)} more.`]
    : sentences;
