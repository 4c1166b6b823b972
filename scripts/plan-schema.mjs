// Writes docs/plan.schema.json from what the Action itself takes a plan file for. `npm run docs` runs it.
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import * as z from 'zod';
import { planFileSchema } from '../src/plan/saved-plan.ts';

const SCHEMA = fileURLToPath(new URL('../docs/plan.schema.json', import.meta.url));

/** The text of docs/plan.schema.json, not formatted yet. Definitions are the API's, so they may be any object. */
export function planSchemaText() {
  const schema = z.toJSONSchema(planFileSchema, { io: 'input', unrepresentable: 'any' });
  return JSON.stringify(schema);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const options = { ...(await resolveConfig(SCHEMA)), filepath: SCHEMA };
  writeFileSync(SCHEMA, await format(planSchemaText(), options));
}
