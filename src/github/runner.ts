// The port to the GitHub runner: what a run takes from the step it is in, and what it leaves there.
import type { GivenInputs } from '../inputs.ts';

/** Where and for whom the workflow runs; a text is `unknown` where the runner does not say. */
export interface RunContext {
  readonly actor: string;
  readonly sha: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly runId: string;
  readonly runUrl: string;
  /** URL of docs/troubleshooting.md at the version that runs; a relative path where that is unknown. */
  readonly troubleshooting: string;
}

/** A file that is kept current while a run goes on, readable by its owner only. */
export interface PlanFile {
  readonly path: string;
  /** Writes all of it, durably. Every second piece is a slot, which can be overwritten later. */
  readonly replace: (pieces: Iterable<string>) => Promise<void>;
  /** Overwrites slots, counted from 0, with texts of as many bytes, durably. */
  readonly overwrite: (slots: ReadonlyMap<number, string>) => Promise<void>;
}

export interface Runner {
  readonly context: RunContext;
  readonly givenInputs: () => GivenInputs;
  /** Hides a secret from everything that is printed or written from now on. */
  readonly mask: (secret: string) => void;
  /** A text without the secrets. */
  readonly redact: (text: string) => string;
  /** Lines of the log; foreign text in them cannot act as a workflow command. */
  readonly info: (line: string) => void;
  /** Lines of the log that are folded under a title. */
  readonly group: (title: string, lines: readonly string[]) => void;
  readonly debug: (line: string) => void;
  /** One annotation; at most ten of a kind show on a step. */
  readonly notice: (message: string) => void;
  readonly warning: (message: string) => void;
  /** Fails the step, with one error annotation: the message, cut to what GitHub shows, and a link at its end. */
  readonly fail: (message: string, link: string) => void;
  /** The text of a file that the user names. @throws Failure `invalid-input` where it cannot be read */
  readonly readFile: (path: string) => Promise<string>;
  readonly setOutput: (name: string, value: string) => void;
  /** This run's plan file; nothing is written yet. */
  readonly planFile: () => PlanFile;
  /** Shows the summary on the step and keeps a copy. @returns the path of the copy; empty if there is none. */
  readonly writeSummary: (markdown: string) => Promise<string>;
}
