import { failures } from '../../../protocol/failure.ts';
import { allOf, endsWith, readXml, textOf as textIn, type XmlElement } from '../http/xml.ts';
import { TargetFault } from '../targetFault.ts';
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
/** No service has longer keys, in characters. */
const longestKey = 1024;
/** No folder that is published to holds more objects. */
const mostObjects = 300_000;
/** Some services put fewer than a thousand objects into a list. */
const mostPages = 3_000;

/** Lists the objects whose keys begin with a prefix; with `top` only those without a further `/`. */
export async function listObjects(
  wire: S3Wire,
  { prefix, top, signal }: { readonly prefix: string; readonly top: boolean; readonly signal: AbortSignal },
): Promise<S3Object[]> {
  const found: S3Object[] = [];
  const seen = new Set<string>();
  for (let next: string | null = null; ; ) {
    const page: XmlElement = await pageOf(wire, {
      query: {
        'list-type': '2',
        'encoding-type': 'url',
        ...(prefix ? { prefix } : {}),
        ...(top ? { delimiter: '/' } : {}),
        ...(next ? { 'continuation-token': next } : {}),
      },
      signal,
    });
    for (const one of allOf(page, 'Contents')) found.push(...objectIn(one, page, wire.service));
    if (found.length > mostObjects || seen.size > mostPages) throw tooMany(wire.service);
    if (textIn(page, 'IsTruncated') !== 'true') return found;
    next = textIn(page, 'NextContinuationToken');
    // Half a list must not look like a whole one: what lies there unseen would be written over.
    if (!next || seen.has(next)) throw endless(wire.service);
    seen.add(next);
  }
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
  for (let after = 0; ; ) {
    const query = { uploadId: upload, ...(after > 0 ? { 'part-number-marker': `${after}` } : {}) };
    const page: XmlElement = await pageOf(wire, { key, query, signal });
    for (const one of allOf(page, 'Part')) {
      const tag = textIn(one, 'ETag');
      if (tag) found.set(Number(textIn(one, 'PartNumber')), { size: Number(textIn(one, 'Size')), tag });
    }
    if (textIn(page, 'IsTruncated') !== 'true') return found;
    const next = Number(textIn(page, 'NextPartNumberMarker'));
    if (!(next > after && next <= mostParts)) throw endless(wire.service);
    after = next;
  }
}

/** The service takes no more of one upload. */
const mostParts = 10_000;

/** An entity tag without its quotes. */
export function stampOf(tag: string | null): string | null {
  return tag?.replaceAll('"', '') || null;
}

async function pageOf(
  wire: S3Wire,
  ask: { readonly key?: string; readonly query: Record<string, string>; readonly signal: AbortSignal },
): Promise<XmlElement> {
  const { text } = await wire.tell({ method: 'GET', ...ask }, longestPage);
  const page = readXml(text)?.children[0];
  // What is no list, as the page of a door before the service, or the half of one must not look like an empty folder.
  if (page && /^List\w+Result$/.test(page.name) && endsWith(text, page.name)) return page;
  throw new TargetFault(failures.malformed(wire.service, 'something that is no list.'));
}

function objectIn(one: XmlElement, page: XmlElement, service: string): S3Object[] {
  const given = textIn(one, 'Key');
  const key = given === null ? null : textIn(page, 'EncodingType') === 'url' ? decoded(given) : given;
  const size = Number(textIn(one, 'Size'));
  const stamp = stampOf(textIn(one, 'ETag'));
  if (key !== null && key.length > longestKey)
    throw new TargetFault(failures.malformed(service, 'a key that is too long.'));
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

function endless(service: string): TargetFault {
  return new TargetFault(failures.malformed(service, 'a list that does not come to its end.'));
}

function tooMany(service: string): TargetFault {
  const what = `More than ${mostObjects} files lie in that folder of ${service}.`;
  return new TargetFault(failures.tool(what, 'Name a folder of its own in the settings of the target.'));
}
