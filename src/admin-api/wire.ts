// The shapes of the API's lists, as far as this Action relies on them.
import * as z from 'zod';

const workspace = z.looseObject({ id: z.string(), name: z.string() });

const environment = z.looseObject({
  id: z.string(),
  name: z.string(),
  production: z.boolean().nullish(),
});

const page = <T extends z.ZodType>(entry: T) =>
  z.looseObject({ objects: z.array(entry), totalCount: z.number().nullish() });

/** A page of workspaces, docs.split.io/reference/get-workspaces. */
export const workspacePage = page(workspace);

/** Environments come as a bare array (docs.split.io/reference/get-environments). */
export const environmentList = z.array(environment);

/** A page of flags, docs.split.io/reference/get-feature-flags. */
export const flagPage = page(z.looseObject({ name: z.string() }));
