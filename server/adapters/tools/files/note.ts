import { hash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ToolContext } from '../../../core/ports/tool.ts';

/**
 * Notes what an execution is about to do in a folder of our own, before it does it, so that one that was cut off
 * can be told from one that never began.
 */
export async function writeNote(context: ToolContext, note: unknown): Promise<void> {
  const file = fileOf(context);
  if (!file) return;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  if (isTurnOf(file)) await forgetOld(path.dirname(file));
  await writeFile(file, JSON.stringify(note), { mode: 0o600 });
}

/** What was noted of the execution; `undefined` where it never began. */
export async function readNote(context: ToolContext): Promise<unknown> {
  const file = fileOf(context);
  const text = file && (await readFile(file, 'utf8').catch(() => null));
  if (!text) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A note is wanted until the journal says how the execution ended, which a worker that takes over does at once. */
const oldest = 24 * 60 * 60_000;

function fileOf({ ownFolders, execution }: ToolContext): string | null {
  const [own] = ownFolders;
  return own ? path.join(own, 'begun', `${hash('sha256', execution).slice(0, 32)}.json`) : null;
}

/** Whether this note is the one of some 256 that looks for old ones: to look through all takes as long as they are many. */
function isTurnOf(file: string): boolean {
  return path.basename(file).startsWith('00');
}

async function forgetOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found && Date.now() - found.mtimeMs > oldest) await rm(file, { force: true });
  }
}
