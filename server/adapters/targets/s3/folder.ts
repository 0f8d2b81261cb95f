import { createHash } from 'node:crypto';
import { piecesOf } from '../http/httpFault.ts';
import type { RemoteBytes, RemoteFile, RemoteFolder, Transfer } from '../remote/remoteFolder.ts';
import { retrying } from '../remote/tries.ts';
import { addressOf, keyOf, urlOf } from './address.ts';
import type { S3Config, S3Key } from './config.ts';
import { fileHeaders, type MadeOf } from './fileHeaders.ts';
import { listObjects, type S3Object, stampOf } from './listing.ts';
import { objectFacts } from './objectFacts.ts';
import { S3Refusal } from './refusal.ts';
import { notePrefix, openUploads } from './uploads.ts';
import { openWire, type S3Wire } from './wire.ts';

/** Files larger than this go up in parts, in bytes. */
const wholeAtMost = 16 * 1024 * 1024;
const atOnce = 8;

/** Opens the folder of a bucket; rejects with a `TargetFault` where the key, the region or the bucket is wrong. */
export async function openFolder(config: S3Config, key: S3Key, signal: AbortSignal): Promise<RemoteFolder> {
  const wire = openWire(config, key, atOnce);
  try {
    const asked = { prefix: keyOf(config, notePrefix), top: true, signal };
    const found = await retrying(signal, () => listObjects(wire, asked));
    const notes = new Map(found.map((one) => [one.key.slice(keyOf(config, '').length), one.time]));
    return folderOf(config, wire, notes);
  } catch (error) {
    wire.close();
    throw error;
  }
}

function folderOf(config: S3Config, wire: S3Wire, notes: Map<string, number>): RemoteFolder {
  const key = (path: string) => keyOf(config, path);
  const headers = (path: string, bytes: MadeOf) => fileHeaders(config, path, bytes);
  const uploads = openUploads({ wire, config, key, headers, notes });
  return {
    address: addressOf(config),
    atOnce,
    stages: false,
    list: async ({ signal, top }) => ({
      files: filesIn(await listObjects(wire, { prefix: key(''), top: top ?? false, signal }), key('')),
      folders: [],
      others: [],
    }),
    read: (path, signal) => readObject(wire, key(path), signal),
    factsOf: (path, signal) => objectFacts(wire, key(path), signal),
    write: async (path, bytes, transfer) => {
      if (bytes.size > wholeAtMost) return uploads.write(path, bytes, transfer);
      await uploads.settle(path, transfer.signal);
      const whole = { ...bytes, digest: await digestOf(bytes) };
      return putWhole(wire, { key: key(path), headers: headers(path, whole), bytes: whole }, transfer);
    },
    rename: async () => {
      throw new Error('a bucket does not stage');
    },
    remove: async (path, asked) => {
      await uploads.settle(path, asked);
      const signal = AbortSignal.any([asked, AbortSignal.timeout(longestRemoval)]);
      await wire.tell({ method: 'DELETE', key: key(path), signal });
    },
    removeEmpty: async () => {},
    url: (path) => urlOf(config, path),
    close: async () => {
      await uploads.abandon();
      wire.close();
    },
  };
}

function filesIn(objects: readonly S3Object[], prefix: string): RemoteFile[] {
  return objects.flatMap(({ key, size, stamp }) => {
    const path = key.slice(prefix.length);
    return isPlain(path) ? [{ path, size, stamp }] : [];
  });
}

async function readObject(wire: S3Wire, key: string, signal: AbortSignal) {
  try {
    return piecesOf(wire.service, await wire.ask({ method: 'GET', key, signal }), signal);
  } catch (error) {
    if (error instanceof S3Refusal && error.code === 'NoSuchKey') return null;
    throw error;
  }
}

/** How long it may take that one file is taken away, in ms. */
const longestRemoval = 30_000;

async function putWhole(
  wire: S3Wire,
  { key, headers, bytes }: { key: string; headers: Record<string, string>; bytes: RemoteBytes },
  { signal, moved }: Transfer,
) {
  const body = { size: bytes.size, digest: bytes.digest, open: () => bytes.open(), moved };
  const answer = await wire.tell({ method: 'PUT', key, headers, body, signal });
  return { stamp: stampOf(answer.header('etag')) };
}

/** The digest of bytes; of small ones that came without one it is reckoned. */
async function digestOf(bytes: RemoteBytes): Promise<string> {
  if (bytes.digest !== '') return bytes.digest;
  const sum = createHash('sha256');
  for await (const piece of await bytes.open()) sum.update(piece);
  return sum.digest('hex');
}

/** Whether a key is the path of a file of ours or of others that a person would call one. */
function isPlain(path: string): boolean {
  if (path.startsWith(notePrefix)) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}
