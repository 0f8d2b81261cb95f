import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isGuarded, looksSecret } from '../../../core/policy/protections.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';

/** Where the workspace is, and which folders are our own. */
export interface Ground {
  readonly workspace: string;
  readonly ownFolders: readonly string[];
}

/** A path that was followed to its end. */
export interface Spot {
  /** Absolute real path in the system's own form. */
  readonly path: string;
  /** Relative to the workspace with `/` between names, or absolute. */
  readonly shown: string;
  readonly place: 'workspace' | 'outside' | 'butler';
  readonly exists: boolean;
  /** A name that rules an agent or looks secret, from which a link leads here, where its own does neither. */
  readonly named?: string;
  /** Such a name of a link that leads to something below here, where links were looked for. */
  readonly holds?: string;
}

/**
 * Follows a path that a person or a model gave, relative to the workspace or absolute, through every link to
 * where it really leads (SECURITY S7). What does not exist yet is followed as far as it does. Fails with
 * `invalid` for forms that mean different places to different systems.
 */
export async function findSpot(given: string, ground: Ground, field = 'path'): Promise<Outcome<Spot>> {
  const fault = faultOf(given);
  if (fault) return bad(wrongPath(field, given, fault));
  const absolute = path.resolve(ground.workspace, given);
  if (isKernelPath(absolute)) return bad(wrongPath(field, given, 'belongs to the system'));
  const real = await followed(absolute);
  if ('fault' in real) return bad(wrongPath(field, given, real.fault));
  if (isKernelPath(real.path)) return bad(wrongPath(field, given, 'leads into the system'));
  return good({
    ...real,
    ...(await classified(real.path, ground)),
    ...namedBy(absolute, real.path, ground),
  });
}

/**
 * The same for a thing that is to be moved or taken away as it is: the folder that it lies in is followed, but its
 * own name is not, so that a link stays a link.
 */
export async function findEntry(given: string, ground: Ground, field = 'path'): Promise<Outcome<Spot>> {
  const fault = faultOf(given);
  if (fault) return bad(wrongPath(field, given, fault));
  const absolute = path.resolve(ground.workspace, given);
  const folder = await followed(path.dirname(absolute));
  if ('fault' in folder) return bad(wrongPath(field, given, folder.fault));
  const real = path.join(folder.path, path.basename(absolute));
  if (isKernelPath(absolute) || isKernelPath(real)) {
    return bad(wrongPath(field, given, 'belongs to the system'));
  }
  const exists = (await lstat(real).catch(() => null)) !== null;
  const spot = {
    ...{ path: real, exists },
    ...(await classified(real, ground)),
    ...namedBy(absolute, real, ground),
  };
  if (!isWithin(ground.workspace, real)) return good(spot);
  return bad(wrongPath(field, given, 'is the workspace itself or a folder above it'));
}

/** A file that was found below a folder, which was followed before, on a way without links. */
export async function spotBelow(folder: Spot, name: string, ground: Ground): Promise<Spot> {
  const below = path.join(folder.path, name);
  return { path: below, exists: true, ...(await classified(below, ground)) };
}

/** The effect of touching a spot. */
export function fileEffect<K extends 'read' | 'write' | 'delete'>(kind: K, spot: Spot): Effect {
  const { shown, place } = spot;
  const takesPlace = kind === 'delete' || (kind === 'write' && !spot.exists);
  const name = spot.named ?? (takesPlace ? spot.holds : undefined);
  const also = name === undefined ? {} : { named: name };
  const file = { path: spot.path.split(path.sep).join('/'), shown, place, ...also };
  return kind === 'read'
    ? { kind, ...file }
    : { kind: kind as 'write' | 'delete', ...file, reversible: true };
}

/** The effect of reading through the whole workspace. */
export function wholeWorkspace({ workspace }: Ground): Effect {
  return { kind: 'read', path: workspace.split(path.sep).join('/'), shown: '.', place: 'workspace' };
}

/** Whether `inner` is `outer` or lies below it, with the case of letters folded away. */
export function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(fold(outer), fold(inner));
  return (
    relative === '' ||
    (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
  );
}

