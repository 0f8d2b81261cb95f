import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { anchor } from './anchor.ts';
import { inParent } from './atomicWrite.ts';
import { type AnyPath, under } from './bytePath.ts';

/** Removes a thing with all that lies in it; each folder is held while it is emptied, and no link is followed. */
export async function removeTree(entry: AnyPath): Promise<void> {
  if ((await lstat(entry)).isDirectory()) {
    const names = await readdir(entry, { encoding: 'buffer' });
    for (const name of names) await removeTree(under(entry, name));
    await using held = await anchor(entry);
    if (!(await held.holds())) return;
    return await inParent(entry, (parent, name) => rmdir(under(parent.base, name)));
  }
  await inParent(entry, (parent, name) => rm(under(parent.base, name)));
}
