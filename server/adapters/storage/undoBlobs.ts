import { sql } from 'kysely';
import { isEnded } from '../../core/jobStates.ts';
import type { UndoKept } from '../../core/ports/store.ts';
import type { JobState } from '../../protocol/job.ts';
import { isRare } from './migrations.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';

/** The blobs that may go one day: how much they are, and how they go where nothing needs them any more. */
export interface UndoBlobs {
  /** Bytes of every blob, whatever it is for. */
  all(): number;
  /** What each job keeps, the oldest first; a blob that several keep counts for the newest of them. */
  kept(): UndoKept[];
  /** What taking these executions back wants. */
  ofExecutions(executions: readonly string[]): string[];
  /** What was handed over in a session, and what taking back its executions wants. */
  ofSession(session: string): string[];
  /** Deletes those of these blobs that nothing needs any more. */
  drop(digests: readonly string[]): void;
}

/** The executions that can be taken back or done again; what was pruned is marked in its row. */
const alive = sql<boolean>`(executions.undoable = 1 or (executions.state = 'undone' and executions.undoable = 0))`;

/** Reads and deletes over one connection. */
export function undoBlobsOn(queries: Queries): UndoBlobs {
  const statements = statementsOf(queries);
  const read = (digest: string) => statements.read.get({ digest })?.bytes ?? null;
  const rows = () =>
    queries.all(
      undone()
        .innerJoin('jobs', 'jobs.id', 'executions.job')
        .select('jobs.state')
        .where(alive)
        .orderBy('jobs.seq')
        .orderBy('executions.seq'),
    );
  return {
    all: () => statements.all.get({})?.bytes ?? 0,
    kept: () => {
      const others = needed(queries, read);
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
    ofExecutions: (executions) =>
      executions.flatMap((id) => {
        const [row] = queries.all(undone().where('executions.id', '=', id));
        return wanted(row?.undo ?? '', read);
      }),
    ofSession: (session) => [
      ...queries.all(handed().where('journal.stream', '=', session)).flatMap((row) => digestsIn(row.handed)),
      ...queries
        .all(undone().where('executions.session', '=', session))
        .flatMap(({ undo }) => wanted(undo, read)),
    ],
    drop: (digests) => {
      const gone = new Set(digests);
      if (gone.size === 0) return;
      for (const digest of needed(queries, read)) gone.delete(digest);
      for (const { undo } of rows()) for (const digest of wanted(undo, read)) gone.delete(digest);
      for (const digest of gone) statements.forget.run({ digest });
    },
  };
}

type Read = (digest: string) => Uint8Array | null;

/** What is needed for something else than taking back: made, settled, handed over, or noted by what is at work. */
function needed(queries: Queries, read: Read): Set<string> {
  const found = new Set<string>();
  const add = (digests: readonly string[]) => {
    for (const digest of digests) found.add(digest);
  };
  for (const table of ['deliverables', 'kept'] as const) {
    for (const { data } of queries.all(sqlite.selectFrom(table).select('data'))) add(digestsIn(data));
  }
  for (const row of queries.all(handed())) add(digestsIn(row.handed));
  for (const { body } of queries.all(noted())) add(wanted(body, read));
  return found;
}

/** What tells how an execution is taken back. */
function undone() {
  return sqlite
    .selectFrom('executions')
    .innerJoin('contents', 'contents.seq', 'executions.finished')
    .select(['executions.id', 'executions.job'])
    .select(sql<string>`coalesce(contents.body -> '$.undo', '')`.as('undo'));
}

/** What was handed over with jobs: images and files. */
function handed() {
  const lists = ['images', 'files'].map(
    (name) => sql<string>`coalesce(contents.body -> ${sql.lit(`$.${name}`)}, '')`,
  );
  return sqlite
    .selectFrom('journal')
    .innerJoin('contents', 'contents.seq', 'journal.seq')
    .select(sql<string>`${sql.join(lists, sql` || `)}`.as('handed'))
    .where('journal.type', '=', 'job.created')
    .where(isRare);
}

/** What executions noted that have not ended, for whoever takes them up. */
function noted() {
  return sqlite
    .selectFrom('journal')
    .innerJoin('contents', 'contents.seq', 'journal.seq')
    .innerJoin('executions', (on) => on.on('executions.id', '=', sql<string>`journal.data ->> '$.execution'`))
    .select('contents.body')
    .where('journal.type', '=', 'execution.noted')
    .where(isRare)
    .where('executions.state', '=', 'started');
}

function statementsOf(queries: Queries) {
  const bytes = sql<number>`coalesce(size, length(bytes))`;
  const size = bytes.as('bytes');
  return {
    all: queries.prepare({}, () => sqlite.selectFrom('blobs').select(sql<number>`sum(${bytes})`.as('bytes'))),
    read: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.selectFrom('blobs').select('bytes').where('digest', '=', digest),
    ),
    size: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.selectFrom('blobs').select(size).where('digest', '=', digest),
    ),
    forget: queries.prepare({ digest: '' }, ({ digest }) =>
      sqlite.deleteFrom('blobs').where('digest', '=', digest),
    ),
  };
}

const digestsIn = (text: string): string[] => text.match(/\b[0-9a-f]{64}\b/g) ?? [];

/** What an undo wants: the digests that it names, and those in the lists that it keeps as blobs of their own. */
function wanted(undo: string, read: Read): string[] {
  const lists = [...undo.matchAll(/"(?:steps|undo)":"([0-9a-f]{64})"/g)].map(([, digest = '']) => digest);
  const inside = lists.flatMap((digest) => digestsIn(Buffer.from(read(digest) ?? []).toString('latin1')));
  return [...digestsIn(undo), ...inside];
}
