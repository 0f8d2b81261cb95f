import type { RemoteBytes, RemoteFacts, Transfer, Written } from '../remote/remoteFolder.ts';
import { orCalledOff } from '../remote/tries.ts';
import { calledOff } from '../targetFault.ts';
import { answer, ask, type SftpLine, SftpStatus, status } from './sftpLine.ts';
import { malformed, type Packer, type Unpacker } from './sftpPacket.ts';
import type { Found } from './walk.ts';

/** Bytes of one question; every server takes so many. */
const pieceSize = 32 * 1024;
/** How many questions of one file are on their way at once. */
const ahead = 32;

/** Bytes of a file; `null` where there is none, or something else. */
export async function sizeOf(line: SftpLine, path: string): Promise<number | null> {
  try {
    const { fields } = await line.ask(ask.lstat, (packer) => packer.string(path));
    const { kind, size } = attributesOf(fields);
    return kind === 'file' ? size : null;
  } catch (error) {
    if (error instanceof SftpStatus && error.code === status.noSuchFile) return null;
    throw error;
  }
}

/** The rights of a file, as in `755`; nothing where the server tells none. */
export async function rightsOf(line: SftpLine, path: string): Promise<RemoteFacts> {
  const { fields } = await line.ask(ask.lstat, (packer) => packer.string(path));
  const { mode } = attributesOf(fields);
  return mode === 0 ? {} : { rights: (mode & 0o777).toString(8) };
}

/** Gives a file the rights that it had, where the server lets us. */
export async function giveRights(line: SftpLine, path: string, { rights = '' }: RemoteFacts): Promise<void> {
  if (!/^[0-7]{1,3}$/.test(rights)) return;
  const fill = (packer: Packer) => packer.string(path).uint32(hasMode).uint32(Number.parseInt(rights, 8));
  await line.ask(ask.setStat, fill).catch((error) => {
    if (!(error instanceof SftpStatus)) throw error;
  });
}

/** Writes a whole file, many pieces on their way at once; with `resumes` from where an earlier try stopped. */
export async function writeFile(
  line: SftpLine,
  path: string,
  bytes: RemoteBytes,
  { signal, resumes, moved }: Transfer,
): Promise<Written> {
  const there = resumes ? ((await sizeOf(line, path)) ?? 0) : 0;
  const from = there <= bytes.size ? Math.max(0, there - ahead * pieceSize) : 0;
  const flags = from > 0 ? openFor.write : openFor.write | openFor.create | openFor.truncate;
  const handle = await openFile(line, path, flags);
  moved(from);
  const underWay = new Set<Promise<void>>();
  let fault: unknown;
  const send = (offset: number, piece: Uint8Array) => {
    const asked = line
      .ask(ask.write, (packer) => packer.string(handle).uint64(offset).string(piece))
      .then(() => moved(piece.length))
      .catch((error) => {
        fault ??= error;
      })
      .finally(() => underWay.delete(asked));
    underWay.add(asked);
  };
  try {
    let offset = from;
    for await (const piece of await bytes.open(from)) {
      for (let at = 0; at < piece.length; at += pieceSize) {
        if (signal.aborted) throw calledOff();
        if (fault) throw fault;
        const part = piece.subarray(at, at + pieceSize);
        send(offset, part);
        offset += part.length;
        if (underWay.size >= ahead) await Promise.race(underWay);
      }
    }
    await Promise.all(underWay);
    if (fault) throw fault;
  } finally {
    const closed = line.ask(ask.close, (packer) => packer.string(handle));
    await (signal.aborted || fault ? closed.catch(() => {}) : closed);
  }
  return { stamp: null };
}

/** The bytes of a file, asked for some way ahead. */
export async function* readFile(
  line: SftpLine,
  path: string,
  { signal, wrap }: { readonly signal: AbortSignal; wrap(error: unknown): unknown },
): AsyncGenerator<Uint8Array> {
  try {
    const handle = await orCalledOff(signal, openFile(line, path, openFor.read));
    const part = (offset: number, length: number) => {
      const asked = readPart(line, handle, offset, length);
      asked.catch(() => {});
      return { offset, length, asked };
    };
    let next = 0;
    const coming: ReturnType<typeof part>[] = [];
    try {
      for (;;) {
        while (coming.length < ahead) {
          coming.push(part(next, pieceSize));
          next += pieceSize;
        }
        const first = coming.shift();
        const got = first && (await orCalledOff(signal, first.asked));
        if (!first || !got) return;
        yield got;
        if (got.length < first.length)
          coming.unshift(part(first.offset + got.length, first.length - got.length));
      }
    } finally {
      line.ask(ask.close, (packer) => packer.string(handle)).catch(() => {});
    }
  } catch (error) {
    throw wrap(error);
  }
}

/** No disk has longer names, in bytes. */
const longestName = 4096;

/** One thing of a folder, from the fields of an answer. */
export function foundIn(fields: Unpacker): Found {
  const name = fields.string();
  if (name.length > longestName) throw malformed('a name is too long');
  fields.string();
  const { kind, size, time } = attributesOf(fields);
  const text = name.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(name);
  return { name: isText ? text : '', kind, size, stamp: String(time) };
}

const openFor = { read: 1, write: 2, create: 8, truncate: 16 } as const;

async function openFile(line: SftpLine, path: string, flags: number): Promise<Buffer> {
  const fill = (packer: Packer) => packer.string(path).uint32(flags).uint32(0);
  const { type, fields } = await line.ask(ask.open, fill);
  if (type !== answer.handle) throw malformed('it opened no file');
  return Buffer.from(fields.string());
}

/** A part of a file, perhaps shorter; `null` at its end. */
async function readPart(
  line: SftpLine,
  handle: Buffer,
  offset: number,
  length: number,
): Promise<Buffer | null> {
  try {
    const { type, fields } = await line.ask(ask.read, (packer) =>
      packer.string(handle).uint64(offset).uint32(length),
    );
    const bytes = type === answer.data ? Buffer.from(fields.string()) : Buffer.alloc(0);
    if (bytes.length === 0 || bytes.length > length) throw malformed('it answered a part with another');
    return bytes;
  } catch (error) {
    if (error instanceof SftpStatus && error.code === status.end) return null;
    throw error;
  }
}

/** Among the flags of attributes: that the rights follow. */
const hasMode = 4;

interface Attributes {
  readonly kind: Found['kind'];
  readonly size: number;
  readonly time: number;
  readonly mode: number;
}

/** What a server tells of a thing; what it leaves out of the kind is no file. */
function attributesOf(fields: Unpacker): Attributes {
  const flags = fields.uint32();
  const size = flags & 1 ? fields.uint64() : 0;
  if (flags & 2) fields.raw(8);
  const mode = flags & hasMode ? fields.uint32() : 0;
  const time = flags & 8 ? fields.raw(8).readUInt32BE(4) : 0;
  if (flags & 0x80000000) {
    for (let count = fields.uint32(); count > 0; count--) {
      fields.string();
      fields.string();
    }
  }
  const kind = (mode & 0o170000) === 0o100000 ? 'file' : (mode & 0o170000) === 0o040000 ? 'folder' : 'other';
  return { kind, size, time, mode };
}
