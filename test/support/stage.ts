import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../server/adapters/systemClock.ts';
import { decideApproval } from '../../server/core/approvals.ts';
import type { Passing } from '../../server/core/jobRun.ts';
import { isEnded } from '../../server/core/jobStates.ts';
import { createJob } from '../../server/core/jobs.ts';
import type { Clock } from '../../server/core/ports/clock.ts';
import { type Butler, compose } from '../../server/main/compose.ts';
import { readConfig } from '../../server/main/config.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { Job } from '../../server/protocol/job.ts';
import type { Mode } from '../../server/protocol/policy.ts';
import { emptyTranscript, foldTranscript, type Transcript } from '../../server/protocol/transcript.ts';
import { copySampleWorkspace } from './sampleWorkspace.ts';

/** A whole butler on the sample workspace with a store of its own, all parts real. */
export interface Stage {
  readonly butler: Butler;
  readonly workspace: string;
  readonly home: string;
  /** Moves the butler's clock forward, in ms. */
  wait(ms: number): void;
  /** Hands over a job and answers it at once. */
  hand(ability: string, text: string, session?: string): Promise<Job>;
  /** Resolves with what the job asks next. */
  question(job: Job): Promise<Approval>;
  decide(approval: Approval, decision: 'approve' | 'approveForJob' | 'deny', reason?: string): Promise<void>;
  /** Resolves with the job when it has ended. */
  end(job: Job): Promise<Job>;
  transcript(session: string): Promise<Transcript>;
  close(): Promise<void>;
}

/** Sets the stage; `serve: false` leaves jobs unclaimed. */
export async function setStage(
  options: {
    serve?: boolean;
    mode?: Mode;
    environment?: Record<string, string>;
    anthropicBaseUrl?: string;
    home?: string;
    workspace?: string;
    /** Told of what passes and is kept nowhere. */
    emit?(passing: Passing): void;
  } = {},
): Promise<Stage> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'butler-stage-')));
  const home = options.home ?? path.join(root, 'home');
  const workspace = options.workspace ?? path.join(root, 'workspace');
  if (!options.workspace) {
    await mkdir(workspace, { recursive: true });
    await copySampleWorkspace(workspace);
  }
  const { clock, wait } = movableClock();
  const composed = await compose({
    config: readConfig({
      environment: { BUTLER_HOME: home, BUTLER_KEYCHAIN: 'off' },
      anthropicBaseUrl: options.anthropicBaseUrl,
    }),
    environment: options.environment ?? {},
    workspaces: () => [workspace],
    mode: () => options.mode ?? 'ask',
    editor: null,
    editorSecrets: null,
    clock,
    emit: options.emit ?? (() => undefined),
    report: (what, cause) => process.stderr.write(`${what}: ${JSON.stringify(cause)}\n`),
  });
  if (!composed.ok) throw new Error(composed.failure.what);
  const butler = composed.value;
  if (options.serve !== false) butler.serve();
  return {
    butler,
    workspace,
    home,
    wait,
    hand: async (ability, text, session) => {
      const request = session ? { session } : { ability, workspace };
      const created = await createJob(butler, { ...request, text, kind: 'task' }, 'person:test');
      if (!created.ok) throw new Error(created.failure.what);
      return created.value;
    },
    question: (job) =>
      until(butler, async () => (await butler.store.pendingApprovals(job.id))[0]?.approval ?? null),
    decide: async ({ id, digest }, decision, reason) => {
      const given = { id, digest, decision, ...(reason ? { reason } : {}) };
      const outcome = await decideApproval(butler, given, 'person:test');
      if (!outcome.ok) throw new Error(outcome.failure.what);
    },
    end: (job) =>
      until(butler, async () => {
        const now = await butler.store.job(job.id);
        return now && isEnded(now.state) ? now : null;
      }),
    transcript: async (session) => {
      const { entries } = await butler.store.entries({
        filter: { stream: session },
        after: 0,
        limit: 2000,
        bodies: true,
      });
      return foldTranscript(emptyTranscript, entries);
    },
    close: async () => {
      await butler.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Looks again after every change of the store until there is something. */
export async function until<T>(butler: Butler, look: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const changed = Promise.withResolvers<void>();
    const stop = butler.store.watch(() => changed.resolve());
    try {
      const found = await look();
      if (found !== null) return found;
      await changed.promise;
    } finally {
      stop();
    }
  }
}

function movableClock(): { clock: Clock; wait(ms: number): void } {
  let ahead = 0;
  let moved = new AbortController();
  const clock: Clock = {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    sleep: (ms, signal) =>
      systemClock.sleep(ms, signal ? AbortSignal.any([signal, moved.signal]) : moved.signal),
  };
  return {
    clock,
    wait: (ms) => {
      ahead += ms;
      moved.abort();
      moved = new AbortController();
    },
  };
}
