import { canonical } from '../../core/canonical.ts';
import type { Draft } from '../../core/ports/store.ts';
import { bad, type Failure, good, type Outcome } from '../../protocol/failure.ts';
import type { Entry } from '../../protocol/journal.ts';
import { digestOf, type EntryRow, entryOf, firstPrev, hashOf } from './entryRow.ts';
import type { Head, HeadFile } from './headFile.ts';
import type { Queries } from './prepare.ts';
import { sqlite } from './tables.ts';
import type { Transact } from './transaction.ts';

/** Appends one entry within a change; its projection may refuse it. */
export type AppendOne = (draft: Draft) => Outcome<Entry>;

/** The writing side of the journal. */
export interface Journal {
  /** One transaction: what the work appends is kept with what else it writes, or nothing of it is. */
  change<T>(work: (append: AppendOne) => Outcome<T>): Outcome<T>;
  /** The newest entry; number 0 when there is none. */
  head(): Head;
}

/** What the journal is made of. */
export interface JournalParts {
  readonly queries: Queries;
  readonly transact: Transact;
  readonly now: () => number;
  /** Folds an entry into the projections, or says why that cannot be. */
  readonly apply: (entry: Entry) => Failure | null;
  /** What an entry brings about beside its projection. */
  readonly settle: (entry: Entry) => void;
  readonly headFile: HeadFile;
  /** Called after every commit that appended. */
  readonly appended: (entries: readonly Entry[]) => void;
}

/** The journal over one connection. */
export function openJournal(parts: JournalParts): Journal {
  const rows = rowsOf(parts.queries);
  const head = () => rows.head() ?? { seq: 0, hash: firstPrev };
  return {
    head,
    change(work) {
      const written: EntryRow[] = [];
      const entries: Entry[] = [];
      const time = parts.now();
      const outcome = parts.transact(() =>
        work((draft) => {
          const before = written.at(-1) ?? head();
          const body = draft.content === undefined ? null : canonical(draft.content);
          const row = rowOf(draft, before, time, body);
          const entry = entryOf(row, body);
          rows.insert(row, body);
          const refusal = parts.apply(entry);
          if (refusal) return bad(refusal);
          parts.settle(entry);
          written.push(row);
          entries.push(entry);
          return good(entry);
        }),
      );
      const [first, last] = [written[0], written.at(-1)];
      if (outcome.ok && first && last) {
        moveHead(parts.headFile, first, last, rows.hashAt);
        parts.appended(entries);
      }
      return outcome;
    },
  };
}

function rowOf(draft: Draft, before: Head, time: number, body: string | null): EntryRow {
  const row = {
    seq: before.seq + 1,
    time,
    stream: draft.stream,
    job: draft.job ?? null,
    type: draft.type,
    actor: draft.actor,
    data: JSON.stringify(draft.data),
    content: body === null ? null : digestOf(body),
    prev: before.hash,
  };
  return { ...row, hash: hashOf(row) };
}

/** The commit stands whatever befalls the head file; a head that lags is mended by the next append. */
function moveHead(file: HeadFile, first: EntryRow, last: EntryRow, hashAt: (seq: number) => string | null) {
  try {
    file.move(first, last, hashAt);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function rowsOf(queries: Queries) {
  const sample: EntryRow = {
    seq: 0,
    time: 0,
    stream: '',
    job: null,
    type: '',
    actor: '',
    data: '',
    content: null,
    prev: '',
    hash: '',
  };
  const insert = queries.prepare({ ...sample }, (args) => sqlite.insertInto('journal').values(args));
  const keep = queries.prepare({ seq: 0, body: '' }, (args) => sqlite.insertInto('contents').values(args));
  const newest = queries.prepare({}, () =>
    sqlite.selectFrom('journal').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1),
  );
  const at = queries.prepare({ seq: 0 }, ({ seq }) =>
    sqlite.selectFrom('journal').select('hash').where('seq', '=', seq),
  );
  return {
    head: () => newest.get({}),
    hashAt: (seq: number) => at.get({ seq })?.hash ?? null,
    insert(row: EntryRow, body: string | null) {
      insert.run({ ...row });
      if (body !== null) keep.run({ seq: row.seq, body });
    },
  };
}
