// The emulator as `npx` starts it: the committed bundle, on the Node that npm runs on, be it 20.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { onOff } from './asking.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NODE = process.env['npm_node_execpath'] ?? process.execPath;

const { bin, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly bin: string;
  readonly files: readonly string[];
};

test('the package brings its program, which needs nothing installed, and keeps every digit', async () => {
  expect(files.some((folder) => bin.startsWith(folder))).toBe(true);
  const folder = mkdtempSync(join(tmpdir(), 'emulator-'));
  const seed = join(folder, 'seed.json');
  const definitions = [{ name: 'basket', ...onOff }];
  const environments = [{ name: 'Staging', id: 's', definitions }];
  writeFileSync(seed, JSON.stringify({ workspaces: [{ name: 'Shop', id: 'w', environments }] }));
  // Alone in its folder, it cannot find packages of ours.
  const program = join(folder, 'index.mjs');
  writeFileSync(program, readFileSync(join(ROOT, bin)));
  const args = [program, '--port', '0', '--seed', seed, '--switch', 'putStatus=201'];
  const child = spawn(NODE, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    let printed = '';
    for await (const line of createInterface({ input: child.stdout })) {
      printed += `${line}\n`;
      if (line.includes('/emulator/requests')) break;
    }
    const url = /Admin API at (\S+)/.exec(printed)?.[1];
    const numbers = '"long":12345678901234567890,"float":1.0,"small":-0';
    const put = await fetch(`${url}/splits/ws/w/basket/environments/s`, {
      method: 'PUT',
      headers: { 'x-api-key': 'any-key' },
      body: JSON.stringify(onOff).replace('{', `{${numbers},`),
    });
    expect(put.status).toBe(201);
    expect(await put.text()).toContain(numbers);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
