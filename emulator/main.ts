#!/usr/bin/env node
// The emulator as a process: `node emulator/main.ts --help` says how.
import { startEmulator, type Emulator, type EmulatorOptions } from './emulator.ts';
import { HELP, optionsOf } from './options.ts';

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

function introduce({ apiUrl, origin, world }: Emulator): void {
  console.log(`Admin API at ${apiUrl}\n`);
  for (const { name, id, environments, flags } of world.workspaces) {
    console.log(`Workspace ${name} (${id}): ${flags.size} flags`);
    for (const environment of environments) console.log(`  ${environment.name} (${environment.id})`);
  }
  const [keys, key] =
    world.tokens.length === 0 ? ['Any API key will do', 'any-key'] : ['The keys of the seed will do', 'KEY'];
  console.log(`\n${keys}:\n  curl -H 'Authorization: Bearer ${key}' '${apiUrl}/workspaces'`);
  console.log(`What was asked, faults and switches:\n  curl ${origin}/emulator/requests`);
}

async function serve(options: EmulatorOptions): Promise<void> {
  const emulator = await startEmulator(options);
  introduce(emulator);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
}

try {
  const options = optionsOf(process.argv.slice(2));
  if (options === 'help') console.log(HELP);
  else await serve(options);
} catch (error) {
  const words = error instanceof Error ? error.message : String(error);
  console.error(isTaken(error) ? `${words}. Choose another port with --port, or 0 for any free one.` : words);
  process.exitCode = 1;
}
