import { hash } from 'node:crypto';
import * as z from 'zod';
import type { RemoteBytes, Transfer, Written } from '../remote/remoteFolder.ts';
import { retrying } from '../remote/tries.ts';
import { someAtOnce } from '../someAtOnce.ts';
import type { S3Config } from './config.ts';
import { digestHeader, type MadeOf } from './fileHeaders.ts';
import { listUploads, stampOf } from './listing.ts';
import {
  abort,
  begin,
  complete,
  lengthOf,
  type Multipart,
  numbersOf,
  partsThere,
  sendPart,
} from './multipart.ts';
import { S3Refusal } from './refusal.ts';
import { turns } from './turns.ts';
import type { S3Wire } from './wire.ts';

/** Files that go up in parts, and what an earlier process left of such. */
export interface Uploads {
  /** Sends a file in parts; one that was begun with the same bytes is taken up. */
  write(path: string, bytes: RemoteBytes, transfer: Transfer): Promise<Written>;
  /** Ends what was begun under a name and never finished. */
  settle(path: string, signal: AbortSignal): Promise<void>;
  /** Ends everything of this process that was never finished, as far as the bucket can be reached. */
  abandon(): Promise<void>;
}

/** What uploads need to know of their bucket. */
export interface UploadGround {
  readonly wire: S3Wire;
  readonly config: S3Config;
  /** The key of a path. */
  key(path: string): string;
  /** The headers with which a file is made. */
  headers(path: string, bytes: MadeOf): Record<string, string>;
  /** When each note was written that stands in the bucket, by its name, in ms since 1970. */
  readonly notes: Map<string, number>;
}

/** A note stands before an upload is begun, so that whoever finds it knows that the upload is ours; so begins its name. */
export const notePrefix = '.butler-upload-';

/** Opens the uploads of one folder. */
export function openUploads(ground: UploadGround): Uploads {
  const begun = new Map<string, Begun>();
  const inTurn = turns(partsAtOnce);
  const settle = async (path: string, asked: AbortSignal) => {
    const mine = begun.get(path)?.upload;
    if (!mine && !ground.notes.has(noteName(path))) return;
    const signal = soon(asked);
    const ours = [...(mine ? [mine] : []), ...(await left(ground, path, signal))];
    for (const upload of ours) await retrying(asked, () => abort(upload, signal));
    await forget(ground, path, signal);
    begun.delete(path);
  };
  return {
    settle,
    abandon: async () => {
      const signal = AbortSignal.timeout(longestEnd);
      for (const path of [...begun.keys()]) await settle(path, signal).catch(() => {});
    },
    write: async (path, bytes, transfer) => {
      const file = { path, bytes, signal: transfer.signal };
      const found = await takenUp(ground, begun.get(path) ?? null, file);
      if (found && 'stamp' in found) {
        transfer.moved(bytes.size);
        return ended(path, found.stamp, transfer.signal);
      }
      if (!found) await settle(path, transfer.signal);
      const { digest } = bytes;
      begun.set(path, { upload: found?.upload ?? null, digest });
      const upload = found?.upload ?? (await noted(ground, path, bytes, transfer.signal));
      begun.set(path, { upload, digest });
      const tags = found?.tags ?? new Map<number, string>();
      await sendMissing({ upload, tags, inTurn }, bytes, transfer);
      return ended(path, await complete(upload, tags, transfer.signal), transfer.signal);
    },
  };

  /** A note that stays is found by the next publication, and then taken away. */
  async function ended(path: string, stamp: string | null, signal: AbortSignal): Promise<Written> {
    await forget(ground, path, soon(signal)).catch(() => {});
    begun.delete(path);
    return { stamp };
  }
}

/** An upload of this process; `null` between its note and itself. */
interface Begun {
  readonly upload: Multipart | null;
  readonly digest: string;
}

/** What is there of a file already: an upload with its parts, or all of it, as after an answer that was lost. */
async function takenUp(
  ground: UploadGround,
  mine: Begun | null,
  {
    path,
    bytes,
    signal,
  }: { readonly path: string; readonly bytes: RemoteBytes; readonly signal: AbortSignal },
): Promise<{ upload: Multipart; tags: Map<number, string> } | { stamp: string } | null> {
  const digest = mine?.digest ?? (await notedDigest(ground, path, signal));
  if (digest !== bytes.digest) return null;
  const upload = mine?.upload ?? (await left(ground, path, signal)).at(-1) ?? null;
  const tags = upload && (await partsThere(upload, bytes.size, signal));
  if (upload && tags) return { upload, tags };
  const stamp = await standing(ground, path, bytes, signal);
  return stamp === null ? null : { stamp };
}

