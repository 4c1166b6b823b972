// Lossless JSON: what JavaScript numbers cannot hold leaves exactly as it came.

/**
 * A JSON number whose text a JavaScript number would not give back (`9007199254740993`, `1.0`, `-0`).
 * Made by `JSON.rawJSON` (Node 22 and later); `JSON.stringify` writes its text unchanged.
 */
export interface RawNumber {
  readonly rawJSON: string;
}

export type JsonObject = { readonly [member: string]: Json | undefined };
export type Json = null | boolean | number | string | RawNumber | readonly Json[] | JsonObject;

interface RawJson {
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
}

// TypeScript's own declarations do not know the proposal yet.
const raw = JSON as unknown as RawJson;

/** Whether a value is a number kept as text. */
export const isRawNumber = (value: unknown): value is RawNumber => raw.isRawJSON(value);

/** Whether a value is a JSON object: neither array, null nor a number kept as text. */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);

/** A member of an object; never one that every object inherits, such as `constructor`. */
export const memberOf = (object: JsonObject, member: string): Json | undefined =>
  Object.hasOwn(object, member) ? object[member] : undefined;

function keepNumberText(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return String(value) === context.source ? value : raw.rawJSON(context.source);
}

/**
 * Where a number might be that JavaScript would write otherwise: one with a fraction or an exponent, a long one, or
 * `-0`. It may match inside of a string as well, which only costs time.
 */
const TELLING_NUMBER = /(?:^|[:,[])\s*(?:-0\s*(?:[,\]}]|$)|-?(?:\d{16}|\d+[.eE]))/;

/**
 * Parses JSON text; numbers that would change are kept as {@link RawNumber}.
 * @throws SyntaxError when the text is not JSON; RangeError when it is nested too deeply for the stack.
 */
export const parseJson = (text: string): Json =>
  JSON.parse(text, TELLING_NUMBER.test(text) ? keepNumberText : undefined) as Json;

/** JSON text of a value, {@link RawNumber} written as it came. `indent` is the number of spaces a level. */
export const toJson = (value: Json, indent?: number): string => JSON.stringify(value, null, indent);
