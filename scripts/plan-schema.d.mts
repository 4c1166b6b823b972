// Types of plan-schema.mjs, for the tests.

/** The text of docs/plan.schema.json. */
export function planSchemaText(): string;
