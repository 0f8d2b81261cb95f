import { type Failure, failures } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import type { Turn } from '../protocol/turn.ts';
import { obtainAnswer } from './answer.ts';
import { watchBudget } from './budget.ts';
import { choiceOf } from './chain.ts';
import { type Connections, openConnections } from './connections.ts';
import { runExternally } from './externalRun.ts';
import { fittingRequests, type RequestFor } from './fitting.ts';
import { CannotRecord, type JobRun, openRun, type RunPorts } from './jobRun.ts';
import { factsOf, priceOf } from './models.ts';
import { orchestrated } from './orchestration.ts';
import { performCall } from './toolCall.ts';

/** How a run ended: `stopped` leaves the job as it is, for whoever takes it over. */
export type RunEnd =
  | { readonly end: 'completed' }
  | { readonly end: 'failed'; readonly failure: Failure }
  | { readonly end: 'stopped'; readonly failure: Failure | null };

/**
 * Runs a job from where its journal stands to its end: a function of (journal, ports). A round asks the
 * provider, records the whole message, and performs its calls one by one (DESIGN "Jobs").
 */
export async function runJob(
  job: Job,
  ports: RunPorts,
  control: { worker: string; signal: AbortSignal; waiting(yes: boolean): void },
): Promise<RunEnd> {
  try {
    const ability = await ports.ability(job.ability, job.workspace);
    if (!ability) return { end: 'failed', failure: failures.notFound('Ability', job.ability) };
    const run = await openRun(job, ability, ports, control);
    try {
      return await work(run);
    } finally {
      run.close();
    }
  } catch (error) {
    if (error instanceof CannotRecord) return { end: 'stopped', failure: error.failure };
    const what = error instanceof Error ? error.message : String(error);
    return { end: 'failed', failure: failures.internal(what) };
  }
}

async function work(run: JobRun): Promise<RunEnd> {
  const connections = await openConnections(run.ports);
  try {
    const begun = await orchestrated(run, connections);
    if (!begun.ok) return { end: 'failed', failure: begun.failure };
    return (await runExternally(begun.value)) ?? (await rounds(begun.value, connections));
  } finally {
    connections.close();
  }
}

async function rounds(run: JobRun, connections: Connections): Promise<RunEnd> {
  const requestFor = fittingRequests(run);
  const budget = await watchBudget(run);
  for (;;) {
    for (const call of lastAnswer(run)?.calls ?? []) {
      if (call.output !== null || run.signal.aborted) continue;
      const failure = await performCall(run, call);
      if (failure) return { end: 'failed', failure };
    }
    await run.heed();
    if (run.signal.aborted) return { end: 'stopped', failure: null };
    if (isAnswered(run)) return { end: 'completed' };
    const overspent = await budget.check();
    if (overspent) return { end: 'failed', failure: overspent };
    if (run.signal.aborted) return { end: 'stopped', failure: null };
    const failure = await nextAnswer(run, connections, requestFor);
    if (failure) return { end: 'failed', failure };
  }
}

/** Whether the newest message asks for nothing more, and its request told all that the person said. */
function isAnswered(run: JobRun): boolean {
  const last = run.transcript().turns.findLast((turn) => turn.job === run.job.id && isSpoken(turn));
  return last?.kind === 'assistant' && last.calls.length === 0;
}

const isSpoken = ({ kind }: Turn) => kind === 'person' || kind === 'assistant';

/** The number of the last thing that was said to the job at work; 0 where nothing was. */
function lastWord(run: JobRun): number {
  const word = run
    .transcript()
    .turns.findLast((turn) => turn.kind === 'person' && turn.steered && turn.job === run.job.id);
  return Number(word?.key ?? 0);
}

/** Asks for the next message and records it whole; answers what stood in its way. */
async function nextAnswer(
  run: JobRun,
  connections: Connections,
  requestFor: RequestFor,
): Promise<Failure | null> {
  const obtained = await obtainAnswer(run, connections, async (candidate, refused) => ({
    request: await requestFor(candidate, refused),
    heard: lastWord(run),
  }));
  if (obtained.kind !== 'answered') return obtained.kind === 'failed' ? obtained.failure : null;
  const { answer, heard, by } = obtained;
  const { parts, stop, usage } = answer;
  await run.record({
    type: 'message.added',
    data: {
      ...choiceOf(by),
      stop,
      usage,
      usd: priceOf(factsOf(by.provider.kind, by.model), usage),
      ...(heard > 0 ? { heard } : {}),
    },
    content: { parts },
  });
  return null;
}

/** The newest message of the assistant in this job; `null` before the first. */
function lastAnswer(run: JobRun): Extract<Turn, { kind: 'assistant' }> | null {
  const turn = run.transcript().turns.findLast((one) => one.kind === 'assistant' && one.job === run.job.id);
  return turn?.kind === 'assistant' ? turn : null;
}
