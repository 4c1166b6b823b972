// The command line of the emulator: what it makes of it, and one sentence for whatever is wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { HELP, optionsOf } from '../../emulator/options.ts';
import { EVERY_SWITCH } from '../../emulator/switches.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'emulator-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));

function fileOf(name: string, content: string): string {
  const path = join(FOLDER, name);
  writeFileSync(path, content);
  return path;
}

const SEED = fileOf('seed.json', '{"workspaces":[{"name":"Mine","environments":[{"name":"Here"}]}]}');
const SWITCHES = fileOf('switches.json', '{"putStatus":204,"nulls":"emit","putCreates":true}');

test('defaults', () => {
  expect(optionsOf([])).toEqual({ port: 4400, latencyMs: 0, switches: {} });
});

test('everything; a switch of the command line wins over the file', () => {
  const args = [
    ...['--port', '0', '--rate-limit', '20/10', '--latency', '30', '--seed', SEED, '--switches', SWITCHES],
    ...[
      '--switch',
      'putStatus=201',
      '--switch',
      'overLimit=400',
      '--switch',
      'putWithoutTrafficAllocation=100',
    ],
  ];
  expect(optionsOf(args)).toMatchObject({
    port: 0,
    rateLimit: { limit: 20, windowSeconds: 10 },
    latencyMs: 30,
    world: { workspaces: [{ name: 'Mine' }] },
    switches: {
      putStatus: 201,
      nulls: 'emit',
      putCreates: true,
      overLimit: '400',
      putWithoutTrafficAllocation: '100',
    },
  });
});

test.each(EVERY_SWITCH)('every position of %s can be named', (name, { positions }) => {
  for (const position of positions)
    expect(optionsOf(['--switch', `${name}=${position}`])).toMatchObject({ switches: { [name]: position } });
});

const NAMES = EVERY_SWITCH.map(([name]) => name).join(', ');

describe('one sentence for', () => {
  test.each<[readonly string[], string]>([
    [
      ['--prot', '1'],
      "Unknown option '--prot'. The options are --port, --rate-limit, --latency, --switch, --switches, --seed, --help.",
    ],
    [['--switch', 'null=emit'], `There is no switch null. There are: ${NAMES}.`],
    [['--switch', 'nulls=no'], 'Switch nulls has no position no. It has: omit, emit.'],
    [['--switch', 'nulls'], '--switch takes name=position, not nulls'],
    [['--port', '70000'], '--port takes a whole number from 0 to 65535, not 70000'],
    [['--latency', 'slow'], '--latency takes a whole number from 0 to 60000, not slow'],
    [['--rate-limit', '20'], '--rate-limit takes requests/seconds, such as 20/10, not 20'],
    [
      ['--switches', fileOf('bad.json', '{"nulls":"no"}')],
      `--switches ${join(FOLDER, 'bad.json')}: Switch nulls has no position no. It has: omit, emit.`,
    ],
    [
      ['--switches', fileOf('list.json', '[]')],
      `--switches ${join(FOLDER, 'list.json')}: it must hold an object of switches`,
    ],
  ])('%j', (args, message) => {
    expect(() => optionsOf(args)).toThrow(expect.objectContaining({ message }));
  });

  test.each([
    ['--seed', join(FOLDER, 'none.json'), 'ENOENT'],
    ['--seed', fileOf('text.json', 'seed'), 'not valid JSON'],
    ['--switches', join(FOLDER, 'none.json'), 'ENOENT'],
  ])('%s %s', (option, file, problem) => {
    expect(() => optionsOf([option, file])).toThrow(new RegExp(`^${option} .*json: .*${problem}`));
  });
});

test('help names every option, and every switch with its positions and what it means', () => {
  expect(optionsOf(['--help', '--port', '1'])).toBe('help');
  for (const option of ['port', 'rate-limit', 'latency', 'switch', 'switches', 'seed', 'help'])
    expect(HELP).toContain(`\n  --${option} `);
  for (const [name, { positions, meaning }] of EVERY_SWITCH)
    expect(HELP).toContain(`  ${name}=${positions.join('|')}\n      ${meaning}`);
});
