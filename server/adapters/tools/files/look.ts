import { hash } from 'node:crypto';
import { fstatSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { ToolContext } from '../../../core/ports/tool.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { Moved, openFile } from './anchor.ts';
import type { Spot } from './places.ts';
import { decode, plainForm, type TextForm } from './textForm.ts';

/** A text as it stands: in the editor where the document is open, else on disk. */
export interface Seen {
  /** SHA-256 of `bytes`: what a later write must name. */
  readonly version: string;
  readonly text: string;
  readonly form: TextForm;
  /** The bytes on disk; of an open document the text in UTF-8. */
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly open: boolean;
}

/** Files larger than this are searched, not read. */
export const largestText = 16 * 1024 * 1024;

/** SHA-256 in hex. */
export function digestOf(data: string | Uint8Array): string {
  return hash('sha256', data);
}

/** Looks at a text; `null` where there is nothing. Fails for folders, binary and huge files. */
export async function look(spot: Spot, context: Pick<ToolContext, 'editor'>): Promise<Outcome<Seen | null>> {
  const open = context.editor?.openText(spot.path) ?? null;
  if (open !== null) {
    const bytes = Buffer.from(open, 'utf8');
    return good({ version: digestOf(bytes), text: open, form: plainForm, bytes, mode: 0o644, open: true });
  }
  const read = await readBytes(spot, largestText);
  if (!read.ok || !read.value) return read.ok ? good(null) : read;
  const { bytes, mode } = read.value;
  const decoded = decode(bytes);
  if (!decoded) return bad(failures.tool(`${spot.shown} is not a text file.`, 'Choose a text file.'));
  return good({ version: digestOf(bytes), ...decoded, bytes, mode, open: false });
}

/** Reads a whole file by its real path, no link followed; `null` where there is nothing. */
export async function readBytes(
  spot: Spot,
  largest: number,
): Promise<Outcome<{ bytes: Uint8Array; mode: number } | null>> {
  try {
    await using file = await openFile(spot.path);
    const stat = fstatSync(file.fd);
    if (stat.isDirectory()) return bad(failures.tool(`${spot.shown} is a folder.`, 'Name a file in it.'));
    if (!stat.isFile())
      return bad(failures.tool(`${spot.shown} is not an ordinary file.`, 'Choose another file.'));
    if (stat.size > largest) {
      const size = `${Math.round(stat.size / 1024 / 1024)} MB`;
      return bad(
        failures.tool(`${spot.shown} is too large (${size}).`, 'Use search_text to find the part you need.'),
      );
    }
    return good({ bytes: await wholeOf(file, stat.size), mode: stat.mode & 0o7777 });
  } catch (error) {
    return unreadable(spot, error);
  }
}

/** All of a file that should have `size` bytes: one read, unless it grew or came in pieces. */
async function wholeOf(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size + 1);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  return bytesRead === size ? bytes.subarray(0, size) : file.readFile();
}

/** A fault of the file system as a failure for a person; what is not one is thrown on. */
export function unreadable(spot: Pick<Spot, 'shown'>, error: unknown): Outcome<null> {
  if (error instanceof Moved) return bad(movedAway(spot));
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return good(null);
  if (code === 'EACCES' || code === 'EPERM') {
    return bad(failures.tool(`${spot.shown} may not be touched.`, 'Check the permissions of the file.'));
  }
  if (
    code === 'ENOSPC' ||
    code === 'EROFS' ||
    code === 'ENXIO' ||
    code === 'EISDIR' ||
    code === 'ENAMETOOLONG'
  ) {
    return bad(failures.tool(`${spot.shown}: ${(error as Error).message}.`, 'Mend that and try again.'));
  }
  throw error;
}

/** The failure of a path that was swapped under way. */
export function movedAway(spot: Pick<Spot, 'shown'>) {
  return failures.conflict(`${spot.shown} leads elsewhere than a moment ago.`, 'Look at it again.');
}
