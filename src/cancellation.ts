// The signals of a cancelled job, listened to from the first moment: main imports this before anything else.

/** A job that is cancelled gets SIGINT, and SIGTERM 7.5 s later; a write under way may take this much of that. */
const GRACE_MILLISECONDS = 3000;

const cancel = new AbortController();
const grace = new AbortController();

/** Aborted when the job is cancelled: nothing new starts. */
export const cancelled = cancel.signal;

/** Aborted when what had begun by then must end, too. */
export const timeUp = grace.signal;

function onSignal(): void {
  if (cancelled.aborted) return;
  cancel.abort();
  setTimeout(() => grace.abort(), GRACE_MILLISECONDS).unref();
}

/** Ends what nobody waits for any more when the run is over. */
export function endEverything(): void {
  cancel.abort();
  grace.abort();
}

process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
