import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { Blobs } from '../../core/ports/store.ts';
import { AttachedFile, largestAttached } from '../../protocol/attachment.ts';
import { bad, type Failure, failures, good, type Outcome } from '../../protocol/failure.ts';
import { mimeOf } from '../tools/files/deliver.ts';

/** One part of a file that comes in parts. */
export interface Part {
  readonly arrival?: string | undefined;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

/** Takes files that a person attaches into the store. */
export interface Attaching {
  /** Takes a file of this machine, piece by piece. */
  addFile(file: string): Promise<Outcome<AttachedFile>>;
  /** Takes the next part of a file; with the last one the file is whole. */
  addPart(part: Part): Promise<Outcome<{ arrival: string; file: AttachedFile | null }>>;
}

interface Arrival {
  readonly name: string;
  readonly pieces: PassThrough;
  readonly kept: Promise<{ digest: string; size: number } | null>;
  size: number;
  timer: NodeJS.Timeout;
}

/** A pipe that nobody writes to must not keep us. */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const pieceSize = 1024 * 1024;
/** Files that may arrive in parts at once. */
const mostArrivals = 20;
/** Milliseconds without a part after which an arrival is given up. */
const longestPause = 120_000;

/** Opens the taking of files over a store. */
export function openAttaching(blobs: Blobs): Attaching {
  const arrivals = new Map<string, Arrival>();
  const giveUp = (id: string) => {
    arrivals.get(id)?.pieces.destroy(new Error('given up'));
    clearTimeout(arrivals.get(id)?.timer);
    arrivals.delete(id);
  };
  const begin = (name: string): string => {
    const pieces = new PassThrough().on('error', () => {});
    // Where keeping fails, it stops reading, and the next part finds that.
    const kept = blobs.putAll(pieces).catch(() => null);
    const id = randomUUID();
    arrivals.set(id, { name, pieces, kept, size: 0, timer: pause(() => giveUp(id)) });
    return id;
  };
  return {
    addFile: async (file) => {
      if (!path.isAbsolute(file)) return bad(unfit(file, 'is no whole path'));
      const name = AttachedFile.shape.name.safeParse(path.basename(file));
      if (!name.success) return bad(unfit(file, 'has a name that cannot be handed over'));
      try {
        await using handle = await open(file, withoutWaiting);
        const stat = await handle.stat();
        if (!stat.isFile()) return bad(unfit(file, 'is not an ordinary file'));
        if (stat.size > largestAttached) return bad(unfit(file, 'is larger than 4 GB'));
        const kept = await blobs.putAll(firstOf(handle, stat.size));
        return good({ name: name.data, mime: mimeOf(name.data), ...kept });
      } catch (error) {
        // What the file system throws names its call; the rest comes from the store.
        const isFile = (error as NodeJS.ErrnoException).syscall !== undefined;
        return bad(isFile ? unfit(file, `cannot be read: ${(error as Error).message}`) : notKept(name.data));
      }
    },
    addPart: async ({ arrival, name, bytes, last }) => {
      if (arrival === undefined && arrivals.size >= mostArrivals) {
        return bad(failures.limited('Attaching files'));
      }
      const id = arrival ?? begin(name);
      const one = arrivals.get(id);
      if (!one || one.name !== name) return bad(failures.notFound('arrival', id));
      one.size += bytes.length;
      if (one.size > largestAttached) {
        giveUp(id);
        return bad(unfit(name, 'is larger than 4 GB'));
      }
      one.timer.refresh();
      if (!one.pieces.write(bytes)) await Promise.race([drained(one.pieces), one.kept]);
      if (one.pieces.destroyed) {
        giveUp(id);
        return bad(notKept(name));
      }
      if (!last) return good({ arrival: id, file: null });
      arrivals.delete(id);
      clearTimeout(one.timer);
      one.pieces.end();
      const kept = await one.kept;
      return kept ? good({ arrival: id, file: { name, mime: mimeOf(name), ...kept } }) : bad(notKept(name));
    },
  };
}

/** A file that grows meanwhile is taken as it was at first. */
async function* firstOf(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  if (size === 0) return;
  yield* handle.createReadStream({ autoClose: false, start: 0, end: size - 1, highWaterMark: pieceSize });
}

function pause(over: () => void): NodeJS.Timeout {
  return setTimeout(over, longestPause).unref();
}

function drained(pieces: PassThrough): Promise<void> {
  return new Promise((resolve) => pieces.once('drain', resolve));
}

function notKept(name: string): Failure {
  return failures.store(`"${name}" could not be kept.`, 'Free some room, then attach it again.');
}

function unfit(file: string, why: string): Failure {
  return failures.invalid('path', `${file} ${why}.`, 'Name a file that you may read.');
}
