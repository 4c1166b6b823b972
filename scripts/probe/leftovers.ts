// What the probe has created, or may have, and has to remove.
import { isOk, type Ask, type Reply } from './connection.ts';
import { wordsOf } from './fact.ts';

/** Removes one thing with whatever asks then; answers that it is gone, or that it never was there, are fine. */
type Remove = (ask: Ask) => Promise<Reply | undefined>;

interface Leftover {
  /** What it is, and how to remove it by hand. */
  readonly name: string;
  readonly byHand: string;
  readonly remove: Remove;
}

export interface Leftovers {
  /** To be called before the request that creates it is sent: its answer may be lost. */
  readonly expect: (leftover: Leftover) => void;
  /** Removes all, the newest first. @returns a line for each that is still there */
  readonly removeAll: (ask: Ask) => Promise<readonly string[]>;
}

export function createLeftovers(): Leftovers {
  const leftovers: Leftover[] = [];
  return {
    expect: (leftover) => void leftovers.push(leftover),
    async removeAll(ask) {
      const left = [];
      for (const { name, byHand, remove } of leftovers.toReversed()) {
        let problem: string | undefined;
        try {
          const reply = await remove(ask);
          if (reply !== undefined && !isOk(reply) && reply.status !== 404) problem = wordsOf(reply);
        } catch (error) {
          problem = error instanceof Error ? error.message : String(error);
        }
        if (problem !== undefined) left.push(`${name} could not be removed (${problem}). By hand: ${byHand}`);
      }
      return left;
    },
  };
}
