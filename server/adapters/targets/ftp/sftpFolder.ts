import { good, type Outcome } from '../../../protocol/failure.ts';
import { parentsOf } from '../parcelNames.ts';
import { mostEntries, tooMuch } from '../remote/gathering.ts';
import type { RemoteFolder } from '../remote/remoteFolder.ts';
import { orCalledOff } from '../remote/tries.ts';
import { calledOff, unlessRefused } from '../targetFault.ts';
import { type FtpPlace, plain } from './config.ts';
import type { SftpGround } from './openSsh.ts';
import { foundIn, giveRights, readFile, rightsOf, sizeOf, writeFile } from './sftpFiles.ts';
import { answer, ask, openSftpLine, type SftpLine, SftpStatus, sftpFault, status } from './sftpLine.ts';
import { type Found, walk } from './walk.ts';

/** The line as it is now, opened anew where it broke. */
interface Lines {
  current(): Promise<SftpLine>;
  close(): Promise<void>;
}

/** What a server may tell of one folder, in bytes. */
const mostTold = 64 * 1024 * 1024;
/** How many transfers go over the one line at once. */
const transfers = 8;

/** Opens a folder of an SFTP server. */
export async function openSftpFolder(
  place: FtpPlace,
  credential: Readonly<Record<string, string>>,
  ground: SftpGround,
  signal: AbortSignal,
): Promise<Outcome<RemoteFolder>> {
  return unlessRefused(async () => {
    const first = await openSftpLine(place.config, credential, ground, signal);
    let line: Promise<SftpLine> = Promise.resolve(first);
    const over = new AbortController();
    const current = async (): Promise<SftpLine> => {
      if (over.signal.aborted) throw calledOff();
      const before = line;
      const now = await before.catch(() => null);
      if (now?.isOpen()) return now;
      if (line === before) {
        line = openSftpLine(place.config, credential, ground, over.signal);
        line.catch(() => {});
      }
      return line;
    };
    const close = async () => {
      over.abort();
      (await line.catch(() => null))?.close();
    };
    const folder = plain(place.config.folder);
    const home = folder.startsWith('/')
      ? ''
      : await orCalledOff(signal, homeOf(first)).catch((error) => {
          first.close();
          throw error;
        });
    const base = home === '' ? folder : `${home.replace(/\/$/, '')}/${folder}`;
    return good(folderOver({ current, close }, place, base));
  });
}

function folderOver({ current, close }: Lines, place: FtpPlace, base: string): RemoteFolder {
  const server = place.config.host.toLowerCase();
  const made = new Set<string>();
  const at = (path: string) => (path === '' ? base : `${base}/${path}`);
  const doing = async <T>(
    what: string,
    signal: AbortSignal,
    work: (line: SftpLine) => Promise<T>,
  ): Promise<T> => {
    if (signal.aborted) throw calledOff();
    try {
      return await orCalledOff(signal, current().then(work));
    } catch (error) {
      throw sftpFault(error, server, what);
    }
  };
  const above = async (line: SftpLine, path: string) => {
    for (const folder of ['', ...parentsOf(path)]) {
      if (made.has(folder)) continue;
      await makeFolder(line, at(folder));
      made.add(folder);
    }
  };
  return {
    address: place.address,
    atOnce: transfers,
    stages: true,
    url: (path) => place.url(path),
    close,
    list: async ({ signal, top }) => {
      const isThere = await doing('look into the folder', signal, (line) => isFolder(line, base));
      if (!isThere) return null;
      return walk(transfers, signal, top ?? false, (folder) =>
        doing('list a folder', signal, (line) => entriesOf(line, at(folder))),
      );
    },
    read: async (path, signal) => {
      const size = await doing(`read "${path}"`, signal, (line) => sizeOf(line, at(path)));
      if (size === null) return null;
      const line = await orCalledOff(signal, current());
      const wrap = (error: unknown) => sftpFault(error, server, `read "${path}"`);
      return readFile(line, at(path), { signal, wrap });
    },
    factsOf: (path, signal) => doing(`read "${path}"`, signal, (line) => rightsOf(line, at(path))),
    write: (path, bytes, transfer) =>
      doing(`write "${path}"`, transfer.signal, async (line) => {
        await above(line, path);
        const written = await writeFile(line, at(path), bytes, transfer).catch(async (error) => {
          if (!(error instanceof SftpStatus) || error.code !== status.noSuchFile) throw error;
          made.clear();
          await above(line, path);
          return writeFile(line, at(path), bytes, transfer);
        });
        if (bytes.facts) await giveRights(line, at(path), bytes.facts);
        return written;
      }),
    rename: (from, to, signal) =>
      doing(`rename a file to "${to}"`, signal, async (line) => {
        await above(line, to);
        await rename(line, at(from), at(to)).catch((error) => {
          made.clear();
          throw error;
        });
        return { stamp: null };
      }),
    remove: (path, signal) =>
      doing(`delete "${path}"`, signal, async (line) => {
        await unless(status.noSuchFile, () => line.ask(ask.remove, (packer) => packer.string(at(path))));
      }),
    removeEmpty: async (folders, signal) => {
      for (const folder of folders) {
        made.delete(folder);
        await doing('delete an empty folder', signal, (line) =>
          line
            .ask(ask.removeFolder, (packer) => packer.string(at(folder)))
            .catch((error) => {
              if (!(error instanceof SftpStatus)) throw error;
            }),
        );
      }
    },
  };
}

