import { batch, type Signal, signal } from '@preact/signals';
import type { Failure } from '../../server/protocol/failure.ts';
import { type JobState, listJobs } from '../../server/protocol/job.ts';
import { type Entry, readJournal } from '../../server/protocol/journal.ts';
import { emptyTranscript, foldTranscript, type Transcript } from '../../server/protocol/transcript.ts';
import { oncePerFrame } from './frames.ts';
import { addPieces, dropReplaced, type Overlay, type Piece } from './overlay.ts';
import type { Send } from './wire.ts';

/** Entries of the first window, of each page before it, and of a page when the way is far. */
const windowSize = 160;
const pageSize = 400;
const farSize = 2000;
/** Greater than any entry's number. */
const end = Number.MAX_SAFE_INTEGER;

/**
 * One session on screen: a window of its journal, folded, with the answers on their way laid over it.
 * The window has no hole: news wait while entries between it and them are being read.
 */
export class Conversation {
  readonly transcript: Signal<Transcript> = signal(emptyTranscript);
  /** The state of each job, also of those that began before the window. */
  readonly jobs: Signal<Readonly<Record<string, JobState>>> = signal({});
  readonly overlay: Signal<Overlay> = signal({});
  readonly phase: Signal<'loading' | 'older' | 'ready'> = signal('loading');
  /** Whether entries lie before the window. */
  readonly more = signal(false);
  /** Turns that were put before those of the first window. */
  readonly origin = signal(0);
  readonly failure: Signal<Failure | null> = signal(null);

  readonly session: string;
  readonly #send: Send;
  readonly #frames: ReturnType<typeof oncePerFrame>;
  #entries: readonly Entry[] = [];
  #base: Readonly<Record<string, JobState>> = {};
  #news: (Entry | Piece)[] = [];
  #reading = false;

  constructor(session: string, send: Send, page: Window) {
    this.session = session;
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

  /** Loads the page before the window. */
  async older(): Promise<void> {
    await this.#before(pageSize);
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

  #read(where: { after?: number; before?: number; limit: number }) {
    return this.#send(readJournal, { filter: { stream: this.session }, ...where });
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
      this.more.value = window.value.more;
      this.phase.value = 'ready';
      this.#show(foldTranscript(emptyTranscript, this.#entries));
    });
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
    const first = this.#entries[0];
    if (this.phase.value !== 'ready' || !this.more.value || !first) return false;
    this.phase.value = 'older';
    const page = await this.#read({ before: first.seq, limit });
    batch(() => {
      this.phase.value = 'ready';
      if (!page.ok) return;
      this.#entries = [...page.value.entries, ...this.#entries];
      const transcript = foldTranscript(emptyTranscript, this.#entries);
      this.more.value = page.value.more && page.value.entries.length > 0;
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
    this.#show(foldTranscript(this.transcript.value, fresh));
  }

  #show(transcript: Transcript): void {
    this.transcript.value = transcript;
    this.jobs.value = { ...this.#base, ...transcript.jobs };
  }
}
