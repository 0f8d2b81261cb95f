import { readDeliverable, readDeliverableFile } from '../server/protocol/deliverable.ts';
import { StoredFiles } from './storedFiles.ts';
import type { Worker } from './worker.ts';

/** The files of deliverables as documents, by the deliverable's id. */
export function deliverableFiles({ send }: Worker): StoredFiles {
  return new StoredFiles({
    scheme: 'butler-deliverable',
    list: (id) => send(readDeliverable, { id }),
    piece: (id, path, from) => send(readDeliverableFile, { id, path, from }),
  });
}
