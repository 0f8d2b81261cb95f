import { gathering, tooMuch } from '../remote/gathering.ts';
import { type RemoteListing, unreadable } from '../remote/remoteFolder.ts';
import { isReserved } from '../remote/remoteMarker.ts';
import { someAtOnce } from '../someAtOnce.ts';
import { TargetFault } from '../targetFault.ts';

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
  const { listing, ...found } = gathering();
  let level = [''];
  for (let depth = 0; level.length > 0 && (depth === 0 || !top); depth++) {
    const next: string[] = [];
    if (depth > mostDepth) throw tooMuch();
    await someAtOnce(level, atOnce, signal, async (folder) => {
      for (const { name, kind, size, stamp } of await list(folder).catch(unlessGone(folder))) {
        if (name === '.' || name === '..') continue;
        const isName = name !== '' && !name.includes('/') && !/\p{Cc}/u.test(name);
        const path = `${folder === '' ? '' : `${folder}/`}${isName ? name : unreadable}`;
        if (kind === 'file' && isName) found.file({ path, size, stamp });
        else if (kind === 'folder' && isName) {
          found.folder(path);
          next.push(path);
        } else found.other(path);
      }
    });
    level = next;
  }
  return listing;
}

/** A folder that another publication took away under the look is empty. */
function unlessGone(folder: string): (error: unknown) => readonly Found[] {
  return (error) => {
    const kind = error instanceof TargetFault ? error.failure.kind : null;
    if (folder !== '' && (kind === 'notFound' || (kind === 'denied' && isReserved(folder)))) return [];
    throw error;
  };
}

const mostDepth = 64;
