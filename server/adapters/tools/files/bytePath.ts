import path from 'node:path';

/** A path as text, or as bytes where the system's names need not be text. */
export type AnyPath = string | Buffer;

/** The folder that holds what a path names. */
export function parentOf(file: AnyPath): AnyPath {
  return typeof file === 'string' ? path.dirname(file) : file.subarray(0, file.lastIndexOf(slash));
}

/** The last name of a path. */
export function nameOf(file: AnyPath): AnyPath {
  return typeof file === 'string' ? path.basename(file) : file.subarray(file.lastIndexOf(slash) + 1);
}

/** The path of a name in a folder. */
export function under(folder: AnyPath, name: AnyPath): AnyPath {
  if (typeof folder === 'string' && typeof name === 'string') return path.join(folder, name);
  return Buffer.concat([bytesOf(folder), Buffer.of(slash), bytesOf(name)]);
}

/** A name below a folder, each of its bytes given as one character, as a path. */
export function fromBytes(folder: string, name: string): AnyPath {
  const bytes = Buffer.from(name, 'latin1');
  const text = bytes.toString('utf8');
  if (name === '') return folder;
  return Buffer.from(text, 'utf8').equals(bytes) ? path.join(folder, text) : under(folder, bytes);
}

/** A name, each of its bytes given as one character, as a person reads it. */
export function shownName(name: string): string {
  return Buffer.from(name, 'latin1').toString('utf8');
}

/** A name that is text, each of its bytes as one character. */
export function byteName(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}

const slash = 0x2f;
const bytesOf = (part: AnyPath) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part);
