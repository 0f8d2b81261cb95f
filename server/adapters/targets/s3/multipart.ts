import { hash } from 'node:crypto';
import { failures } from '../../../protocol/failure.ts';
import { readXml, textOf as textIn } from '../http/xml.ts';
import type { RemoteBytes } from '../remote/remoteFolder.ts';
import { TargetFault } from '../targetFault.ts';
import type { S3Config } from './config.ts';
import { listParts, stampOf } from './listing.ts';
import { refusalIn, S3Refusal } from './refusal.ts';
import type { S3Wire } from './wire.ts';

/** An upload in parts that was begun. */
export interface Multipart {
  readonly wire: S3Wire;
  readonly config: S3Config;
  readonly key: string;
  readonly id: string;
}

/** Begins one. */
export async function begin(
  at: Omit<Multipart, 'id'>,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Multipart> {
  const { wire, key } = at;
  const { text } = await wire.tell({ method: 'POST', key, query: { uploads: '' }, headers, signal });
  const id = textIn(readXml(text), 'UploadId');
  if (id) return { ...at, id };
  throw new TargetFault(failures.malformed(wire.service, 'an upload without a name.'));
}

/** The entity tags of the parts that are there already, by number; `null` where there is no such upload any more. */
export async function partsThere(
  { wire, key, id }: Multipart,
  size: number,
  signal: AbortSignal,
): Promise<Map<number, string> | null> {
  try {
    const parts = await listParts(wire, { key, upload: id, signal });
    return new Map(
      [...parts].flatMap(([n, part]) => (part.size === lengthOf(n, size) ? [[n, part.tag]] : [])),
    );
  } catch (error) {
    if (error instanceof S3Refusal && gone.test(error.code)) return null;
    throw error;
  }
}

/** The numbers of the parts of a file of a size. */
export function numbersOf(size: number): number[] {
  return Array.from({ length: Math.ceil(size / partSize(size)) }, (_, index) => index + 1);
}

/** How long a part is. */
export function lengthOf(number: number, size: number): number {
  const each = partSize(size);
  return Math.min(each, size - (number - 1) * each);
}

/** Sends one part; answers its entity tag. */
export async function sendPart(
  { wire, key, id }: Multipart,
  number: number,
  bytes: RemoteBytes,
  signal: AbortSignal,
): Promise<string> {
  const part = await readPart(number, bytes);
  const body = {
    size: part.length,
    digest: hash('sha256', part),
    open: async () => slices(part),
  };
  const query = { partNumber: String(number), uploadId: id };
  const answer = await wire.tell({ method: 'PUT', key, query, body, signal });
  const tag = answer.header('etag');
  if (tag) return tag;
  throw new TargetFault(failures.malformed(wire.service, 'a part without an entity tag.'));
}

/** Makes the file of its parts; answers its stamp. */
export async function complete(
  { wire, config, key, id }: Multipart,
  tags: ReadonlyMap<number, string>,
  signal: AbortSignal,
): Promise<string | null> {
  const parts = [...tags]
    .sort(([one], [other]) => one - other)
    .map(([number, tag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${escaped(tag)}</ETag></Part>`);
  const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join('')}</CompleteMultipartUpload>`;
  const bytes = Buffer.from(xml, 'utf8');
  const body = { size: bytes.length, digest: hash('sha256', bytes), open: async () => slices(bytes) };
  const headers = { 'content-type': 'application/xml' };
  const answer = await wire.tell({ method: 'POST', key, query: { uploadId: id }, headers, body, signal });
  const said = readXml(answer.text);
  // The service says "good" before it knows, so that the line stays open while it puts the parts together.
  if (said?.children[0]?.name === 'Error') throw refusalIn(answer.text, answer, config);
  return stampOf(textIn(said, 'ETag'));
}

/** Ends one without a file; nothing where there is none. */
export async function abort({ wire, key, id }: Multipart, signal: AbortSignal): Promise<void> {
  try {
    await wire.tell({ method: 'DELETE', key, query: { uploadId: id }, signal });
  } catch (error) {
    if (!(error instanceof S3Refusal && gone.test(error.code))) throw error;
  }
}

const gone = /^(NoSuchUpload|NoSuchKey)$/;
const mebibyte = 1024 * 1024;

/** Bytes of each part but the last: the service takes at most 10,000 of them. */
function partSize(size: number): number {
  return Math.max(8 * mebibyte, Math.ceil(size / 9000 / mebibyte) * mebibyte);
}

async function readPart(number: number, bytes: RemoteBytes): Promise<Buffer> {
  const part = Buffer.allocUnsafe(lengthOf(number, bytes.size));
  let filled = 0;
  for await (const piece of await bytes.open((number - 1) * partSize(bytes.size))) {
    const wanted = piece.subarray(0, part.length - filled);
    part.set(wanted, filled);
    filled += wanted.length;
    if (filled === part.length) return part;
  }
  const what = 'A file that is published is shorter than it was.';
  throw new TargetFault(failures.tool(what, 'Make the deliverable again.'));
}

/** Bytes in pieces, so that a slow line is seen to move. */
async function* slices(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += mebibyte) yield bytes.subarray(at, at + mebibyte);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
