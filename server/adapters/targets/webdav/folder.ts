import { failures } from '../../../protocol/failure.ts';
import { encodedPath } from '../http/encodedPath.ts';
import { piecesOf } from '../http/httpFault.ts';
import type { RemoteFolder } from '../remote/remoteFolder.ts';
import { retrying } from '../remote/tries.ts';
import { TargetFault } from '../targetFault.ts';
import { rootOf, type WebdavConfig, webdavAddress } from './config.ts';
import { openFolders } from './folders.ts';
import { isEmpty, isFolder, listFolder } from './listing.ts';
import { type DavAsk, type DavWire, openDavWire } from './wire.ts';

const atOnce = 6;
/** How long one act may take, in ms. */
const longestAct = 30_000;

/** Opens the folder; rejects with a `TargetFault` where the user is not let in, or nothing there speaks WebDAV. */
export async function openFolder(
  config: WebdavConfig,
  password: string,
  signal: AbortSignal,
): Promise<RemoteFolder> {
  const wire = openDavWire(config, password, atOnce);
  const root = rootOf(config);
  try {
    const headers = { depth: '0' };
    const ask: DavAsk = { method: 'PROPFIND', path: `${root}/`, headers, signal, also: [404] };
    await retrying(signal, () => wire.tell(ask));
    return folderOf(config, wire, root);
  } catch (error) {
    wire.close();
    throw error;
  }
}

function folderOf(config: WebdavConfig, wire: DavWire, root: string): RemoteFolder {
  const at = (path: string) => (path === '' ? root : `${root}/${path}`);
  const folders = openFolders(wire);
  return {
    address: webdavAddress(config),
    atOnce,
    stages: true,
    list: async ({ signal, top }) => {
      const listing = await listFolder(wire, root, { top: top ?? false, signal });
      if (listing) folders.areThere(['', ...listing.folders].map(at));
      return listing;
    },
    read: async (path, signal) => {
      const answer = await wire.ask({ method: 'GET', path: at(path), signal, also: [404] });
      if (answer.status !== 404) return piecesOf(wire.host, answer, signal);
      answer.body.destroy();
      return null;
    },
    write: async (path, { size, mime, open }, { signal, moved }) => {
      const body = { size, open: () => open(), moved };
      const headers = { 'content-type': typeOf(mime) };
      await folders.within(at(path), signal, (also) =>
        wire.tell({ method: 'PUT', path: at(path), headers, body, signal, also: [...also, 404] }),
      );
      return { stamp: null };
    },
    rename: async (from, to, asked) => {
      const signal = limited(asked);
      const move = (overwrite: 'F' | 'T', known: readonly number[]) =>
        folders.within(at(to), signal, (also) => {
          const headers = { destination: wire.addressOf(at(to)), overwrite };
          return wire.tell({ method: 'MOVE', path: at(from), headers, signal, also: [...also, ...known] });
        });
      const assureNoFolder = async () => {
        if (await isFolder(wire, at(to), signal)) throw inTheWay(wire.host, to);
      };
      // Some servers put the file into the folder of that name; others, that may write over it, delete all that is in it.
      if (folders.has(at(to))) await assureNoFolder();
      if ((await move('F', [412])) !== 412) return { stamp: null };
      await assureNoFolder();
      await move('T', []);
      return { stamp: null };
    },
    remove: async (path, asked) => {
      await wire.tell({ method: 'DELETE', path: at(path), signal: limited(asked), also: [404] });
    },
    removeEmpty: async (empty, asked) => {
      for (const folder of empty) {
        const signal = limited(asked);
        if (!(await isEmpty(wire, root, folder, signal))) continue;
        folders.areGone();
        await wire.tell({ method: 'DELETE', path: `${at(folder)}/`, signal, also: [404] });
      }
    },
    url: (path) => (config.url ? `${config.url.replace(/\/$/, '')}/${encodedPath(path)}` : null),
    close: async () => wire.close(),
  };
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(longestAct)]);
}

function inTheWay(host: string, path: string): TargetFault {
  const what = `"${path}" at ${host} is a folder, where a file must go.`;
  return new TargetFault(failures.conflict(what, 'Move it away, then try again.'));
}

function typeOf(mime: string): string {
  return /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/.test(mime) ? mime : 'application/octet-stream';
}
