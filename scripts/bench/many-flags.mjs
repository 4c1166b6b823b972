// Many flags in one run: requests, time and 429s beside what has to be reached, and the requests of the vendor's script.
import { play } from '../../__tests__/in-process.ts';
import { simulatedClock } from '../../__tests__/simulated-clock.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { bigWorld } from '../../emulator/seed.ts';
import { editDefinition, getDefinition, setDefinition } from '../../emulator/world.ts';
import { decimal, megabytes, printTable } from './print.mjs';
import { measured } from './run.mjs';

/**
 * @typedef {import('../../emulator/emulator.ts').Emulator} Emulator
 * @typedef {import('../../emulator/emulator.ts').RateLimit} RateLimit
 * @typedef {{ readonly all: number, readonly selected: number, readonly differ: number, readonly rateLimit?: RateLimit,
 *   readonly latencyMs?: number, readonly now?: () => number }} Case
 * @typedef {{ readonly milliseconds: number, readonly peakBytes?: number, readonly emulator: Emulator }} Ran
 */

const LATENCY_MILLISECONDS = 30;
const AT = { workspace: 'Default', environment: 'Production' };
const SHORT = { limit: 20, windowSeconds: 2 };

/** As many names as are wanted, spread evenly. @param {readonly string[]} names @param {number} amount */
const spread = (names, amount) =>
  Array.from({ length: amount }, (_, at) => names[Math.floor((at * names.length) / amount)] ?? '');

/** A world in which just the flags that should differ do. @param {Case} wanted */
function worldOf({ all, selected, differ }) {
  const world = bigWorld({ flags: all });
  const names = [...(world.workspaces[0]?.flags.keys() ?? [])];
  for (const flag of names) {
    const there = getDefinition(world, { ...AT, environment: 'Staging', flag });
    const { environment: _environment, ...definition } = there ?? {};
    setDefinition(world, { ...AT, flag }, definition);
  }
  // Lists are in the order of names, so these are spread evenly over the pages.
  const flags = spread(names.toSorted(), selected);
  for (const flag of spread(flags, differ)) editDefinition(world, { ...AT, flag }, { trafficAllocation: 7 });
  return { world, flags };
}

/** @param {readonly string[]} flags @param {number} all */
const inputsFor = (flags, all) => ({
  'api-key': 'bench-key',
  flags: flags.length === all ? '*' : flags.join(','),
  'source-environment': 'Production',
  'target-environment': 'Staging',
  'max-changes': '100000',
});

/**
 * Runs the bundle on a case.
 * @param {string} folder @param {Case} wanted @param {(emulator: Emulator, flags: readonly string[]) => Promise<void>} [beside]
 * @returns {Promise<Ran>}
 */
async function run(folder, wanted, beside) {
  const { world, flags } = worldOf(wanted);
  const { rateLimit, latencyMs } = wanted;
  const emulator = await startEmulator({
    world,
    ...(rateLimit && { rateLimit }),
    ...(latencyMs !== undefined && { latencyMs }),
  });
  try {
    const inputs = { ...inputsFor(flags, wanted.all), 'api-url': emulator.apiUrl };
    const [{ milliseconds, peakBytes }] = await Promise.all([
      measured(inputs, folder),
      beside?.(emulator, flags),
    ]);
    return { milliseconds, peakBytes, emulator };
  } finally {
    await emulator.close();
  }
}

/** Runs the story in this process, on a clock that does not wait. @param {Case} wanted @returns {Promise<Ran>} */
async function simulated(wanted) {
  const { world, flags } = worldOf(wanted);
  /** @type {import('../../__tests__/in-process.ts').Client | undefined} */
  let client;
  const clock = simulatedClock(() => client?.traffic.requests === client?.debugged.length);
  const emulator = await startEmulator({
    world,
    now: clock.now,
    ...(wanted.rateLimit && { rateLimit: wanted.rateLimit }),
  });
  try {
    const { failure } = await play({
      apiUrl: emulator.apiUrl,
      inputs: inputsFor(flags, wanted.all),
      client: { clock },
      onStart: (started) => {
        client = started;
      },
    });
    if (failure) throw new Error(failure.message);
    return { milliseconds: clock.elapsed(), emulator };
  } finally {
    clock.stop();
    await emulator.close();
  }
}

/** @param {Ran} ran */
const ours = ({ emulator }) =>
  emulator.requests.filter(({ headers }) => headers['user-agent'] !== 'another client');

/** @param {Ran} ran */
const refused = (ran) => ours(ran).filter(({ status }) => status === 429);

/** @param {Ran} ran */
const writes = (ran) => ours(ran).filter(({ method }) => method !== 'GET').length;

/** Computed, since running it would take hours: the vendor's script pages through both environments for every flag, 20 a page. @param {Case} wanted */
const reference = ({ all, selected, differ }) => {
  const lookUps = 2 * 2;
  const pages = 2 * Math.ceil(all / 20);
  return selected * (lookUps + pages) + differ;
};

/** The time that a run may take: what its requests take at three quarters of the rate, and 15 % more. @param {Ran} ran @param {RateLimit} limit */
const mayTake = (ran, { limit, windowSeconds }) =>
  (1.15 * ours(ran).length * windowSeconds * 1000) / (0.75 * limit);

