import { listAttachments, readAttachment } from '../server/protocol/attachment.ts';
import { good } from '../server/protocol/failure.ts';
import { StoredFiles } from './storedFiles.ts';
import type { Worker } from './worker.ts';

/** The files that were handed over with jobs as documents, by the job's id. */
export function attachedFiles({ send }: Worker): StoredFiles {
  return new StoredFiles({
    scheme: 'butler-attached',
    list: async (job) => {
      const listed = await send(listAttachments, { job });
      if (!listed.ok) return listed;
      const { created, files } = listed.value;
      return good({ created, files: files.map(({ name, size }) => ({ path: name, size })) });
    },
    piece: (job, name, from) => send(readAttachment, { job, name, from }),
  });
}
