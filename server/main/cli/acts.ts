import { decideApproval } from '../../core/approvals.ts';
import * as jobs from '../../core/jobs.ts';
import { undoJob } from '../../core/undo.ts';
import type { Approval } from '../../protocol/approval.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Butler } from '../compose.ts';
import { exitCodes } from './exitCodes.ts';
import { actor, printJson, printLine, printTrouble, tellFailure, withButler } from './open.ts';
import type { CommonOptions, JobAct } from './options.ts';

/** Does one thing with one job, or with what it asks. */
export function act(name: JobAct, options: CommonOptions, id: string): Promise<number> {
  return withButler(options, (butler) => acts[name](butler, options, id));
}

/** Turns the panic switch on or off. */
export function setPaused(paused: boolean, options: CommonOptions): Promise<number> {
  return withButler(options, async (butler) =>
    tell(options, await jobs.setPaused(butler, paused, actor), paused ? 'Paused.' : 'Resumed.'),
  );
}

const acts: Record<JobAct, (butler: Butler, options: CommonOptions, id: string) => Promise<number>> = {
  approve: async (butler, options, id) => {
    const job = await butler.store.job(id);
    if (job?.state === 'needs_approval') {
      return tell(options, await jobs.approveJob(butler, id, actor), 'Approved; the job is queued.');
    }
    return decide(butler, options, id, 'approve');
  },
  deny: (butler, options, id) => decide(butler, options, id, 'deny'),
  abort: async (butler, options, id) => tell(options, await jobs.abortJob(butler, id, actor), 'Aborted.'),
  undo: async (butler, options, id) => {
    const outcome = await undoJob(butler, { id }, actor);
    if (!outcome.ok || options.json) return tell(options, outcome, '');
    for (const { title } of outcome.value.undone) printLine(`Undone: ${title}`);
    for (const { title, failure } of outcome.value.conflicts) {
      printTrouble(`Not undone: ${title}\n  ${failure.what} ${failure.mend}`);
    }
    return outcome.value.conflicts.length > 0 ? exitCodes.failed : exitCodes.done;
  },
};

/** Decides every open question of a job, or the one named; each is shown before it is decided. */
async function decide(
  butler: Butler,
  options: CommonOptions,
  id: string,
  decision: 'approve' | 'deny',
): Promise<number> {
  const open = (await butler.store.pendingApprovals()).filter(
    ({ approval }) => approval.id === id || approval.job === id,
  );
  if (open.length === 0) {
    return tellFailure(options, {
      kind: 'notFound',
      what: `Nothing waits under "${id}".`,
      mend: 'Run "butler jobs" for what waits.',
    });
  }
  let status: number = exitCodes.done;
  for (const { approval } of open) {
    const outcome: Outcome<Approval> = await decideApproval(
      butler,
      { id: approval.id, digest: approval.digest, decision },
      actor,
    );
    status = Math.max(
      status,
      tell(options, outcome, `${decision === 'approve' ? 'Approved' : 'Denied'}: ${approval.title}`),
    );
  }
  return status;
}

function tell(options: CommonOptions, outcome: Outcome<unknown>, words: string): number {
  if (!outcome.ok) return tellFailure(options, outcome.failure);
  if (options.json) printJson(outcome.value);
  else printLine(words);
  return exitCodes.done;
}
