import { open } from 'node:fs/promises';
import { readFlags } from '../../tools/files/anchor.ts';

/** A file of ours is never larger, in bytes. */
const largest = 64 * 1024 * 1024;

/** The JSON in a file of ours; `null` where there is none. No link is followed, and nothing but a file is read. */
export async function jsonAt(file: string): Promise<unknown> {
  try {
    await using handle = await open(file, readFlags);
    const stat = await handle.stat();
    return stat.isFile() && stat.size <= largest ? JSON.parse(await handle.readFile('utf8')) : null;
  } catch {
    return null;
  }
}
