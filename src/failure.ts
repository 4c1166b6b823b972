// The failure reasons: what can end a run in red, and the one error type that carries it.

/** Why a step failed; the value of the `failure-reason` output, and a heading of docs/troubleshooting.md. */
export const FAILURE_REASONS = [
  'invalid-input',
  'authentication',
  'permission',
  'not-found',
  'checks-failed',
  'plan-stale',
  'target-changed',
  'pending-change',
  'approval-required',
  'approval-rejected',
  'approval-timeout',
  'policy-denied',
  'rate-limited',
  'network',
  'api-error',
  'verification-failed',
  'changes-found',
  'cancelled',
] as const;

export type FailureReason = (typeof FAILURE_REASONS)[number];

/** An ending in red: a reason, and a sentence that says what happened and what to do next. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly reason: FailureReason;

  /** `message` is for users; `cause` is kept for the debug log. */
  constructor(reason: FailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Anything thrown fails the run; what is not a {@link Failure} is a fault of this Action, and says so. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new Failure(
    'api-error',
    `This Action ran into an unexpected error: ${words}. Please report it with the debug log.`,
    { cause: error },
  );
}
