import { sql } from 'kysely';
import { isEnded } from '../../core/jobStates.ts';
import type { UndoKept } from '../../core/ports/store.ts';
import type { JobState } from '../../protocol/job.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** The blobs that only taking back needs: how much they are, and how they go. */
export interface UndoBlobs {
  /** Bytes of every blob, whatever it is for. */
  all(): number;
  /** What each job keeps, the oldest first; a blob that several keep counts for the newest of them. */
  kept(): UndoKept[];
  /** Deletes the blobs of executions that nothing else needs. */
  forget(executions: readonly string[]): void;
}

/** The executions that can be taken back or done again; what was pruned is marked in its row. */
const alive = sql<boolean>`(executions.undoable = 1 or (executions.state = 'undone' and executions.undoable = 0))`;

/** Reads and deletes over one connection. */
export function undoBlobsOn(queries: Queries): UndoBlobs {
  const statements = statementsOf(queries);
  const read = (digest: string) => statements.read.get({ digest })?.bytes ?? null;
  const needed = () => {
    const found = new Set<string>();
    for (const table of ['deliverables', 'kept'] as const) {
      for (const { data } of queries.all(sqlite.selectFrom(table).select('data'))) {
        for (const digest of digestsIn(data)) found.add(digest);
      }
    }
    for (const { images } of statements.images.all({}))
      for (const digest of digestsIn(images)) found.add(digest);
    return found;
  };
  const rows = () => queries.all(undone().where(alive).orderBy('jobs.seq').orderBy('executions.seq'));
  return {
    all: () => statements.all.get({})?.bytes ?? 0,
    kept: () => {
      const others = needed();
      const holder = new Map<string, string>();
      const jobs = new Map<string, { ended: boolean; executions: string[]; bytes: number }>();
      for (const { id, job, state, undo } of rows()) {
        const kept = jobs.get(job) ?? { ended: isEnded(state as JobState), executions: [], bytes: 0 };
        kept.executions.push(id);
        jobs.set(job, kept);
        for (const digest of wanted(undo, read)) if (!others.has(digest)) holder.set(digest, job);
      }
      for (const [digest, job] of holder) {
        const kept = jobs.get(job);
        if (kept) kept.bytes += statements.size.get({ digest })?.bytes ?? 0;
      }
      return [...jobs].map(([job, kept]) => ({ job, ...kept }));
    },
    forget: (executions) => {
      const gone = new Set<string>();
      for (const id of executions) {
        const [row] = queries.all(undone().where('executions.id', '=', id));
        for (const digest of wanted(row?.undo ?? '', read)) gone.add(digest);
      }
      for (const digest of needed()) gone.delete(digest);
      for (const { undo } of rows()) {
        if (gone.size === 0) return;
        for (const digest of wanted(undo, read)) gone.delete(digest);
      }
      for (const digest of gone) statements.forget.run({ digest });
    },
  };
}

function undone() {
  return sqlite
    .selectFrom('executions')
    .innerJoin('contents', 'contents.seq', 'executions.finished')
    .innerJoin('jobs', 'jobs.id', 'executions.job')
    .select(['executions.id', 'executions.job', 'jobs.state'])
    .select(sql<string>`coalesce(contents.body -> '$.undo', '')`.as('undo'));
}

function statementsOf(queries: Queries) {
  const bytes = sql<number>`coalesce(size, length(bytes))`;
  const size = bytes.as('bytes');
  const images =
    sql<string>`coalesce(contents.body -> '$.images', '') || coalesce(contents.body -> '$.files', '')`.as(
      'images',
    );
  return {
    all: queries.prepare({}, () => sqlite.selectFrom('blobs').select(sql<number>`sum(${bytes})`.as('bytes'))),
    read: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.selectFrom('blobs').select('bytes').where('digest', '=', digest),
    ),
    size: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.selectFrom('blobs').select(size).where('digest', '=', digest),
    ),
    images: queries.prepare({}, () =>
      sqlite
        .selectFrom('journal')
        .innerJoin('contents', 'contents.seq', 'journal.seq')
        .select(images)
        .where('journal.type', '=', 'job.created'),
    ),
    forget: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.deleteFrom('blobs').where('digest', '=', digest),
    ),
  };
}

const digestsIn = (text: string): string[] => text.match(/\b[0-9a-f]{64}\b/g) ?? [];

/** What an undo wants: the digests that it names, and those in the lists that it keeps as blobs of their own. */
function wanted(undo: string, read: (digest: string) => Uint8Array | null): string[] {
  const lists = [...undo.matchAll(/"(?:steps|undo)":"([0-9a-f]{64})"/g)].map(([, digest = '']) => digest);
  const inside = lists.flatMap((digest) => digestsIn(Buffer.from(read(digest) ?? []).toString('latin1')));
  return [...digestsIn(undo), ...inside];
}
