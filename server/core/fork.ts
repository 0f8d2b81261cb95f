import type { EntryData, EntryType } from '../protocol/entryData.ts';
import { bad, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Entry } from '../protocol/journal.ts';
import type { ParamsOf } from '../protocol/message.ts';
import type { Part } from '../protocol/provider.ts';
import type { forkSession as forkRequest, Session } from '../protocol/session.ts';
import { emptyTranscript, foldTranscript } from '../protocol/transcript.ts';
import { isEnded } from './jobStates.ts';
import { readJob } from './jobs.ts';
import type { Draft, JournalRange, Store } from './ports/store.ts';
import { jobEnds, pagesOf, sessionEntries } from './sessionEntries.ts';
import { readSession, type SessionPorts } from './sessions.ts';

/** The longest part of a title that the title of its fork keeps. */
const longestTitle = 100;

type ForkRequest = ParamsOf<typeof forkRequest>;
type Fork = NonNullable<EntryData<'session.created'>['fork']>;

/**
 * Opens a session of the same Ability and folder that begins with what another one said up to a place in a job: its
 * end, one of its messages with the results of its calls, or the moment before its first word.
 */
export async function forkSession(
  ports: SessionPorts,
  request: ForkRequest,
  actor: string,
): Promise<Outcome<Session>> {
  const found = await readSession(ports, request.id);
  if (!found.ok) return found;
  const place = await placeOf(ports.store, request);
  if (!place.ok) return place;
  const { ability, workspace, title } = found.value;
  const id = ports.clock.id();
  const fork = place.value === null ? {} : { fork: place.value };
  const base = { stream: id, actor };
  const drafts: Draft[] = [
    { ...base, type: 'session.created', data: { session: id, ability, workspace, ...fork } },
  ];
  if (title !== '') {
    const content = { title: `${title.slice(0, longestTitle)} (fork)` };
    drafts.push({ ...base, type: 'session.renamed', data: {}, content });
  }
  const appended = await ports.store.append(drafts);
  return appended.ok ? readSession(ports, id) : appended;
}

/** What the fork begins with; `null` is nothing, for nothing was said before. */
async function placeOf(store: Store, { id, job, at }: ForkRequest): Promise<Outcome<Fork | null>> {
  const found = await readJob({ store }, job);
  if (!found.ok) return found;
  if (found.value.session !== id) return bad(failures.notFound('job', job));
  if (at === 'start')
    return found.value.state === 'queued' ? bad(hasNotBegun) : good(await beforeJob(store, id, job));
  if (at !== 'end') return behindMessage(store, { id, job, at });
  if (!isEnded(found.value.state)) {
    return bad(failures.conflict('The job has not ended yet.', 'Stop it or let it end, then fork.'));
  }
  const { entries } = await store.entries({
    filter: { stream: id, job, types: [...jobEnds] },
    after: 0,
    limit: 1,
  });
  return good({ session: id, seq: entries[0]?.seq ?? 1 });
}

/**
 * The end of the job that was the last to end of those that a job of the session heard, which may lie where that was
 * forked: what was handed over first may be started, and end, after what came later.
 */
async function beforeJob(store: Store, session: string, job: string): Promise<Fork | null> {
  let transcript = emptyTranscript;
  let begun: Fork | null = null;
  let isClaimed = false;
  const ended = new Map<string, number>();
  const isHeard = (entry: Entry) => {
    isClaimed ||= entry.type === 'job.claimed' && entry.job === job;
    return !isClaimed;
  };
  for await (const page of sessionEntries(store, session)) {
    const entries = page.filter(isHeard);
    transcript = foldTranscript(transcript, entries);
    for (const entry of entries) {
      if (entry.stream !== session) continue;
      if (entry.type === 'session.created') begun = entry.data.fork ?? null;
      if (entry.job && jobEnds.has(entry.type)) ended.set(entry.job, entry.seq);
    }
    if (isClaimed) break;
  }
  const jobs = Object.keys(transcript.jobs);
  const before = jobs
    .slice(0, jobs.indexOf(job))
    .flatMap((one) => (transcript.replaced[one] ? [] : (ended.get(one) ?? [])));
  return before.length === 0 ? begun : { session, seq: Math.max(...before) };
}

/** The place behind a message of a job and what came of its calls. */
async function behindMessage(
  store: Store,
  { id: session, job, at }: { readonly id: string; readonly job: string; readonly at: number },
): Promise<Outcome<Fork>> {
  const filter = { stream: session, job };
  const { entries } = await store.entries({ filter, after: at - 1, limit: 1, bodies: true });
  const [message] = entries;
  if (message?.seq !== at || message.type !== 'message.added')
    return bad(failures.notFound('message', String(at)));
  const open = new Set(callsIn(message));
  let seq = at;
  for await (const entry of upToNextMessage(store, { filter, after: at, limit: pageSize })) {
    if (entry.type === 'execution.started') open.add(entry.data.call);
    if (entry.type === 'execution.finished' || entry.type === 'call.refused') open.delete(entry.data.call);
    if (results.has(entry.type)) ({ seq } = entry);
  }
  return open.size > 0 ? bad(callsAreOpen) : good({ session, seq, job });
}

/** The entries of a job's range up to its next message, or its end. */
async function* upToNextMessage(
  store: Store,
  range: JournalRange & { readonly after: number },
): AsyncGenerator<Entry> {
  for await (const entries of pagesOf(store, range)) {
    for (const entry of entries) {
      if (entry.type === 'message.added' || jobEnds.has(entry.type)) return;
      yield entry;
    }
  }
}

const pageSize = 200;

/** What is recorded of calls, and of what they brought. */
const results: ReadonlySet<EntryType> = new Set([
  'execution.finished',
  'call.refused',
  'deliverable.saved',
  'deliverable.published',
]);

const hasNotBegun = failures.conflict('The job waits for its turn.', 'Change its words instead.');

const callsAreOpen = failures.conflict(
  'The tool calls of that message have not ended.',
  'Let them end, or fork at an earlier message.',
);

function callsIn({ body }: Entry): string[] {
  const { parts = [] } = (body ?? {}) as { parts?: Part[] };
  return parts.flatMap((part) => (part.kind === 'call' ? [part.call] : []));
}