/** What is wrong with a path inside a deliverable, or `null`: it must mean one place below a folder on every system. */
export function relativeFault(given: string): string | null {
  if (given === '' || given.length > 1024) return 'is empty or too long';
  if (given.includes('\\')) return 'holds a backslash';
  const names = given.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..'))
    return 'is not a plain relative path';
  if (names.some((name) => /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name))) return 'is a reserved name';
  if (names.some((name) => /[<>"|?*]/.test(name))) return 'holds a character that not every system allows';
  return faultOf(given);
}

function faultOf(given: string): string | null {
  if (given === '') return 'is empty';
  if (given.length > 4096) return 'is too long';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(given)) return 'holds invisible characters';
  const drive = process.platform === 'win32' ? /^[A-Za-z]:(?=[\\/])/ : /^$/;
  const names = given.replace(drive, '').split(process.platform === 'win32' ? /[\\/]/ : /\//);
  if (names[0]?.startsWith('~')) return 'begins with "~"';
  if (names.some((name) => name.includes(':'))) return 'holds a ":"';
  if (names.some((name) => name !== '.' && name !== '..' && /[. ]$/.test(name))) {
    return 'has a name that ends with a dot or a space';
  }
  if (/^[\\/]{2}/.test(given)) return 'is a network path';
  return null;
}

/** Paths that are windows into processes and devices: the same text means another place in every process. */
function isKernelPath(absolute: string): boolean {
  return process.platform !== 'win32' && /^\/(proc|sys|dev)(\/|$)/.test(absolute);
}

async function followed(absolute: string): Promise<{ path: string; exists: boolean } | { fault: string }> {
  const missing: string[] = [];
  for (let at = absolute; ; at = path.dirname(at)) {
    try {
      const real = await realpath(at);
      const isBelowFile = missing.length > 0 && !(await lstat(real)).isDirectory();
      if (isBelowFile) return { fault: 'goes through something that is not a folder' };
      return { path: path.join(real, ...missing), exists: missing.length === 0 };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ELOOP') return { fault: 'is a link that leads round in a circle' };
      if (code !== 'ENOENT' && code !== 'ENOTDIR') return { fault: 'cannot be reached' };
      if (await isLink(at)) return { fault: 'is a link that leads nowhere' };
      if (path.dirname(at) === at) return { fault: 'cannot be reached' };
      missing.unshift(path.basename(at));
    }
  }
}

async function isLink(at: string): Promise<boolean> {
  return (await lstat(at).catch(() => null))?.isSymbolicLink() ?? false;
}

async function classified(real: string, ground: Ground): Promise<Pick<Spot, 'shown' | 'place'>> {
  for (const folder of ground.ownFolders) {
    if (isWithin(real, folder)) return { place: 'butler', shown: real };
  }
  const relative = path.relative(ground.workspace, real);
  const inside =
    relative === '' ||
    (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative));
  const shown = inside ? relative.split(path.sep).join('/') || '.' : real;
  if (shown.split(/[\\/]/).some((name) => fold(name) === '.butler')) return { place: 'butler', shown };
  return { place: inside ? 'workspace' : 'outside', shown };
}

/** The given name of a place, where it rules though its own does not. */
function namedBy(given: string, real: string, ground: Ground): Pick<Spot, 'named'> {
  const name = rulingName(given, real, ground);
  return name === null ? {} : { named: name };
}

/** A name for a place, relative to the workspace, where it rules an agent or looks secret and its own does not. */
export function rulingName(name: string, real: string, { workspace }: Ground): string | null {
  const [one, own] = [path.relative(workspace, name), path.relative(workspace, real)];
  const isNew = (isGuarded(one) && !isGuarded(own)) || (looksSecret(one) && !looksSecret(own));
  return isNew && isWithin(name, workspace) ? one.split(path.sep).join('/') : null;
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}|\p{Mn}/gu, '')
    .toLowerCase();
}

function wrongPath(field: string, given: string, fault: string) {
  const shown = JSON.stringify(given.length > 120 ? `${given.slice(0, 120)}…` : given);
  return failures.invalid(
    field,
    `"${field}": the path ${shown} ${fault}.`,
    'Give a plain path inside the workspace.',
  );
}
