// One very large definition.
import { startEmulator } from '../../emulator/emulator.ts';
import { addEnvironment, addFlag, addWorkspace, emptyWorld, setDefinition } from '../../emulator/world.ts';
import { decimal, median, megabytes, printTable } from './print.mjs';
import { measured } from './run.mjs';

const LARGE_RUNS = 5;

/** One definition of 30,000 individual targets and 800 rules, none of which the other side has. @param {string} side */
const definitionOf = (side) => ({
  treatments: ['on', 'off'].map((name) => ({
    name,
    keys: Array.from({ length: 15_000 }, (_, at) => `${side}-user-${name}-${at}`),
  })),
  defaultTreatment: 'off',
  baselineTreatment: 'off',
  trafficAllocation: 100,
  rules: Array.from({ length: 800 }, (_, at) => ({
    condition: {
      combiner: 'AND',
      matchers: [
        { type: 'IN_LIST_STRING', attribute: 'account', strings: [`${side}-${at}`, `${side}-b-${at}`] },
      ],
    },
    buckets: [
      { treatment: 'on', size: (at % 99) + 1 },
      { treatment: 'off', size: 99 - (at % 99) },
    ],
  })),
  defaultRule: [{ treatment: side === 'source' ? 'on' : 'off', size: 100 }],
});

/** @param {string} folder */
export async function largeDefinition(folder) {
  const world = emptyWorld();
  const workspace = addWorkspace(world, { name: 'Default' });
  addFlag(workspace, { name: 'large' });
  for (const [environment, side] of /** @type {const} */ ([
    ['Production', 'source'],
    ['Staging', 'target'],
  ])) {
    addEnvironment(workspace, { name: environment });
    setDefinition(world, { workspace: 'Default', environment, flag: 'large' }, definitionOf(side));
  }
  const emulator = await startEmulator({ world });
  const runs = [];
  try {
    for (let round = 0; round < LARGE_RUNS; round += 1) {
      const inputs = { flags: 'large', 'source-environment': 'Production', 'target-environment': 'Staging' };
      runs.push(
        await measured(
          { 'api-key': 'bench-key', 'api-url': emulator.apiUrl, mode: 'plan', ...inputs },
          folder,
        ),
      );
    }
  } finally {
    await emulator.close();
  }
  printTable(
    `30,000 individual targets and 800 rules on each side, all different; mode: plan, median of ${LARGE_RUNS} (limits: 2,000 ms, 250 MB)`,
    [
      ['', 'ms', 'peak memory', 'bytes of summary'],
      [
        'this Action',
        decimal(median(runs.map(({ milliseconds }) => milliseconds))),
        megabytes(median(runs.map(({ peakBytes }) => peakBytes))),
        decimal(Buffer.byteLength(runs[0]?.run.summary ?? '')),
      ],
    ],
  );
}
