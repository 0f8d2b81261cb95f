import { bad, type Failure, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Job, UndoReport } from '../protocol/job.ts';
import { butlerAbility } from './abilities.ts';
import { type RunPorts, toolContext } from './jobRun.ts';
import { isEnded } from './jobStates.ts';
import { readJob } from './jobs.ts';
import type { Draft, Execution, Store } from './ports/store.ts';

/**
 * Takes back the effects of a job and its specialists, newest first, or of one execution. What changed since stays
 * as it is and is reported as a conflict; everything is journaled.
 */
export async function undoJob(
  ports: RunPorts,
  request: { id: string; execution?: string | undefined },
  actor: string,
): Promise<Outcome<UndoReport>> {
  const found = await readJob(ports, request.id);
  if (!found.ok) return found;
  if (!isEnded(found.value.state)) {
    return bad(failures.conflict('The job is still at work.', 'Abort it or let it end, then undo.'));
  }
  const jobs = request.execution ? [found.value] : await withSpecialists(ports.store, found.value);
  const all = await Promise.all(
    jobs.map(async (job) => (await ports.store.executions(job.id)).map((execution) => ({ job, execution }))),
  );
  const chosen = all
    .flat()
    .filter(({ execution }) => execution.undoable && execution.state !== 'undone')
    .filter(({ execution }) => !request.execution || execution.id === request.execution)
    .sort((one, other) => other.execution.seq - one.execution.seq);
  if (chosen.length === 0) {
    return bad(failures.conflict('There is nothing left to undo.', 'Nothing is needed.'));
  }
  const report: UndoReport = { undone: [], conflicts: [] };
  for (const { job, execution } of chosen) {
    const outcome = await undoOne(ports, job, execution, actor);
    const named = { execution: execution.id, title: execution.title };
    if (outcome.ok) report.undone.push(named);
    else report.conflicts.push({ ...named, failure: outcome.failure });
  }
  return good(report);
}

/** A job and all that it handed to specialists and that has ended. */
async function withSpecialists(store: Store, job: Job): Promise<Job[]> {
  const children = (await store.children(job.id)).filter(({ state }) => isEnded(state));
  const below = await Promise.all(children.map((child) => withSpecialists(store, child)));
  return [job, ...below.flat()];
}

async function undoOne(
  ports: RunPorts,
  job: Job,
  execution: Execution,
  actor: string,
): Promise<Outcome<void>> {
  const outcome = await takeBack(ports, job, execution);
  const base = { stream: job.session, job: job.id, actor };
  if (!outcome.ok) {
    const { failure } = outcome;
    const data = { execution: execution.id, failure };
    await ports.store.append([{ ...base, type: 'execution.undoFailed', data }]);
    return outcome;
  }
  const drafts: Draft[] = [{ ...base, type: 'execution.undone', data: { execution: execution.id } }];
  for (const { id, published } of await ports.store.deliverables({ job: job.id, limit: 500 })) {
    if (published?.execution === execution.id) {
      const data = { deliverable: id, execution: execution.id };
      drafts.push({ ...base, type: 'deliverable.unpublished', data });
    }
  }
  const appended = await ports.store.append(drafts);
  return appended.ok ? good(undefined) : appended;
}

async function takeBack(ports: RunPorts, job: Job, execution: Execution): Promise<Outcome<void>> {
  const all = [...ports.tools, ...ports.runtimes.flatMap(({ tools }) => tools)];
  const tool = all.find((one) => one.name === execution.tool);
  if (!tool?.undo) return bad(cannot(`The tool "${execution.tool}" cannot undo.`));
  if (execution.undo === undefined) return bad(cannot('What is needed to undo it was deleted.'));
  try {
    const ability = (await ports.ability(job.ability, job.workspace)) ?? butlerAbility;
    const { signal } = new AbortController();
    return await tool.undo(execution.undo, toolContext({ ports, job, ability, signal }, execution.id));
  } catch (error) {
    return bad(failures.internal(error instanceof Error ? error.message : String(error)));
  }
}

function cannot(what: string): Failure {
  return failures.conflict(what, 'Take it back by hand; the journal tells what was done.');
}
