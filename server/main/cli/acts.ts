import { decideApproval } from '../../core/approvals.ts';
import * as jobs from '../../core/jobs.ts';
import { redoJob } from '../../core/redo.ts';
import { undoJob } from '../../core/undo.ts';
import type { Approval } from '../../protocol/approval.ts';
import { failures, type Outcome } from '../../protocol/failure.ts';
import type { UndoReport } from '../../protocol/job.ts';
import { revealed } from '../../protocol/reveal.ts';
import type { Butler } from '../compose.ts';
import { questionIn } from './askQuestion.ts';
import { exitCodes } from './exitCodes.ts';
import { actor, printJson, printLine, printTrouble, tellFailure, withButler } from './open.ts';
import type { CommonOptions, JobAct } from './options.ts';
import { questionText } from './screen.ts';

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
  abort: async (butler, options, id) => {
    const outcome = await jobs.abortJob(butler, id, actor);
    const ended = outcome.ok && outcome.value.state === 'aborted';
    return tell(
      options,
      outcome,
      ended
        ? 'Aborted.'
        : `Aborting: the worker that has the job stops it. Where none is left: butler follow ${id}`,
    );
  },
  undo: async (butler, options, id) =>
    tellReport(options, 'Undone', await undoJob(butler, asked(id, options), actor)),
  redo: async (butler, options, id) =>
    tellReport(options, 'Redone', await redoJob(butler, asked(id, options), actor)),
};

/** Answers a question of an agent in words. */
export function answer(options: CommonOptions, [id = '', ...words]: readonly string[]): Promise<number> {
  return withButler(options, async (butler) => {
    const open = (await butler.store.pendingApprovals()).find(
      ({ approval }) => (approval.id === id || approval.job === id) && questionIn(approval),
    );
    if (!open) {
      const what = `No question waits under "${id}".`;
      return tellFailure(options, { kind: 'notFound', what, mend: 'Run "butler jobs" for what waits.' });
    }
    const { approval } = open;
    const decision = {
      id: approval.id,
      digest: approval.digest,
      decision: 'approve',
      answer: words.join(' '),
    } as const;
    return tell(
      options,
      await decideApproval(butler, decision, actor),
      `Answered: ${revealed(approval.title)}`,
    );
  });
}

const asked = (id: string, { execution }: CommonOptions) => ({ id, execution });

/** Says what was taken back or done again, and what stands in the way of the rest. */
function tellReport(options: CommonOptions, word: string, outcome: Outcome<UndoReport>): number {
  if (!outcome.ok || options.json) return tell(options, outcome, '');
  for (const { title, note } of outcome.value.undone) {
    printLine(`${word}: ${revealed(title)}${note ? ` (${note})` : ''}`);
  }
  for (const { title, failure, diffs = [] } of outcome.value.conflicts) {
    printTrouble(`Not ${word.toLowerCase()}: ${revealed(title)}\n  ${failure.what} ${failure.mend}`);
    for (const { path, before, after } of diffs) {
      printTrouble(`  ${revealed(path)}: ${sizeOf(before)} stands there, ${sizeOf(after)} would.`);
    }
  }
  return outcome.value.conflicts.length > 0 ? exitCodes.failed : exitCodes.done;
}

const sizeOf = (text: string | null) =>
  text === null ? 'nothing' : `a text of ${text.split('\n').length} lines`;

/**
 * Decides the question that is named, or the one that a job asks; each is shown before it is decided. What a job
 * asks can be denied in one go, but is approved one by one (SECURITY S6).
 */
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
  if (decision === 'approve' && open.length > 1) {
    const what = `The job asks ${open.length} things.`;
    const ids = open.map(({ approval }) => `${approval.id} (${approval.title})`).join(', ');
    return tellFailure(options, failures.invalid('id', what, `Name one of them: ${ids}.`));
  }
  let status: number = exitCodes.done;
  for (const { approval, preview } of open) {
    if (!options.json) printLine(questionText(approval, preview));
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
