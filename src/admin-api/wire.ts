// The shapes of the API's answers other than definitions, as far as this Action relies on them.
import * as z from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { ChangeRequest, FlagFacts, Segment } from '../execute/ports.ts';

const named = z.looseObject({ id: z.string(), name: z.string() });

const pageOf = <T extends z.ZodType>(entry: T) =>
  z.looseObject({ objects: z.array(entry), totalCount: z.number().nullish(), limit: z.number().nullish() });

/** One page of a list, and how many entries there are in all; `null` where the list does not say. */
export interface Page<T> {
  readonly objects: readonly T[];
  readonly totalCount?: number | null | undefined;
  /** The most entries a page has, as the API gives it back; it may be fewer than were asked for. */
  readonly limit?: number | null | undefined;
}

/** A page of workspaces, docs.split.io/reference/get-workspaces. */
export const workspacePage = pageOf(named);

/** Environments come as a bare array (docs.split.io/reference/get-environments). */
export const environmentList = z.array(named.extend({ production: z.boolean().nullish() }));

/** A page of flags, docs.split.io/reference/get-feature-flags. */
export const flagPage = pageOf(z.looseObject({ name: z.string() }));

/** A page of definitions, each as it came. */
export const definitionPage = pageOf(
  z.custom<JsonObject & { readonly name: string }>(
    (value) => isJsonObject(value as Json) && typeof (value as JsonObject)['name'] === 'string',
  ),
);

const trafficType = z.looseObject({ id: z.string().nullish(), name: z.string().nullish() }).nullish();

/** A flag, docs.split.io/reference/get-feature-flag. */
export const flagFacts = z
  .looseObject({ trafficType, rolloutStatus: z.looseObject({ id: z.string().nullish() }).nullish() })
  .transform(({ trafficType: type, rolloutStatus }): FlagFacts => ({
    trafficType: { id: type?.id ?? undefined, name: type?.name ?? undefined },
    rolloutStatus: rolloutStatus?.id ?? undefined,
  }));

const segment = z
  .looseObject({ name: z.string(), trafficType, trafficTypeId: z.string().nullish() })
  .transform(({ name, trafficType: type, trafficTypeId }): Segment => ({
    name,
    trafficType: { id: type?.id ?? trafficTypeId ?? undefined, name: type?.name ?? undefined },
  }));

/**
 * Segments of an environment: documented as a page; those of some kinds come as a bare array with all of them
 * (launchdarkly-labs/ld-migration-scripts).
 */
export const segmentPage = z.union([
  pageOf(segment),
  z.array(segment).transform((objects): Page<Segment> => ({ objects, totalCount: objects.length })),
]);

/** `alice@example.com`, or the name of a user or group. */
function approver(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  const name = isJsonObject(value) ? (value['email'] ?? value['name']) : undefined;
  return typeof name === 'string' ? [name] : [];
}

const text = z.string().nullish();

/** A change request (developer.harness.io: Admin API, approvals). */
export const changeRequest = z
  .looseObject({
    id: z.union([z.string(), z.number()]).transform(String),
    status: z.string(),
    environment: z.looseObject({ id: text, name: text }).nullish().catch(null),
    operationType: text,
    title: text,
    split: z.looseObject({ name: text }).nullish().catch(null),
    comments: z
      .array(z.looseObject({ user: text, role: text, comment: text, timestamp: z.number().nullish() }))
      .nullish()
      .catch(null),
    approvers: z.array(z.custom<Json>()).nullish().catch(null),
  })
  .transform(
    ({ id, status, operationType, title, split, comments, approvers, environment }): ChangeRequest => {
      const asked = comments?.find(({ role }) => role === 'SUBMITTER') ?? comments?.[0];
      const last = comments?.findLast((said) => said !== asked && said.role !== 'SUBMITTER');
      return {
        id,
        status,
        decided: last && { user: last.user ?? undefined, comment: last.comment ?? undefined },
        flag: split?.name ?? undefined,
        environment: environment?.id ?? environment?.name ?? undefined,
        operation: operationType ?? undefined,
        title: title ?? undefined,
        submitter: asked?.user ?? undefined,
        since: asked?.timestamp ?? undefined,
        approvers: (approvers ?? []).flatMap(approver),
        proposal: (split ?? {}) as ChangeRequest['proposal'],
      };
    },
  );

/** A page of change requests: the next one begins after `nextMarker`. An entry that is none hides no other. */
export const changeRequestPage = z.looseObject({
  data: z
    .array(z.unknown())
    .transform((entries) => entries.flatMap((entry) => changeRequest.safeParse(entry).data ?? [])),
  nextMarker: text,
});
