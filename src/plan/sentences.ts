// Names, numbers and places as parts of plain sentences.

/** `a`, `b`: names between backticks. */
export const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** `a`, `b` and 3 more: the first names of a list that may be long. */
export function listed(names: readonly string[], most = 10): string {
  const shown = quoted(names.slice(0, most));
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** A whole number with commas between thousands. (`toLocaleString` would load all of ICU for it.) */
export const grouped = (number: number): string => String(number).replaceAll(/\B(?=(\d{3})+$)/g, ',');

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
