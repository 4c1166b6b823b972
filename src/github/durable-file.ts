// Writes files so that a reader never sees half of one, whatever ends the process.
import { open, rename } from 'node:fs/promises';

/** Bytes that are written at once, always from the same memory: a large file is not held in it. */
const CHUNK_BYTES = 262_144;

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
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      let filled = 0;
      const flush = async (): Promise<void> => {
        await file.writeFile(buffer.subarray(0, filled));
        filled = 0;
      };
      try {
        for (const piece of pieces) {
          const size = Buffer.byteLength(piece);
          const blanks = isSlot ? blanksBefore(offset, size) : '';
          offset += blanks.length;
          if (isSlot) slots.push(offset);
          offset += size;
          isSlot = !isSlot;
          if (filled + blanks.length + size > CHUNK_BYTES) await flush();
          if (size > CHUNK_BYTES) await file.writeFile(blanks + piece, 'utf8');
          else filled += buffer.write(blanks + piece, filled, 'utf8');
        }
        await flush();
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
