// The plan file: everything a run read and means to write, and how far it got, as one JSON value.
import type { Definition } from '../definition/definition.ts';
import type { Json } from '../json.ts';
import type { Mode, Outcome, Written } from './outcome.ts';
import type { Item, Named, Place, Plan } from './plan.ts';

/** Raised when the file's format changes, so that an older version of this Action refuses it. */
export const PLAN_FILE_VERSION = 1;

/**
 * How far an item got. A `started` write may have happened; a `confirmed` one was seen by a read; a
 * `requested` one waits for approval; a `restored` one is as it was before the run.
 */
export interface Progress {
  readonly state: 'planned' | 'started' | 'requested' | 'written' | 'confirmed' | 'restored';
  /** The target as read back. */
  readonly readBack?: Definition;
  readonly outcome?: Outcome;
  readonly written?: Written;
  /** Id of the change request that asks for the result. */
  readonly changeRequestId?: string;
}

/** What the plan file says of the run. */
export interface PlanFileFacts {
  /** Version of this Action. */
  readonly version: string;
  readonly apiUrl: string;
  readonly mode: Mode;
  readonly runUrl: string;
  readonly plan: Plan;
}

const orNull = (definition: Definition | undefined): Json => definition ?? null;

const namedToJson = ({ id, name }: Named): Json => ({ id, name });

const placeToJson = ({ workspace, environment, flag }: Place): Json => ({
  workspace: namedToJson(workspace),
  environment: namedToJson(environment),
  flag,
});

function itemToJson(item: Item, progress: Progress): Json {
  return {
    source: placeToJson(item.source),
    target: placeToJson(item.target),
    changed: item.changed,
    killChange: item.killChange ?? null,
    findings: item.findings.map((found) => ({ ...found })),
    progress: {
      state: progress.state,
      outcome: progress.outcome ?? null,
      written: progress.written ?? null,
      changeRequestId: progress.changeRequestId ?? null,
      readBack: orNull(progress.readBack),
    },
    sourceDefinition: item.sourceDefinition,
    before: orNull(item.before),
    result: item.result,
  };
}

/** The plan file's content. Definitions are JSON values in it, lossless; the key never is. */
export function planFileToJson(facts: PlanFileFacts, progress: ReadonlyMap<Item, Progress>): Json {
  const { version, apiUrl, mode, runUrl, plan } = facts;
  return {
    format: PLAN_FILE_VERSION,
    tool: `promote-split-flags ${version}`,
    mode,
    apiUrl,
    runUrl,
    fingerprint: plan.fingerprint,
    copied: plan.copied,
    findings: plan.findings.map((found) => ({ ...found })),
    items: plan.items.map((item) => itemToJson(item, progress.get(item) ?? { state: 'planned' })),
  };
}
