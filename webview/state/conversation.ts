import { batch, type Signal, signal } from '@preact/signals';
import type { EntryData } from '../../server/protocol/entryData.ts';
import type { Failure } from '../../server/protocol/failure.ts';
import { type JobState, listJobs } from '../../server/protocol/job.ts';
import { type Entry, readJournal } from '../../server/protocol/journal.ts';
import { emptyTranscript, foldTranscript, type Transcript } from '../../server/protocol/transcript.ts';
import { oncePerFrame } from './frames.ts';
import { foldModes, type Modes } from './modes.ts';
import { addPieces, dropReplaced, type Overlay, type Piece } from './overlay.ts';
import { jobAtWork } from './queue.ts';
import type { Send } from './wire.ts';

/** Entries of the first window, of a page before it at least, and of a page when the way is far. */
const windowSize = 160;
const pageSize = 400;
const farSize = 2000;
/** Greater than any entry's number. */
const end = Number.MAX_SAFE_INTEGER;

type Fork = NonNullable<EntryData<'session.created'>['fork']>;

/** Where the entries before the window are read from. */
interface Source {
  readonly session: string;
  readonly upTo: number;
  /** In a part that was forked, the jobs known to have come to their end or their fork in it; others are not told. */
  readonly told: Set<string> | null;
}

/**
 * One session on screen: a window of its journal, folded, with the answers on their way laid over it.
 * The window has no hole: news wait while entries between it and them are being read.
 */
export class Conversation {
  readonly transcript: Signal<Transcript> = signal(emptyTranscript);
  /** The state of each job, also of those that began before the window. */
  readonly jobs: Signal<Readonly<Record<string, JobState>>> = signal({});
  readonly overlay: Signal<Overlay> = signal({});
  readonly modes: Signal<Modes> = signal({});
  readonly phase: Signal<'loading' | 'older' | 'ready'> = signal('loading');
  /** Whether entries lie before the window. */
  readonly more = signal(false);
  /** Turns that were put before those of the first window. */
  readonly origin = signal(0);
  readonly failure: Signal<Failure | null> = signal(null);
  /** Where it was forked from, and up to which entry; known once its beginning is in the window. */
  readonly fork: Signal<Fork | null> = signal(null);

  readonly session: string;
  readonly #send: Send;
  readonly #frames: ReturnType<typeof oncePerFrame>;
  #entries: readonly Entry[] = [];
  #source: Source;
  #base: Readonly<Record<string, JobState>> = {};
  #news: (Entry | Piece)[] = [];
  #reading = false;

  constructor(session: string, send: Send, page: Window) {
    this.session = session;
    this.#source = { session, upTo: end, told: null };
    this.#send = send;
    this.#frames = oncePerFrame(() => this.#take(), page);
  }

