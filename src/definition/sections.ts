// The seven sections of a definition: the units that are copied, compared and reported.
import type { Json, JsonObject } from '../json.ts';
import { TARGET_LISTS, type Definition, type Treatment } from './definition.ts';
import { sameMeaning } from './equality.ts';

export const SECTIONS = [
  'treatments',
  'individual-targets',
  'default-treatment',
  'baseline-treatment',
  'traffic-allocation',
  'rules',
  'default-rule',
] as const;

export type Section = (typeof SECTIONS)[number];

/** What can differ on an item: its sections, and the kill state, which no section covers. */
export type ChangedPart = Section | 'kill-state';

const TARGET_LIST_NAMES: ReadonlySet<string> = new Set(TARGET_LISTS);

const members = (treatment: Treatment, wanted: (member: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(treatment).filter(([member]) => wanted(member)));

/** A treatment as section `treatments` sees it: every member but the individual targets. */
export const withoutTargets = (treatment: Treatment): JsonObject & { readonly name: string } => ({
  ...members(treatment, (member) => !TARGET_LIST_NAMES.has(member)),
  name: treatment.name,
});

/** A treatment's individual targets alone. */
export const targetsOf = (treatment: Treatment): JsonObject =>
  members(treatment, (member) => TARGET_LIST_NAMES.has(member));

const hasTargets = (treatment: Treatment): boolean =>
  TARGET_LISTS.some((list) => (treatment[list]?.length ?? 0) > 0);

/** The content of one section, in a form whose equality by meaning is the section's. */
export function sectionOf(definition: Definition, section: Section): Json | undefined {
  switch (section) {
    case 'treatments':
      return definition.treatments.map(withoutTargets);
    case 'individual-targets':
      return definition.treatments
        .filter(hasTargets)
        .map((treatment) => ({ name: treatment.name, targets: targetsOf(treatment) }))
        .toSorted((left, right) => (left.name < right.name ? -1 : Number(left.name > right.name)));
    case 'default-treatment':
      return definition.defaultTreatment;
    case 'baseline-treatment':
      return definition.baselineTreatment;
    case 'traffic-allocation':
      return definition.trafficAllocation;
    case 'rules':
      return definition.rules;
    case 'default-rule':
      return definition.defaultRule;
  }
}

/** The sections in which two definitions differ by meaning; all that hold something, where one is missing. */
export const changedSections = (before: Definition | undefined, after: Definition): readonly Section[] =>
  SECTIONS.filter((section) => !sameMeaning(before && sectionOf(before, section), sectionOf(after, section)));
