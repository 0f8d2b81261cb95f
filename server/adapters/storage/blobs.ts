import { createHash } from 'node:crypto';
import { setImmediate as otherWork } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Blobs } from '../../core/ports/store.ts';
import { good } from '../../protocol/failure.ts';
import { type BlobSweep, longGone } from './blobSweep.ts';
import { digestOf } from './entryRow.ts';
import type { Queries } from './prepare.ts';
import { sqlite, type Tables } from './tables.ts';
import type { Transact } from './transaction.ts';

/** Bytes of one part of a large blob, and of the largest that lies in one row when it came in pieces. */
const partSize = 1024 * 1024;

/** What blobs are kept with. */
export interface BlobParts {
  readonly queries: Queries;
  readonly transact: Transact;
  readonly sweep: BlobSweep;
  readonly now: () => number;
}

/**
 * Blobs in the encrypted file itself. A full or failing disk makes `put` and `putAll` reject. Other work goes on
 * between two pieces of a large one, whoever reads or writes it.
 */
export function blobsOn({ queries, transact, sweep, now }: BlobParts): Blobs {
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
      const whole = new Uint8Array(row.size ?? 0);
      let at = 0;
      for await (const piece of inTurns(piecesOf(statements, row, 0))) {
        whole.set(piece, at);
        at += piece.length;
      }
      return whole;
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
            if (arrival.begun()) await otherWork();
            else await sweep.all();
            arrival.save(all.subarray(0, partSize));
            waiting = [all.subarray(partSize)];
            held -= partSize;
          }
        }
        const rest = Buffer.concat(waiting);
        if (!arrival.begun()) return { digest: await put(rest), size };
        arrival.save(rest);
        const digest = hash.digest('hex');
        if (!arrival.end(digest, size)) await sweep.all();
        return { digest, size };
      } catch (error) {
        arrival.giveUp();
        sweep.begin();
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
  /** Makes it a blob in one step; `false` where that is one already, and this goes. */
  end(digest: string, size: number): boolean;
  giveUp(): void;
}

function arrivalOn(statements: Statements, transact: Transact, now: () => number): Arrival {
  let blob: number | null = null;
  let part = 0;
  const begin = (): number => {
    statements.begin.run({ begun: now() });
    return statements.newest.get({})?.blob ?? 0;
  };
  const change = <T>(work: () => T): T => {
    const done = transact(() => good(work()));
    if (!done.ok) throw new Error(done.failure.what);
    return done.value;
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
        else statements.alive.run({ blob: own, begun: longGone });
        return fresh;
      }),
    giveUp: () => {
      const own = blob;
      // Where this fails as well, it is swept one day.
      if (own !== null) transact(() => good(statements.alive.run({ blob: own, begun: longGone })));
    },
  };
}

const swept = 'What came in pieces rested for too long and was taken for given up.';

/** The number of the row that this connection inserted last. */
const lastRow = sql<number>`last_insert_rowid()`;

type Statements = ReturnType<typeof statementsOf>;

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

/** The first piece comes at once, for most blobs have but one. */
async function* inTurns(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for (const piece of pieces) {
    if (!isFirst) await otherWork();
    isFirst = false;
    yield piece;
  }
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
  };
}
