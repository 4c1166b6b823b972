// Places, items and plans for tests; an item is always made by the plan itself.
import type { Definition } from '../../src/definition/definition.ts';
import { SECTIONS } from '../../src/definition/sections.ts';
import { draftOf, makePlan, type Circumstances, type Reading, type Wish } from '../../src/plan/make-plan.ts';
import { plannedOf, type Candidate } from '../../src/plan/candidate.ts';
import { impactOn } from '../../src/plan/impact-checks.ts';
import type { Draft, Item, Place, Plan } from '../../src/plan/plan.ts';
import {
  NO_SURROUNDINGS,
  neighbourOf,
  type ChangeRequest,
  type Surroundings,
} from '../../src/plan/surroundings.ts';
import { definition } from '../definition/samples.ts';

/** Where flag `clients` lives in an environment, whose id is its name in lower case. */
export const place = (environment: string, members: Partial<Place> = {}): Place => ({
  workspace: { id: 'w1', name: 'Default' },
  environment: { id: environment.toLowerCase(), name: environment },
  flag: 'clients',
  ...members,
});

export const reading = (members: Partial<Reading> = {}): Reading => ({
  source: place('Staging'),
  target: place('Production'),
  sourceDefinition: definition(),
  before: definition(),
  ...members,
});

export const wish = (members: Partial<Wish> = {}): Wish => ({
  mode: 'apply',
  sections: SECTIONS,
  killState: 'keep',
  createMissing: true,
  overrides: [],
  maxChanges: 50,
  failOn: [],
  ignoreChecks: [],
  onApprovalRequired: 'request',
  ...members,
});

/** When plans are made here, long after everything in them. */
export const NOW = Date.UTC(2026, 0, 1);

/** The plan of these readings, where nothing else is in the target environment unless told. */
export const planFor = (
  readings: readonly Reading[],
  wanted: Wish = wish(),
  circumstances: Partial<Circumstances> = {},
): Plan =>
  makePlan(
    readings.map((read) => draftOf(read, wanted)),
    wanted,
    { around: new Map(), now: NOW, ...circumstances },
  );

/** The item that copies `sourceDefinition` onto `before`. */
export const itemOf = (
  sourceDefinition: Definition,
  before: Definition | undefined,
  wanted: Partial<Wish> = {},
): Item => {
  const [item] = planFor([reading({ sourceDefinition, before })], wish(wanted)).items;
  if (item === undefined) throw new Error('A plan has one item a reading.');
  return item;
};

/** An item as a check sees it; what surrounds it is known only as far as a test names it. */
export interface Sight extends Partial<Omit<Candidate, 'around' | 'planned'>> {
  readonly around?: Partial<Surroundings>;
  /** What else this run means to have in the target environment. */
  readonly also?: readonly Draft[];
  readonly wanted?: Partial<Wish>;
}

/** What the checks look at for the copy of `read`; members of the draft can be set without a copy, too. */
export function candidate(read: Partial<Reading> = {}, sight: Sight = {}): Candidate {
  const { around, also = [], wanted, ...members } = sight;
  const wishes = wish(wanted);
  const draft: Draft = { ...draftOf(reading(read), wishes), ...members };
  return {
    ...wishes,
    ...draft,
    openRequest: undefined,
    now: NOW,
    impact: impactOn(draft),
    flags: new Set([draft.source.flag]),
    ...members,
    around: { ...NO_SURROUNDINGS, ...around },
    planned: plannedOf([draft, ...also]),
  };
}

/** Another item of the run, in the same target environment: what `flag` is to become. */
export const alsoBecomes = (flag: string, becomes: Definition, before: Definition = becomes): Draft =>
  draftOf(
    reading({
      ...{ source: place('Staging', { flag }), target: place('Production', { flag }) },
      ...{ sourceDefinition: becomes, before },
    }),
    wish({ killState: 'copy' }),
  );

/** Something that was to be looked up, but could not. */
export const UNKNOWN = { unverified: 'The API answered 403.' } as const;

/** The flags of the target environment, as rules that ask them see them. */
export const neighbours = (
  definitions: Readonly<Record<string, Definition | undefined>>,
): Surroundings['neighbours'] =>
  new Map(
    Object.entries(definitions).map(([flag, there]) => [flag, { known: there && neighbourOf(flag, there) }]),
  );

/** An open change request that updates flag `clients`. */
export const changeRequest = (members: Partial<ChangeRequest> = {}): ChangeRequest => ({
  id: 'cr-1',
  status: 'REQUESTED',
  flag: 'clients',
  environment: undefined,
  operation: 'UPDATE',
  title: 'Promote clients',
  submitter: 'ada',
  since: Date.UTC(2025, 11, 31, 23, 59, 58),
  decided: undefined,
  approvers: [],
  proposal: {},
  ...members,
});
