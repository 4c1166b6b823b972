// The story of a run, from inputs to outputs.
import { commentOnPullRequest } from './comment.ts';
import { carryOut } from './execute/carry-out.ts';
import { openJournal } from './execute/journal.ts';
import type { Clock, Keys } from './execute/ports.ts';
import { Failure, asFailure } from './failure.ts';
import type { FindPullRequest } from './github/pull-request.ts';
import type { Runner } from './github/runner.ts';
import { parseInputs, type Inputs } from './inputs.ts';
import { auditOf } from './plan/audit.ts';
import { estimateOf, type Estimate } from './plan/estimate.ts';
import { failureOfFindings, refuseChanges, requireFingerprint, requireUnmoved } from './plan/gate.ts';
import { makePlan } from './plan/make-plan.ts';
import { outlook, statusOf, withCause, type ItemResult, type Mode } from './plan/outcome.ts';
import { isPlanRefused, isRefused, type Item, type Plan } from './plan/plan.ts';
import { targetHider, withoutTargetNames } from './plan/target-names.ts';
import { prepare } from './prepare.ts';
import { createProgress, type Progress } from './progress.ts';
import { readSurroundings } from './reading/surroundings.ts';
import { approvalWords, notRequestedWords } from './report/approval.ts';
import { estimateWords, logOf } from './report/log.ts';
import { outputsOf } from './report/outputs.ts';
import type { RunReport } from './report/report.ts';
import { summaryOf } from './report/summary.ts';
import { fileName } from './report/words.ts';
import { VERSION } from './version.ts';

/** Everything a run needs from outside. */
export interface Outside {
  readonly runner: Runner;
  readonly findPullRequest: FindPullRequest;
  /** The Admin API, with the keys and limits of the inputs. */
  readonly connect: (inputs: Inputs, progress: Pick<Progress, 'tick' | 'expect'>) => Keys;
  /** Requests sent so far, how many of them were repeats, and how long a rate limit held them back. */
  readonly traffic: {
    readonly requests: number;
    readonly retries: number;
    readonly waitedMilliseconds: number;
  };
  readonly clock: Clock;
  /** Aborted when the job is cancelled. */
  readonly cancelled: AbortSignal;
}

/** What is known of the run so far; the ending tells it, whatever ended it. */
interface Run {
  inputs?: Inputs;
  plan?: Plan;
  planFile?: string;
  estimate?: Estimate | undefined;
  /** How each item ended, as far as it is known, in the order of the plan. */
  readonly results: Map<Item, ItemResult>;
}

/** Runs the Action. Never throws: how the run ended is in the outputs, the summary and the step's state. */
export async function promote(outside: Outside): Promise<void> {
  const started = outside.clock.now();
  const run: Run = { results: new Map() };
  let failure: Failure | undefined;
  try {
    await prepareAndApply(run, outside);
  } catch (error) {
    failure = asFailure(error);
  }
  await tell(run, failure, { ...outside, milliseconds: outside.clock.now() - started });
}

async function prepareAndApply(run: Run, outside: Outside): Promise<void> {
  const { runner, connect, clock, cancelled } = outside;
  const inputs = (run.inputs = validInputs(runner));
  const { mode, apiUrl } = inputs;
  runner.info(`${VERBS[mode]} ${subjectWords(inputs)}.`);

  const progress = createProgress({ ...outside, say: runner.info });
  const keys = connect(inputs, progress);
  const isUndo = mode === 'rollback';
  if (isUndo) keys.limit.useAll();
  progress.begin('Reading');
  const { drafts, readers, notices, wish, fingerprint } = await prepare(inputs, { runner, keys, progress });
  if (notices.length > 0) runner.notice(notices.join('\n'));
  if (drafts.length > 1)
    runner.info(`Selected: ${[...new Set(drafts.map(({ source }) => source.flag))].join(', ')}.`);
  const around = await readSurroundings(drafts, keys.target, mode);
  const plan = (run.plan = makePlan(drafts, wish, { around, now: clock.now(), fingerprint }));
  for (const item of plan.items) run.results.set(item, outlook(item, mode));
  run.estimate = estimateOf(plan, {
    cost: (items) =>
      readers.get(items[0].target.environment.id)?.cost(items.map(({ target }) => target.flag)) ?? 0,
    limit: keys.limit.known(),
    ...(isUndo && { reserve: 0 }),
  });
  const { context, warning: warn } = runner;
  const file = runner.planFile();
  const facts = { version: VERSION, apiUrl, mode, runUrl: context.runUrl, plan };
  const journal = await openJournal(facts, { results: [...run.results.values()], file, warn });
  run.planFile = file.path;
  // A run that is ended by force sets no outputs any more; what can undo it is found all the same.
  setOutputs(runner, { 'plan-file': file.path });

  requireUnmoved(plan);
  if (inputs.planFile === undefined) requireFingerprint(plan, inputs.expectedFingerprint);
  // Sound items may be written beside refused ones; a plan that is refused as a whole has no sound items.
  const isForSound = isUndo || (mode === 'apply' && inputs.onFailure === 'continue');
  const goesOn = isForSound && !isRefused(plan);
  const refusal = failureOfFindings(plan, { goesOn });
  if (refusal !== undefined && !goesOn) throw refusal;
  refuseChanges(plan, inputs);
  if (mode === 'plan') return;
  if (run.estimate !== undefined) runner.info(estimateWords(run.estimate));

  const failure = await carryOut(
    plan,
    {
      ...inputs,
      ...{ api: keys.target, limit: keys.limit, readers, progress },
      ...{ clock, cancelled, say: runner.info, record: journal.record, isUndo },
      auditOf: (item) => auditOf(item, inputs, { ...context, fingerprint: plan.fingerprint }),
      ended: (result) => void run.results.set(result.item, result),
    },
    [...run.results.values()].filter(({ outcome }) => outcome === 'refused'),
  );
  await journal.settled();
  const first = refusal ?? failure;
  if (first !== undefined) throw first;
}

