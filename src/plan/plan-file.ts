// The plan file: everything a run read and means to write, and how far it got, as one JSON value.
import type { Definition } from '../definition/definition.ts';
import { toJson, type Json } from '../json.ts';
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

const itemToJson = (item: Item): Json => ({
  source: placeToJson(item.source),
  target: placeToJson(item.target),
  changed: item.changed,
  killChange: item.killChange ?? null,
  findings: item.findings.map((found) => ({ ...found })),
  sourceDefinition: item.sourceDefinition,
  before: orNull(item.before),
  result: item.removes === true ? null : item.result,
});

const detailsToJson = ({ outcome, written, changeRequestId, readBack }: Progress): Json => ({
  ...{ outcome: outcome ?? null, written: written ?? null },
  ...{ changeRequestId: changeRequestId ?? null, readBack: orNull(readBack) },
});

/** Bytes of the longest state, as JSON text. */
const STATE_BYTES = '"confirmed"'.length;

/** The JSON text of a state; all are equally long, so that one can take the place of another. */
export const stateText = ({ state }: Pick<Progress, 'state'>): string => `"${state}"`.padEnd(STATE_BYTES);

/** JSON text of an object without its end, to which another member is added. */
const open = (object: Json, member: string): string => `${toJson(object).slice(0, -1)},"${member}":`;

/**
 * The plan file's content: JSON with an item a line, in pieces. Every second piece is the state of an item, see
 * {@link stateText}; the text of one item at a time is made. Definitions are JSON values in it, lossless; the key
 * never is.
 */
export function* planFilePieces(
  facts: PlanFileFacts,
  progress: ReadonlyMap<Item, Progress>,
): Generator<string> {
  const { version, apiUrl, mode, runUrl, plan } = facts;
  const head = {
    format: PLAN_FILE_VERSION,
    tool: `promote-split-flags ${version}`,
    ...{ mode, apiUrl, runUrl, fingerprint: plan.fingerprint, copied: plan.copied },
    killState: plan.killState,
    findings: plan.findings.map((found) => ({ ...found })),
  };
  let before = `${open(head, 'items')}[`;
  for (const item of plan.items) {
    const done = progress.get(item) ?? { state: 'planned' };
    yield `${before}\n${open(itemToJson(item), 'progress')}{"state":`;
    yield stateText(done);
    before = `,${toJson(detailsToJson(done)).slice(1)}},`;
  }
  yield `${before.replace(/,$/, '')}\n]}\n`;
}
