// The emulator as a process: `node emulator/main.ts [--port 4400] [--rate-limit 20/10] [--latency 30]`.
import { parseArgs } from 'node:util';
import { startEmulator } from './emulator.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4400' },
    /** Requests / seconds. */
    'rate-limit': { type: 'string' },
    /** Ms added to every answer. */
    latency: { type: 'string', default: '0' },
  },
});

const [limit = Number.NaN, windowSeconds = Number.NaN] = (values['rate-limit'] ?? '').split('/').map(Number);
if (values['rate-limit'] !== undefined && !(limit > 0 && windowSeconds > 0)) {
  throw new Error(`--rate-limit takes requests/seconds, such as 20/10, not ${values['rate-limit']}`);
}

const emulator = await startEmulator({
  port: Number(values.port),
  latencyMs: Number(values.latency),
  ...(values['rate-limit'] !== undefined && { rateLimit: { limit, windowSeconds } }),
});

console.log(`Admin API at ${emulator.apiUrl}\n`);
for (const { name, id, environments, flags } of emulator.world.workspaces) {
  console.log(`Workspace ${name} (${id}): ${flags.size} flags`);
  for (const environment of environments) console.log(`  ${environment.name} (${environment.id})`);
}
console.log(
  `\nAny API key will do:\n  curl -H 'Authorization: Bearer any-key' '${emulator.apiUrl}/workspaces'`,
);
console.log(`What was asked, faults and switches:\n  curl ${emulator.origin}/emulator/requests`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
