import { type Failure, failures } from '../protocol/failure.ts';
import type { Turn } from '../protocol/turn.ts';
import { accountOf } from './account.ts';
import { watchBudget } from './budget.ts';
import { type Candidate, chainOf, choiceOf } from './chain.ts';
import { type ExternalCalls, openCalls, toolsOf } from './externalCalls.ts';
import { endCutOff } from './externalCutOff.ts';
import { type Ids, openIds } from './externalIds.ts';
import { passOnWords, type Words } from './externalWords.ts';
import { readImages } from './images.ts';
import type { JobRun } from './jobRun.ts';
import { withoutMarkup } from './markup.ts';
import { factsOf, priceOf } from './models.ts';
import type { ImageData } from './ports/provider.ts';
import type { Runtime, RuntimeEvent, RuntimeOrder } from './ports/runtime.ts';
import { buildRequest } from './prompt.ts';
import { openShownTokens, type ShownTokens } from './shownTokens.ts';
import { sizeOf } from './tokens.ts';
import { toolDefinitions } from './toolDefinitions.ts';
import { costOfFailed, sizeOfParts, sizeOfRequest, usageOf } from './usage.ts';

/** How an external agent's work ended; see `RunEnd` of the agent loop. */
export type ExternalEnd =
  | { readonly end: 'completed' }
  | { readonly end: 'failed'; readonly failure: Failure }
  | { readonly end: 'stopped'; readonly failure: null };

/**
 * Has the job done by the external agent that its Ability names (SPEC B5); `null` where our own loop does it, as
 * it does for a job that names its provider. The journal reads the same: whole messages, and each call with its
 * approval, its execution and its result.
 */
export async function runExternally(run: JobRun): Promise<ExternalEnd | null> {
  const { runtime: name } = run.ability;
  const begin = spokenIn(run)[0];
  const named = begin?.kind === 'person' ? begin.provider : null;
  if (name === undefined || named !== null) return null;
  const { runtimes, store, providers } = run.ports;
  const runtime = runtimes.find((one) => one.name === name);
  if (!runtime) return failed(unknownRuntime(name, runtimes));
  const settings = await store.settings();
  const chain = chainOf({ ability: run.ability, asked: null, settings, providers: providers() });
  if (!chain.ok) return failed(chain.failure);
  await endCutOff(run);
  await run.heed();
  if (isAnswered(run)) return { end: 'completed' };
  return work(run, runtime, chain.value[0]);
}

/** Sets the agent to work and puts into the journal what comes of it. */
async function work(run: JobRun, runtime: Runtime, by: Candidate): Promise<ExternalEnd> {
  const control = new AbortController();
  const at: JobRun = { ...run, signal: AbortSignal.any([run.signal, control.signal]) };
  const budget = await watchBudget(at);
  const overspent = await budget.check();
  if (overspent) return failed(overspent);
  if (run.signal.aborted) return stopped;
  let ending: Failure | null = null;
  const stop = (failure: Failure | null) => {
    ending ??= failure;
    control.abort();
  };
  const ids = openIds(run);
  const calls = openCalls({ run: at, runtime, budget, idOf: ids.of, stop });
  const agent = runtime.run(await orderFor(run, runtime, by), at.signal);
  const words = passOnWords(run, lastWord(run), agent.say);
  const shown = openShownTokens(run);
  const streamed = { size: 0 };
  let end: Failure | null = failures.cut(runtime.title);
  try {
    for await (const event of agent.events) {
      if (event.kind === 'question') calls.ask(event);
      else if (event.kind === 'toolEnd') calls.end(event);
      else if (event.kind === 'done') end = null;
      else if (event.kind === 'failed') end = event.failure;
      else await take(at, event, { by, calls, words, ids, shown, streamed });
    }
  } finally {
    words.close();
    control.abort();
    await calls.settled();
  }
  if (run.signal.aborted) return stopped;
  await endCutOff(run);
  const failure = ending ?? end;
  return failure ? failed(failure) : { end: 'completed' };
}

interface Taking {
  readonly by: Candidate;
  readonly calls: Pick<ExternalCalls, 'settled'>;
  readonly words: Words;
  readonly ids: Ids;
  readonly shown: ShownTokens;
  /** How much of the answer on its way came, in bytes. */
  readonly streamed: { size: number };
}

type Told = Exclude<RuntimeEvent, { kind: 'question' | 'toolEnd' | 'done' | 'failed' }>;

