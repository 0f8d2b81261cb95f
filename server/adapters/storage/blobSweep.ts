import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { good } from '../../protocol/failure.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';
import type { Transact } from './transaction.ts';

/** Milliseconds after which a large blob that is still not whole was left behind by a process that died. */
const longestArrival = 6 * 60 * 60_000;
/** When what goes "began": longer ago than anything that comes. */
export const longGone = -1;
/** Parts that go in one transaction: each of their pages is written over, and meanwhile nobody else can write. */
const partsAtOnce = 4;
/** Milliseconds between two transactions, in which others come to write. */
const pause = 10;

/** Takes the parts of large blobs away that were deleted, or never became whole. */
export interface BlobSweep {
  /** Sweeps a few parts at a time until none is left, whoever asked first; rejects where the disk is damaged. */
  all(): Promise<void>;
  /** The same for one who does not wait; what cannot be taken away now is, when a store is opened next. */
  begin(): void;
  /** Stops before the next transaction; whoever opens the store next goes on. */
  end(): void;
}

/** Opens the sweep over one connection. */
export function blobSweepOn(queries: Queries, transact: Transact, now: () => number): BlobSweep {
  const statements = statementsOf(queries);
  let sweeping: Promise<void> | null = null;
  let isOver = false;
  const next = () => statements.stale.get({ begun: Math.max(0, now() - longestArrival) });
  const step = () =>
    transact(() => {
      const row = next();
      if (row && statements.dropSome.run(row) < partsAtOnce) statements.arrived.run(row);
      return good(undefined);
    });
  const sweep = async () => {
    while (!isOver && next() && step().ok) await sleep(pause);
  };
  const all = () => {
    sweeping ??= sweep().finally(() => {
      sweeping = null;
    });
    return sweeping;
  };
  return {
    all,
    begin: () => void all().catch(() => {}),
    end: () => {
      isOver = true;
    },
  };
}

function statementsOf(queries: Queries) {
  const row = sql<number>`rowid`;
  return {
    stale: queries.prepare({ begun: 0 }, ({ begun }) =>
      sqlite.selectFrom('blobArrivals').select('blob').where('begun', '<', begun).limit(1),
    ),
    dropSome: queries.prepare({ blob: 0 }, ({ blob }) => {
      const some = sqlite.selectFrom('blobParts').select(row.as('row')).where('blob', '=', blob);
      return sqlite.deleteFrom('blobParts').where(row, 'in', some.limit(sql.lit(partsAtOnce)));
    }),
    arrived: queries.prepare({ blob: 0 }, ({ blob }) =>
      sqlite.deleteFrom('blobArrivals').where('blob', '=', blob),
    ),
  };
}
