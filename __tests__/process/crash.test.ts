// Killed between any two requests: what is on disk is whole, and enough to undo what was written.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { oneOf, rule, split } from '../../emulator/seed-parts.ts';
import { copyWorld, setDefinition, type World } from '../../emulator/world.ts';
import { canonical, withoutBookkeeping } from '../../src/definition/equality.ts';
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../src/json.ts';
import { addNeighbour, BASE, shop } from './checks.ts';
import { onStage, type Stage } from './stage.ts';

const SHOP = {
  'source-environment': 'Staging',
  'target-environment': 'QA',
  'kill-state': 'copy',
  flags: '*',
};

/** One flag of every kind: updated, created, killed, restored, unchanged, and one that asks another. */
function arrange(stage: Stage): void {
  const source = (flag: string, members: JsonObject = {}): void =>
    setDefinition(
      stage.emulator.world,
      { workspace: 'Default', environment: 'Staging', flag },
      { ...BASE, ...members },
    );
  const off = { defaultRule: split({ off: 100 }) };
  for (const [flag, members, target] of [
    ['created', {}, undefined],
    [
      'asking',
      {
        rules: [
          rule([{ type: 'IN_SPLIT', depends: { splitName: 'created', treatments: ['on'] } }], { on: 100 }),
        ],
      },
      off,
    ],
    ['killed', { killed: true, rules: [rule([oneOf('plan', 'pro')], { on: 100 })] }, off],
    ['restored', {}, { ...off, killed: true }],
    ['unchanged', {}, {}],
  ] as const) {
    addNeighbour(stage, flag, { environments: target === undefined ? [] : ['QA'], ...target });
    source(flag, members);
  }
}

const served = (world: World): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (world.workspaces[0]?.environments ?? []).flatMap(({ name, definitions }) =>
      Array.from(definitions, ([flag, definition]) => [
        `${flag} in ${name}`,
        canonical(withoutBookkeeping(definition)),
      ]),
    ),
  );

const stateOf = (item: Json): unknown =>
  isJsonObject(item) && isJsonObject(item['progress']) ? item['progress']['state'] : undefined;

/** The requests of a run that nothing disturbs. */
async function undisturbed(): Promise<number> {
  let requests = 0;
  await onStage(
    async (stage) => {
      arrange(stage);
      expect((await stage.run(SHOP)).outputs['status']).toBe('applied');
      requests = stage.emulator.requests.length;
    },
    { world: shop() },
  );
  return requests;
}

/** Runs, kills the run at a request, before or after that took effect, and rolls it back. */
async function killedAt(request: number, applied: boolean): Promise<number> {
  let written = 0;
  await onStage(
    async (stage) => {
      arrange(stage);
      const before = served(copyWorld(stage.emulator.world));
      let kill = (): void => undefined;
      stage.emulator.fault({ after: request, applied, hang: true, then: () => void setTimeout(kill, 20) });
      const ended = await stage.run(SHOP, { onStart: (child) => (kill = () => child.kill('SIGKILL')) });
      const where = `request ${request}, ${applied ? 'applied' : 'not applied'}`;
      const [file, ...others] = readdirSync(join(ended.directory, 'temp')).filter((name) =>
        name.endsWith('.json'),
      );
      expect(others).toEqual([]);
      if (file === undefined) {
        expect({ where, world: served(stage.emulator.world) }).toEqual({ where, world: before });
        return;
      }
      const path = join(ended.directory, 'temp', file);
      expect(ended.outputs['plan-file'] ?? path).toBe(path);
      const content = parseJson(readFileSync(path, 'utf8'));
      const items =
        isJsonObject(content) && Array.isArray(content['items']) ? (content['items'] as Json[]) : [];
      expect(items).toHaveLength(6);
      // Nothing is written that the file does not say was begun.
      const changed = Object.entries(served(stage.emulator.world)).filter(
        ([key, text]) => before[key] !== text,
      );
      const begun = items.filter((item) => stateOf(item) !== 'planned').length;
      expect(begun).toBeGreaterThanOrEqual(changed.length);
      written = changed.length;
      const back = await stage.run({
        ...{
          flags: '',
          'source-environment': '',
          'target-environment': '',
          mode: 'rollback',
          'plan-file': path,
        },
      });
      expect({ where, status: back.outputs['status'], why: back.outputs['results'] }).toMatchObject({
        where,
        status: expect.stringMatching(/^(rolled-back|unchanged)$/),
      });
      expect({ where, world: served(stage.emulator.world) }).toEqual({ where, world: before });
    },
    { world: shop() },
  );
  return written;
}

test('a run that is killed at any request can be undone', async () => {
  const requests = await undisturbed();
  expect(requests).toBeGreaterThan(12);
  const written: number[] = [];
  for (let request = 0; request < requests; request += 1) {
    for (const applied of [false, true]) written.push(await killedAt(request, applied));
  }
  expect(Math.max(...written)).toBe(5);
}, 120_000);
