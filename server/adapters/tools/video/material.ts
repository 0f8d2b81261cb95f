import { open as openNew, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ToolContext } from '../../../core/ports/tool.ts';
import type { Effect } from '../../../protocol/effect.ts';
import { bad, failures, good, type Outcome } from '../../../protocol/failure.ts';
import { type Reach, reach } from '../../deliverables/bytes.ts';
import type { Medium } from '../../deliverables/media/medium.ts';
import { probe } from '../../deliverables/media/probes.ts';
import { openFile } from '../files/anchor.ts';
import { type Marked, markOf } from '../files/keep.ts';
import { findTaken, type Taken } from '../files/taking.ts';

/** A file that goes into a video, with what it is now. */
export interface Material extends Marked {
  readonly source: Exclude<Taken, { kind: 'text' }>;
  readonly medium: Medium | null;
}

/** Finds a file of the workspace or one that was attached, and looks at it; what is outside is not looked at. */
export async function findMaterial(
  from: string,
  field: string,
  context: ToolContext,
): Promise<Outcome<{ material: Material; effects: Effect[] }>> {
  const found = await findTaken([{ path: 'one', from }], context);
  if (!found.ok) return { ok: false, failure: { ...found.failure, field } };
  const { taken, effects } = found.value;
  const [source] = taken;
  if (!source || taken.length > 1 || source.kind === 'text') {
    return bad(failures.invalid(field, `"${field}": ${from} is a folder.`, 'Name a file in it.'));
  }
  if (source.kind === 'file' && source.spot.place === 'outside') {
    return good({ material: { source, medium: null, mark: source.spot.path, size: 0 }, effects });
  }
  const marked = await marksOf(source, field, context);
  if (!marked.ok) return marked;
  const medium = await probe(reachOf(source, marked.value.size, context));
  return good({ material: { source, medium, ...marked.value }, effects });
}

/** Copies it into a folder; `conflict` where it is not what it was when it was found. */
export async function copyMaterial(
  { source, mark, size }: Material,
  to: string,
  context: ToolContext,
): Promise<Outcome<void>> {
  const from = reachOf(source, size, context);
  await using file = await openNew(to, 'wx', 0o600);
  for (let at = 0; at < size; at += pieceSize) {
    if (context.signal.aborted) return bad(failures.cancelled('No video was made.'));
    await file.write(await from.read(at, pieceSize));
  }
  const now = await marksOf(source, source.field, context);
  if (!now.ok) return now;
  if (now.value.mark === mark) return good(undefined);
  await rm(to, { force: true });
  const what = `${path.basename(source.kind === 'file' ? source.spot.path : source.file.name)} changed meanwhile.`;
  return bad(failures.conflict(what, 'Make the video again.'));
}

const pieceSize = 4 * 1024 * 1024;

async function marksOf(
  source: Material['source'],
  field: string,
  context: ToolContext,
): Promise<Outcome<Marked>> {
  if (source.kind === 'file') return markOf(source.spot, field, context.signal);
  return good({ mark: source.file.digest, size: source.file.size });
}

function reachOf(source: Material['source'], size: number, { blobs }: ToolContext): Reach {
  if (source.kind === 'attached') return reach({ ...source.file, path: source.path }, blobs);
  const { spot } = source;
  return {
    size,
    read: async (from, length) => {
      await using file = await openFile(spot.path);
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - from)));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      return new DataView(bytes.buffer, 0, bytesRead);
    },
  };
}
