import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { ToolContext } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { openFile } from './anchor.ts';
import { unreadable } from './look.ts';
import type { Spot } from './places.ts';

/** Bytes of the largest file that is taken into the store. */
export const largestKept = 4 * 1024 * 1024 * 1024;

/** A larger file is known by its size and the times of its last changes, not by its content, before it is taken. */
const largestHashed = 64 * 1024 * 1024;
const pieceSize = 1024 * 1024;

/** What a file of the workspace is at this moment: `mark` is another one as soon as the file changed. */
export interface Marked {
  readonly mark: string;
  readonly size: number;
}

/** Looks at an ordinary file by its real path, a piece at a time; fails with `invalid` at `field` where there is none. */
export async function markOf(spot: Spot, field: string, signal: AbortSignal): Promise<Outcome<Marked>> {
  return opened(spot, field, async (file, stat) => {
    const size = Number(stat.size);
    if (size > largestHashed) return good({ mark: stampOf(stat), size });
    const hash = createHash('sha256');
    for await (const piece of piecesOf(file, size, signal)) hash.update(piece);
    return good({ mark: hash.digest('hex'), size });
  });
}

/**
 * Takes a file that was marked before into the store, a piece at a time. Fails with `conflict`, and keeps
 * nothing, where it is not that any more. `took` hears the bytes of each piece.
 */
export async function keepFile(
  given: { readonly spot: Spot; readonly field: string; readonly mark: string },
  { blobs, signal }: Pick<ToolContext, 'blobs' | 'signal'>,
  took: (bytes: number) => void,
): Promise<Outcome<{ digest: string; size: number }>> {
  const { spot, field, mark } = given;
  return opened(spot, field, async (file, stat) => {
    const size = Number(stat.size);
    const isLarge = size > largestHashed;
    async function* unchanged() {
      const hash = createHash('sha256');
      for await (const piece of piecesOf(file, size, signal)) {
        if (!isLarge) hash.update(piece);
        took(piece.length);
        yield piece;
      }
      const now = isLarge ? stampOf(await file.stat({ bigint: true })) : hash.digest('hex');
      if (now !== mark) throw new Altered();
    }
    return good(await blobs.putAll(unchanged()));
  });
}

/** Thrown where a file is not what it was marked as, so that the store keeps nothing of it. */
class Altered extends Error {}
/** Thrown where the job was stopped in the middle of a file. */
class Stopped extends Error {}

async function opened<T>(
  spot: Spot,
  field: string,
  use: (file: FileHandle, stat: BigIntStats) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const { shown } = spot;
  const wrong = (what: string, mend: string) => bad(failures.invalid(field, `"${field}": ${what}`, mend));
  try {
    await using file = await openFile(spot.path);
    const stat = await file.stat({ bigint: true });
    if (stat.isDirectory()) return wrong(`${shown} is a folder.`, 'Name a file in it.');
    if (!stat.isFile()) return wrong(`${shown} is not an ordinary file.`, 'Choose another file.');
    if (Number(stat.size) > largestKept) return wrong(`${shown} is larger than 4 GB.`, 'Make it smaller.');
    return await use(file, stat);
  } catch (error) {
    if (error instanceof Stopped) return bad(failures.cancelled('The deliverable was not saved.'));
    if (error instanceof Altered) {
      return bad(failures.conflict(`${shown} changed while it was saved.`, 'Save the deliverable again.'));
    }
    const known = unreadable(spot, error);
    return known.ok ? wrong(`there is no file ${shown}.`, 'List the files first.') : known;
  }
}

/** All of a file that should have `size` bytes, also what came to it meanwhile. */
async function* piecesOf(file: FileHandle, size: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    if (signal.aborted) throw new Stopped();
    const wanted = Math.min(pieceSize, Math.max(size - at, 0) + 1);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(wanted), 0, wanted);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
    if (bytesRead < wanted && at === size) return;
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `file ${[dev, ino, size, mtimeNs, ctimeNs].join(' ')}`;
}
