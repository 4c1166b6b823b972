// After a failure that stops the run: what has not been sent by then is not sent any more.
import { expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { split } from '../../emulator/seed-parts.ts';
import { addFlag, named, setDefinition } from '../../emulator/world.ts';
import { parseJson, type JsonObject } from '../../src/json.ts';
import { play } from '../in-process.ts';
import { BASE, shop } from '../process/checks.ts';

test.each([
  ['stop', 'not-attempted', 0],
  ['restore', 'not-attempted', 0],
  ['continue', 'updated', 1],
])('a write that waits for a look is not sent where the run is to %s', async (onFailure, outcome, sent) => {
  const world = shop();
  const workspace = named(world.workspaces, 'Default');
  for (const flag of ['a', 'b', 'c']) {
    addFlag(workspace, { name: flag });
    const at = (environment: string) => ({ workspace: 'Default', environment, flag });
    setDefinition(world, at('Staging'), BASE);
    setDefinition(world, at('QA'), { ...BASE, defaultRule: split({ off: 100 }) });
  }
  const emulator = await startEmulator({ world });
  const path = (flag: string) => `/${flag}/environments/${named(workspace.environments, 'QA').id}`;
  try {
    // After a wait of six seconds, the others have to be looked at before they are written.
    const headers = { 'X-RateLimit-Reset-Seconds-Org': '6' };
    emulator.fault({ method: 'PUT', path: path('a'), answer: { status: 429, headers, body: '' } });
    emulator.fault({ method: 'PUT', path: path('b'), answer: { status: 403, body: { message: 'no' } } });
    emulator.fault({ method: 'GET', path: path('c'), after: 1, delayMs: 300 });
    const environments = { 'source-environment': 'Staging', 'target-environment': 'QA' };
    const { outputs } = await play({
      apiUrl: emulator.apiUrl,
      inputs: { flags: 'a, b, c', ...environments, 'on-failure': onFailure },
    });

    const results = parseJson(outputs['results'] ?? '') as readonly JsonObject[];
    expect(results.at(2)).toMatchObject({ targetFlag: 'c', outcome });
    const puts = emulator.requests.filter(
      (request) => request.method === 'PUT' && request.path.includes(path('c')),
    );
    expect(puts).toHaveLength(sent);
  } finally {
    await emulator.close();
  }
});
