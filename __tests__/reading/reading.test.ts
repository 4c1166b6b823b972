// Reading for a run: which flags are selected, how many requests that takes, and what is said of what is missing.
import { describe, expect, test } from '@jest/globals';
import { bigWorld } from '../../emulator/seed.ts';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts';
import { siteAt } from '../../emulator/world.ts';
import { parseInputs } from '../../src/inputs.ts';
import { readForCopy, type Readings } from '../../src/reading/definitions.ts';
import { failureOf } from '../admin-api/with-client.ts';
import { createClient } from '../in-process.ts';

type Read = (inputs: Readonly<Record<string, string>>) => Promise<Readings>;

async function onEmulator(
  run: (read: Read, emulator: Emulator) => Promise<void>,
  options?: EmulatorOptions,
): Promise<void> {
  const emulator = await startEmulator(options);
  const { connect, close } = createClient(emulator.apiUrl, { maxRetries: 0 });
  const base = { 'api-key': 'k', 'source-environment': 'Production', 'target-environment': 'Staging' };
  try {
    await run((inputs) => {
      const given = new Map(Object.entries({ ...base, ...inputs }));
      return readForCopy(parseInputs(given).inputs, connect());
    }, emulator);
  } finally {
    await close();
    await emulator.close();
  }
}

const flagsOf = ({ readings }: Readings): readonly string[] => readings.map(({ target }) => target.flag);

const names = ({ world }: Emulator): readonly string[] => [...(world.workspaces[0]?.flags.keys() ?? [])];

const listsOf = ({ requests }: Emulator): readonly string[] =>
  requests.map(({ path }) => path).filter((path) => /environments\/[^/]+\?/.test(path));

describe('definitions are read', () => {
  test.each([
    ['singly where they are few', 5, 0],
    ['singly where pages would be more', 8, 2],
    ['in pages where these are fewer', 40, 20],
  ])('%s', (_what, amount, lists) =>
    onEmulator(
      async (read, emulator) => {
        const flags = names(emulator).filter((_flag, position) => position % 12 === 7);
        expect(flagsOf(await read({ flags: flags.slice(0, amount).join(',') }))).toHaveLength(amount);
        expect(listsOf(emulator)).toHaveLength(lists);
      },
      { world: bigWorld({ flags: 500 }) },
    ),
  );

  test('in pages for a glob, and each once', () =>
    onEmulator(
      async (read, emulator) => {
        const { readings } = await read({ flags: 'checkout_*, !*_00000' });
        expect(readings).toHaveLength(24);
        expect(listsOf(emulator)).toHaveLength(8);
        expect(new Set(emulator.requests.map(({ path }) => path)).size).toBe(emulator.requests.length);
      },
      { world: bigWorld({ flags: 200 }) },
    ));
});

describe('the selection', () => {
  test('by tags needs no definition of the flags that carry them elsewhere', () =>
    onEmulator(async (read, emulator) => {
      const { flags } = siteAt(emulator.world, {
        ...{ workspace: 'Default', environment: 'Staging', flag: 'clients' },
      }).workspace;
      for (const flag of flags.values()) flag.tags = ['mine'];
      const all = await read({ tags: 'mine', 'source-environment': 'Dev', 'target-environment': 'QA' });
      expect(flagsOf(all).length).toBeLessThan(flags.size);
      const { notices } = await read({ flags: 'clients, dark_mode, !none', tags: 'mine' });
      expect(notices).toEqual(['`!none` takes nothing out.']);
      const none = read({
        tags: 'mine',
        flags: '!clie*',
        'source-environment': 'Production',
        workspace: 'Mobile',
      });
      expect((await failureOf(none)).message).toContain('select no flag');
    }));

  test('of flags without the tag is told', () =>
    onEmulator(async (read, emulator) => {
      for (const flag of emulator.world.workspaces[0]?.flags.values() ?? []) flag.tags = [];
      const clients = emulator.world.workspaces[0]?.flags.get('clients');
      if (clients) clients.tags = ['mine'];
      const { readings, notices } = await read({ flags: 'clients, dark_mode', tags: 'mine' });
      expect(readings).toHaveLength(1);
      expect(notices).toEqual(['Flag `dark_mode` carries none of the tags, so it is left out.']);
    }));

  test('by a tag whose flags have no definition in the source fails', () =>
    onEmulator(async (read, emulator) => {
      const flag = emulator.world.workspaces[0]?.flags.get('new_onboarding');
      for (const other of emulator.world.workspaces[0]?.flags.values() ?? []) other.tags = [];
      if (flag) flag.tags = ['mine'];
      const reading = read({ tags: 'mine', 'source-environment': 'Staging', 'target-environment': 'QA' });
      expect((await failureOf(reading)).message).toBe(
        'No flag with these tags has a definition in Staging that the key can see.',
      );
    }));

  test('of a glob that matches nothing names what is near', () =>
    onEmulator(async (read) => {
      const { reason, message } = await failureOf(read({ flags: 'dark-mod?' }));
      expect(reason).toBe('not-found');
      expect(message).toContain(
        'No flag with a definition in Production matches `dark-mod?`. Did you mean `dark_mode`?',
      );
    }));

  test.each([
    [
      'of flags that are not there tells all of them',
      'clients, gone, lost',
      /^There is no flag `gone` in workspace Default .* Without a definition in the source are 1 more that were named: `lost`\.$/u,
    ],
    [
      'of flags without a definition tells all of them',
      'new_onboarding, gone',
      /^The flag is in the workspace, but it has no definition in Staging .* The same holds for 1 more that were named: `gone`\./u,
    ],
  ])('%s', (_what, flags, words) =>
    onEmulator(async (read) => {
      const environments = { 'source-environment': 'Staging', 'target-environment': 'QA' };
      expect((await failureOf(read({ flags, ...environments }))).message).toMatch(words);
    }),
  );
});

describe('targets', () => {
  test('are each read once, whatever they are called', () =>
    onEmulator(async (read, emulator) => {
      const { id } = siteAt(emulator.world, {
        ...{ workspace: 'Default', environment: 'QA', flag: 'clients' },
      }).environment;
      const { readings } = await read({ flags: 'clients', 'target-environment': `Staging, QA, ${id}` });
      expect(readings.map(({ target }) => target.environment.name)).toEqual(['Staging', 'QA']);
    }));

  test('that are the source by id are refused before anything of a flag is read', () =>
    onEmulator(async (read, emulator) => {
      const { id } = siteAt(emulator.world, {
        ...{ workspace: 'Default', environment: 'Production', flag: 'clients' },
      }).environment;
      expect((await failureOf(read({ flags: 'clients', 'target-environment': id }))).reason).toBe(
        'invalid-input',
      );
      expect(emulator.requests.some(({ path }) => path.includes('/splits/'))).toBe(false);
    }));

  test('given by id are looked up where the run is to fail on production', () =>
    onEmulator(async (read, emulator) => {
      const [workspace] = emulator.world.workspaces;
      const [source, target] = workspace?.environments.map(({ id }) => id) ?? [];
      const ids = {
        ...{ workspace: workspace?.id ?? '', flags: 'clients' },
        ...{ 'source-environment': source ?? '', 'target-environment': target ?? '' },
      };
      const [plain] = (await read(ids)).readings;
      const [looked] = (await read({ ...ids, 'fail-on': 'from-production' })).readings;
      expect([plain, looked].map((reading) => reading?.source.environment.production)).toEqual([
        undefined,
        true,
      ]);
    }));
});
