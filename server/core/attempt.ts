import { failures } from '../protocol/failure.ts';
import type { Part } from '../protocol/provider.ts';
import type { JobRun } from './jobRun.ts';
import { withoutMarkup } from './markup.ts';
import type { Provider, ProviderEvent, ProviderRequest } from './ports/provider.ts';
import { openShownTokens } from './shownTokens.ts';

/** A whole answer. */
export type WholeAnswer = Extract<ProviderEvent, { kind: 'done' }>;
/** A whole answer, or why there is none. */
export type AnswerEnd = WholeAnswer | Extract<ProviderEvent, { kind: 'failed' }>;

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
  const asking: Asking = { run, provider, request, control: new AbortController(), over: false };
  const stop = () => asking.control.abort(run.signal.reason);
  run.signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([consume(asking), givenUp(asking)]);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', failure: failures.internal(`${provider.title}: ${what}`) };
  } finally {
    asking.over = true;
    run.signal.removeEventListener('abort', stop);
    asking.control.abort(ended);
  }
}

/** One request under way. */
interface Asking {
  readonly run: JobRun;
  readonly provider: Provider;
  readonly request: ProviderRequest;
  /** Ends the provider's stream. */
  readonly control: AbortController;
  /** Whether nothing more is heard. */
  over: boolean;
}

/** The reason of an abort after the end, which nobody hears; without one each costs an exception. */
const ended = 'ended';
const stopped: AnswerEnd = { kind: 'failed', failure: failures.cancelled('The answer was stopped.') };

async function consume(asking: Asking): Promise<AnswerEnd> {
  const { run, provider, request, control } = asking;
  const shown = openShownTokens(run);
  for await (const event of provider.stream(request, control.signal)) {
    if (event.kind === 'failed') return isOverdue(asking) ? cutShort(provider) : event;
    if (event.kind === 'done') {
      shown.end();
      return checked(event, provider);
    }
    if (asking.over) break;
    shown.show(event);
  }
  return cutShort(provider);
}

/** Resolves when the time is over, or when a provider goes on though it was told to stop. */
async function givenUp(asking: Asking): Promise<AnswerEnd> {
  const { run, provider, control } = asking;
  const { clock } = run.ports;
  const end = clock.now() + longestAttempt;
  while (!control.signal.aborted && clock.now() < end) await clock.sleep(end - clock.now(), control.signal);
  if (asking.over) return stopped;
  control.abort();
  await clock.sleep(grace);
  return run.signal.aborted ? stopped : cutShort(provider);
}

/** Whether the stream was told to end though the person did not ask for it. */
function isOverdue({ control, run }: Asking): boolean {
  return control.signal.aborted && !run.signal.aborted;
}

function cutShort({ title }: Provider): AnswerEnd {
  return { kind: 'failed', failure: failures.cut(title) };
}

/**
 * The answer without markup of tools in its text, or what cannot be taken for an answer: a refusal, calls that may
 * lack their end or are only written as text, thoughts that left no room for words, and two calls of one id, which
 * cannot both be answered.
 */
function checked(answer: WholeAnswer, { title }: Provider): AnswerEnd {
  const { parts, hid } = withoutMarkup(answer.parts);
  const end: WholeAnswer = { ...answer, parts };
  const ids = parts.flatMap((part) => (part.kind === 'call' ? [part.call] : []));
  if (end.stop === 'refused') return { kind: 'failed', failure: failures.refused(title) };
  if (end.stop === 'length' && (ids.length > 0 || !parts.some(isSaid)))
    return { kind: 'failed', failure: failures.answerTooLong(title) };
  if (hid && ids.length === 0) return malformed(title, 'a tool call written as text.');
  if (new Set(ids).size === ids.length) return end;
  return malformed(title, 'two tool calls with one id.');
}

const isSaid = (part: Part) => part.kind === 'text' && part.text.trim() !== '';

function malformed(title: string, what: string): AnswerEnd {
  return { kind: 'failed', failure: failures.malformed(title, what) };
}
