// What a key may do, played: runs with keys of the roles and scopes there are.
import { expect } from '@jest/globals';
import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { addFlag, type Role, type Scope } from '../../emulator/world.ts';
import type { ActionRun } from '../../scripts/run-action.mjs';
import { expectGolden } from './golden.ts';
import { KEY, onStage, type Stage } from './stage.ts';

export type Grant = readonly [role: Role, scope: Scope, ...places: readonly string[]];

export const VIEWER = 'API_FEATURE_FLAG_VIEWER';
export const EDITOR = 'API_FEATURE_FLAG_EDITOR';
export const ALL = 'API_ALL_GRANTED';
export const BOTH = ['Production', 'Staging'] as const;

const SOURCE_KEY = 'source-key-for-tests-0123456789';

/** How workspace and environments are given. */
type Naming = 'ids' | 'names' | 'a workspace id and names of environments';

export interface Case {
  readonly name: string;
  readonly grant: Grant;
  /** A key of its own for the source. */
  readonly sourceGrant?: Grant;
  readonly naming: Naming;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly arrange?: (stage: Stage) => void;
  readonly switches?: EmulatorOptions['switches'];
  readonly status: string;
  readonly reason?: string;
  /** Findings about what the key may not see, by their codes. */
  readonly unverified?: readonly string[];
  readonly words?: string;
  readonly golden?: boolean;
}

export function hand(stage: Stage, key: string, [role, scope, ...places]: Grant): void {
  const ids = places.map((place) => (scope === 'WORKSPACE' ? stage.workspace(place).id : stage.idOf(place)));
  stage.emulator.world.tokens.push({ key, role, scope, ids });
}

export function placesIn({ workspace, idOf }: Stage, naming: Naming): Readonly<Record<string, string>> {
  if (naming === 'names') return {};
  if (naming !== 'ids') return { workspace: workspace().id };
  return {
    workspace: workspace().id,
    'source-environment': idOf('Production'),
    'target-environment': idOf('Staging'),
  };
}

const unverifiedOf = (run: ActionRun): readonly string[] =>
  [...run.stdout.matchAll(/^(?:warning|error) ([a-z-]+), [^:]*: Could not be verified/gm)].map(
    ([, code = '']) => code,
  );

export const play = ({
  name,
  grant,
  sourceGrant,
  naming,
  inputs = {},
  arrange,
  switches,
  ...expected
}: Case) =>
  onStage(async (stage) => {
    arrange?.(stage);
    hand(stage, KEY, grant);
    if (sourceGrant) hand(stage, SOURCE_KEY, sourceGrant);
    const before = JSON.stringify(stage.stored());
    const run = await stage.run({
      ...placesIn(stage, naming),
      ...(sourceGrant && { 'source-api-key': SOURCE_KEY }),
      ...inputs,
    });
    const { status, reason = '', unverified = [], words = '', golden = false } = expected;
    expect(run.outputs).toMatchObject({ status, 'failure-reason': reason });
    expect(run.exitCode).toBe(reason === '' ? 0 : 1);
    expect(unverifiedOf(run)).toEqual(unverified);
    expect(run.stdout).toContain(words);
    if (status !== 'applied') expect(JSON.stringify(stage.stored())).toBe(before);
    if (golden) expectGolden(`keys/${name.replaceAll(/[^a-zA-Z0-9-]+/g, '-')}`, run);
  }, switches && { switches });

/** A flag that names no segment. */
export const PLAIN = { flags: 'payments_gateway' };

/** A flag in Production alone, without segments. */
export function addBare(stage: Stage): void {
  addFlag(stage.workspace(), { name: 'bare' });
  const { definitions } = stage.environment('Production');
  definitions.set('bare', { ...definitions.get('payments_gateway'), name: 'bare' });
}
