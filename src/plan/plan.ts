// The plan as data: what a run would write, item by item. It is made, rendered and saved in every mode.
import type { Definition } from '../definition/definition.ts';
import type { Difference } from '../definition/difference.ts';
import type { ChangedPart, Section } from '../definition/sections.ts';

/** Something the API knows by an id and people know by a name; the name is the id where none was seen. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/** Where a definition lives. */
export interface Place {
  readonly workspace: Named;
  readonly environment: Named;
  readonly flag: string;
}

/** What a check found on one item. An error stops the run before its first write. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: 'error' | 'warning';
  /** What is wrong, as a sentence that names the place in the definition. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly fix: string;
}

/** Codes of findings, each a heading of docs/troubleshooting.md. */
export const FINDING_CODES = ['structure', 'definition-missing'] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** One flag in one target environment. */
export interface Item {
  readonly source: Place;
  readonly target: Place;
  readonly sourceDefinition: Definition;
  /** The target as read; `undefined` where it has no definition. */
  readonly before: Definition | undefined;
  /** The target as meant when the run is over, its kill state included. */
  readonly result: Definition;
  /** The kill state change that the kill and restore endpoints have to make, if any. */
  readonly killChange: 'kill' | 'restore' | undefined;
  /** Empty exactly when nothing is to be written. */
  readonly changed: readonly ChangedPart[];
  readonly differences: readonly Difference[];
  readonly findings: readonly Finding[];
}

export interface Plan {
  readonly items: readonly Item[];
  /** The sections this run copies, in the order of `SECTIONS`. */
  readonly copied: readonly Section[];
  /** SHA-256 in hex over everything read and meant, see `fingerprintOf`. */
  readonly fingerprint: string;
}

export const differs = (item: Item): boolean => item.changed.length > 0;

export const isRefused = (item: Item): boolean =>
  item.findings.some((finding) => finding.severity === 'error');
