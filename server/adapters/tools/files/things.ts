import { lstat, open, readlink } from 'node:fs/promises';
import * as z from 'zod';
import { anchor, Moved, readFlags } from './anchor.ts';
import { type AnyPath, nameOf, parentOf, under } from './bytePath.ts';

/** What stands at a path; the digest is of a file's bytes, or of what a link says. */
export const Thing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), digest: z.string(), mode: z.int() }),
  z.strictObject({ kind: z.literal('link'), digest: z.string() }),
  z.strictObject({ kind: z.literal('folder'), mode: z.int() }),
]);
export type Thing = z.infer<typeof Thing>;

/** One name below a folder, each of its bytes as one character, and what stood there before and after an act. */
export const Step = z.strictObject({
  name: z.string(),
  before: Thing.nullable(),
  after: Thing.nullable(),
});
export type Step = z.infer<typeof Step>;

/** Where the bytes of things are kept. */
export interface Images {
  digestOf(bytes: Uint8Array): string;
  /** The bytes; `null` where they were deleted. */
  get(digest: string): Promise<Uint8Array | null>;
  /** The same piece by piece. */
  open(digest: string): Promise<AsyncIterable<Uint8Array> | null>;
}

/** Bytes of the largest file that is looked at: nothing that is kept, and nothing that is made, is larger. */
const largestThing = 512 * 1024 * 1024;

/** The bytes that make up a thing: those of a file, or what a link says; `null` where nothing like that stands. */
export interface Content {
  readonly thing: Thing;
  readonly bytes: Uint8Array;
}

/**
 * Looks at what stands at a path, no link followed; `null` where there is nothing, as below a file or a link,
 * `other` where it is neither file, link nor folder, or larger than anything of ours.
 */
export async function contentAt(
  file: AnyPath,
  images: Pick<Images, 'digestOf'>,
): Promise<Content | 'other' | null> {
  try {
    await using parent = await anchor(parentOf(file));
    const at = under(parent.base, nameOf(file));
    const stat = await lstat(at);
    const mode = stat.mode & 0o7777;
    if (stat.isDirectory()) return { thing: { kind: 'folder', mode }, bytes: new Uint8Array() };
    if (stat.isSymbolicLink()) {
      const bytes = await readlink(at, 'buffer');
      return { thing: { kind: 'link', digest: images.digestOf(bytes) }, bytes };
    }
    if (!stat.isFile()) return 'other';
    await using held = await open(at, readFlags);
    const now = await held.stat();
    if (!now.isFile() || now.size > largestThing) return 'other';
    const bytes = await held.readFile();
    return { thing: { kind: 'file', digest: images.digestOf(bytes), mode }, bytes };
  } catch (error) {
    if (error instanceof Moved) return null;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return 'other';
    throw error;
  }
}

/** Whether two things are the same to the last bit of their modes. */
export function isSame(one: Thing | null, other: Thing | null): boolean {
  if (!one || !other) return one === other;
  if (one.kind === 'folder') return other.kind === 'folder' && one.mode === other.mode;
  if (one.kind === 'link') return other.kind === 'link' && one.digest === other.digest;
  return other.kind === 'file' && one.digest === other.digest && one.mode === other.mode;
}
