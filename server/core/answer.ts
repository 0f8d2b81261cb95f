import { type Failure, type FailureKind, failures } from '../protocol/failure.ts';
import type { JobRun } from './jobRun.ts';
import type { Provider, ProviderEvent, ProviderRequest } from './ports/provider.ts';

/** A whole answer, or why there is none. */
export type AnswerEnd = Extract<ProviderEvent, { kind: 'done' } | { kind: 'failed' }>;

/** Tries for one answer; further ones only where `retryable` says that it may help. */
const tries = 4;
const firstPause = 250;
/** A limit that ends later than this is told to the person instead of waited for, in ms. */
const longestPause = 60_000;

const retryable: Record<FailureKind, boolean> = {
  cut: true,
  malformed: true,
  overloaded: true,
  limited: true,
  offline: true,
  invalid: false,
  notFound: false,
  conflict: false,
  denied: false,
  expired: false,
  cancelled: false,
  auth: false,
  tooLong: false,
  refused: false,
  store: false,
  tool: false,
  internal: false,
};

/**
 * Asks a provider until it gives a whole answer. What streamed of a failed try is taken back with a `restart`
 * token; each failed try is journaled; tools run only after this, so a cut stream costs nothing but time.
 */
export async function obtainAnswer(
  run: JobRun,
  provider: Provider,
  request: ProviderRequest,
): Promise<AnswerEnd> {
  for (let attempt = 1; ; attempt++) {
    const end = await streamOnce(run, provider, request);
    if (end.kind === 'done' || run.signal.aborted) return end;
    const pause = pauseBefore(end.failure, attempt, run.ports.clock.now());
    const again = attempt < tries && pause !== null;
    await run.record({
      type: 'attempt.failed',
      actor: 'worker',
      data: { provider: provider.name, failure: end.failure, again },
    });
    if (!again) return end;
    emit(run, 'restart', '');
    await run.ports.clock.sleep(pause, run.signal);
  }
}

async function streamOnce(run: JobRun, provider: Provider, request: ProviderRequest): Promise<AnswerEnd> {
  try {
    for await (const event of provider.stream(request, run.signal)) {
      if (event.kind === 'failed') return event;
      if (event.kind === 'done') return checked(event, provider);
      emit(run, event.kind, event.kind === 'tool' ? event.tool : event.text);
    }
    return { kind: 'failed', failure: failures.cut(provider.title) };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', failure: failures.internal(`${provider.title}: ${what}`) };
  }
}

/** Calls are told apart by their ids, so two of one id in a message cannot both be answered. */
function checked(end: Extract<ProviderEvent, { kind: 'done' }>, provider: Provider): AnswerEnd {
  const ids = end.parts.flatMap((part) => (part.kind === 'call' ? [part.call] : []));
  if (new Set(ids).size === ids.length) return end;
  return { kind: 'failed', failure: failures.malformed(provider.title, 'two tool calls with one id.') };
}

function pauseBefore(failure: Failure, attempt: number, now: number): number | null {
  if (!retryable[failure.kind]) return null;
  if (failure.until !== undefined) {
    const left = Math.max(0, failure.until - now);
    return left <= longestPause ? left : null;
  }
  return firstPause * 2 ** (attempt - 1);
}

function emit(run: JobRun, token: 'text' | 'thinking' | 'tool' | 'restart', text: string): void {
  run.ports.emit({ kind: 'token', job: run.job, token, text });
}
