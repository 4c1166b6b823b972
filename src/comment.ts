// Tells on the pull request how the run ended: one comment for each target environment.
import { asFailure } from './failure.ts';
import type { Comment, FindPullRequest } from './github/pull-request.ts';
import type { Runner } from './github/runner.ts';
import type { Inputs } from './inputs.ts';
import { groups } from './plan/groups.ts';
import { isInEffect, statusOf, type ItemResult } from './plan/outcome.ts';
import { isPlanRefused, isRefused } from './plan/plan.ts';
import { targetHider, withoutTargetNames } from './plan/target-names.ts';
import { commentOf } from './report/pull-request-comment.ts';
import type { RunReport } from './report/report.ts';
import { listed, short } from './report/words.ts';

/** Comments name no individual targets, whatever is shown elsewhere. */
function withoutNames(report: RunReport): RunReport {
  const { plan, failure, results } = report;
  const hide = targetHider(plan?.items ?? []);
  return {
    ...report,
    results: results.map((result) => withoutTargetNames(result, hide)),
    failure: failure && { ...failure, message: hide(failure.message) },
    showTargets: false,
  };
}

type Part = readonly [target: string, results: readonly ItemResult[]];

/** Results by target, each as the inputs name it: so the name is known though a run fails before it reads anything. */
function byTarget({ results }: RunReport, { targetEnvironments }: Inputs): readonly Part[] {
  if (results.length === 0) return targetEnvironments.map((target) => [target, []]);
  const targetOf = ({ item }: ItemResult): string => {
    const { id, name } = item.target.environment;
    const isIt = (given: string): boolean => given === name || given.toLowerCase() === id.toLowerCase();
    return targetEnvironments.find(isIt) ?? name;
  };
  return groups(results, targetOf).map((own) => [targetOf(own[0]), own]);
}

/** The report on one target: its items, and how the run ended for them. */
function partOf(report: RunReport, [target, results]: Part): RunReport {
  const { mode, plan, failure, request, undo } = report;
  if (plan === undefined) return { ...report, request: request && { ...request, target } };
  const isSettled = (some: readonly ItemResult[]): boolean =>
    isInEffect(some) && (mode === 'rollback' || some.every(({ outcome }) => outcome !== 'restored'));
  const refused = isRefused(plan) || results.some(({ item }) => isRefused(item));
  // What refuses other items of a plan leaves these as they are.
  const isOthers = mode === 'plan' && !refused && isPlanRefused(plan);
  const isElsewhere = isOthers || (isSettled(results) && !isSettled(report.results));
  const failed = failure !== undefined && !isElsewhere;
  return {
    ...report,
    ...{ results, status: statusOf({ mode, results, failed, refused }) },
    plan: { ...plan, items: results.map(({ item }) => item) },
    failure: failure && isElsewhere ? { ...failure, message: 'The run failed for another target.' } : failure,
    undo: results.some(({ written }) => written !== 'no') ? undo : undefined,
  };
}

const commentsOf = (report: RunReport, inputs: Inputs, runUrl: string): readonly Comment[] =>
  byTarget(report, inputs).map((part) => {
    const [target] = part;
    const told = partOf(report, part);
    return { target, markdown: commentOf(told, { target, runUrl }), isNews: told.status !== 'unchanged' };
  });

/** Comments where the inputs ask for it. Whatever comes of it, the run has ended as it has: at worst it is a warning. */
export async function commentOnPullRequest(
  report: RunReport,
  {
    inputs,
    runner,
    findPullRequest,
  }: {
    readonly inputs: Inputs;
    readonly runner: Runner;
    readonly findPullRequest: FindPullRequest;
  },
): Promise<void> {
  const { commentToken: token } = inputs;
  if (token === undefined) return;
  try {
    const pullRequest = await findPullRequest();
    if (pullRequest === undefined) {
      runner.notice(
        '`comment-on-pull-request`: the event of this run has no pull request, so there is no comment.',
      );
      return;
    }
    const comments = commentsOf(withoutNames(report), inputs, runner.context.runUrl);
    const done = await pullRequest.comment(comments, { ...inputs, token });
    const words = comments.map(({ target }, position) => `${short(target)} ${done[position] ?? ''}`);
    runner.info(`Comments on pull request ${pullRequest.number}: ${listed(words) || 'no target is known'}.`);
  } catch (error) {
    runner.warning(`The pull request does not show how this run ended. ${asFailure(error).message}`);
  }
}
