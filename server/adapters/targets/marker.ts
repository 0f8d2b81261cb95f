import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { Digest, Id, Time } from '../../protocol/message.ts';
import { publishMarker } from '../tools/files/ripgrep.ts';

/** The file in a published folder that says which publication stands there. */
export const markerName = publishMarker;

/** What it holds. Files that it does not name are not ours. */
export const Marker = z.strictObject({
  about: z.string(),
  execution: Id,
  deliverable: Id,
  time: Time,
  /** Each published file with its digest. */
  files: z.record(z.string(), Digest),
  /** The blob with what `unpublish` wants. */
  undo: Digest,
});
export type Marker = z.infer<typeof Marker>;

/** The marker of a folder; `null` where there is none that can be read. */
export async function readMarker(folder: string): Promise<Marker | null> {
  try {
    return Marker.parse(JSON.parse(await readFile(path.join(folder, markerName), 'utf8')));
  } catch {
    return null;
  }
}
