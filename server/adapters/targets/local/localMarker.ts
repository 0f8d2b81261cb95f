import path from 'node:path';
import * as z from 'zod';
import { Digest, Id, Time } from '../../../protocol/message.ts';
import { markerName } from '../marker.ts';
import { jsonAt } from './jsonAt.ts';

/** What the marker of a local folder holds; files that it does not name are not ours. */
export const LocalMarker = z.strictObject({
  about: z.string(),
  execution: Id,
  deliverable: Id,
  time: Time,
  /** Each published file with its digest. */
  files: z.record(z.string(), Digest),
  /** The blob with what `unpublish` wants. */
  undo: Digest,
});
export type LocalMarker = z.infer<typeof LocalMarker>;

/** The marker of a folder; `null` where there is none that can be read. */
export async function readMarker(folder: string): Promise<LocalMarker | null> {
  return LocalMarker.safeParse(await jsonAt(path.join(folder, markerName))).data ?? null;
}
