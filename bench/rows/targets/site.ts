import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Parcel, TargetContext } from '../../../server/core/ports/target.ts';

/** What is published. */
export interface Site {
  /** Where the measurement may write. */
  readonly folder: string;
  /** The folder with the same files as the parcel, and nothing else. */
  readonly files: string;
  readonly blobs: TargetContext['blobs'];
  readonly parcel: Parcel;
}

/** One file before it is laid out. */
export interface Page {
  readonly name: string;
  readonly bytes: Buffer;
  readonly mime: string;
}

const pages = 200;
const pictures = 100;
const smallSize = 6_000;
const largeSize = 20_000_000;

/** The site in a few words, for the name of a row. */
export const siteInWords = `${pages + pictures} small files and one of ${largeSize / 1e6} MB`;

/** Lays out a site on disk and in the store: pages of text, pictures, and a film. */
export async function siteIn(folder: string, blobs: Site['blobs']): Promise<Site> {
  const files = path.join(folder, 'files');
  await mkdir(files);
  const all: Page[] = [
    { name: 'film.mp4', bytes: randomBytes(largeSize), mime: 'video/mp4' },
    ...Array.from({ length: pages }, (_, index) => pageOf(`page-${index}.html`, smallSize)),
    ...Array.from({ length: pictures }, (_, index) => pictureOf(`picture-${index}.png`)),
  ];
  for (const { name, bytes } of all) await writeFile(path.join(files, name), bytes);
  return { folder, files, blobs, parcel: await parcelOf(all, blobs) };
}

/** A page of text that no other page has. */
export function pageOf(name: string, size: number): Page {
  const text = randomBytes((size * 3) / 4).toString('base64');
  return { name, bytes: Buffer.from(text), mime: 'text/html' };
}

/** Files as a parcel, with their bytes in the store. */
export async function parcelOf(all: readonly Page[], blobs: Site['blobs']): Promise<Parcel> {
  const files: Parcel['files'][number][] = [];
  for (const { name, bytes, mime } of all) {
    files.push({ path: name, digest: await blobs.put(bytes), size: bytes.length, mime });
  }
  return { deliverable: 'site', title: 'Site', files };
}

function pictureOf(name: string): Page {
  return { name, bytes: randomBytes(smallSize), mime: 'image/png' };
}
