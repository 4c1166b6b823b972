// Preloaded with `--import` into a measured process: writes its peak memory, in bytes, to PEAK_MEMORY_FILE at exit.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * On Linux `maxRSS` also counts what the parent had when it forked, and the parent is a benchmark with a large
 * world; VmHWM counts this program alone.
 */
function peakBytes() {
  try {
    const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE ?? '', String(peakBytes())));
