import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { PolicyLayer } from '../../core/policy/decide.ts';
import type { PolicyState } from '../../protocol/policy.ts';
import type { LinedFault } from '../files/linedJson.ts';
import { type ParsedPolicy, parsePolicy } from './parsePolicy.ts';

/** One file that holds rules, and whose it is. */
export interface PolicyPlace {
  readonly source: PolicyState['source'];
  readonly file: string;
  /** The folder in which the file must truly lie; a link that leads out of it is a fault. */
  readonly within?: string;
}

/** A file as it was read: what it makes the policy say, and what a person is told of it. */
export interface ReadPolicy {
  readonly layer: PolicyLayer;
  readonly state: PolicyState;
}

/** A file longer than this is not a hand-written one. */
const longestFile = 256 * 1024;

/** Reads one file; whatever is wrong with it is said, never thrown. */
export async function readPolicy(place: PolicyPlace): Promise<ReadPolicy> {
  try {
    const text = await textOf(place);
    if (text === null) return content(place, false, { rules: [], faults: [], lineOf: () => 1 }, []);
    if ('ignored' in text) return content(place, false, nothing, [{ line: 1, message: text.ignored }]);
    const parsed = parsePolicy(text.whole);
    return content(place, true, parsed, place.source === 'workspace' ? wideningIn(parsed) : []);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return content(place, true, { ...nothing, faults: [{ line: 1, message }] }, []);
  }
}

const nothing: ParsedPolicy = { rules: [], faults: [], lineOf: () => 1 };

/** Faults make the layer faulty; notes are told and change nothing. */
function content(
  { source, file }: PolicyPlace,
  exists: boolean,
  { rules, faults }: ParsedPolicy,
  notes: readonly LinedFault[],
): ReadPolicy {
  const [fault] = faults;
  return {
    layer: { rules, fault: fault ? `${file}:${fault.line} ${fault.message}` : null },
    state: { source, file, exists, rules: [...rules], problems: [...faults, ...notes] },
  };
}

/** Rules of a workspace that allow something; they are passed over (SECURITY S3). */
function wideningIn({ rules, faults, lineOf }: ParsedPolicy): LinedFault[] {
  if (faults.length > 0) return [];
  return rules.flatMap(({ decision }, at) =>
    decision === 'allow'
      ? [{ line: lineOf(at), message: 'A workspace may only tighten; this rule is passed over.' }]
      : [],
  );
}

type Text = { readonly whole: string } | { readonly ignored: string };

async function textOf(place: PolicyPlace): Promise<Text | null> {
  const handle = await open(place.file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(absent);
  if (!handle) return null;
  try {
    return await read(handle, place);
  } finally {
    await handle.close();
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

async function read(handle: FileHandle, { source, file, within }: PolicyPlace): Promise<Text> {
  const found = await handle.stat();
  if (!found.isFile()) throw new Error('This is not an ordinary file.');
  if (found.size > longestFile) throw new Error('The file is larger than 256 KB.');
  if (within && path.relative(within, await realpath(file)) !== path.relative(within, file)) {
    throw new Error('The file leads somewhere else.');
  }
  if (source === 'managed' && process.platform !== 'win32' && anyoneMayWrite(found)) {
    return { ignored: 'Others than the owner of this machine may write this file, so it does not count.' };
  }
  return { whole: await handle.readFile('utf8') };
}

function anyoneMayWrite({ mode, uid }: Stats): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && uid !== 0);
}
