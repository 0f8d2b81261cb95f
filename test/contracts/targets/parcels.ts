import { randomBytes, randomUUID } from 'node:crypto';
import type { Parcel, TargetContext } from '../../../server/core/ports/target.ts';
import type { Ground } from '../tools/ground.ts';

/** A context for one execution more. */
export function contextOf(ground: Ground): TargetContext {
  const { workspace, blobs } = ground;
  return {
    workspace,
    blobs,
    execution: `publication-${randomUUID()}`,
    signal: new AbortController().signal,
    now: () => 1,
    ownFolders: [],
    credential: async () => null,
    progress: () => {},
  };
}

/** A parcel of texts by path. */
export async function parcelOf(ground: Ground, texts: Record<string, string>): Promise<Parcel> {
  const files: Parcel['files'][number][] = [];
  for (const [name, text] of Object.entries(texts).sort()) {
    const bytes = Buffer.from(text);
    files.push({ path: name, digest: await ground.blobs.put(bytes), size: bytes.length, mime: 'text/plain' });
  }
  return { deliverable: 'deliverable-1', title: 'Test', files };
}

/** A parcel of one file of so many MiB, unlike any other. */
export async function largeParcel(ground: Ground, mebibytes: number): Promise<Parcel> {
  const kept = await ground.blobs.putAll(mebibytesOf(mebibytes));
  const file = { path: 'large.bin', ...kept, mime: 'application/octet-stream' };
  return { deliverable: 'large', title: 'Large', files: [file] };
}

async function* mebibytesOf(count: number): AsyncGenerator<Uint8Array> {
  const piece = randomBytes(1024 * 1024);
  for (let index = 0; index < count; index++) {
    piece.writeUInt32BE(index);
    yield Buffer.from(piece);
  }
}

/** What a plan shows, by path. */
export function changesOf(plan: {
  preview: { files: { path: string; change: string }[] };
}): Record<string, string> {
  return Object.fromEntries(plan.preview.files.map((file) => [file.path, file.change]));
}
