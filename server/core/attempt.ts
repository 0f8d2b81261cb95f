import { type Failure, failures } from '../protocol/failure.ts';
import type { Part, Usage } from '../protocol/provider.ts';
import { type Candidate, choiceOf } from './chain.ts';
import type { JobRun } from './jobRun.ts';
import { withoutMarkup } from './markup.ts';
import type { Provider, ProviderEvent, ProviderRequest } from './ports/provider.ts';
import { openShownTokens } from './shownTokens.ts';
import { sizeOf } from './tokens.ts';
import { costOfFailed, sizeOfParts, sizeOfRequest, usageOf } from './usage.ts';

/** A whole answer. */
export type WholeAnswer = Extract<ProviderEvent, { kind: 'done' }>;
/** A whole answer, or why there is none, and what was spent all the same. */
export type AnswerEnd = WholeAnswer | FailedAnswer;
interface FailedAnswer {
  readonly kind: 'failed';
  readonly failure: Failure;
  readonly usage: Usage | null;
}

/** The longest that one answer may take, in ms; silence is the adapter's to notice, and much earlier. */
export const longestAttempt = 30 * 60_000;
/** How long a provider may take to end its stream after it was told to, in ms. */
const grace = 500;

/**
 * Asks a provider once and passes on what streams. It ends with the run's signal and after the longest time,
 * also where a provider does not listen; one that throws has a bug, and the job is told so.
 */
export async function attempt(run: JobRun, provider: Provider, request: ProviderRequest): Promise<AnswerEnd> {
  if (run.signal.aborted) return stopped;
  const asking: Asking = { run, provider, request, control: new AbortController(), said: 0, over: false };
  const stop = () => asking.control.abort(run.signal.reason);
  run.signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([consume(asking), givenUp(asking)]);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return failedIn(asking, failures.internal(`${provider.title}: ${what}`));
  } finally {
    asking.over = true;
    run.signal.removeEventListener('abort', stop);
    asking.control.abort(ended);
  }
}

/** Records what an answer cost that the person stopped; another end of the run leaves it to whoever takes the job over. */
export async function recordStopped(
  run: JobRun,
  by: Candidate,
  { failure, usage }: FailedAnswer,
): Promise<void> {
  if (!usage || run.signal.reason !== 'abort') return;
  const data = { ...choiceOf(by), failure, again: false, ...costOfFailed(by.provider, by.model, usage) };
  await run.record({ type: 'attempt.failed', actor: 'worker', data });
}

/** One request under way. */
interface Asking {
  readonly run: JobRun;
  readonly provider: Provider;
  readonly request: ProviderRequest;
  /** Ends the provider's stream. */
  readonly control: AbortController;
  /** How much of the answer streamed, in bytes. */
  said: number;
  /** Whether nothing more is heard. */
  over: boolean;
}

/** The reason of an abort after the end, which nobody hears; without one each costs an exception. */
const ended = 'ended';
const stopped: FailedAnswer = {
  kind: 'failed',
  failure: failures.cancelled('The answer was stopped.'),
  usage: null,
};

async function consume(asking: Asking): Promise<AnswerEnd> {
  const { run, provider, request, control } = asking;
  const shown = openShownTokens(run);
  for await (const event of provider.stream(request, control.signal)) {
    if (event.kind === 'failed')
      return isOverdue(asking) ? cutShort(asking) : failedIn(asking, event.failure);
    if (event.kind === 'done') {
      shown.end();
      const sizes = () => ({ asked: sizeOfRequest(request), said: sizeOfParts(event.parts) });
      return checked({ ...event, usage: usageOf(provider, event.usage, sizes) }, provider);
    }
    if (asking.over) break;
    asking.said += sizeOf(event.kind === 'tool' ? event.tool : event.text);
    shown.show(event);
  }
  return cutShort(asking);
}

/** Resolves when the time is over, or when a provider goes on though it was told to stop. */
async function givenUp(asking: Asking): Promise<AnswerEnd> {
  const { run, control } = asking;
  const { clock } = run.ports;
  const end = clock.now() + longestAttempt;
  while (!control.signal.aborted && clock.now() < end) await clock.sleep(end - clock.now(), control.signal);
  if (asking.over) return stopped;
  control.abort();
  await clock.sleep(grace);
  return run.signal.aborted ? failedIn(asking, stopped.failure) : cutShort(asking);
}

/** Whether the stream was told to end though the person did not ask for it. */
function isOverdue({ control, run }: Asking): boolean {
  return control.signal.aborted && !run.signal.aborted;
}

function cutShort(asking: Asking): AnswerEnd {
  return failedIn(asking, failures.cut(asking.provider.title));
}

/** A service that began to answer was at work, so what came before the end is counted as well as it can be. */
function failedIn({ provider, request, said }: Asking, failure: Failure): AnswerEnd {
  const sizes = () => ({ asked: sizeOfRequest(request), said });
  return { kind: 'failed', failure, usage: said > 0 ? usageOf(provider, null, sizes) : null };
}

/**
 * The answer without markup of tools in its text, or what cannot be taken for an answer: a refusal, calls that may
 * lack their end or are only written as text, thoughts that left no room for words, and two calls of one id, which
 * cannot both be answered.
 */
function checked(answer: WholeAnswer, { title }: Provider): AnswerEnd {
  const { parts, hid } = withoutMarkup(answer.parts);
  const end: WholeAnswer = { ...answer, parts };
  const { usage } = answer;
  const no = (failure: Failure): AnswerEnd => ({ kind: 'failed', failure, usage });
  const ids = parts.flatMap((part) => (part.kind === 'call' ? [part.call] : []));
  if (end.stop === 'refused') return no(failures.refused(title));
  if (end.stop === 'length' && (ids.length > 0 || !parts.some(isSaid)))
    return no(failures.answerTooLong(title));
  if (hid && ids.length === 0) return no(failures.malformed(title, 'a tool call written as text.'));
  if (new Set(ids).size === ids.length) return end;
  return no(failures.malformed(title, 'two tool calls with one id.'));
}

const isSaid = (part: Part) => part.kind === 'text' && part.text.trim() !== '';
