// Places, items and plans for tests; an item is always made by the plan itself.
import type { Definition } from '../../src/definition/definition.ts';
import { SECTIONS } from '../../src/definition/sections.ts';
import { makePlan, type Reading, type Wish } from '../../src/plan/make-plan.ts';
import type { Item, Place } from '../../src/plan/plan.ts';
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
  sections: SECTIONS,
  killState: 'keep',
  createMissing: true,
  ...members,
});

/** The item that copies `sourceDefinition` onto `before`. */
export const itemOf = (
  sourceDefinition: Definition,
  before: Definition | undefined,
  wanted: Partial<Wish> = {},
): Item => {
  const [item] = makePlan([reading({ sourceDefinition, before })], wish(wanted)).items;
  if (item === undefined) throw new Error('A plan has one item a reading.');
  return item;
};