/** Does something, unless the server says that. */
async function unless<T>(code: number, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SftpStatus && error.code === code) return null;
    throw error;
  }
}

async function homeOf(line: SftpLine): Promise<string> {
  const { fields } = await line.ask(ask.realPath, (packer) => packer.string('.'));
  fields.uint32();
  return fields.text();
}

async function isFolder(line: SftpLine, path: string): Promise<boolean> {
  const handle = await unless(status.noSuchFile, () =>
    line.ask(ask.openFolder, (packer) => packer.string(path)),
  );
  if (!handle) return false;
  await line.ask(ask.close, (packer) => packer.string(handle.fields.string()));
  return true;
}

async function entriesOf(line: SftpLine, path: string): Promise<Found[]> {
  const handle = (await line.ask(ask.openFolder, (packer) => packer.string(path))).fields.string();
  const found: Found[] = [];
  let told = 0;
  try {
    for (;;) {
      const names = await unless(status.end, () =>
        line.ask(ask.readFolder, (packer) => packer.string(handle)),
      );
      const count = names?.type === answer.names ? names.fields.uint32() : 0;
      if (names === null || count === 0) return found;
      told += names.fields.left;
      if (found.length + count > mostEntries || told > mostTold) throw tooMuch();
      for (let index = 0; index < count; index++) found.push(foundIn(names.fields));
    }
  } finally {
    line.ask(ask.close, (packer) => packer.string(handle)).catch(() => {});
  }
}

async function makeFolder(line: SftpLine, path: string): Promise<void> {
  try {
    await line.ask(ask.makeFolder, (packer) => packer.string(path).uint32(0));
  } catch (error) {
    const isThere = error instanceof SftpStatus && (await isFolder(line, path).catch(() => false));
    if (!isThere) throw error;
  }
}

/** Renames over what has the name; where the server cannot, that goes first. */
async function rename(line: SftpLine, from: string, to: string): Promise<void> {
  const posix = 'posix-rename@openssh.com';
  if (line.extensions.has(posix)) {
    await line.ask(ask.extended, (packer) => packer.string(posix).string(from).string(to));
    return;
  }
  if ((await sizeOf(line, from)) === null) throw new SftpStatus(status.noSuchFile, '');
  await unless(status.noSuchFile, () => line.ask(ask.remove, (packer) => packer.string(to)));
  await line.ask(ask.rename, (packer) => packer.string(from).string(to));
}
