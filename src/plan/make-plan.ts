// Makes the plan: from definitions as read to items with their result, differences and findings.
import type { Definition } from '../definition/definition.ts';
import { differencesOf } from '../definition/difference.ts';
import { changedSections, type ChangedPart, type Section } from '../definition/sections.ts';
import { check } from './checks.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Item, Place, Plan } from './plan.ts';
import { resultOf } from './result.ts';

/** What was read for one item. */
export interface Reading {
  readonly source: Place;
  readonly target: Place;
  readonly sourceDefinition: Definition;
  /** `undefined` where the target has no definition. */
  readonly before: Definition | undefined;
}

/** What the user wants done with it. */
export interface Wish {
  readonly sections: readonly Section[];
  readonly killState: 'keep' | 'copy';
  readonly createMissing: boolean;
}

function killChangeOf(before: Definition | undefined, result: Definition): Item['killChange'] {
  const [was, becomes] = [before?.killed === true, result.killed === true];
  if (was === becomes) return undefined;
  return becomes ? 'kill' : 'restore';
}

function makeItem(reading: Reading, { sections, killState, createMissing }: Wish): Item {
  const { source, target, sourceDefinition, before } = reading;
  const result = resultOf({
    source: sourceDefinition,
    target: before,
    targetFlag: target.flag,
    sections,
    killState,
  });
  const killChange = killChangeOf(before, result);
  const changed: ChangedPart[] = [
    ...changedSections(before, result),
    ...(killChange ? ['kill-state' as const] : []),
  ];
  const findings = check({
    source: sourceDefinition,
    before,
    result,
    sections,
    createMissing,
    environment: target.environment.name,
  });
  return {
    ...{ source, target, sourceDefinition, before, result, killChange, changed, findings },
    differences: differencesOf(before, result),
  };
}

/** The plan for what was read. Pure: the same reading and wish give the same plan. */
export function makePlan(readings: readonly Reading[], wish: Wish): Plan {
  const items = readings.map((reading) => makeItem(reading, wish));
  return { items, copied: wish.sections, fingerprint: fingerprintOf(items) };
}