  /** Loads the newest window, or what was appended since when there is one. */
  async refresh(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    await (this.phase.value === 'loading' ? this.#first() : this.#since());
    this.#reading = false;
    this.#take();
  }

  /** Loads the page before the window; the more was loaded, the more comes, for all of it is folded anew. */
  async older(): Promise<void> {
    await this.#before(Math.min(farSize, Math.max(pageSize, this.#entries.length)));
  }

  /** Loads pages until the entry with this number is in the window. */
  async reach(seq: number): Promise<void> {
    while ((this.#entries[0]?.seq ?? 0) > seq && (await this.#before(farSize)));
  }

  /** Takes news of any session; those of others are passed over. */
  append(news: readonly (Entry | (Piece & { readonly session: string }))[]): void {
    const ours = news.filter((one) => ('seq' in one ? one.stream : one.session) === this.session);
    if (ours.length === 0) return;
    this.#news.push(...ours);
    this.#frames.ask();
  }

  close(): void {
    this.#frames.stop();
  }

  #read(where: { after?: number; before?: number; limit: number }, session = this.session) {
    return this.#send(readJournal, { filter: { stream: session }, ...where });
  }

  /** Reads how much the job at work asks, where it began before the window. */
  async #readMode(): Promise<void> {
    const job = jobAtWork(this.jobs.value);
    if (job === null || job in this.modes.value) return;
    const filter = { job, types: ['job.created' as const, 'job.modeSet' as const] };
    const read = await this.#send(readJournal, { filter, before: end, limit: 100 });
    if (read.ok) this.modes.value = { ...foldModes({}, read.value.entries), ...this.modes.value };
  }

  async #first(): Promise<void> {
    const [window, jobs] = await Promise.all([
      this.#read({ before: end, limit: windowSize }),
      this.#send(listJobs, { session: this.session, limit: 100 }),
    ]);
    if (!window.ok) {
      this.failure.value = window.failure;
      return;
    }
    if (jobs.ok) this.#base = Object.fromEntries(jobs.value.jobs.map((job) => [job.id, job.state]));
    this.#entries = window.value.entries;
    batch(() => {
      this.failure.value = null;
      this.more.value = this.#goesOn(window.value);
      this.phase.value = 'ready';
      this.modes.value = foldModes({}, this.#entries);
      this.#show(foldTranscript(emptyTranscript, this.#entries));
    });
    void this.#readMode();
    while (this.transcript.value.turns.length === 0 && (await this.#before(pageSize)));
  }

  /** Whether something lies before a page: more of its session, or the one that this was forked from. */
  #goesOn({ entries: [first], more }: { readonly entries: readonly Entry[]; readonly more: boolean }) {
    if (more || first?.type !== 'session.created' || !first.data.fork) return more && first !== undefined;
    const { session, seq, job } = first.data.fork;
    this.fork.value ??= first.data.fork;
    const told = this.#source.told ?? new Set();
    if (job) told.add(job);
    this.#source = { session, upTo: seq, told };
    return true;
  }

  async #since(): Promise<void> {
    this.overlay.value = {};
    for (let more = true; more; ) {
      const next = await this.#read({ after: this.#entries.at(-1)?.seq ?? 0, limit: farSize });
      if (!next.ok) return;
      this.#add(next.value.entries);
      more = next.value.more && next.value.entries.length > 0;
    }
  }

  async #before(limit: number): Promise<boolean> {
    if (this.phase.value !== 'ready' || !this.more.value) return false;
    this.phase.value = 'older';
    const { session, upTo, told } = this.#source;
    const before = Math.min(this.#entries[0]?.seq ?? end, upTo + 1, end);
    const page = await this.#read({ before, limit }, session);
    batch(() => {
      this.phase.value = 'ready';
      if (!page.ok) return;
      this.#entries = [
        ...(told ? whatIsTold(page.value.entries, told) : page.value.entries),
        ...this.#entries,
      ];
      this.modes.value = { ...foldModes({}, page.value.entries), ...this.modes.value };
      const transcript = foldTranscript(emptyTranscript, this.#entries);
      this.more.value = this.#goesOn(page.value);
      this.origin.value += transcript.turns.length - this.transcript.value.turns.length;
      this.#show(transcript);
    });
    return page.ok;
  }

  #take(): void {
    if (this.#reading || this.phase.value === 'loading') return;
    const news = this.#news;
    this.#news = [];
    const known = this.#entries.at(-1)?.seq ?? 0;
    const fresh = news.filter((one) => !('seq' in one) || one.seq > known);
    batch(() => {
      this.overlay.value = fresh.reduce<Overlay>(
        (overlay, one) => ('seq' in one ? dropReplaced(overlay, [one]) : addPieces(overlay, [one])),
        this.overlay.value,
      );
      this.#add(fresh.filter((one) => 'seq' in one));
    });
  }

  #add(fresh: readonly Entry[]): void {
    if (fresh.length === 0) return;
    this.#entries = [...this.#entries, ...fresh];
    this.modes.value = foldModes(this.modes.value, fresh);
    this.#show(foldTranscript(this.transcript.value, fresh));
  }

  #show(transcript: Transcript): void {
    this.transcript.value = transcript;
    this.jobs.value = { ...this.#base, ...transcript.jobs };
  }
}

/** The entries of a forked part whose jobs came to their end in it, or to a fork; pages come from the newest to the oldest. */
function whatIsTold(entries: readonly Entry[], told: Set<string>): Entry[] {
  for (const { type, job } of entries) if (job && ends.has(type)) told.add(job);
  return entries.filter(({ job }) => job === null || told.has(job));
}

const ends: ReadonlySet<Entry['type']> = new Set(['job.completed', 'job.failed', 'job.aborted']);
