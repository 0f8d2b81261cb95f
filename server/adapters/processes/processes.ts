import { bad, failures, good, type Outcome } from '../../protocol/failure.ts';
import type { Process } from '../../protocol/process.ts';
import { type Ending, type Launch, type Launched, launch } from './launch.ts';

/** A command to begin: what it is for a person, and how it is started. */
export interface Begin {
  readonly process: Omit<Process, 'pid' | 'started' | 'state' | 'exit'>;
  readonly launch: Omit<Launch, 'execution' | 'onOutput'>;
  /** Called once it has ended, before anybody is told so. */
  settle(): Promise<void>;
}

/** A command that was begun. */
export interface Running {
  readonly ended: Promise<Ending>;
  output(): string;
  stop(): Promise<void>;
}

/** What happens to commands, as surfaces are told of it. */
export type ProcessNews =
  | { readonly kind: 'changed'; readonly process: Process }
  | { readonly kind: 'output'; readonly id: string; readonly text: string }
  /** Somebody reads it now: what was gathered before belongs to that. */
  | { readonly kind: 'read'; readonly id: string };

/** The commands that run in this worker, and those that ended a moment ago. */
export interface Processes {
  begin(wanted: Begin): Running;
  list(job?: string): Process[];
  read(id: string): Outcome<{ process: Process; output: string }>;
  /** Ends one with all that it started. */
  end(id: string): Promise<Outcome<void>>;
  /** Ends those of a job that go on in the background. */
  endJob(job: string): Promise<void>;
  /** Jobs that have commands at work. */
  jobs(): string[];
  listen(listener: (news: ProcessNews) => void): () => void;
  /** Ends all of them. */
  close(): Promise<void>;
}

/** Ended ones that can still be read. */
const mostEnded = 50;
/** Characters that one reading gives. */
const longestReading = 30_000;

interface Entry {
  process: Process;
  readonly launched: Launched;
  readonly over: Promise<Ending>;
}

/** Opens the registry of commands. */
export function openProcesses(now: () => number): Processes {
  const all = new Map<string, Entry>();
  const listeners = new Set<(news: ProcessNews) => void>();
  const tell = (news: ProcessNews) => {
    for (const listener of listeners) listener(news);
  };
  const running = (job?: string) =>
    [...all.values()].filter(
      ({ process }) => process.state === 'running' && (job === undefined || process.job === job),
    );
  const stopAll = async (entries: readonly Entry[]) => {
    await Promise.all(entries.map(({ launched }) => launched.stop('asked')));
    await Promise.all(entries.map(({ over }) => over));
  };
  return {
    begin({ process: about, launch: how, settle }) {
      const { id } = about;
      const onOutput = (text: string) => tell({ kind: 'output', id, text });
      const launched = launch({ ...how, execution: id, onOutput });
      const process: Process = {
        ...about,
        pid: launched.pid ?? 1,
        started: now(),
        state: launched.pid === null ? 'ended' : 'running',
        exit: null,
      };
      const over = launched.ended.then(async (ending) => {
        await settle();
        const entry = all.get(id);
        if (entry) entry.process = { ...entry.process, state: 'ended', exit: ending.exit };
        tell({ kind: 'changed', process: { ...process, state: 'ended', exit: ending.exit } });
        forgetOld(all);
        return ending;
      });
      all.set(id, { process, launched, over });
      tell({ kind: 'changed', process });
      return { ended: over, output: launched.output, stop: () => launched.stop('asked') };
    },
    list: (job) =>
      [...all.values()].map(({ process }) => process).filter((one) => job === undefined || one.job === job),
    read(id) {
      const entry = all.get(id);
      if (!entry) return bad(failures.notFound('command', id));
      tell({ kind: 'read', id });
      return good({ process: entry.process, output: entry.launched.tail(longestReading) });
    },
    async end(id) {
      const entry = all.get(id);
      if (!entry) return bad(failures.notFound('command', id));
      if (entry.process.state === 'running') await stopAll([entry]);
      return good(undefined);
    },
    endJob: (job) => stopAll(running(job)),
    jobs: () => [...new Set(running().map(({ process }) => process.job))],
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => stopAll(running()),
  };
}

function forgetOld(all: Map<string, Entry>): void {
  const ended = [...all].filter(([, { process }]) => process.state === 'ended');
  for (const [id] of ended.slice(0, -mostEnded)) all.delete(id);
}
