import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { looksSecret } from '../../../core/policy/protections.ts';
import type { ToolContext } from '../../../core/ports/tool.ts';
import type { AttachedFile } from '../../../protocol/attachment.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { anchor } from './anchor.ts';
import { readAttached } from './attached.ts';
import { unreadable } from './look.ts';
import { fileEffect, findSpot, relativeFault, type Spot, spotBelow } from './places.ts';
import { publishMarker } from './ripgrep.ts';

/** A file of a deliverable as a call names it: with its content, or by where that is. */
export interface Wanted {
  readonly path: string;
  readonly content?: string | undefined;
  readonly from?: string | undefined;
}

/** A file that a deliverable is to have, and where its bytes are; `field` is the place in the input. */
export type Taken = { readonly path: string; readonly field: string } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'attached'; readonly file: AttachedFile }
  | { readonly kind: 'file'; readonly spot: Spot }
);

/** Files that one deliverable may have. */
const mostFiles = 20_000;

/** Finds every file that a call wants, those below a folder included, and the effects of reading them. */
export async function findTaken(
  wanted: readonly Wanted[],
  context: ToolContext,
): Promise<Outcome<{ taken: Taken[]; effects: Effect[] }>> {
  const taken: Taken[] = [];
  const effects: Effect[] = [];
  for (const [index, { path: to, content, from }] of wanted.entries()) {
    const field = `files.${index}.from`;
    if (from === undefined) {
      taken.push({ path: to, field, kind: 'text', text: content ?? '' });
      continue;
    }
    const attached = readAttached(from, context, field);
    if (attached) {
      if (!attached.ok) return attached;
      taken.push({ path: to, field, kind: 'attached', file: attached.value });
      continue;
    }
    const spot = await findSpot(from, context, field);
    if (!spot.ok) return spot;
    effects.push(fileEffect('read', spot.value));
    const below = spot.value.place === 'outside' ? null : await filesBelow(spot.value, context);
    if (below && !below.ok) return below;
    if (!below?.value) taken.push({ path: to, field, kind: 'file', spot: spot.value });
    for (const name of below?.value ?? []) {
      const one = await spotBelow(spot.value, name, context);
      if (looksSecret(one.shown) || one.place !== 'workspace') effects.push(fileEffect('read', one));
      taken.push({ path: to === '.' ? name : `${to}/${name}`, field, kind: 'file', spot: one });
      if (taken.length > mostFiles) return tooMany(field);
    }
  }
  return pathsFault(taken) ?? good({ taken, effects });
}

/** The ordinary files below a folder, without links and git's own; `null` where it is no folder. */
async function filesBelow(
  { path: folder, shown }: Spot,
  context: ToolContext,
): Promise<Outcome<string[] | null>> {
  const found: string[] = [];
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    if (context.signal.aborted) return bad(failures.cancelled('The deliverable was not saved.'));
    try {
      await using held = await anchor(path.join(folder, below));
      for (const entry of await readdir(`${held.base}/.`, { withFileTypes: true })) {
        const name = below === '' ? entry.name : `${below}/${entry.name}`;
        if (entry.isFile()) found.push(name);
        else if (entry.isDirectory() && entry.name !== '.git') waiting.push(name);
      }
    } catch (error) {
      const isFile = below === '' && /^(ENOTDIR|ENOENT)$/.test((error as NodeJS.ErrnoException).code ?? '');
      if (isFile || (below === '' && (await isNoFolder(folder)))) return good(null);
      const known = unreadable({ shown: `${shown}/${below}` }, error);
      if (!known.ok) return known;
    }
    if (found.length > mostFiles) return tooMany('files');
  }
  return good(found.sort());
}

async function isNoFolder(folder: string): Promise<boolean> {
  return readdir(folder).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOTDIR',
  );
}

function tooMany(field: string): Outcome<never> {
  const what = `"${field}": there are more than ${mostFiles} files.`;
  return bad(failures.invalid(field, what, 'Name a smaller folder, or pack the files.'));
}

/** The failure of a list of paths that cannot stand side by side in one folder on every system; else `null`. */
function pathsFault(taken: readonly Taken[]): Outcome<never> | null {
  if (taken.length === 0) {
    return bad(failures.invalid('files', '"files": the folder holds no file.', 'Name another folder.'));
  }
  const files = new Set<string>();
  const folders = new Map<string, string>();
  for (const { path: one, field } of taken) {
    const folded = one.toLowerCase();
    const reserved = folded.split('/').at(-1) === publishMarker ? 'is a reserved name' : null;
    const fault = relativeFault(one) ?? (files.has(folded) ? 'is there twice' : null) ?? reserved;
    if (fault) {
      const at = field.replace(/from$/, 'path');
      const what = `"${at}": ${JSON.stringify(one.slice(0, 120))} ${fault}.`;
      return bad(failures.invalid(at, what, 'Give plain relative paths, each once.'));
    }
    files.add(folded);
    for (let end = folded.lastIndexOf('/'); end > 0; end = folded.lastIndexOf('/', end - 1)) {
      folders.set(folded.slice(0, end), one.slice(0, end));
    }
  }
  const both = [...files].find((file) => folders.has(file));
  if (both === undefined) return null;
  const what = `"files": ${folders.get(both)} is both a file and a folder.`;
  return bad(failures.invalid('files', what, 'Rename one of them.'));
}