/** In which window after the first 429 each came, from 0. @param {Ran} ran @param {RateLimit} limit */
function windowsOf(ran, { windowSeconds }) {
  const moments = refused(ran).map(({ at }) => at);
  const [first = 0] = moments;
  return moments.map((at) => Math.floor((at - first) / (windowSeconds * 1000)));
}

/** Another client that uses half of the limit, until it got this many requests through. @param {Emulator} emulator @param {readonly string[]} flags */
async function anotherClient(emulator, flags) {
  const workspace = emulator.world.workspaces[0]?.id ?? '';
  const url = `${emulator.apiUrl}/splits/ws/${workspace}/${flags[0]}/environments/Staging`;
  const headers = { authorization: 'Bearer a-key', 'user-agent': 'another client' };
  for (let passed = 0; passed < 100;) {
    const { status } = await fetch(url, { headers });
    if (status === 200) passed += 1;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** @param {string} folder @param {(row: readonly string[]) => void} add */
async function benchMany(folder, add) {
  /** @param {string} name @param {Case} wanted @param {Ran} ran @param {readonly [said: string, must: string, holds: boolean][]} checks */
  const tell = (name, wanted, ran, checks) =>
    add([
      name,
      decimal(ours(ran).length),
      decimal(writes(ran)),
      decimal(refused(ran).length),
      `${decimal(ran.milliseconds / 1000, 1)} s`,
      ran.peakBytes === undefined ? '–' : megabytes(ran.peakBytes),
      checks.map(([said, must, holds]) => `${said} ${must}${holds ? '' : ' MISSED'}`).join('; '),
      `${decimal(reference(wanted))} (${decimal(reference(wanted) / ours(ran).length)} ×)`,
    ]);
  /** @param {Ran} ran @param {number} most @returns {[string, string, boolean]} */
  const requests = (ran, most) => ['requests', `≤ ${most}`, ours(ran).length <= most];
  /** @param {Ran} ran @param {number} most @returns {[string, string, boolean]} */
  const time = (ran, most) => ['time', `≤ ${decimal(most / 1000, 1)} s`, ran.milliseconds <= most];

  const differing = { all: 2000, selected: 200, differ: 200, latencyMs: LATENCY_MILLISECONDS };
  const all = await run(folder, differing);
  tell('200 of 2,000, all differ', differing, all, [requests(all, 330), time(all, 4000)]);

  const equal = { ...differing, differ: 0 };
  const none = await run(folder, equal);
  tell('200 of 2,000, none differ', equal, none, [requests(none, 85), ['no write', '', writes(none) === 0]]);

  const few = { ...differing, selected: 3, differ: 3 };
  const three = await run(folder, few);
  tell('3 of 2,000, all differ', few, three, [requests(three, 16)]);

  const told = {
    all: 100,
    selected: 100,
    differ: 100,
    rateLimit: { ...SHORT, headers: /** @type {const} */ ('always') },
  };
  const limited = await run(folder, told);
  tell('100 differ, 20 in 2 s', told, limited, [
    ['429', '≤ 1', refused(limited).length <= 1],
    time(limited, mayTake(limited, SHORT)),
  ]);

  const untold = { ...told, rateLimit: { ...SHORT, headers: /** @type {const} */ ('on-429') } };
  const learned = await run(folder, untold);
  const windows = windowsOf(learned, SHORT);
  tell('the same, told by 429s only', untold, learned, [
    ['429 at first', '≤ 8', windows.filter((window) => window === 0).length <= 8],
    ['in the five windows after', 'none', windows.every((window) => window === 0 || window > 5)],
  ]);

  const shared = await run(folder, told, anotherClient);
  tell('the same, half used by another', told, shared, [['429', '≤ 3', refused(shared).length <= 3]]);

  const real = { limit: 20, windowSeconds: 10, headers: /** @type {const} */ ('always') };
  const slow = { all: 2000, selected: 200, differ: 200, rateLimit: real };
  const spreadOut = await simulated(slow);
  tell('200 of 2,000, 20 in 10 s (simulated)', slow, spreadOut, [
    requests(spreadOut, 420),
    time(spreadOut, mayTake(spreadOut, real)),
  ]);

  const small = { all: 500, selected: 500, differ: 50 };
  const large = { all: 5000, selected: 5000, differ: 500 };
  const tenth = await run(folder, small);
  tell('all of 500, 50 differ', small, tenth, []);
  const whole = await run(folder, large);
  const ratios = [ours(whole).length / ours(tenth).length, whole.milliseconds / tenth.milliseconds];
  tell('all of 5,000, 500 differ', large, whole, [
    ['memory', '≤ 300 MB', (whole.peakBytes ?? 0) <= 300e6],
    [`10 × as many: ${ratios.map((ratio) => `${decimal(ratio, 1)} ×`).join(' requests, ')} time`, '', true],
  ]);
}

/** @param {string} folder */
export async function manyFlags(folder) {
  /** @type {(readonly string[])[]} */
  const rows = [];
  await benchMany(folder, (row) => rows.push(row));
  printTable(`Many flags in one run; ${LATENCY_MILLISECONDS} ms a request where there is no limit`, [
    [
      'flags',
      'requests',
      'writes',
      '429',
      'time',
      'peak memory',
      'must reach',
      "the vendor's script, computed",
    ],
    ...rows,
  ]);
}
