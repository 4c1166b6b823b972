// What the emulator's command line says.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isJsonObject, parseJson } from '../src/json.ts';
import type { EmulatorOptions } from './emulator.ts';
import { worldOf } from './seed-file.ts';
import { EVERY_SWITCH, positionOf, type Switches } from './switches.ts';

const OPTIONS = {
  port: { type: 'string', default: '4400' },
  'rate-limit': { type: 'string' },
  latency: { type: 'string', default: '0' },
  switch: { type: 'string', multiple: true },
  switches: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const switchLines = EVERY_SWITCH.flatMap(([name, { positions, meaning }]) => [
  `  ${name}=${positions.join('|')}`,
  `      ${meaning}`,
]);

/** What `--help` prints. */
export const HELP = `A local Admin API for trying out promotions, on 127.0.0.1.

  --port NUMBER                port; 0 takes any free one (default 4400)
  --rate-limit REQUESTS/SECONDS  such as 20/10 (default: no limit)
  --latency MILLISECONDS       added to every answer (default 0)
  --switch NAME=POSITION       how the API behaves where nobody knows; may be repeated
  --switches FILE              the same from a JSON file, {"NAME": POSITION}, such as the probe writes
  --seed FILE                  JSON file with workspaces, environments, flags and definitions (default: an example)
  --help                       this

Switches, the default position first:

${switchLines.join('\n')}
`;

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    const [problem] = String(error)
      .replace(/^\w+( \[\w+\])?: /, '')
      .split('. ');
    const names = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new Error(`${problem}. The options are ${names.join(', ')}.`, { cause: error });
  }
}

function numberFor(option: string, value: string, most: number): number {
  if (/^\d+$/.test(value) && Number(value) <= most) return Number(value);
  throw new Error(`--${option} takes a whole number from 0 to ${most}, not ${value}`);
}

function rateLimitFrom(value: string): NonNullable<EmulatorOptions['rateLimit']> {
  const [limit = Number.NaN, windowSeconds = Number.NaN] = value.split('/').map(Number);
  if (limit > 0 && windowSeconds > 0) return { limit, windowSeconds };
  throw new Error(`--rate-limit takes requests/seconds, such as 20/10, not ${value}`);
}

/** What is made of a file's text. @throws Error, which names option and file, when it cannot be read or used. */
function fromFile<T>(option: string, file: string, take: (text: string) => T): T {
  try {
    return take(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`--${option} ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

type Position = readonly [name: string, position: string];

const positionsOf = (given: readonly Position[]): Partial<Switches> =>
  given.reduce<Partial<Switches>>((all, position) => ({ ...all, ...positionOf(...position) }), {});

function positionsIn(text: string): readonly Position[] {
  const json = parseJson(text);
  if (!isJsonObject(json)) throw new Error('it must hold an object of switches');
  return Object.entries(json).map(([name, position]) => [name, String(position)]);
}

function positionFrom(given: string): Position {
  const [name = '', ...position] = given.split('=');
  if (position.length === 0) throw new Error(`--switch takes name=position, not ${given}`);
  return [name, position.join('=')];
}

/** How to start, or that help is asked for. @throws Error with the first thing that is wrong, in one sentence. */
export function optionsOf(args: readonly string[]): EmulatorOptions | 'help' {
  const { help, seed, switches: file, 'rate-limit': rate, ...values } = valuesOf(args);
  if (help) return 'help';
  const switches = {
    ...(file !== undefined && fromFile('switches', file, (text) => positionsOf(positionsIn(text)))),
    ...positionsOf((values.switch ?? []).map(positionFrom)),
  };
  return {
    port: numberFor('port', values.port, 65_535),
    latencyMs: numberFor('latency', values.latency, 60_000),
    switches,
    ...(rate !== undefined && { rateLimit: rateLimitFrom(rate) }),
    ...(seed !== undefined && { world: fromFile('seed', seed, (text) => worldOf(text, switches)) }),
  };
}
