import type { Blobs } from '../../core/ports/store.ts';
import type { DeliverableFile } from '../../protocol/deliverable.ts';

/** A file of a deliverable, read where it is needed. */
export interface Reach {
  readonly size: number;
  /** The bytes from a place on, at most so many; fewer where the file ends, none where it was deleted. */
  read(from: number, length: number): Promise<DataView>;
}

/** Reaches into a file through the store. */
export function reach({ digest, size }: DeliverableFile, blobs: Pick<Blobs, 'open'>): Reach {
  return {
    size,
    read: async (from, length) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - from)));
      let at = 0;
      if (bytes.length > 0) {
        for await (const piece of (await blobs.open(digest, from)) ?? []) {
          const fitting = piece.subarray(0, bytes.length - at);
          bytes.set(fitting, at);
          at += fitting.length;
          if (at === bytes.length) break;
        }
      }
      return new DataView(bytes.buffer, 0, at);
    },
  };
}

/** Four letters at a place, as containers name their parts. */
export function letters(view: DataView, at: number, count = 4): string {
  let text = '';
  for (let index = 0; index < count; index++) text += String.fromCharCode(view.getUint8(at + index));
  return text;
}
