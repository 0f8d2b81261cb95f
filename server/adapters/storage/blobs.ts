import type { Blobs } from '../../core/ports/store.ts';
import { digestOf } from './entryRow.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** Blobs in the encrypted file itself. A full or failing disk makes `put` reject. */
export function blobsOn(queries: Queries): Blobs {
  const put = queries.prepare({ digest: '', bytes: new Uint8Array() as Uint8Array }, (args) =>
    sqlite
      .insertInto('blobs')
      .values(args)
      .onConflict((row) => row.doNothing()),
  );
  const get = queries.prepare({ digest: '' }, ({ digest }) =>
    sqlite.selectFrom('blobs').select('bytes').where('digest', '=', digest),
  );
  return {
    put: async (bytes) => {
      const digest = digestOf(bytes);
      put.run({ digest, bytes });
      return digest;
    },
    get: async (digest) => {
      const row = get.get({ digest });
      return row ? new Uint8Array(row.bytes) : null;
    },
  };
}
