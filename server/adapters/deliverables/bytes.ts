import { setImmediate as otherWork } from 'node:timers/promises';
import type { Blobs } from '../../core/ports/store.ts';
import type { DeliverableFile } from '../../protocol/deliverable.ts';

/** A file of a deliverable, read where it is needed. */
export interface Reach {
  readonly size: number;
  /** The bytes from a place on, at most so many; fewer where the file ends, none where it was deleted. */
  read(from: number, length: number): Promise<DataView>;
}

/** Reaches into a file through the store; other work goes on meanwhile, and it throws once `signal` calls it off. */
export function reach(
  { digest, size }: DeliverableFile,
  blobs: Pick<Blobs, 'open'>,
  signal?: AbortSignal,
): Reach {
  /** What was read last: what is looked for next mostly lies in it. */
  let last: { readonly from: number; readonly bytes: Uint8Array } = { from: 0, bytes: new Uint8Array() };
  const within = (from: number, length: number) =>
    from >= last.from && from + length <= last.from + last.bytes.length;
  const viewOf = (from: number, length: number) =>
    new DataView(last.bytes.buffer, last.bytes.byteOffset + from - last.from, length);
  return {
    size,
    read: async (from, length) => {
      const wanted = Math.max(0, Math.min(length, size - from));
      if (wanted === 0 || within(from, wanted)) return viewOf(wanted === 0 ? last.from : from, wanted);
      await otherWork();
      signal?.throwIfAborted();
      const pieces: Uint8Array[] = [];
      let held = 0;
      for await (const piece of (await blobs.open(digest, from)) ?? []) {
        pieces.push(piece);
        held += piece.length;
        if (held >= wanted) break;
      }
      last = { from, bytes: pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces) };
      return viewOf(from, Math.min(held, wanted));
    },
  };
}

/** Four letters at a place, as containers name their parts. */
export function letters(view: DataView, at: number, count = 4): string {
  let text = '';
  for (let index = 0; index < count; index++) text += String.fromCharCode(view.getUint8(at + index));
  return text;
}
