// What a run is about: a plan made anew from the inputs, one that was saved, or the way back from one.
import type { EnvironmentReader, Keys } from './execute/ports.ts';
import { Failure } from './failure.ts';
import type { Runner } from './github/runner.ts';
import type { Inputs } from './inputs.ts';
import { draftOf, type Reading, type Wish } from './plan/make-plan.ts';
import { idleSegments, overrideProblems } from './plan/overrides.ts';
import type { Draft } from './plan/plan.ts';
import { firstOf } from './plan/sentences.ts';
import { parsePlanFile, type SavedPlan } from './plan/saved-plan.ts';
import type { Progress } from './progress.ts';
import { readForCopy } from './reading/definitions.ts';
import { draftsToApply, draftsToRollBack } from './reading/saved.ts';

export interface Prepared {
  readonly drafts: readonly Draft[];
  /** Readers of the target environments, by id. */
  readonly readers: ReadonlyMap<string, EnvironmentReader>;
  /** What is worth a notice. */
  readonly notices: readonly string[];
  readonly wish: Wish;
  /** Of the plan that was approved, where a saved one is applied. */
  readonly fingerprint?: string;
}

/** @throws Failure `plan-stale` where the file is not the one that was approved */
function requireApproved({ fingerprint }: SavedPlan, expected: string | undefined): void {
  if (expected === undefined || expected === fingerprint) return;
  throw new Failure(
    'plan-stale',
    `\`plan-file\` has fingerprint ${fingerprint}, but ${expected} was approved. Nothing was written. Use the file of the plan that was approved, or plan again and have that approved.`,
  );
}

/** @throws Failure `invalid-input` where overrides are for what the source or the run does not have */
function requireFittingOverrides({ overrides }: Inputs, readings: readonly Reading[]): void {
  const problems = overrideProblems(overrides, readings);
  if (problems.length === 0) return;
  throw new Failure(
    'invalid-input',
    [...firstOf(problems), 'Nothing was written. Correct `overrides`.'].join(' '),
  );
}

const idleNotices = ({ overrides, sections }: Inputs, readings: readonly Reading[]): readonly string[] =>
  idleSegments(overrides, readings, sections).map(
    (name) => `Nothing that is copied names segment \`${name}\`, so \`overrides\` renames nothing there.`,
  );

/** @throws Failure where something cannot be read, is not there, or is not usable */
export async function prepare(
  inputs: Inputs,
  { runner, keys, progress }: { readonly runner: Runner; readonly keys: Keys; readonly progress: Progress },
): Promise<Prepared> {
  const { expect } = progress;
  if (inputs.planFile === undefined) {
    const { readings, notices, readers } = await readForCopy(inputs, keys, expect);
    requireFittingOverrides(inputs, readings);
    return {
      drafts: readings.map((reading) => draftOf(reading, inputs)),
      readers,
      notices: [...notices, ...idleNotices(inputs, readings)],
      wish: inputs,
    };
  }
  const saved = parsePlanFile(await runner.readFile(inputs.planFile), inputs);
  requireApproved(saved, inputs.expectedFingerprint);
  // A definition that the plan creates may be created: that was decided when it was made.
  const { copied: sections, killState } = saved;
  const wish = { ...inputs, sections, killState, createMissing: true };
  if (inputs.mode === 'rollback') {
    const { flags, targetEnvironments: environments } = inputs;
    return {
      ...(await draftsToRollBack(saved, keys, { flags, environments, expect })),
      ...{ notices: [], wish: { ...wish, failOn: [] } },
    };
  }
  if (saved.mode === 'rollback') {
    throw new Failure(
      'invalid-input',
      '`plan-file` records a rollback, which is no plan to apply. To undo that rollback, set `mode: rollback`.',
    );
  }
  const drafted = await draftsToApply(saved, keys, expect);
  return { ...drafted, notices: [], wish, fingerprint: saved.fingerprint };
}
