import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Blobs } from '../../core/ports/store.ts';
import { good } from '../../protocol/failure.ts';
import { digestOf } from './entryRow.ts';
import type { Queries } from './prepare.ts';
import { sqlite, type Tables } from './tables.ts';
import type { Transact } from './transaction.ts';

/** Bytes of one part of a large blob, and of the largest that lies in one row when it came in pieces. */
const partSize = 1024 * 1024;
/** Milliseconds after which a large blob that is still not whole was left behind by a process that died. */
const longestArrival = 6 * 60 * 60_000;

/** Blobs in the encrypted file itself. A full or failing disk makes `put` and `putAll` reject. */
export function blobsOn(queries: Queries, transact: Transact, now: () => number): Blobs {
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
      return row ? new Uint8Array(Buffer.concat([...piecesOf(statements, row, 0)])) : null;
    },
    putAll: async (pieces) => {
      const arrival = arrivalOn(statements, transact, now);
      const hash = createHash('sha256');
      let size = 0;
      let waiting: Uint8Array[] = [];
      let held = 0;
      try {
        for await (const piece of pieces) {
          hash.update(piece);
          size += piece.length;
          waiting.push(piece);
          held += piece.length;
          while (held > partSize) {
            const all = Buffer.concat(waiting);
            arrival.save(all.subarray(0, partSize));
            waiting = [all.subarray(partSize)];
            held -= partSize;
          }
        }
        const rest = Buffer.concat(waiting);
        if (!arrival.begun()) return { digest: await put(rest), size };
        arrival.save(rest);
        const digest = hash.digest('hex');
        arrival.end(digest, size);
        return { digest, size };
      } catch (error) {
        arrival.giveUp();
        throw error;
      }
    },
    open: async (digest, from = 0) => {
      const row = statements.get.get({ digest });
      return row ? inTurns(piecesOf(statements, row, from)) : null;
    },
  };
}

/** A large blob on its way in; until its end nothing refers to its parts. */
interface Arrival {
  begun(): boolean;
  save(bytes: Uint8Array): void;
  /** Makes it a blob in one step, or throws away what is one already. */
  end(digest: string, size: number): void;
  giveUp(): void;
}

function arrivalOn(statements: Statements, transact: Transact, now: () => number): Arrival {
  let blob: number | null = null;
  let part = 0;
  const begin = (): number => {
    for (const row of statements.stale.all({ begun: now() - longestArrival })) forget(statements, row.blob);
    statements.begin.run({ begun: now() });
    return statements.newest.get({})?.blob ?? 0;
  };
  const change = (work: () => void) => {
    const done = transact(() => good(work()));
    if (!done.ok) throw new Error(done.failure.what);
  };
  return {
    begun: () => blob !== null,
    save: (bytes) =>
      change(() => {
        const own = blob ?? begin();
        // Whoever sweeps looks at the last sign of life; what was swept all the same cannot go on.
        if (statements.alive.run({ blob: own, begun: now() }) === 0) throw new Error(swept);
        statements.putPart.run({ blob: own, part, bytes });
        [blob, part] = [own, part + 1];
      }),
    end: (digest, size) =>
      change(() => {
        const own = blob ?? 0;
        if (statements.alive.run({ blob: own, begun: now() }) === 0) throw new Error(swept);
        const fresh = statements.put.run({ digest, bytes: new Uint8Array(), parts: own, size }) === 1;
        if (fresh) statements.arrived.run({ blob: own });
        else forget(statements, own);
      }),
    giveUp: () => {
      const own = blob;
      // Where this fails as well, it is swept one day.
      if (own !== null) transact(() => good(forget(statements, own)));
    },
  };
}

const swept = 'What came in pieces rested for too long and was taken for given up.';

/** The number of the row that this connection inserted last. */
const lastRow = sql<number>`last_insert_rowid()`;

type Statements = ReturnType<typeof statementsOf>;

function forget(statements: Statements, blob: number): void {
  statements.dropParts.run({ blob });
  statements.arrived.run({ blob });
}

type Row = Pick<Tables['blobs'], 'bytes' | 'parts' | 'size'>;

/** The bytes of a blob from a place on; throws where fewer are there than it had, rather than end too early. */
function* piecesOf(statements: Statements, { bytes, parts, size }: Row, from: number): Generator<Uint8Array> {
  let at = from;
  const pieces = parts === null ? slicesOf(bytes, from) : partsOf(statements, parts, from);
  for (const piece of pieces) {
    at += piece.length;
    yield piece;
  }
  if (size !== null && at < size) throw new Error(`The store holds ${at} of ${size} bytes of a blob.`);
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
      sqlite.selectFrom('blobs').select(['bytes', 'parts', 'size']).where('digest', '=', digest),
    ),
    begin: queries.prepare({ begun: 0 }, ({ begun }) => sqlite.insertInto('blobArrivals').values({ begun })),
    newest: queries.prepare({}, () => sqlite.selectNoFrom(lastRow.as('blob'))),
    stale: queries.prepare({ begun: 0 }, ({ begun }) =>
      sqlite.selectFrom('blobArrivals').select('blob').where('begun', '<', begun),
    ),
    alive: queries.prepare({ blob: 0, begun: 0 }, ({ blob, begun }) =>
      sqlite.updateTable('blobArrivals').set({ begun }).where('blob', '=', blob),
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