/** Passes on what streams, and records what is whole. */
async function take(run: JobRun, event: Told, taking: Taking): Promise<void> {
  const { by, calls, words, ids, shown, streamed } = taking;
  const { job, ports } = run;
  switch (event.kind) {
    case 'text':
    case 'thinking':
    case 'tool':
      streamed.size += sizeOf(event.kind === 'tool' ? event.tool : event.text);
      return shown.show(event);
    case 'brought':
      return event.answer(ports.redactor.clean(event.text));
    case 'heard':
      return words.heard();
    case 'attempt':
      shown.drop();
      await calls.settled();
      await run.record({
        type: 'attempt.failed',
        actor: 'worker',
        data: { ...choiceOf(by), failure: event.failure, again: event.again, ...spentInVain(run, taking) },
      });
      streamed.size = 0;
      return ports.emit({ kind: 'token', job, token: 'restart', text: '' });
    case 'message': {
      shown.end();
      streamed.size = 0;
      await calls.settled();
      if (run.signal.aborted) return;
      await run.heed();
      const heard = words.upTo();
      const { stop } = event;
      const sizes = () => ({ asked: askedOf(run, by), said: sizeOfParts(event.parts) });
      const usage = usageOf(by.provider, event.usage, sizes);
      const usd = priceOf(factsOf(by.provider.kind, by.model), usage);
      const parts = withoutMarkup(event.parts).parts.map((part) =>
        part.kind === 'call' ? { ...part, call: ids.fresh(part.call) } : part,
      );
      await run.record({
        type: 'message.added',
        data: { ...choiceOf(by), stop, usage, usd, ...(heard > 0 ? { heard } : {}) },
        content: { parts },
      });
    }
  }
}

/** What an answer cost that came to nothing, as far as it streamed. */
function spentInVain(run: JobRun, { by, streamed: { size } }: Taking) {
  const sizes = () => ({ asked: askedOf(run, by), said: size });
  return costOfFailed(by.provider, by.model, size > 0 ? usageOf(by.provider, null, sizes) : null);
}

/** How much the agent asked its model by what we know of it, in bytes: as much as our own loop would have asked. */
function askedOf(run: JobRun, by: Candidate): number {
  const { job, tools, transcript } = run;
  const facts = factsOf(by.provider.kind, by.model);
  const ability = { ...run.ability, ...choiceOf(by) };
  const asking = { ability, transcript: transcript(), tools: toolDefinitions(tools), job: job.id, facts };
  return sizeOfRequest(buildRequest(asking));
}

async function orderFor(
  run: JobRun,
  runtime: Runtime,
  { provider, model }: Candidate,
): Promise<RuntimeOrder> {
  const facts = factsOf(provider.kind, model);
  const images = new Map<string, ImageData | null>();
  await readImages(run, images);
  return {
    workspace: run.job.workspace,
    provider,
    model,
    context: facts.context,
    longest: facts.output,
    prompt: run.ability.prompt.trim(),
    tools: toolsOf(run, runtime).map(({ name }) => name),
    ...accountOf(run, facts, images),
  };
}

type Spoken = Extract<Turn, { kind: 'person' | 'assistant' }>;

function spokenIn(run: JobRun): Spoken[] {
  return run
    .transcript()
    .turns.filter(
      (turn): turn is Spoken =>
        turn.job === run.job.id && (turn.kind === 'person' || turn.kind === 'assistant'),
    );
}

/** Whether an earlier worker recorded the last answer, and only the end of the job is missing. */
function isAnswered(run: JobRun): boolean {
  const last = spokenIn(run).at(-1);
  return last?.kind === 'assistant' && last.calls.length === 0;
}

/** The number of the last thing that was said to the job at work; 0 where nothing was. */
function lastWord(run: JobRun): number {
  return Number(spokenIn(run).findLast((turn) => turn.kind === 'person' && turn.steered)?.key ?? 0);
}

const stopped: ExternalEnd = { end: 'stopped', failure: null };

function failed(failure: Failure): ExternalEnd {
  return { end: 'failed', failure };
}

function unknownRuntime(name: string, runtimes: readonly Runtime[]): Failure {
  const known = runtimes.map((one) => one.name).join(', ');
  const mend = `Choose one of: ${known}; or leave it out for the butler's own loop.`;
  return failures.invalid('ability.runtime', `There is no runtime "${name}".`, mend);
}
