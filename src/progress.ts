// How far long work has got, as a line in the log at most every five seconds.
import type { Clock, StageProgress } from './execute/ports.ts';
import { count } from './report/words.ts';

const PAUSE_MILLISECONDS = 5000;

export interface ProgressOptions {
  readonly clock: Clock;
  readonly say: (line: string) => void;
  /** Requests so far, and the time during which a rate limit held them back. */
  readonly traffic: { readonly requests: number; readonly waitedMilliseconds: number };
}

/** What is told of work under way. */
export interface Progress extends StageProgress {
  /** So many more requests are to come in a stage that is told by requests. */
  readonly expect: (requests: number) => void;
  /** Something happened, or a wait begins: a moment for a line, if it is time for one. */
  readonly tick: () => void;
}

/** What was counted by a moment, milliseconds since the epoch. */
interface Moment {
  readonly at: number;
  readonly requests: number;
  readonly waited: number;
}

interface Stage {
  readonly name: string;
  /** `undefined`: it is told by requests. */
  readonly items: number | undefined;
  expected: number;
  done: number;
  readonly began: Moment;
}

const seconds = (milliseconds: number): string => `${Math.ceil(milliseconds / 1000)} s`;

export function createProgress({ clock, say, traffic }: ProgressOptions): Progress {
  const now = (): Moment => ({
    ...{ at: clock.now(), requests: traffic.requests, waited: traffic.waitedMilliseconds },
  });
  const stageOf = (name: string, items?: number): Stage => ({
    ...{ name, items, expected: 0, done: 0, began: now() },
  });
  let told = clock.now();
  let stage = stageOf('Starting');

  function line(): string {
    const { at, requests, waited } = now();
    const elapsed = at - stage.began.at;
    const sent = requests - stage.began.requests;
    const [done, total, unit] =
      stage.items === undefined
        ? [sent, Math.max(sent, stage.expected), 'request']
        : [stage.done, stage.items, 'item'];
    const left = done > 0 && total > done ? `, about ${seconds((elapsed / done) * (total - done))} left` : '';
    const waiting = waited - stage.began.waited;
    return [
      `${stage.name}: ${done} of ${count(total, unit)}`,
      `, ${((sent / elapsed) * 1000).toFixed(1)} requests a second`,
      waiting > 0 ? `, ${seconds(waiting)} spent waiting for the rate limit` : '',
      `${left}.`,
    ].join('');
  }

  function tick(): void {
    if (clock.now() - told < PAUSE_MILLISECONDS) return;
    told = clock.now();
    if (told > stage.began.at) say(line());
  }

  return {
    begin(name, items) {
      stage = stageOf(name, items);
    },
    expect(requests) {
      stage.expected += requests;
    },
    done() {
      stage.done += 1;
      tick();
    },
    tick,
  };
}
