import type { Job } from '../protocol/job.ts';
import { runJob } from './agentLoop.ts';
import { expireApprovals } from './approvals.ts';
import type { RunPorts, StopReason } from './jobRun.ts';

/** How one worker serves the queue. */
export interface DispatcherOptions {
  readonly worker: string;
  /** The folders whose jobs this worker runs, or any. */
  workspaces(): readonly string[] | 'any';
  /** Jobs that run at once; those that wait for a person do not count. */
  readonly atOnce: number;
  /** How long a lease lasts without a heartbeat, in ms. */
  readonly lease: number;
  /** Told of what went wrong outside any job. */
  report(what: string, cause: unknown): void;
}

/** The part of a worker that claims jobs, keeps their leases and ends them. */
export interface Dispatcher {
  /** Looks for work now. */
  wake(): void;
  /** Jobs in hand. */
  running(): number;
  /** Stops every run without ending its job, so that another worker takes it over. */
  stop(): Promise<void>;
}

interface Run {
  readonly control: AbortController;
  readonly ended: Promise<void>;
  waiting: boolean;
}

/** Starts to serve the queue; ends with `stop`. */
export function startDispatcher(ports: RunPorts, options: DispatcherOptions): Dispatcher {
  const runs = new Map<string, Run>();
  const stopped = new AbortController();
  const busy = () => [...runs.values()].filter((run) => !run.waiting).length;
  const start = (job: Job) => {
    const control = new AbortController();
    const run: Run = {
      control,
      waiting: false,
      ended: serve(ports, options, job, control.signal, (yes) => {
        run.waiting = yes;
        wake();
      }).finally(() => {
        runs.delete(job.id);
        wake();
      }),
    };
    runs.set(job.id, run);
    if (job.state === 'aborting') control.abort('abort' satisfies StopReason);
  };
  const fill = async () => {
    while (!stopped.signal.aborted && busy() < options.atOnce) {
      const job = await claimOne(ports, options);
      if (!job) return;
      start(job);
    }
  };
  const follow = () => abortRequested(ports, runs);
  const { wake, done } = whenever(stopped.signal, options, async () => {
    await follow();
    await fill();
  });
  const stopWatching = ports.store.watch(wake);
  const beat = heartbeats(ports, options, runs, stopped.signal, wake);
  wake();
  return {
    wake,
    running: () => runs.size,
    stop: async () => {
      stopWatching();
      stopped.abort();
      for (const run of runs.values()) run.control.abort('shutdown' satisfies StopReason);
      await Promise.all([done, beat, ...[...runs.values()].map((run) => run.ended)]);
    },
  };
}

async function claimOne(ports: RunPorts, options: DispatcherOptions): Promise<Job | null> {
  const { worker, lease } = options;
  const workspaces = options.workspaces();
  return (
    (await ports.store.takeOver(worker, workspaces, lease)) ??
    (await ports.store.claim(worker, workspaces, lease))
  );
}

/** Runs a job and brings it to its end in the journal. */
async function serve(
  ports: RunPorts,
  options: DispatcherOptions,
  job: Job,
  signal: AbortSignal,
  waiting: (yes: boolean) => void,
): Promise<void> {
  try {
    const { worker } = options;
    const end =
      job.state === 'aborting'
        ? ({ end: 'stopped', failure: null } as const)
        : await runJob(job, ports, { worker, signal, waiting });
    const base = { stream: job.session, job: job.id, actor: 'worker' };
    const fence = { worker };
    if (end.end === 'completed')
      await ports.store.append([{ ...base, type: 'job.completed', data: {} }], fence);
    if (end.end === 'failed') {
      await ports.store.append([{ ...base, type: 'job.failed', data: { failure: end.failure } }], fence);
    }
    if (end.end === 'stopped' && end.failure) options.report(`job ${job.id} stopped`, end.failure);
    const now = await ports.store.job(job.id);
    if (now?.state === 'aborting' && signal.reason !== 'leaseLost') {
      await ports.store.append([{ ...base, type: 'job.aborted', data: {} }], fence);
    }
  } catch (error) {
    options.report(`job ${job.id}`, error);
  }
}

/** Stops the runs of jobs that someone, anywhere, asked to abort. */
async function abortRequested(ports: RunPorts, runs: ReadonlyMap<string, Run>): Promise<void> {
  if (runs.size === 0) return;
  const aborting = await ports.store.jobs({ state: 'aborting', limit: 1000 });
  for (const job of aborting) runs.get(job.id)?.control.abort('abort' satisfies StopReason);
}

/** Keeps the leases; a run whose lease is gone stops at once, because another worker has its job. */
async function heartbeats(
  ports: RunPorts,
  options: DispatcherOptions,
  runs: ReadonlyMap<string, Run>,
  signal: AbortSignal,
  wake: () => void,
): Promise<void> {
  while (!signal.aborted) {
    await ports.clock.sleep(options.lease / 4, signal);
    if (signal.aborted) return;
    try {
      const before = [...runs.keys()];
      const held =
        before.length > 0 ? new Set(await ports.store.heartbeat(options.worker, options.lease)) : null;
      for (const job of before) {
        if (held && !held.has(job)) runs.get(job)?.control.abort('leaseLost' satisfies StopReason);
      }
      await expireApprovals(ports);
      wake();
    } catch (error) {
      options.report('heartbeat', error);
    }
  }
}

/** Runs `work` whenever it is woken, never twice at once, until the signal aborts. */
function whenever(
  signal: AbortSignal,
  options: DispatcherOptions,
  work: () => Promise<void>,
): { wake: () => void; done: Promise<void> } {
  let woken = Promise.withResolvers<void>();
  const wake = () => woken.resolve();
  signal.addEventListener('abort', wake, { once: true });
  const loop = async () => {
    while (!signal.aborted) {
      await woken.promise;
      woken = Promise.withResolvers<void>();
      if (signal.aborted) return;
      await work().catch((error: unknown) => options.report('dispatcher', error));
    }
  };
  return { wake, done: loop() };
}
