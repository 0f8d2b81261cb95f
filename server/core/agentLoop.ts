import type { Ability } from '../protocol/ability.ts';
import { type Failure, failures } from '../protocol/failure.ts';
import type { Job } from '../protocol/job.ts';
import type { Turn } from '../protocol/turn.ts';
import { obtainAnswer } from './answer.ts';
import { CannotRecord, type JobRun, openRun, type RunPorts } from './jobRun.ts';
import type { Provider } from './ports/provider.ts';
import { type Asking, buildRequest, toolDefinitions } from './prompt.ts';
import { performCall } from './toolCall.ts';

/** How a run ended: `stopped` leaves the job as it is, for whoever takes it over. */
export type RunEnd =
  | { readonly end: 'completed' }
  | { readonly end: 'failed'; readonly failure: Failure }
  | { readonly end: 'stopped'; readonly failure: Failure | null };

/** Rounds after which a job that does not come to an end is stopped. */
const mostRounds = 1000;

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
    const name = askedProvider(run) ?? ability.provider;
    const provider = ports.providers.find((one) => one.name === name);
    if (!provider) return { end: 'failed', failure: unknownProvider(name, ports) };
    return await rounds(run, provider);
  } catch (error) {
    if (error instanceof CannotRecord) return { end: 'stopped', failure: error.failure };
    const what = error instanceof Error ? error.message : String(error);
    return { end: 'failed', failure: failures.internal(what) };
  }
}

async function rounds(run: JobRun, provider: Provider): Promise<RunEnd> {
  const asking = {
    ability: abilityWith(provider, run.ability),
    tools: toolDefinitions(run.tools),
    job: run.job.id,
    told: new WeakMap(),
  };
  for (let round = 0; round < mostRounds; round++) {
    if (run.signal.aborted) return { end: 'stopped', failure: null };
    const last = lastAnswer(run);
    if (!last || last.calls.length > 0) {
      for (const call of last?.calls ?? []) {
        if (call.output === null && !run.signal.aborted) await performCall(run, call);
      }
      if (run.signal.aborted) return { end: 'stopped', failure: null };
      const failure = await nextAnswer(run, provider, asking);
      if (failure) return { end: 'failed', failure };
      continue;
    }
    return { end: 'completed' };
  }
  return { end: 'failed', failure: endless };
}

/** Asks for the next message and records it whole; answers what stood in its way. */
async function nextAnswer(
  run: JobRun,
  provider: Provider,
  asking: Omit<Asking, 'transcript'>,
): Promise<Failure | null> {
  const request = buildRequest({ ...asking, transcript: run.transcript() });
  const end = await obtainAnswer(run, provider, request);
  if (end.kind === 'failed') return run.signal.aborted ? null : end.failure;
  const calls = end.parts.some((part) => part.kind === 'call');
  if (end.stop === 'refused') return failures.refused(provider.title);
  if (end.stop === 'length' && calls) return failures.tooLong(provider.title);
  await run.record({
    type: 'message.added',
    data: {
      provider: provider.name,
      model: request.model || (provider.models[0] ?? ''),
      stop: end.stop,
      usage: end.usage,
    },
    content: { parts: end.parts },
  });
  return null;
}

/** The Ability as a job on another provider than its own sees it: its model means nothing there. */
function abilityWith({ name }: Provider, ability: Ability): Ability {
  return ability.provider === name ? ability : { ...ability, provider: name, model: '' };
}

/** The provider that the job itself names. */
function askedProvider(run: JobRun): string | null {
  const turn = run.transcript().turns.find((one) => one.kind === 'person' && one.job === run.job.id);
  return turn?.kind === 'person' ? turn.provider : null;
}

/** The newest message of the assistant in this job; `null` before the first. */
function lastAnswer(run: JobRun): Extract<Turn, { kind: 'assistant' }> | null {
  const turn = run.transcript().turns.findLast((one) => one.kind === 'assistant' && one.job === run.job.id);
  return turn?.kind === 'assistant' ? turn : null;
}

function unknownProvider(name: string, ports: RunPorts): Failure {
  const known = ports.providers.map((provider) => provider.name).join(', ');
  return failures.invalid('ability.provider', `There is no provider "${name}".`, `Choose one of: ${known}.`);
}

const endless = failures.conflict(
  `The job did not come to an end after ${mostRounds} rounds.`,
  'Look at what it did, then hand over a smaller piece.',
);
