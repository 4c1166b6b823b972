// JSON Patch (RFC 6902) as far as the API documents it: add, replace, remove; and test, which costs nothing.
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json, type JsonObject } from '../src/json.ts';
import { Refusal } from './answers.ts';
import { objectsOf } from './levels.ts';

/** JSON schema of a patch. */
export const patchSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['op', 'path'],
    properties: {
      op: { enum: ['add', 'replace', 'remove', 'test'] },
      path: { type: 'string', pattern: '^(/|$)' },
    },
  },
};

function valueAfter(operation: JsonObject, current: Json | undefined): Json | undefined {
  const { op, path, value } = operation;
  const at = String(path);
  if (op !== 'add' && current === undefined) throw new Refusal(400, `Nothing to ${String(op)} at ${at}`);
  if (op === 'remove') return undefined;
  if (value === undefined) throw new Refusal(400, `${String(op)} at ${at} needs a value`);
  if (op === 'test' && !isDeepStrictEqual(current, value)) throw new Refusal(400, `The test at ${at} failed`);
  return value;
}

function inList(list: readonly Json[], [head = '', ...rest]: readonly string[], operation: JsonObject): Json {
  const index = head === '-' ? list.length : Number(head);
  const isIndex = /^(-|0|[1-9]\d*)$/.test(head) && index <= list.length;
  if (!isIndex) throw new Refusal(400, `No element ${head} for ${String(operation['path'])}`);
  const inserts = rest.length === 0 && operation['op'] === 'add';
  const next = applied(inserts ? undefined : list[index], rest, operation);
  return list.toSpliced(index, inserts ? 0 : 1, ...(next === undefined ? [] : [next]));
}

function applied(value: Json | undefined, path: readonly string[], operation: JsonObject): Json | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return valueAfter(operation, value);
  if (Array.isArray(value)) return inList(value, path, operation);
  if (!isJsonObject(value)) throw new Refusal(400, `Nothing to go into for ${String(operation['path'])}`);
  const next = applied(value[head], rest, operation);
  const { [head]: _replaced, ...others } = value;
  return next === undefined ? others : { ...value, [head]: next };
}

/** The object after the patch. @throws Refusal 400 when a step of the patch cannot be done. */
export function patch(object: JsonObject, operations: Json): JsonObject {
  let result: Json | undefined = object;
  for (const operation of objectsOf(operations)) {
    const path = String(operation['path']).split('/').slice(1);
    const parts = path.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    result = applied(result, parts, operation);
  }
  if (!isJsonObject(result)) throw new Refusal(400, 'The patch leaves no object');
  return result;
}
