import type { Database } from 'better-sqlite3';
import type { Clock } from '../../core/ports/clock.ts';
import type { Draft, Store } from '../../core/ports/store.ts';
import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { Entry } from '../../protocol/journal.ts';
import { actsOn } from './acts.ts';
import { blobSweepOn } from './blobSweep.ts';
import { blobsOn } from './blobs.ts';
import { consequencesOn, takesAway } from './consequences.ts';
import { openHeadFile } from './headFile.ts';
import { type Journal, openJournal } from './journal.ts';
import { journalReader } from './journalReader.ts';
import { type Leases, leasesOn } from './leases.ts';
import { queriesOn } from './prepare.ts';
import { projections } from './projections.ts';
import { rebuild } from './rebuild.ts';
import { transactionsOn } from './transaction.ts';
import { undoBlobsOn } from './undoBlobs.ts';
import { verify } from './verify.ts';
import { viewsOn } from './views.ts';
import { watchOn } from './watch.ts';

/** What a store is put together from. */
export interface StoreParts {
  readonly database: Database;
  /** The store's key, from which the head file's seal is made. */
  readonly key: Uint8Array;
  /** Where the newest entry's number and hash are kept outside the database. */
  readonly headFile: string;
  readonly clock: Pick<Clock, 'now' | 'midnight'>;
}

/** Puts a store together over an open connection whose schema is up to date. */
export function storeOver(store: StoreParts): Store {
  const { database } = store;
  const queries = queriesOn(database);
  const transact = transactionsOn(database);
  const apply = projections(queries);
  const watch = watchOn(database);
  const empty = database.prepare('select 1 from journal limit 1').get() === undefined;
  const headFile = openHeadFile(store.headFile, store.key, empty);
  const { now, midnight } = store.clock;
  const undoBlobs = undoBlobsOn(queries);
  const settle = consequencesOn(queries, undoBlobs);
  const parts = { queries, transact, apply, settle, headFile, now, appended: watch.appended };
  const journal = openJournal(parts);
  const leases = leasesOn(queries, journal, now);
  const views = viewsOn(queries, midnight);
  const read = journalReader(queries);
  const sweep = blobSweepOn(queries, transact, now);
  sweep.begin();
  return {
    ...views,
    acts: actsOn(queries),
    append: async (drafts, fence) => {
      const appended = appendAll(journal, leases, drafts, fence?.worker);
      if (drafts.some(takesAway)) sweep.begin();
      return appended;
    },
    entries: async (range) => read(range),
    head: async () => journal.head().seq,
    watch: (listener) => watch.add(listener),
    verify: () => verify(queries, () => headFile.read()),
    rebuild: async () => {
      const done = rebuild({ database, queries, transact, apply });
      if (!done.ok) throw new Error(done.failure.what);
    },
    claim: async (...args) => leases.claim(...args),
    takeOver: async (...args) => leases.takeOver(...args),
    heartbeat: async (...args) => leases.heartbeat(...args),
    undoKept: async () => undoBlobs.kept(),
    blobBytes: async () => undoBlobs.all(),
    blobs: blobsOn({ queries, transact, sweep, now }),
    close: async () => {
      sweep.end();
      watch.close();
      headFile.close();
      database.close();
    },
  };
}

function appendAll(
  journal: Journal,
  leases: Leases,
  drafts: readonly Draft[],
  worker: string | undefined,
): Outcome<readonly Entry[]> {
  return journal.change((append) => {
    const entries: Entry[] = [];
    const jobs = new Set(worker === undefined ? [] : drafts.flatMap(({ job }) => job ?? []));
    for (const job of jobs) if (leases.holder(job) !== worker) return bad(notYours);
    for (const draft of drafts) {
      const entry = append(draft);
      if (!entry.ok) return entry;
      entries.push(entry.value);
    }
    return good(entries);
  });
}

const notYours = failures.conflict(
  'Another worker has taken over this job.',
  'Leave it: the other worker goes on with it.',
);
