// Types of demo-run.mjs, for the tests.
import type { ActionRun } from './run-action.mjs';

/** One step of the demo: its run, and the path of the page that shows its job summary. */
export interface DemoStep {
  readonly mode: string;
  readonly run: ActionRun;
  readonly page: string;
}

/**
 * Runs the Action in each of the modes against one fresh emulator. What the runs leave and the pages that show
 * their summaries go into an existing folder. `say` gets what a person should read.
 */
export function demonstrate(options: {
  readonly folder: string;
  readonly modes: readonly ('plan' | 'apply')[];
  readonly say?: (text: string) => void;
}): Promise<readonly DemoStep[]>;