const VERBS = { plan: 'Planning', apply: 'Promoting', rollback: 'Rolling back' } as const;

/** What `flags` and `tags` ask for, as the user wrote it. */
const selectionWords = ({ flags, tags }: Inputs): string =>
  [...flags, ...tags.map((tag) => `tag ${tag}`)].join(', ');

/** What the run is about, as the user wrote it. */
function subjectWords(inputs: Inputs): string {
  const { planFile, sourceEnvironment, targetEnvironments } = inputs;
  if (planFile === undefined) {
    return `${selectionWords(inputs)} from ${sourceEnvironment} to ${targetEnvironments.join(', ')}`;
  }
  const only = [selectionWords(inputs), targetEnvironments.join(', ')].filter((words) => words !== '');
  return `${only.length === 0 ? 'all' : only.join(' in ')} of plan file ${fileName(planFile)}`;
}

/** The keys are masked before anything else is looked at, and so before anything is printed. */
function validInputs(runner: Runner): Inputs {
  const given = runner.givenInputs();
  for (const name of ['api-key', 'source-api-key', 'github-token']) {
    const secret = given.get(name)?.trim();
    if (secret) runner.mask(secret);
  }
  const { inputs, warnings } = parseInputs(given);
  for (const warning of warnings) runner.warning(warning);
  return inputs;
}

/** Tells how the run ended: log, summary, outputs, annotations, and the step's state. */
async function tell(
  { inputs, plan, planFile, estimate, results: ended }: Run,
  ending: Failure | undefined,
  { runner, findPullRequest, traffic, milliseconds }: Outside & { readonly milliseconds: number },
): Promise<void> {
  const showTargets = inputs?.showTargets ?? false;
  const hide = showTargets ? undefined : targetHider(plan?.items ?? []);
  const failure =
    ending && hide ? new Failure(ending.reason, hide(ending.message), { cause: ending.cause }) : ending;
  const results = Array.from(ended.values(), (result) => (hide ? withoutTargetNames(result, hide) : result));
  const help = failure && `${runner.context.troubleshooting}#${failure.reason}`;
  const mode = inputs?.mode ?? 'apply';
  const report: RunReport = {
    mode,
    status: statusOf({
      mode,
      results,
      failed: failure !== undefined,
      refused: plan !== undefined && isPlanRefused(plan),
    }),
    request:
      inputs === undefined || inputs.planFile !== undefined
        ? undefined
        : {
            flag: selectionWords(inputs),
            source: inputs.sourceEnvironment,
            target: inputs.targetEnvironments.join(', '),
          },
    plan,
    estimate,
    results: withCause(results, failure),
    failure: failure && help ? { reason: failure.reason, message: failure.message, help } : undefined,
    showTargets,
    undo: undoOf(mode, results, runner),
    traffic: { ...traffic, milliseconds },
    planFile,
  };
  for (const part of logOf(report)) {
    if (typeof part === 'string') runner.info(part);
    else runner.group(part.title, part.lines);
  }
  const summaryFile = await runner.writeSummary(summaryOf(report));
  const lost = setOutputs(runner, outputsOf(report, { planFile: planFile ?? '', summaryFile }));
  const approvals = results.flatMap((result) => approvalWords(result) ?? []);
  if (approvals.length > 0) runner.notice(approvals.join('\n'));
  const warnings = warningsOf(results);
  if (warnings.length > 0) runner.warning(warnings.join('\n'));
  if (lost) runner.info(lost.message);
  if (failure && help) {
    runner.debug(causesOf(failure));
    runner.fail(failure.message, `See ${help}`);
  } else if (lost) {
    runner.fail(lost.message, `See ${runner.context.troubleshooting}#${lost.reason}`);
  }
  if (inputs !== undefined) await commentOnPullRequest(report, { inputs, runner, findPullRequest });
}

/** The command that undoes what was written, with the rollback workflow of docs/workflows. */
function undoOf(mode: Mode, results: readonly ItemResult[], { context }: Runner): string | undefined {
  if (mode !== 'apply' || !results.some(({ written }) => written !== 'no')) return undefined;
  return `gh workflow run rollback.yml --repo ${context.repository} -f run-id=${context.runId}`;
}

/** What is worth a warning; where there are several items, each says which it is of. */
function warningsOf(results: readonly ItemResult[]): readonly string[] {
  return results.flatMap((result) => {
    const rest = notRequestedWords(result);
    const warnings = rest === undefined ? result.warnings : [...result.warnings, rest];
    const { flag, environment } = result.item.target;
    const subject = results.length === 1 ? '' : `${flag} in ${environment.name}: `;
    return warnings.map((warning) => subject + warning);
  });
}

/** Sets all outputs; a step whose outputs are lost would tell the steps after it nothing, so it must not pass. */
function setOutputs(runner: Runner, outputs: Readonly<Record<string, string>>): Failure | undefined {
  try {
    for (const [name, value] of Object.entries(outputs)) runner.setOutput(name, value);
    return undefined;
  } catch (cause) {
    const words = `The outputs of this step could not be written (${asFailure(cause).message}).`;
    return new Failure('invalid-input', `${words} Make GITHUB_OUTPUT a file that this step may write to.`, {
      cause,
    });
  }
}

/** The stack of a failure and of everything that caused it, for the debug log. */
function causesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${causesOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
