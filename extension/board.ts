import { type Disposable, EventEmitter } from 'vscode';
import { type Approval, listApprovals, type Preview } from '../server/protocol/approval.ts';
import { noCost } from '../server/protocol/cost.ts';
import type { EntryType } from '../server/protocol/entryData.ts';
import type { Failure } from '../server/protocol/failure.ts';
import { type AdminState, type Job, listJobs, readAdmin } from '../server/protocol/job.ts';
import { journalAppended } from '../server/protocol/journal.ts';
import { listProcesses, type Process, processChanged } from '../server/protocol/process.ts';
import type { Worker } from './worker.ts';

/** An approval that waits, with what would happen. */
export interface Asked {
  readonly approval: Approval;
  readonly preview: Preview | null;
}

/** What goes on, as the worker listed it last. */
export interface Going {
  readonly jobs: readonly Job[];
  /** Oldest first. */
  readonly asked: readonly Asked[];
  readonly admin: AdminState;
  /** The commands that run in this window's worker, oldest first. */
  readonly processes: readonly Process[];
}

const nothing: Going = {
  jobs: [],
  asked: [],
  admin: { paused: false, running: 0, queued: 0, waiting: 0, today: noCost },
  processes: [],
};

/** Entries after which jobs, approvals or the panic switch read differently at once. */
const telling: ReadonlySet<EntryType> = new Set<EntryType>([
  ...(['job.created', 'job.approved', 'job.claimed', 'job.recovered', 'job.completed'] as const),
  ...(['job.failed', 'job.abortRequested', 'job.aborted', 'approval.requested'] as const),
  ...(['approval.decided', 'admin.paused', 'admin.resumed', 'session.deleted'] as const),
  ...(['network.awaited', 'network.returned'] as const),
]);

/** What answers cost is listed anew after this time, in ms, because they may follow fast. */
const costPause = 1_000;

/** What goes on, listed anew whenever the journal says that it changed. */
export class Board implements Disposable {
  private readonly worker: Worker;
  private readonly emitter = new EventEmitter<Going>();
  private readonly owned: Disposable[];
  private readonly failureEmitter = new EventEmitter<Failure>();
  private failed = '';
  private reading: Promise<void> | null = null;
  private stale = false;
  private late: NodeJS.Timeout | null = null;
  private shown = nothing;

  readonly onChange = this.emitter.event;
  /** Fires when the worker runs but cannot serve, once for each reason. */
  readonly onFailure = this.failureEmitter.event;

  constructor(worker: Worker) {
    this.worker = worker;
    this.owned = [
      this.emitter,
      this.failureEmitter,
      worker.onState((state) => (state === 'ready' ? void this.refresh() : this.emitter.fire(this.shown))),
      worker.on(journalAppended, ({ entries }) => {
        if (entries.some(({ type }) => telling.has(type))) void this.refresh();
        else if (entries.some(({ type }) => type === 'message.added')) this.refreshLate();
      }),
      worker.on(processChanged, ({ process }) => this.take(process)),
    ];
  }

  get going(): Going {
    return this.shown;
  }

  /** Lists again; calls while it lists lead to one more listing. */
  refresh(): Promise<void> {
    this.stale = true;
    this.reading ??= this.read().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  dispose(): void {
    if (this.late) clearTimeout(this.late);
    for (const one of this.owned) one.dispose();
  }

  private take(process: Process): void {
    const others = this.shown.processes.filter(({ id }) => id !== process.id);
    const processes = process.state === 'running' ? [...others, process] : others;
    this.shown = { ...this.shown, processes };
    this.emitter.fire(this.shown);
  }

  private refreshLate(): void {
    this.late ??= setTimeout(() => {
      this.late = null;
      void this.refresh();
    }, costPause);
  }

  private fail(failure: Failure): void {
    if (failure.kind === 'cancelled' || failure.what === this.failed) return;
    this.failed = failure.what;
    this.failureEmitter.fire(failure);
  }

  private async read(): Promise<void> {
    while (this.stale) {
      this.stale = false;
      const [jobs, asked, admin, listed] = await Promise.all([
        this.worker.send(listJobs, { limit: 200 }),
        this.worker.send(listApprovals, {}),
        this.worker.send(readAdmin, {}),
        this.worker.send(listProcesses, {}),
      ]);
      if (!jobs.ok || !asked.ok || !admin.ok) {
        const failed = [jobs, asked, admin].find((one) => !one.ok);
        if (failed && !failed.ok) this.fail(failed.failure);
        return;
      }
      this.failed = '';
      const processes = listed.ok ? listed.value.processes.filter(({ state }) => state === 'running') : [];
      this.shown = { jobs: jobs.value.jobs, asked: asked.value.approvals, admin: admin.value, processes };
      this.emitter.fire(this.shown);
    }
  }
}
