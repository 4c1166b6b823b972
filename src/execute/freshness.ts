// Keeps writes from being sent on a target that was seen too long ago.
import type { Definition } from '../definition/definition.ts';
import { isSame } from '../plan/verification.ts';
import {
  FRESH_MILLISECONDS,
  type Clock,
  type Settle,
  type Sighting,
  type WriteAnswer,
  type WriteGuard,
} from './ports.ts';

export interface FreshnessOptions {
  readonly clock: Clock;
  /** When the target was read first, milliseconds since the epoch. */
  readonly readAt: number | undefined;
  /** The target as it was at a moment or later. */
  readonly look: (since: number) => Promise<Sighting | undefined>;
}

/** So often a target is looked at again for one write: a limit may let too little through for a look and a write. */
const MOST_LOOKS = 5;

export interface Sending {
  readonly settle: Settle;
  /** What the target should still be; one without a definition needs no look, since a POST replaces nothing. */
  readonly expected: Definition | undefined;
  /** @returns the failure of a target that is something else */
  readonly changed: () => Error;
  /** Called after a look and before the write. @throws where it should not be sent any more */
  readonly mayGoOn: () => void;
}

export function createFreshness({ clock, readAt, look }: FreshnessOptions) {
  let seenAt = readAt ?? Number.NEGATIVE_INFINITY;
  let steppedAt = Number.NEGATIVE_INFINITY;

  /** Looks at the target unless it was seen since a moment. */
  async function makeSure({ expected, changed, mayGoOn }: Sending, since: number): Promise<void> {
    if (seenAt >= since) return;
    const sighting = await look(Math.max(steppedAt, since));
    if (!isSame(sighting?.definition, expected)) throw changed();
    seenAt = sighting?.at ?? seenAt;
    mayGoOn();
  }

  return {
    /** Takes note of a read of the target. */
    seen: (at: number): void => {
      seenAt = at;
    },

    /** Sends a write of this run; a rate limit may keep it waiting until the target is to be looked at again. */
    async send(write: (guard: WriteGuard) => Promise<WriteAnswer>, sending: Sending): Promise<WriteAnswer> {
      const { settle, expected } = sending;
      let since = clock.now() - FRESH_MILLISECONDS;
      for (let looks = 1; ; looks += 1) {
        if (expected !== undefined) await makeSure(sending, since);
        const notAfter = expected === undefined ? Number.POSITIVE_INFINITY : seenAt + FRESH_MILLISECONDS;
        const answer = await write({ settle, notAfter });
        if (!('late' in answer) || looks === MOST_LOOKS) {
          steppedAt = clock.now();
          return answer;
        }
        // Another look, and not the one that turned out to be too old.
        since = Math.max(clock.now() - FRESH_MILLISECONDS, seenAt + 1);
      }
    },
  };
}
