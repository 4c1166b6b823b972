// Writes files so that a reader never sees half of one, whatever ends the process.
import { open, rename } from 'node:fs/promises';

/**
 * Replaces a file as a whole: written beside it, flushed to disk, then renamed over it. Only the owner may
 * read it.
 */
export async function writeDurably(path: string, content: string): Promise<void> {
  const beside = `${path}.part`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(content, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
