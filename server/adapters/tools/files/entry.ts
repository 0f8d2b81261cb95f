import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { isGuarded } from '../../../core/policy/protections.ts';
import type { Blobs } from '../../../core/ports/store.ts';
import type { ToolContext } from '../../../core/ports/tool.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { byteName, fromBytes, shownName } from './bytePath.ts';
import { digestOf } from './look.ts';
import { fileEffect, type Spot } from './places.ts';
import { decode } from './textForm.ts';
import { contentAt, type Images, type Thing } from './things.ts';

/** So much is kept of what is taken away; beyond any of these it is gone for good. */
export const kept = { names: 2_000, bytes: 64 * 1024 * 1024 } as const;

/** A file, link or folder with all that lies in it, each by its name below the workspace. */
export interface Entry {
  readonly spot: Spot;
  readonly kind: Thing['kind'];
  /** Everything with its digests; `null` where it is more than is kept, or what no copy brings back. */
  readonly things: ReadonlyMap<string, Thing> | null;
  /** Names of the first that were found, the entry's own first. */
  readonly names: readonly string[];
  readonly bytes: number;
}

/** Looks through an entry; fails where there is none, or where a document in it has unsaved changes. */
export async function readEntry(spot: Spot, context: ToolContext, field = 'path'): Promise<Outcome<Entry>> {
  const own = byteName(path.relative(context.workspace, spot.path).split(path.sep).join('/'));
  const things = new Map<string, Thing>();
  const names = [own];
  const images = blobImages(context.blobs);
  let bytes = 0;
  let whole = true;
  for (const name of names) {
    const at = fromBytes(context.workspace, name);
    const stat = await lstat(at).catch(() => null);
    if (!stat) continue;
    bytes += stat.isFile() ? stat.size : 0;
    if (names.length > kept.names || bytes > kept.bytes) {
      whole = false;
      break;
    }
    const found = await contentAt(at, images);
    if (found === 'other' || !found) whole = false;
    else {
      if (typeof at === 'string' && isUnsaved(at, found.bytes, context)) return bad(unsaved(name));
      things.set(name, found.thing);
    }
    if (!stat.isDirectory()) continue;
    const below = await readdir(at, 'latin1');
    names.push(...below.sort().map((one) => `${name}/${one}`));
  }
  const kind = things.get(own)?.kind;
  if (!kind) return bad(failures.invalid(field, `There is no ${spot.shown}.`, 'Look what there is first.'));
  return good({ spot, kind, things: whole ? things : null, names: names.slice(0, kept.names), bytes });
}

/**
 * What taking an entry away, or putting it somewhere, touches: itself, and each guarded file in it by its name
 * there. Where it holds more than was looked through, it is not called reversible, so that a person is asked.
 */
export function entryEffects(
  kind: 'write' | 'delete',
  spot: Spot,
  entry: Entry,
  workspace: string,
): readonly Effect[] {
  const own = byteName(path.relative(workspace, entry.spot.path).split(path.sep).join('/'));
  const reversible = entry.things !== null;
  const effects = [{ ...fileEffect(kind, spot), reversible } as Effect];
  for (const name of entry.names) {
    const below = shownName(name.slice(own.length));
    if (below === '' || !isGuarded(`${spot.shown}${below}`)) continue;
    const inside = { ...spot, path: path.join(spot.path, below), shown: `${spot.shown}${below}` };
    effects.push({ ...fileEffect(kind, inside), reversible } as Effect);
  }
  return effects.slice(0, mostEffects);
}

/** What an entry is, to the last bit, wherever it lies; `null` where it is too much to tell. */
export function fingerprintOf({ things }: Entry): string | null {
  if (!things) return null;
  const [own = ''] = things.keys();
  const all = [...things].map(([name, thing]) => [name.slice(own.length), thing]);
  return digestOf(JSON.stringify(all));
}

/** Contents in the store, by SHA-256. */
export function blobImages(blobs: Blobs): Images {
  return { digestOf, get: (digest) => blobs.get(digest), open: (digest) => blobs.open(digest) };
}

/** A policy sees no more than this; a folder that holds more guarded files is guarded by its first ones. */
const mostEffects = 200;

function isUnsaved(at: string, bytes: Uint8Array, { editor }: ToolContext): boolean {
  const open = editor?.openText(at) ?? null;
  return open !== null && decode(bytes)?.text !== open;
}

function unsaved(name: string) {
  return failures.conflict(
    `${shownName(name)} has changes that are not saved.`,
    'Ask the person to save or discard them, then try again.',
  );
}
