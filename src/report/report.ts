// What the renderers are given: decided values about one run. They fetch nothing and decide nothing.
import type { FailureReason } from '../failure.ts';
import type { ItemResult, Mode, Status } from '../plan/outcome.ts';
import type { Estimate } from '../plan/estimate.ts';
import type { Plan } from '../plan/plan.ts';

export interface RunReport {
  readonly mode: Mode;
  readonly status: Status;
  /** What was asked for, as the user wrote it; `undefined` where the inputs could not be read, or a plan file says it. */
  readonly request:
    | {
        readonly flag: string;
        readonly source: string;
        readonly target: string;
      }
    | undefined;
  /** `undefined` where the run ended before there was a plan. */
  readonly plan: Plan | undefined;
  /** What applying the plan takes; `undefined` where there is nothing to apply. */
  readonly estimate: Estimate | undefined;
  readonly results: readonly ItemResult[];
  readonly failure:
    | {
        readonly reason: FailureReason;
        readonly message: string;
        /** Where the reason is explained: a URL, or a relative path where the page's place is unknown. */
        readonly help: string;
      }
    | undefined;
  /** `false`: individual targets appear as counts only. */
  readonly showTargets: boolean;
  /** Requests sent (every attempt counts), attempts that were repeats, and the time since the start. */
  readonly traffic: { readonly requests: number; readonly retries: number; readonly milliseconds: number };
  /** The command that undoes what this run wrote; `undefined` where nothing is to be undone. */
  readonly undo: string | undefined;
  /** Path of this run's plan file, where one was written. */
  readonly planFile: string | undefined;
}
