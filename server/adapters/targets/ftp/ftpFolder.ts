import { PassThrough, Readable } from 'node:stream';
import type { Client, FileInfo } from 'basic-ftp';
import { failures, good, type Outcome } from '../../../protocol/failure.ts';
import { parentsOf } from '../parcelNames.ts';
import type { RemoteBytes, RemoteFolder, RemoteListing, Transfer, Written } from '../remote/remoteFolder.ts';
import { TargetFault, unlessRefused } from '../targetFault.ts';
import { type FtpPlace, plain } from './config.ts';
import { codeOf } from './ftpFaults.ts';
import { type FtpLine, mostConnections, openFtpLine } from './ftpLine.ts';
import { type Found, walk } from './walk.ts';

/** Long enough for the TLS handshake of a data line, in ms. */
const handshake = 60;

/** Opens a folder of an FTP server. */
export async function openFtpFolder(
  place: FtpPlace,
  credential: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Outcome<RemoteFolder>> {
  const opened = await openFtpLine(place.config, credential.password ?? '', signal);
  if (!opened.ok) return opened;
  const line = opened.value;
  return unlessRefused(async () => {
    const folder = plain(place.config.folder);
    const home = folder.startsWith('/') ? '' : await line.use('log in', signal, (client) => client.pwd());
    if (/\p{Cc}/u.test(home)) throw new TargetFault(failures.malformed(line.server, 'an impossible folder.'));
    return good(folderOver(line, place, home === '' ? folder : `${home.replace(/\/$/, '')}/${folder}`));
  });
}

function folderOver(line: FtpLine, place: FtpPlace, base: string): RemoteFolder {
  const made = new Set<string>();
  const at = (path: string) => (path === '' ? base : `${base}/${path}`);
  const above = async (client: Client, path: string) => {
    for (const folder of ['', ...parentsOf(path)]) {
      if (made.has(folder)) continue;
      await makeFolder(client, at(folder));
      made.add(folder);
    }
  };
  return {
    address: place.address,
    atOnce: mostConnections,
    stages: true,
    url: (path) => place.url(path),
    close: async () => line.close(),
    list: ({ signal, top }) => listOf(line, base, { signal, top: top ?? false }),
    read: (path, signal) => reading(line, at(path), path, signal),
    write: (path, bytes, transfer) =>
      line.use(`write "${path}"`, transfer.signal, async (client) => {
        await above(client, path);
        return writing(client, at(path), bytes, transfer).catch((error) => {
          made.clear();
          throw error;
        });
      }),
    rename: (from, to, signal) =>
      line.use(`rename a file to "${to}"`, signal, async (client) => {
        await above(client, to);
        return renaming(client, at(from), at(to), to);
      }),
    remove: (path, signal) =>
      line.use(`delete "${path}"`, signal, async (client) => {
        await client.send(`DELE ${at(path)}`).catch(async (error) => {
          if (codeOf(error) !== 550 || (await isThere(client, at(path)))) throw error;
        });
      }),
    removeEmpty: async (folders, signal) => {
      for (const folder of folders) {
        made.delete(folder);
        await line.use('delete an empty folder', signal, (client) =>
          client.sendIgnoringError(`RMD ${at(folder)}`),
        );
      }
    },
  };
}

async function listOf(
  line: FtpLine,
  base: string,
  { signal, top }: { readonly signal: AbortSignal; readonly top: boolean },
): Promise<RemoteListing | null> {
  const isThere = await line.use('look into the folder', signal, (client) => isFolder(client, base));
  if (!isThere) return null;
  return walk(mostConnections, signal, top, async (folder) => {
    const path = folder === '' ? base : `${base}/${folder}`;
    const entries = await line.use('list a folder', signal, (client) => client.list(path));
    return entries.map(foundOf);
  });
}

function foundOf(entry: FileInfo): Found {
  const kind = entry.isFile ? 'file' : entry.isDirectory ? 'folder' : 'other';
  const stamp = `${entry.modifiedAt?.toISOString() ?? entry.rawModifiedAt} ${entry.uniqueID ?? ''}`.trim();
  return { name: entry.name, kind, size: entry.size, stamp };
}

async function reading(
  line: FtpLine,
  path: string,
  shown: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | null> {
  const what = `read "${shown}"`;
  const size = await line.use(what, signal, (client) => sizeOf(client, path));
  return size === null ? null : pieces();

  async function* pieces(): AsyncGenerator<Uint8Array> {
    const through = new PassThrough({ highWaterMark: 1024 * 1024 });
    const left = new AbortController();
    const either = AbortSignal.any([signal, left.signal]);
    const whole = line.use(what, either, (client) => client.downloadTo(through, path));
    whole.catch((error) => through.destroy(error));
    try {
      yield* through;
      await whole;
    } catch (error) {
      // Where its line breaks the stream says so first, in words of the system: those of the whole count.
      await whole;
      throw error;
    } finally {
      left.abort();
      through.destroy();
      await whole.catch(() => {});
    }
  }
}

async function writing(
  client: Client,
  path: string,
  bytes: RemoteBytes,
  { resumes, moved }: Transfer,
): Promise<Written> {
  const there = resumes ? ((await sizeOf(client, path)) ?? 0) : 0;
  const from = there <= bytes.size ? there : 0;
  moved(from);
  if (from > 0 && from === bytes.size) return { stamp: null };
  if (bytes.size === 0 && client.ftp.hasTLS) {
    await client.uploadFrom(nothing(), path);
    return { stamp: null };
  }
  const source = Readable.from(counted(await bytes.open(from), moved), { highWaterMark: 1 });
  if (from > 0) await client.appendFrom(source, path);
  else await client.uploadFrom(source, path);
  return { stamp: null };
}

/** Renames over what has the name; where a server does not, that goes first. */
async function renaming(client: Client, from: string, to: string, shown: string): Promise<Written> {
  const begin = async () => {
    await client.send(`RNFR ${from}`).catch((error) => {
      throw codeOf(error) === 550
        ? new TargetFault(failures.notFound('file', shown), { cause: error })
        : error;
    });
  };
  await begin();
  try {
    await client.send(`RNTO ${to}`);
  } catch (error) {
    if (!isRefusal(codeOf(error)) || (await sizeOf(client, to)) === null) throw error;
    await client.send(`DELE ${to}`);
    await begin();
    await client.send(`RNTO ${to}`);
  }
  return { stamp: null };
}

async function makeFolder(client: Client, path: string): Promise<void> {
  try {
    await client.send(`MKD ${path}`);
  } catch (error) {
    if (typeof codeOf(error) !== 'number' || !(await isFolder(client, path))) throw error;
  }
}

async function isFolder(client: Client, path: string): Promise<boolean> {
  return (await answerTo(client, `CWD ${path}`)) !== null;
}

/** Whether anything has a name, whatever it is. */
async function isThere(client: Client, path: string): Promise<boolean> {
  return (await answerTo(client, `RNFR ${path}`)) !== null;
}

/** Bytes of a file; `null` where there is none. */
async function sizeOf(client: Client, path: string): Promise<number | null> {
  const said = /^213 +(\d+)/.exec((await answerTo(client, `SIZE ${path}`)) ?? '')?.[1];
  const size = Number(said ?? Number.NaN);
  return Number.isSafeInteger(size) && size >= 0 ? size : null;
}

/** What a server says to a command about a name; `null` where it says that there is no such thing, or no such command. */
async function answerTo(client: Client, command: string): Promise<string | null> {
  const { code, message } = await client.sendIgnoringError(command);
  if (code < 400) return message;
  // One that is busy, closes or wants a login says nothing of the name: an empty folder would be made of a full one.
  if (isRefusal(code)) return null;
  throw Object.assign(new Error(message), { code });
}

function isRefusal(code: number | string | null): boolean {
  return typeof code === 'number' && code >= 500 && code !== 530;
}

/** No byte, but late: servers take a data line that ends within its TLS handshake for an attack. */
function nothing(): Readable {
  return new Readable({
    read() {
      setTimeout(() => this.push(null), handshake);
    },
  });
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  moved: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    yield piece;
    moved(piece.length);
  }
}
