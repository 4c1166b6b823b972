// A clock for tests and benchmarks of long waits, which an emulator can share.

/** A clock that moves on to the next one who sleeps as soon as nothing is under way. */
export function simulatedClock(isIdle: () => boolean) {
  const started = Date.UTC(2026, 0, 1);
  let time = started;
  const sleepers = new Map<() => void, number>();
  let runs = true;
  const tick = (): void => {
    const [next] = [...sleepers].toSorted(([, one], [, other]) => one - other);
    if (isIdle() && next !== undefined) {
      const [resolve, due] = next;
      time = Math.max(time, due);
      sleepers.delete(resolve);
      resolve();
    }
    // Twice, so that whoever was woken has sent before the time moves on.
    if (runs) setImmediate(() => setImmediate(tick));
  };
  tick();
  return {
    now: () => time,
    elapsed: () => time - started,
    sleep: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const end = (): void => {
          sleepers.delete(end);
          resolve();
        };
        sleepers.set(end, time + milliseconds);
        signal.addEventListener('abort', end);
        if (signal.aborted) end();
      }),
    stop: () => (runs = false),
  };
}
