import { bad, type Failure, failures, good, type Outcome } from '../protocol/failure.ts';
import type { Job, UndoReport } from '../protocol/job.ts';
import type { JournalFilter } from '../protocol/journal.ts';
import { butlerAbility } from './abilities.ts';
import type { RunPorts } from './jobRun.ts';
import { isEnded } from './jobStates.ts';
import { readJob } from './jobs.ts';
import type { Execution, Store } from './ports/store.ts';
import type { Difference, Tool, ToolContext } from './ports/tool.ts';
import { toolContext } from './toolContext.ts';

/** What a person wants to take back or to do again: all of a job, or one execution, whatever job that belongs to. */
export interface UndoRequest {
  readonly id: string;
  readonly execution?: string | undefined;
}

/** An execution with the job that it belongs to. */
export interface Deed {
  readonly job: Job;
  readonly execution: Execution;
}

/** The executions that are wanted and fit, oldest first; fails while their job is at work. */
export async function deedsOf(
  ports: Pick<RunPorts, 'store'>,
  { id, execution: wanted }: UndoRequest,
  fits: (execution: Execution) => boolean,
): Promise<Outcome<Deed[]>> {
  const one = wanted === undefined ? null : await ports.store.execution(wanted);
  if (wanted !== undefined && !one) return bad(failures.notFound('execution', wanted));
  const found = await readJob(ports, one?.job ?? id);
  if (!found.ok) return found;
  if (!isEnded(found.value.state)) {
    return bad(failures.conflict('The job is still at work.', 'Abort it or let it end, then try again.'));
  }
  if (one) return good(fits(one) ? [{ job: found.value, execution: one }] : []);
  const all = await Promise.all(
    (await withSpecialists(ports.store, found.value)).map(async (job) =>
      (await ports.store.executions(job.id)).map((execution) => ({ job, execution })),
    ),
  );
  return good(
    all
      .flat()
      .filter(({ execution }) => fits(execution))
      .sort((first, second) => first.execution.seq - second.execution.seq),
  );
}

/** What going one deed back or forth needs. */
export interface Way {
  readonly way: 'undo' | 'redo';
  /** Calls it off: what is in hand stops where it can, and nothing further is begun. */
  readonly signal: AbortSignal;
  /** Does it with its tool, then records it. */
  go(tool: Tool, deed: Deed, context: ToolContext): Promise<Outcome<void>>;
  /** Records that it could not be done. */
  failed(deed: Deed, failure: Failure): Promise<void>;
}

/** Goes deeds one after another, in the order given; what does not go stays as it is, and is reported. */
export async function goDeeds(ports: RunPorts, deeds: readonly Deed[], way: Way): Promise<UndoReport> {
  const report: UndoReport = { undone: [], conflicts: [] };
  const others = await followOthers(ports.store);
  for (const deed of deeds) {
    const { execution } = deed;
    const named = { execution: execution.id, title: execution.title };
    if (way.signal.aborted) {
      report.conflicts.push({ ...named, failure: notBegun });
      continue;
    }
    let outcome = await goOne(ports, deed, way);
    // Another window that was in the middle of the same has left it whole by now.
    if (!outcome.ok && !way.signal.aborted && !(await others.went(deed)))
      outcome = await goOne(ports, deed, way);
    const note = toolOf(ports, execution)?.leaves;
    if (outcome.ok) report.undone.push({ ...named, ...(note ? { note } : {}) });
    else if (!(await others.went(deed))) {
      await way.failed(deed, outcome.failure);
      const diffs = await differencesOf(ports, deed, way);
      report.conflicts.push({ ...named, failure: outcome.failure, ...(diffs.length > 0 ? { diffs } : {}) });
    }
  }
  return report;
}

/** Notices what another window takes back or does again meanwhile. */
async function followOthers(store: Store): Promise<{ went(deed: Deed): Promise<boolean> }> {
  const gone = new Set<string>();
  let after = await store.head();
  return {
    went: async ({ execution }) => {
      for (let more = true; more; ) {
        const filter: JournalFilter = { types: ['execution.undone', 'execution.redone'] };
        const page = await store.entries({ filter, after, limit: 1000 });
        for (const entry of page.entries) {
          after = entry.seq;
          if ('execution' in entry.data && entry.data.execution) gone.add(entry.data.execution);
        }
        more = page.more;
      }
      return gone.has(execution.id);
    },
  };
}

async function goOne(ports: RunPorts, deed: Deed, way: Way): Promise<Outcome<void>> {
  const { execution } = deed;
  const tool = toolOf(ports, execution);
  if (!tool?.[way.way]) return bad(cannot(`"${execution.title}" cannot be ${words[way.way]} by itself.`));
  if (execution.undo === undefined) return bad(cannot('What is needed for it was deleted.'));
  try {
    return await way.go(tool, deed, await contextOf(ports, deed, way));
  } catch (error) {
    return bad(failures.internal(error instanceof Error ? error.message : String(error)));
  }
}

const notBegun = failures.cancelled('It was called off before this was begun.');

const words = { undo: 'taken back', redo: 'done again' } as const;

async function differencesOf(ports: RunPorts, deed: Deed, way: Way): Promise<Difference[]> {
  try {
    const tool = toolOf(ports, deed.execution);
    const context = await contextOf(ports, deed, way);
    const found = await tool?.differences?.(deed.execution.undo, context, way.way);
    return (found ?? []).map((one) => ports.redactor.cleanIn({ ...one }));
  } catch {
    return [];
  }
}

async function contextOf(ports: RunPorts, { job, execution }: Deed, { signal }: Way): Promise<ToolContext> {
  const ability = (await ports.ability(job.ability, job.workspace)) ?? butlerAbility;
  return toolContext({ ports, job, ability, signal }, execution.id);
}

function toolOf(ports: RunPorts, execution: Execution): Tool | null {
  const all = [...ports.tools, ...ports.runtimes.flatMap(({ tools }) => tools)];
  return (all.find((one) => one.name === execution.tool) as Tool | undefined) ?? null;
}

/** A job and all that it handed to specialists and that has ended. */
async function withSpecialists(store: Store, job: Job): Promise<Job[]> {
  const children = (await store.children(job.id)).filter(({ state }) => isEnded(state));
  const below = await Promise.all(children.map((child) => withSpecialists(store, child)));
  return [job, ...below.flat()];
}

function cannot(what: string): Failure {
  return failures.conflict(what, 'Do it by hand; the journal tells what was done.');
}
