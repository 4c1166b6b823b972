// Writes files so that a reader never sees half of one, whatever ends the process.
import { open, rename } from 'node:fs/promises';

/** Characters that are written at once: a large file is not held in memory. */
const CHUNK = 65_536;

/** A write within one sector of a disk is done or not done. */
const SECTOR_BYTES = 512;

export interface DurableFile {
  /**
   * Replaces the file as a whole: written beside it, flushed to disk, then renamed over it. Only the owner may
   * read it. Every second piece is a slot, which can be overwritten later; blanks may come before one.
   */
  readonly replace: (pieces: Iterable<string>) => Promise<void>;
  /** Overwrites slots with texts of as many bytes, and flushes. Slots are counted from 0. */
  readonly overwrite: (slots: ReadonlyMap<number, string>) => Promise<void>;
}

/** Blanks that keep a slot from crossing the border of a sector. */
function blanksBefore(offset: number, size: number): string {
  const left = SECTOR_BYTES - (offset % SECTOR_BYTES);
  return size > left ? ' '.repeat(left) : '';
}

export function durableFile(path: string): DurableFile {
  let offsets: number[] = [];

  return {
    async replace(pieces) {
      const beside = `${path}.part`;
      const file = await open(beside, 'w', 0o600);
      const slots: number[] = [];
      let offset = 0;
      let isSlot = false;
      let chunk = '';
      try {
        for (const piece of pieces) {
          const size = Buffer.byteLength(piece);
          const blanks = isSlot ? blanksBefore(offset, size) : '';
          offset += blanks.length;
          if (isSlot) slots.push(offset);
          offset += size;
          chunk += blanks + piece;
          isSlot = !isSlot;
          if (chunk.length < CHUNK) continue;
          await file.writeFile(chunk, 'utf8');
          chunk = '';
        }
        await file.writeFile(chunk, 'utf8');
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(beside, path);
      offsets = slots;
    },

    async overwrite(slots) {
      const file = await open(path, 'r+');
      try {
        for (const [slot, text] of slots) await file.write(text, offsets[slot] ?? null, 'utf8');
        await file.datasync();
      } finally {
        await file.close();
      }
    },
  };
}
