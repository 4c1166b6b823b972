// What must hold of a plan before anything of it is written.
import { Failure } from '../failure.ts';
import { reasonOf, type Mode } from './outcome.ts';
import { differs, errorsOf, type Plan } from './plan.ts';

/** @throws Failure `plan-stale` unless the plan is the one that was approved, where one was. */
export function requireFingerprint({ fingerprint }: Plan, expectedFingerprint: string | undefined): void {
  if (expectedFingerprint === undefined || expectedFingerprint === fingerprint) return;
  throw new Failure(
    'plan-stale',
    `The plan has fingerprint ${fingerprint}, but ${expectedFingerprint} was approved: source or target changed since, or the inputs are not the same. Nothing was written. Plan again and have that approved.`,
  );
}

/** @throws Failure `plan-stale` where sources or targets are no longer what a saved plan recorded */
export function requireUnmoved({ items }: Plan): void {
  const moved = items.flatMap(({ source, target, moved: sides = [] }) =>
    sides.map(({ side }) => {
      const { flag, environment } = side === 'source' ? source : target;
      return `\`${flag}\` in ${environment.name} (${side})`;
    }),
  );
  if (moved.length === 0) return;
  const names = [...new Set(moved)];
  const more = names.length - MOST_FINDINGS_IN_MESSAGE;
  const which = names.slice(0, MOST_FINDINGS_IN_MESSAGE).join(', ') + (more > 0 ? ` and ${more} more` : '');
  throw new Failure(
    'plan-stale',
    `Changed since the plan was made: ${which}. Nothing was written. The summary shows what moved; plan again and have that approved.`,
  );
}

const MOST_FINDINGS_IN_MESSAGE = 10;

/**
 * The failure of a plan that checks refuse: `checks-failed`, which names the first errors they found, or
 * `pending-change` where open change requests are all they found. `undefined` for a sound plan.
 * @param options.goesOn whether sound items are written beside those that are refused
 */
export function failureOfFindings(plan: Plan, { goesOn }: { readonly goesOn: boolean }): Failure | undefined {
  const found = [
    ...errorsOf(plan).map((error) => ({ error, subject: '' })),
    ...plan.items.flatMap((item) =>
      errorsOf(item).map((error) => ({
        error,
        subject: `${item.target.flag} in ${item.target.environment.name}, `,
      })),
    ),
  ];
  if (found.length === 0) return undefined;
  const more = found.length - MOST_FINDINGS_IN_MESSAGE;
  const checks = `${found.length} check${found.length === 1 ? '' : 's'}`;
  return new Failure(
    reasonOf(found.map(({ error }) => error)),
    [
      goesOn ? `What ${checks} refused was not written.` : `Nothing was written, since ${checks} failed.`,
      ...found
        .slice(0, MOST_FINDINGS_IN_MESSAGE)
        .map(
          ({ subject, error: { code, place, message, fix } }) =>
            `${subject}${place} (${code}): ${message} ${fix}`,
        ),
      ...(more > 0 ? [`${more} more are in the summary.`] : []),
    ].join(' '),
  );
}

/** @throws Failure `changes-found` where a plan should not differ, but does. */
export function refuseChanges(
  { items }: Plan,
  { mode, failOn }: { readonly mode: Mode; readonly failOn: readonly string[] },
): void {
  const amount = items.filter(differs).length;
  if (mode !== 'plan' || amount === 0 || !failOn.includes('changes')) return;
  throw new Failure(
    'changes-found',
    `${amount} item${amount === 1 ? ' differs' : 's differ'} from the source, and \`fail-on\` has \`changes\`. See the summary for what differs; run with \`mode: apply\` to copy it.`,
  );
}
