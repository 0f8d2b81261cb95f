import { failures } from '../../../protocol/failure.ts';
import { textOf } from '../http/httpFault.ts';
import { allOf, readXml, textOf as textIn, type XmlElement } from '../http/xml.ts';
import { RemoteFault } from '../remote/remoteFault.ts';
import type { S3Wire } from './wire.ts';

/** An object of a bucket as a listing tells it. */
export interface S3Object {
  readonly key: string;
  readonly size: number;
  readonly stamp: string;
  /** ms since 1970 by the clock of the service. */
  readonly time: number;
}

/** A list of a thousand objects is no longer than this, in bytes. */
const longestPage = 16_000_000;
/** No folder that is published to holds more objects. */
const mostObjects = 300_000;

/** Lists the objects whose keys begin with a prefix; with `top` only those without a further `/`. */
export async function listObjects(
  wire: S3Wire,
  { prefix, top, signal }: { readonly prefix: string; readonly top: boolean; readonly signal: AbortSignal },
): Promise<S3Object[]> {
  const found: S3Object[] = [];
  let next: string | null = null;
  do {
    const page = await pageOf(wire, {
      query: {
        'list-type': '2',
        'encoding-type': 'url',
        ...(prefix ? { prefix } : {}),
        ...(top ? { delimiter: '/' } : {}),
        ...(next ? { 'continuation-token': next } : {}),
      },
      signal,
    });
    for (const one of allOf(page, 'Contents')) found.push(...objectIn(one, page));
    next = textIn(page, 'IsTruncated') === 'true' ? textIn(page, 'NextContinuationToken') : null;
    if (found.length > mostObjects) throw tooMany(wire.service);
  } while (next);
  return found;
}

/** An unfinished upload in parts. */
export interface S3Upload {
  readonly id: string;
  /** ms since 1970 by the clock of the service. */
  readonly time: number;
}

/** The unfinished uploads of one key. */
export async function listUploads(wire: S3Wire, key: string, signal: AbortSignal): Promise<S3Upload[]> {
  const page = await pageOf(wire, { query: { uploads: '', prefix: key }, signal });
  return allOf(page, 'Upload').flatMap((one) => {
    const id = textIn(one, 'UploadId');
    const time = Date.parse(textIn(one, 'Initiated') ?? '');
    return id && textIn(one, 'Key') === key && !Number.isNaN(time) ? [{ id, time }] : [];
  });
}

/** The parts that arrived of an upload: their sizes and entity tags by their numbers. */
export async function listParts(
  wire: S3Wire,
  { key, upload, signal }: { readonly key: string; readonly upload: string; readonly signal: AbortSignal },
): Promise<Map<number, { readonly size: number; readonly tag: string }>> {
  const found = new Map<number, { size: number; tag: string }>();
  let after: string | null = null;
  do {
    const query = { uploadId: upload, ...(after ? { 'part-number-marker': after } : {}) };
    const page = await pageOf(wire, { key, query, signal });
    for (const one of allOf(page, 'Part')) {
      const tag = textIn(one, 'ETag');
      if (tag) found.set(Number(textIn(one, 'PartNumber')), { size: Number(textIn(one, 'Size')), tag });
    }
    const next = textIn(page, 'IsTruncated') === 'true' ? textIn(page, 'NextPartNumberMarker') : null;
    after = next === after ? null : next;
  } while (after);
  return found;
}

/** An entity tag without its quotes. */
export function stampOf(tag: string | null): string | null {
  return tag?.replaceAll('"', '') || null;
}

async function pageOf(
  wire: S3Wire,
  ask: { readonly key?: string; readonly query: Record<string, string>; readonly signal: AbortSignal },
): Promise<XmlElement> {
  const answer = await wire.ask({ method: 'GET', ...ask });
  const page = readXml(await textOf(answer, longestPage))?.children[0];
  // What is no list, as the page of a door before the service, must not look like an empty folder.
  if (page && /^List\w+Result$/.test(page.name)) return page;
  throw new RemoteFault(failures.malformed(wire.service, 'something that is no list.'));
}

function objectIn(one: XmlElement, page: XmlElement): S3Object[] {
  const given = textIn(one, 'Key');
  const key = given === null ? null : textIn(page, 'EncodingType') === 'url' ? decoded(given) : given;
  const size = Number(textIn(one, 'Size'));
  const stamp = stampOf(textIn(one, 'ETag'));
  if (key === null || stamp === null || !Number.isSafeInteger(size)) return [];
  return [{ key, size, stamp, time: Date.parse(textIn(one, 'LastModified') ?? '') || 0 }];
}

function decoded(key: string): string | null {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function tooMany(service: string): RemoteFault {
  const what = `More than ${mostObjects} files lie in that folder of ${service}.`;
  return new RemoteFault(failures.tool(what, 'Name a folder of its own in the settings of the target.'));
}
