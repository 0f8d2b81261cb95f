import { failures } from '../../../protocol/failure.ts';
import { textOf } from '../http/httpFault.ts';
import { allOf, readXml, textOf as textIn, type XmlElement } from '../http/xml.ts';
import { RemoteFault } from '../remote/remoteFault.ts';
import type { RemoteFile, RemoteListing } from '../remote/remoteFolder.ts';
import type { DavWire } from './wire.ts';

/** The list of one folder is no longer than this, in bytes. */
const longestList = 64_000_000;
/** No folder that is published to holds more. */
const mostFiles = 300_000;
const deepest = 100;
/** Folders that are asked for at once. */
const atOnce = 6;

/** What lies in a folder and below, relative to it; `null` where it is not there. With `top` only what lies directly in it. */
export async function listFolder(
  wire: DavWire,
  root: string,
  { top, signal }: { readonly top: boolean; readonly signal: AbortSignal },
): Promise<RemoteListing | null> {
  const files: RemoteFile[] = [];
  const folders: string[] = [];
  let asked = [''];
  for (let depth = 0; asked.length > 0; depth++) {
    if (depth > deepest || files.length + folders.length > mostFiles) throw tooMuch(wire.host);
    const found: (Members | null)[] = [];
    for (let at = 0; at < asked.length; at += atOnce) {
      const some = asked.slice(at, at + atOnce);
      found.push(...(await Promise.all(some.map((folder) => membersOf(wire, { root, folder, signal })))));
    }
    if (depth === 0 && found[0] === null) return null;
    const below = found.flatMap((members) => members?.folders ?? []);
    for (const members of found) files.push(...(members?.files ?? []));
    folders.push(...below);
    asked = top ? [] : below;
  }
  return { files, folders, others: [] };
}

/** Whether nothing lies in a folder; `false` where it is not there, or something else is, or we may not look. */
export async function isEmpty(
  wire: DavWire,
  root: string,
  folder: string,
  signal: AbortSignal,
): Promise<boolean> {
  const members = await membersOf(wire, { root, folder, signal, absent: [403, 404, 405, 409] });
  return members !== null && members.files.length + members.folders.length === 0;
}

interface Members {
  readonly files: RemoteFile[];
  readonly folders: string[];
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
  const answer = await wire.ask({
    method: 'PROPFIND',
    path: `${path}/`,
    headers: { depth: '1', 'content-type': 'application/xml' },
    body: { size: question.length, open: async () => inOne(question) },
    signal,
    also: absent,
  });
  const text = await textOf(answer, longestList);
  if (absent.includes(answer.status)) return null;
  const told = allOf(readXml(text) ?? nothing, 'response').map((one) => ({ one, at: pathIn(one) }));
  // A server that tells of another folder would make this one look empty, and what lies there would be lost.
  if (!told.some(({ at }) => at === path)) {
    throw new RemoteFault(failures.malformed(wire.host, 'a list of another folder.'));
  }
  const members: Members = { files: [], folders: [] };
  for (const { one, at } of told) {
    const name = at?.startsWith(`${path}/`) ? at.slice(path.length + 1) : '';
    if (name === '' || name.includes('/') || name === '.' || name === '..') continue;
    const relative = folder === '' ? name : `${folder}/${name}`;
    if (allOf(one, 'collection').length > 0) members.folders.push(relative);
    else members.files.push(fileIn(one, relative));
  }
  return members;
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

function tooMuch(host: string): RemoteFault {
  const what = `More than ${mostFiles} files lie in that folder of ${host}, or folders nest too deeply.`;
  return new RemoteFault(failures.tool(what, 'Name a folder of its own in the settings of the target.'));
}

async function* inOne(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
