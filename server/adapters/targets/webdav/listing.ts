import { failures } from '../../../protocol/failure.ts';
import { allOf, endsWith, readXml, textOf as textIn, type XmlElement } from '../http/xml.ts';
import { gathering, tooMuch } from '../remote/gathering.ts';
import { type RemoteFile, type RemoteListing, unreadable } from '../remote/remoteFolder.ts';
import { TargetFault } from '../targetFault.ts';
import type { DavAsk, DavWire } from './wire.ts';

/** The list of one folder is no longer than this, in bytes. */
const longestList = 64_000_000;
const deepest = 100;
/** Folders that are asked for at once. */
const atOnce = 6;

/** What lies in a folder and below, relative to it; `null` where it is not there. With `top` only what lies directly in it. */
export async function listFolder(
  wire: DavWire,
  root: string,
  { top, signal }: { readonly top: boolean; readonly signal: AbortSignal },
): Promise<RemoteListing | null> {
  const { listing, ...found } = gathering();
  let asked = [''];
  for (let depth = 0; asked.length > 0; depth++) {
    if (depth > deepest) throw tooMuch();
    const below: string[] = [];
    for (let at = 0; at < asked.length; at += atOnce) {
      const some = asked.slice(at, at + atOnce);
      const lists = await Promise.all(some.map((folder) => membersOf(wire, { root, folder, signal })));
      if (depth === 0 && lists[0] === null) return null;
      for (const { files, folders, others } of lists.filter((members) => members !== null)) {
        for (const file of files) found.file(file);
        for (const folder of folders) found.folder(folder);
        for (const other of others) found.other(other);
        for (const folder of folders) below.push(folder);
      }
    }
    asked = top ? [] : below;
  }
  return listing;
}

/** Whether nothing lies in a folder; `false` where it is not there, or something else is, or we may not look. */
export async function isEmpty(
  wire: DavWire,
  root: string,
  folder: string,
  signal: AbortSignal,
): Promise<boolean> {
  const members = await membersOf(wire, { root, folder, signal, absent: [403, 404, 405, 409] });
  return members !== null && members.told === 1;
}

/** Whether a folder has a name. */
export async function isFolder(wire: DavWire, path: string, signal: AbortSignal): Promise<boolean> {
  const absent = [301, 302, 307, 308, 404];
  const { status, text } = await wire.tell(
    questionTo(path, { depth: '0', signal, also: absent }),
    longestList,
  );
  // A name that leads to another with a "/" at its end is that of a folder.
  if (absent.includes(status)) return status !== 404;
  return allOf(readXml(text) ?? nothing, 'collection').length > 0;
}

interface Members {
  readonly files: RemoteFile[];
  readonly folders: string[];
  /** What has no name that could be asked for. */
  readonly others: string[];
  /** How many things were told of, the folder itself included. */
  readonly told: number;
}

const nothing: XmlElement = { name: '', text: '', children: [] };

const question = Buffer.from(
  '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getetag/><getlastmodified/></prop></propfind>',
);

interface Asked {
  readonly root: string;
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Answers that say that there is no such folder. */
  readonly absent?: readonly number[];
}

async function membersOf(
  wire: DavWire,
  { root, folder, signal, absent = [404] }: Asked,
): Promise<Members | null> {
  const path = folder === '' ? root : `${root}/${folder}`;
  const ask = questionTo(`${path}/`, { depth: '1', signal, also: absent });
  const { status, text } = await wire.tell(ask, longestList);
  if (absent.includes(status)) return null;
  const told = allOf(readXml(text) ?? nothing, 'response').map((one) => ({ one, at: pathIn(one) }));
  // A server that tells of another folder would make this one look empty, and what lies there would be lost.
  if (!told.some(({ at }) => at === path)) {
    throw new TargetFault(failures.malformed(wire.host, 'a list of another folder.'));
  }
  // Half a list must not look like a whole one.
  if (!endsWith(text, 'multistatus')) {
    throw new TargetFault(failures.malformed(wire.host, 'a list that breaks off.'));
  }
  const members: Members = { files: [], folders: [], others: [], told: told.length };
  const within = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  for (const { one, at } of told) {
    if (at === path) continue;
    const name = at?.startsWith(`${path}/`) ? at.slice(path.length + 1) : '';
    const relative = within(name);
    if (name === '' || name.includes('/') || name === '.' || name === '..')
      members.others.push(within(unreadable));
    else if (allOf(one, 'collection').length > 0) members.folders.push(relative);
    else members.files.push(fileIn(one, relative));
  }
  return members;
}

function questionTo(
  path: string,
  {
    depth,
    signal,
    also,
  }: { readonly depth: '0' | '1'; readonly signal: AbortSignal; also: readonly number[] },
): DavAsk {
  const headers = { depth, 'content-type': 'application/xml' };
  const body = { size: question.length, open: async () => inOne(question) };
  return { method: 'PROPFIND', path, headers, body, signal, also };
}

function fileIn(one: XmlElement, path: string): RemoteFile {
  const size = Number(textIn(one, 'getcontentlength') ?? 0);
  // The same content is at first told with a weak tag, and later with a strong one.
  const tag = (textIn(one, 'getetag') ?? '').replace(/^W\//, '').replaceAll('"', '');
  return {
    path,
    size: Number.isSafeInteger(size) ? size : 0,
    stamp: tag || (textIn(one, 'getlastmodified') ?? ''),
  };
}

/** The decoded path of what a part of an answer is about, without a `/` at its end. */
function pathIn(one: XmlElement): string | null {
  const href = textIn(one, 'href') ?? '';
  const raw = /^https?:\/\/[^/]*(\/[^?#]*)$/.exec(href)?.[1] ?? href;
  try {
    return decodeURIComponent(raw).replace(/\/+$/, '');
  } catch {
    return null;
  }
}

async function* inOne(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
