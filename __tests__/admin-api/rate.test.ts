// The rate limit, with a clock that server and client share: one 429 speaks to every request of a run.
import { expect, test } from '@jest/globals';
import { startEmulator } from '../../emulator/emulator.ts';
import { siteAt } from '../../emulator/world.ts';
import { createClient } from '../in-process.ts';

test.each(['always', 'on-429'] as const)(
  'three hundred reads at once all succeed where a window holds twenty (headers: %s)',
  async (headers) => {
    let now = (): number => 0;
    const emulator = await startEmulator({
      rateLimit: { limit: 20, windowSeconds: 2, headers },
      now: () => now(),
    });
    const client = createClient(emulator.apiUrl);
    now = client.clock.now;
    const started = now();
    try {
      const { workspace, environment } = siteAt(emulator.world, {
        ...{ workspace: 'Default', environment: 'Staging', flag: 'clients' },
      });
      const place = { workspace, environment, flag: 'clients' };
      const found = await Promise.all(Array.from({ length: 300 }, () => client.api.definition(place)));
      expect(found.every((definition) => definition !== undefined)).toBe(true);
      const refused = emulator.requests.filter(({ status }) => status === 429);
      const windows = Math.ceil((now() - started) / 2000) + 1;
      // No more in each window than are under way when the limit is met.
      expect(refused.length).toBeLessThanOrEqual(8 * windows);
      expect(emulator.requests).toHaveLength(300 + refused.length);
    } finally {
      await client.close();
      await emulator.close();
    }
  },
);