async function sendMissing(
  {
    upload,
    tags,
    inTurn,
  }: { upload: Multipart; tags: Map<number, string>; inTurn: ReturnType<typeof turns> },
  bytes: RemoteBytes,
  { signal, moved }: Transfer,
): Promise<void> {
  for (const number of tags.keys()) moved(lengthOf(number, bytes.size));
  const missing = numbersOf(bytes.size).filter((number) => !tags.has(number));
  await someAtOnce(missing, partsAtOnce, signal, (number, either) =>
    inTurn(async () => {
      tags.set(number, await sendPart(upload, number, bytes, either));
      moved(lengthOf(number, bytes.size));
    }),
  );
}

/** What a note tells. */
const Note = z.object({ path: z.string(), digest: z.string() });

/** How long ending what was begun may take, in ms. */
const longestEnd = 5000;
/** Parts that are on their way at once, of all files together: each is held in memory. */
const partsAtOnce = 4;

function soon(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(longestEnd)]);
}

function noteName(path: string): string {
  return `${notePrefix}${hash('sha256', path).slice(0, 32)}.json`;
}

/** Writes the note of an upload and begins it. */
async function noted(
  { wire, config, key, headers, notes }: UploadGround,
  path: string,
  bytes: RemoteBytes,
  signal: AbortSignal,
): Promise<Multipart> {
  const name = noteName(path);
  const note = Buffer.from(JSON.stringify({ path, digest: bytes.digest }), 'utf8');
  const digest = hash('sha256', note);
  const body = {
    size: note.length,
    digest,
    open: async () =>
      (async function* () {
        yield note;
      })(),
  };
  const made = headers(name, { mime: 'application/json', digest });
  const answer = await wire.tell({ method: 'PUT', key: key(name), headers: made, body, signal });
  notes.set(name, Date.parse(answer.header('date') ?? '') || Date.now());
  return begin({ wire, config, key: key(path) }, headers(path, bytes), signal);
}

async function forget({ wire, key, notes }: UploadGround, path: string, signal: AbortSignal): Promise<void> {
  const name = noteName(path);
  await wire.tell({ method: 'DELETE', key: key(name), signal });
  notes.delete(name);
}

/** The digest that the note of a path tells; `null` where there is none, or it tells of another. */
async function notedDigest({ wire, key, notes }: UploadGround, path: string, signal: AbortSignal) {
  const name = noteName(path);
  if (!notes.has(name)) return null;
  try {
    const { text } = await wire.tell({ method: 'GET', key: key(name), signal });
    const note = Note.safeParse(JSON.parse(text));
    return note.success && note.data.path === path ? note.data.digest : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof S3Refusal && error.code === 'NoSuchKey'))
      return null;
    throw error;
  }
}

/** The unfinished uploads of a path since its note, the oldest first; none where we may not ask. */
async function left(
  { wire, config, key, notes }: UploadGround,
  path: string,
  signal: AbortSignal,
): Promise<Multipart[]> {
  const since = notes.get(noteName(path));
  if (since === undefined) return [];
  try {
    const found = await listUploads(wire, key(path), signal);
    return found
      .filter(({ time }) => time >= since - 1000)
      .sort((one, other) => one.time - other.time)
      .map(({ id }) => ({ wire, config, key: key(path), id }));
  } catch (error) {
    if (error instanceof S3Refusal && /^(AccessDenied|NotImplemented|MethodNotAllowed)$/.test(error.code))
      return [];
    throw error;
  }
}

/** The stamp of a file that stands there with just these bytes, as after an answer that was lost. */
async function standing({ wire, key }: UploadGround, path: string, bytes: RemoteBytes, signal: AbortSignal) {
  try {
    const answer = await wire.tell({ method: 'HEAD', key: key(path), signal });
    return answer.header(digestHeader) === bytes.digest ? stampOf(answer.header('etag')) : null;
  } catch (error) {
    if (error instanceof S3Refusal && error.code === 'NoSuchKey') return null;
    throw error;
  }
}
