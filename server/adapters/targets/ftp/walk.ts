import { failures } from '../../../protocol/failure.ts';
import { RemoteFault } from '../remote/remoteFault.ts';
import { type RemoteFile, type RemoteListing, unreadable } from '../remote/remoteFolder.ts';
import { isReserved } from '../remote/remoteMarker.ts';
import { someAtOnce } from '../remote/tries.ts';

/** One thing in a folder as a server tells it. */
export interface Found {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly size: number;
  readonly stamp: string;
}

/** Lists a folder and what is below it, level by level; names that lead elsewhere are not believed. */
export async function walk(
  atOnce: number,
  signal: AbortSignal,
  top: boolean,
  list: (folder: string) => Promise<readonly Found[]>,
): Promise<RemoteListing> {
  const files: RemoteFile[] = [];
  const folders: string[] = [];
  const others: string[] = [];
  let level = [''];
  for (let depth = 0; level.length > 0 && (depth === 0 || !top); depth++) {
    const next: string[] = [];
    if (depth > mostDepth) throw tooMuch();
    await someAtOnce(level, atOnce, signal, async (folder) => {
      for (const { name, kind, size, stamp } of await list(folder).catch(unlessGone(folder))) {
        if (name === '.' || name === '..') continue;
        const isName = name !== '' && !name.includes('/') && !/\p{Cc}/u.test(name);
        const path = `${folder === '' ? '' : `${folder}/`}${isName ? name : unreadable}`;
        if (kind === 'file' && isName) files.push({ path, size, stamp });
        else if (kind === 'folder' && isName) next.push(path);
        else others.push(path);
      }
      if (files.length + folders.length + next.length + others.length > mostEntries) throw tooMuch();
    });
    folders.push(...next);
    level = next;
  }
  return { files, folders, others };
}

/** The fault of a folder that nobody meant to publish to. */
export function tooMuch(): RemoteFault {
  const what = 'The target folder holds too much, or too deep.';
  return new RemoteFault(failures.invalid('target.config.folder', what, 'Choose a folder for it alone.'));
}

/** A folder that another publication took away under the look is empty. */
function unlessGone(folder: string): (error: unknown) => readonly Found[] {
  return (error) => {
    const kind = error instanceof RemoteFault ? error.failure.kind : null;
    if (folder !== '' && (kind === 'notFound' || (kind === 'denied' && isReserved(folder)))) return [];
    throw error;
  };
}

const mostDepth = 64;
/** No folder that is published to holds more. */
export const mostEntries = 250_000;
