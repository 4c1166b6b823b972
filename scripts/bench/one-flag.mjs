// One flag among thousands, beside the requests of the vendor's script.
import { fileURLToPath } from 'node:url';
import { startEmulator } from '../../emulator/emulator.ts';
import { bigWorld } from '../../emulator/seed.ts';
import { decimal, megabytes, printTable } from './print.mjs';
import { measured } from './run.mjs';

const REFERENCE = fileURLToPath(new URL('reference.mjs', import.meta.url));
const LATENCY_MILLISECONDS = 30;

/** @param {string} folder @param {string} [entry] */
async function copyOneOfMany(folder, entry) {
  const emulator = await startEmulator({ world: bigWorld({ flags: 2000 }), latencyMs: LATENCY_MILLISECONDS });
  try {
    // Any flag that differs; every third does.
    const flag = [...(emulator.world.workspaces[0]?.flags.keys() ?? [])][999] ?? '';
    const { milliseconds, peakBytes } = await measured(
      {
        'api-key': 'bench-key',
        'api-url': emulator.apiUrl,
        flags: flag,
        'source-environment': 'Production',
        'target-environment': 'Staging',
      },
      folder,
      entry,
    );
    const received = emulator.requests.reduce((sum, { bytes }) => sum + bytes, 0);
    return { requests: emulator.requests.length, received, milliseconds, peakBytes };
  } finally {
    await emulator.close();
  }
}

/** @param {string} folder */
export async function oneFlag(folder) {
  const ours = await copyOneOfMany(folder);
  const reference = await copyOneOfMany(folder, REFERENCE);
  /** @param {number} a @param {number} b */
  const ratio = (a, b) => `${decimal(b / a, 1)} ×`;
  printTable(
    `One flag of 2,000 in each environment, ${LATENCY_MILLISECONDS} ms a request (limits: 7 requests besides the two of the checks, 250,000 bytes)`,
    [
      ['', 'requests', 'bytes received', 'ms', 'peak memory'],
      ...[
        { name: 'this Action', figures: ours },
        { name: "the vendor's requests, sent from Node", figures: reference },
      ].map(({ name, figures }) => [
        name,
        decimal(figures.requests),
        decimal(figures.received),
        decimal(figures.milliseconds),
        megabytes(figures.peakBytes),
      ]),
      [
        'ratio',
        ratio(ours.requests, reference.requests),
        ratio(ours.received, reference.received),
        ratio(ours.milliseconds, reference.milliseconds),
        ratio(ours.peakBytes, reference.peakBytes),
      ],
    ],
  );
}
