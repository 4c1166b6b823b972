// Types of run-action.mjs, for the tests.
import type { ChildProcess } from 'node:child_process';

/** What a run of the Action left behind. */
export interface ActionRun {
  /** `null` where a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What was written to the job summary. */
  readonly summary: string;
  /** The outputs as the runner would read them. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Wall time from start to end of the process. */
  readonly milliseconds: number;
  /** The fresh folder with the runner's files and `temp/` (RUNNER_TEMP); the caller may remove it. */
  readonly directory: string;
}

export interface RunOptions {
  /** Further environment variables; `undefined` takes one of the runner's away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the run's own folder is made; by default the system's folder for temporary files. */
  readonly parent?: string;
  /** Working directory; by default the run's own folder. */
  readonly cwd?: string;
  /** Gets the process as soon as it is started, so that a test can send it a signal. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Gets the log (standard output and error) piece by piece as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Seconds after which the process is killed and the promise rejected; 60 by default. */
  readonly maximumSeconds?: number;
  /** Arguments for Node itself, before the bundle. */
  readonly nodeArguments?: readonly string[];
  /** Path of another program than the committed bundle. */
  readonly entry?: string;
}

/**
 * Runs the Action with the given inputs; the others get their defaults from action.yml. The environment holds
 * PATH, HOME, the runner's variables and `env`, nothing else. Rejects only where no run came about or
 * it took too long: a failed step is a result.
 */
export function runAction(inputs: Readonly<Record<string, string>>, options?: RunOptions): Promise<ActionRun>;

/** Parses the runner's output file; throws where the runner would refuse it. */
export function parseOutputs(text: string): Record<string, string>;

/** A log without the lines that the runner acts on rather than shows: masks, and debug lines of a job not run in debug. */
export function shownOf(log: string): string;
