import * as z from 'zod';
import { type EntryData, EntryType, entryData } from './entryData.ts';
import { Digest, Id, Nothing, notification, request, Time } from './message.ts';

/** Who did it: a person at a surface, the agent, or a worker by itself. */
export const Actor = z.string().regex(/^(person|agent|worker)(:[\w.@-]{1,80})?$/);

/** The stream of what belongs to no session. */
export const adminStream = 'admin';

interface EntryOf<T extends EntryType> {
  readonly seq: number;
  readonly time: number;
  /** A session's id, or `admin`. */
  readonly stream: string;
  readonly job: string | null;
  readonly type: T;
  readonly actor: string;
  readonly data: EntryData<T>;
  /** Digest of the content, or `null`. */
  readonly content: string | null;
  /** The content itself; absent where it was not asked for or was deleted. */
  readonly body?: unknown;
  readonly prev: string;
  readonly hash: string;
}

/** One entry of the journal, told apart by `type`. */
export type Entry = { [T in EntryType]: EntryOf<T> }[EntryType];

/** An entry's frame on the wire; `parseEntry` in this file checks its data by type. */
export const EntryFrame = z.strictObject({
  seq: z.int().positive(),
  time: Time,
  stream: z.string(),
  job: Id.nullable(),
  type: EntryType,
  actor: Actor,
  data: z.unknown(),
  content: Digest.nullable(),
  body: z.unknown().optional(),
  prev: Digest,
  hash: Digest,
});

/** An entry checked whole: its frame and the data that its type wants. */
export const JournalEntry = EntryFrame.transform((frame, context): Entry => {
  const data = entryData[frame.type].safeParse(frame.data);
  if (!data.success) {
    context.addIssue({ code: 'custom', message: `data of ${frame.type}: ${data.error.issues[0]?.message}` });
    return z.NEVER;
  }
  return { ...frame, data: data.data } as Entry;
});

/** A selection of entries; every field narrows it. */
export const JournalFilter = z.strictObject({
  stream: z.string().optional(),
  job: Id.optional(),
  types: z.array(EntryType).optional(),
  actor: z.string().optional(),
  since: Time.optional(),
  until: Time.optional(),
});
export type JournalFilter = z.infer<typeof JournalFilter>;

export const readJournal = request('butler/journal/read', {
  from: 'client',
  page: true,
  does: 'Reads entries in order: after a cursor, or the newest ones before a cursor.',
  params: z.strictObject({
    filter: JournalFilter.default({}),
    /** Entries with a greater number, oldest first. */
    after: z.int().nonnegative().optional(),
    /** Entries with a smaller number; the newest `limit` of them. */
    before: z.int().positive().optional(),
    limit: z.int().min(1).max(2000).default(500),
  }),
  result: z.strictObject({ entries: z.array(JournalEntry), more: z.boolean() }),
});

export const journalAppended = notification('butler/journal/appended', {
  from: 'worker',
  page: true,
  does: 'Entries that were appended by any process on this store, in order.',
  params: z.strictObject({ entries: z.array(JournalEntry) }),
});

/** The end of a check of the chain. */
export const Verdict = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('clean'), entries: z.int(), head: Digest }),
  z.strictObject({
    state: z.literal('broken'),
    /** The first bad entry. */
    seq: z.int(),
    what: z.string(),
  }),
]);
export type Verdict = z.infer<typeof Verdict>;

export const verifyJournal = request('butler/journal/verify', {
  from: 'client',
  page: false,
  does: 'Checks the whole hash chain and the head kept outside the store.',
  params: Nothing,
  result: Verdict,
});

export const journalMessages = [readJournal, journalAppended, verifyJournal];
