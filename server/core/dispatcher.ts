import type { EntryType } from '../protocol/entryData.ts';
import { type Failure, failures } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import { type RunEnd, runJob } from './agentLoop.ts';
import { expireApprovals } from './approvals.ts';
import { abortChildren } from './delegate.ts';
import type { RunPorts, StopReason } from './jobRun.ts';
import { endStopped } from './settleStopped.ts';

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
      ended: serve(ports, options, job, {
        signal: control.signal,
        stopped: stopped.signal,
        waiting: (yes) => {
          run.waiting = yes;
          wake();
        },
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
      if (!job || stopped.signal.aborted) return;
      start(job);
    }
  };
  const follow = () => abortRequested(ports, runs);
  const { wake, done } = whenever(stopped.signal, options, async () => {
    await follow();
    await fill();
  });
  const stopWatching = ports.store.watch((news) => {
    if (!news || news.some(({ type }) => concernQueue.has(type))) wake();
  });
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

/** The entries after which there may be something to claim or to stop. */
const concernQueue: ReadonlySet<EntryType> = new Set([
  'job.created',
  'job.approved',
  'job.abortRequested',
  'admin.resumed',
]);

async function claimOne(ports: RunPorts, options: DispatcherOptions): Promise<Job | null> {
  const { worker, lease } = options;
  const workspaces = options.workspaces();
  return (
    (await ports.store.takeOver(worker, workspaces, lease)) ??
    (await ports.store.claim(worker, workspaces, lease))
  );
}

/** How one run hears of the world around it. */
interface Control {
  readonly signal: AbortSignal;
  /** Aborts when the whole dispatcher stops. */
  readonly stopped: AbortSignal;
  waiting(yes: boolean): void;
}

const firstPause = 250;
const longestPause = 5_000;

/**
 * Serves a job until it has its end in the journal or belongs to another worker: while the store cannot be
 * written, it is taken up again and again, for a job in hand that nobody runs would stay "running" for good.
 */
async function serve(ports: RunPorts, options: DispatcherOptions, job: Job, control: Control): Promise<void> {
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const failure = await serveOnce(ports, options, job, control).catch(
      (error: unknown): Failure => failures.internal(error instanceof Error ? error.message : String(error)),
    );
    if (!failure) return;
    options.report(`job ${job.id}`, failure);
    if (failure.kind !== 'store') return;
    await ports.clock.sleep(pause, control.stopped);
    if (control.stopped.aborted || control.signal.reason === 'leaseLost') return;
  }
}

/** Runs a job and brings it to its end in the journal; answers what stood in the way of that. */
async function serveOnce(
  ports: RunPorts,
  options: DispatcherOptions,
  job: Job,
  control: Control,
): Promise<Failure | null> {
  const { worker, lease } = options;
  const { signal, waiting } = control;
  const close = async (ending: Ending): Promise<Failure | null> => {
    const left = ending.type === 'job.completed' ? null : await abortChildren(ports, job.id);
    if (left) return left;
    const draft = { stream: job.session, job: job.id, actor: 'worker', ...ending };
    const outcome = await ports.store.append([draft], { worker });
    return outcome.ok ? null : outcome.failure;
  };
  const end: RunEnd =
    job.state === 'aborting'
      ? { end: 'stopped', failure: null }
      : await runJob(job, ports, { worker, signal, waiting });
  const ending = endingOf(end);
  const failure = ending ? await close(ending) : end.end === 'stopped' ? end.failure : null;
  const now = await ports.store.job(job.id);
  if (now?.state === 'aborting' && signal.reason !== 'leaseLost') {
    const end = () => close({ type: 'job.aborted', data: {} });
    return endStopped(job, ports, { worker, signal: control.stopped, waiting }, end);
  }
  if (failure?.kind !== 'conflict') return failure;
  if (!(await ports.store.heartbeat(worker, lease)).includes(job.id)) return failure;
  const spokenTo = ending?.type === 'job.completed' && now?.state === 'running';
  return spokenTo
    ? serveOnce(ports, options, job, control)
    : close({ type: 'job.failed', data: { failure } });
}

type Ending =
  | { type: 'job.completed'; data: Record<string, never> }
  | { type: 'job.aborted'; data: Record<string, never> }
  | { type: 'job.failed'; data: { failure: Failure } };

function endingOf(end: RunEnd): Ending | null {
  if (end.end === 'completed') return { type: 'job.completed', data: {} };
  return end.end === 'failed' ? { type: 'job.failed', data: { failure: end.failure } } : null;
}

/** Stops the runs of jobs that someone, anywhere, asked to abort. */
async function abortRequested(ports: RunPorts, runs: ReadonlyMap<string, Run>): Promise<void> {
  if (runs.size === 0) return;
  const aborting = await ports.store.jobs({ state: 'aborting', limit: 1000 });
  for (const job of aborting) runs.get(job.id)?.control.abort('abort' satisfies StopReason);
}

/** The longest time between two heartbeats, in ms; each also looks for what a dead worker left. */
const longestBeat = 1_500;

/** Keeps the leases; a run whose lease is gone stops at once, because another worker has its job. */
async function heartbeats(
  ports: RunPorts,
  options: DispatcherOptions,
  runs: ReadonlyMap<string, Run>,
  signal: AbortSignal,
  wake: () => void,
): Promise<void> {
  while (!signal.aborted) {
    await ports.clock.sleep(Math.min(longestBeat, options.lease / 4), signal);
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
