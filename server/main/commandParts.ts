import { openProcesses, type Processes } from '../adapters/processes/processes.ts';
import type { CommandSandbox } from '../adapters/sandbox/commandSandbox.ts';
import { openSandbox } from '../adapters/sandbox/openSandbox.ts';
import type { SandboxGround } from '../adapters/sandbox/sandboxGround.ts';
import { createShellParser } from '../adapters/shells/treeSitter.ts';
import type { Snapshots } from '../adapters/snapshots/snapshots.ts';
import type { CommandParts } from '../adapters/tools/commands/parts.ts';
import { isEnded } from '../core/jobStates.ts';
import { isGuarded } from '../core/policy/protections.ts';
import type { Store } from '../core/ports/store.ts';

/** What runs commands, opened. */
export interface Commands {
  readonly parts: CommandParts;
  readonly sandbox: CommandSandbox;
  readonly processes: Processes;
  close(): Promise<void>;
}

/**
 * Opens sandbox and registry of commands, and ends what a job left in the background when the job has ended or
 * another worker took it over.
 */
export function openCommands(given: {
  readonly ground: Omit<SandboxGround, 'allowedMeanwhile'>;
  readonly snapshots: Snapshots | null;
  readonly store: Pick<Store, 'watch' | 'job' | 'head' | 'entries'>;
  now(): number;
  report(what: string, cause: unknown): void;
}): Commands {
  const { ground, snapshots, store } = given;
  const sandbox = openSandbox({ ...ground, allowedMeanwhile: () => changesAllowed(store) });
  const processes = openProcesses(given.now);
  const workers = new Map<string, string>();
  const endIfOver = async (id: string) => {
    const job = await store.job(id);
    const first = workers.get(id) ?? job?.worker;
    if (first) workers.set(id, first);
    const isTakenOver = job?.worker && job.worker !== first;
    if (job && !isEnded(job.state) && !isTakenOver) return;
    workers.delete(id);
    await processes.endJob(id);
  };
  const stopWatching = store.watch((news) => {
    const concerned = processes.jobs().filter((job) => !news || news.some((entry) => entry.job === job));
    for (const job of concerned) {
      endIfOver(job).catch((error: unknown) => given.report('end of background commands', error));
    }
  });
  const { environment } = ground;
  return {
    parts: {
      sandbox,
      processes,
      snapshots,
      parser: createShellParser(),
      understand: async (...command) => (await import('../core/command/read.ts')).understand(...command),
      environment,
    },
    sandbox,
    processes,
    close: async () => {
      stopWatching();
      await processes.close();
      await sandbox.close();
    },
  };
}

/** Begins to note the paths that calls of any job are allowed to change; answers those of the time since. */
async function changesAllowed(store: Pick<Store, 'head' | 'entries'>): Promise<() => Promise<string[]>> {
  const after = await store.head();
  return async () => {
    const filter = { types: ['execution.started' as const] };
    const { entries } = await store.entries({ filter, after, limit: mostLookedAt });
    return entries.flatMap((entry) =>
      entry.type === 'execution.started'
        ? entry.data.effects.flatMap((effect) =>
            (effect.kind === 'write' || effect.kind === 'delete') && isGuarded(effect.shown)
              ? [effect.path]
              : [],
          )
        : [],
    );
  };
}

/** Calls that begin while one command runs are fewer than that. */
const mostLookedAt = 2000;
