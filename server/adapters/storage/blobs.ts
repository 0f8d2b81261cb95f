import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Blobs } from '../../core/ports/store.ts';
import { digestOf } from './entryRow.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** Bytes of one part of a large blob, and of the largest that lies in one row when it came in pieces. */
const partSize = 1024 * 1024;
/** Milliseconds after which a large blob that is still not whole was left behind by a process that died. */
const longestArrival = 6 * 60 * 60_000;

/** Blobs in the encrypted file itself. A full or failing disk makes `put` and `putAll` reject. */
export function blobsOn(queries: Queries, now: () => number): Blobs {
  const statements = statementsOf(queries);
  const put = async (bytes: Uint8Array) => {
    const digest = digestOf(bytes);
    statements.put.run({ digest, bytes, parts: null, size: bytes.length });
    return digest;
  };
  return {
    put,
    get: async (digest) => {
      const row = statements.get.get({ digest });
      if (!row || row.parts === null) return row ? new Uint8Array(row.bytes) : null;
      return new Uint8Array(Buffer.concat([...partsOf(statements, row.parts, 0)]));
    },
    putAll: async (pieces) => {
      let blob: number | null = null;
      let part = 0;
      let size = 0;
      const hash = createHash('sha256');
      const save = (bytes: Uint8Array) => {
        blob ??= begin(statements, now());
        statements.putPart.run({ blob, part: part++, bytes });
      };
      try {
        let waiting: Uint8Array[] = [];
        let held = 0;
        for await (const piece of pieces) {
          hash.update(piece);
          size += piece.length;
          waiting.push(piece);
          held += piece.length;
          while (held > partSize) {
            const all = Buffer.concat(waiting);
            save(all.subarray(0, partSize));
            waiting = [all.subarray(partSize)];
            held -= partSize;
          }
        }
        const rest = Buffer.concat(waiting);
        if (blob === null) return { digest: await put(rest), size };
        save(rest);
      } catch (error) {
        if (blob !== null) forget(statements, blob);
        throw error;
      }
      const digest = hash.digest('hex');
      const fresh = statements.put.run({ digest, bytes: new Uint8Array(), parts: blob, size }) === 1;
      if (fresh) statements.arrived.run({ blob });
      else forget(statements, blob);
      return { digest, size };
    },
    open: async (digest, from = 0) => {
      const row = statements.get.get({ digest });
      if (!row) return null;
      return inTurns(row.parts === null ? slicesOf(row.bytes, from) : partsOf(statements, row.parts, from));
    },
  };
}

/** The number of the row that this connection inserted last. */
const lastRow = sql<number>`last_insert_rowid()`;

type Statements = ReturnType<typeof statementsOf>;

/** Makes room for a large blob under a number of its own; what died in its middle long ago is taken away. */
function begin(statements: Statements, now: number): number {
  for (const { blob } of statements.stale.all({ begun: now - longestArrival })) forget(statements, blob);
  statements.begin.run({ begun: now });
  return statements.newest.get({})?.blob ?? 0;
}

function forget(statements: Statements, blob: number): void {
  statements.dropParts.run({ blob });
  statements.arrived.run({ blob });
}

function* partsOf(statements: Statements, blob: number, from: number): Generator<Uint8Array> {
  for (let part = Math.floor(from / partSize), skip = from % partSize; ; part++, skip = 0) {
    const row = statements.getPart.get({ blob, part });
    if (!row) return;
    yield new Uint8Array(row.bytes).subarray(skip);
  }
}

function* slicesOf(bytes: Uint8Array, from: number): Generator<Uint8Array> {
  for (let at = from; at < bytes.length; at += partSize) {
    yield new Uint8Array(bytes.subarray(at, at + partSize));
  }
}

async function* inTurns(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

function statementsOf(queries: Queries) {
  const bytes = new Uint8Array() as Uint8Array;
  return {
    put: queries.prepare({ digest: '', bytes, parts: null as number | null, size: 0 }, (args) =>
      sqlite
        .insertInto('blobs')
        .values(args)
        .onConflict((row) => row.doNothing()),
    ),
    get: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.selectFrom('blobs').select(['bytes', 'parts']).where('digest', '=', digest),
    ),
    begin: queries.prepare({ begun: 0 }, ({ begun }) => sqlite.insertInto('blobArrivals').values({ begun })),
    newest: queries.prepare({}, () => sqlite.selectNoFrom(lastRow.as('blob'))),
    stale: queries.prepare({ begun: 0 }, ({ begun }) =>
      sqlite.selectFrom('blobArrivals').select('blob').where('begun', '<', begun),
    ),
    arrived: queries.prepare({ blob: 0 }, ({ blob }) =>
      sqlite.deleteFrom('blobArrivals').where('blob', '=', blob),
    ),
    putPart: queries.prepare({ blob: 0, part: 0, bytes }, (args) =>
      sqlite.insertInto('blobParts').values(args),
    ),
    getPart: queries.prepare({ blob: 0, part: 0 }, ({ blob, part }) =>
      sqlite.selectFrom('blobParts').select('bytes').where('blob', '=', blob).where('part', '=', part),
    ),
    dropParts: queries.prepare({ blob: 0 }, ({ blob }) =>
      sqlite.deleteFrom('blobParts').where('blob', '=', blob),
    ),
  };
}
