// A client on an emulator of its own, for tests of what goes over the wire.
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator.ts';
import type { Settle, WriteGuard } from '../../src/execute/ports.ts';
import { Failure } from '../../src/failure.ts';
import type { Place } from '../../src/plan/plan.ts';
import { createClient, type Client } from '../in-process.ts';

type Options = Parameters<typeof createClient>[1];

/** Runs a test with a client; the place is flag `clients` in Staging of workspace Default. */
export async function withClient(
  run: (client: Client, emulator: Emulator, place: Place) => Promise<void>,
  { client: options, ...emulation }: EmulatorOptions & { readonly client?: Options } = {},
): Promise<void> {
  const emulator = await startEmulator(emulation);
  const client = createClient(emulator.apiUrl, options);
  try {
    const workspace = { id: emulator.world.workspaces[0]?.id ?? '', name: 'Default' };
    await run(client, emulator, {
      workspace,
      environment: { id: 'Staging', name: 'Staging' },
      flag: 'clients',
    });
  } finally {
    await client.close();
    await emulator.close();
  }
}

/** The failure that a promise ends with. */
export const failureOf = async (promise: Promise<unknown>): Promise<Failure> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('It did not fail.');
};

/** A guard for a write that may be sent at any time. */
export const settledBy = (settle: Settle): WriteGuard => ({ settle, notAfter: Number.POSITIVE_INFINITY });
