import * as z from 'zod';
import type { ProviderEvent } from '../../core/ports/provider.ts';
import { costOf } from '../../protocol/cost.ts';
import { bad, type Failure, good, type Outcome } from '../../protocol/failure.ts';
import { Part, StopReason, Usage } from '../../protocol/provider.ts';
import { most } from './body.ts';
import { type Line, LineClosed, openLine } from './line.ts';
import { Unreadable } from './refusal.ts';

/** An answer as it is put together from what a service sends. */
export interface Reading<E> {
  /** Takes the next event; answers what a listener should hear of it. */
  take(event: E): readonly ProviderEvent[];
  /** What it all came to, once nothing more comes; `cut` when it is not complete. */
  end(): ProviderEvent;
}

/** How one request goes to a service and its answer comes back. */
export interface Exchange<E> {
  /** Sends the request; its events once they begin. */
  ask(line: Line): Promise<AsyncIterator<E>>;
  readonly reading: Reading<E>;
  /** Turns whatever was thrown into a failure; `answering`: whether the answer had begun. */
  faultOf(error: unknown, answering: boolean): Failure;
}

/** When an exchange ends by itself. */
export interface Patience {
  readonly signal: AbortSignal;
  /** How long nothing may come before it is given up, in ms. */
  readonly silence: number;
}

/** Streams one answer, and ends it with exactly one `done` or `failed`, whatever happens on the way. */
export async function* exchange<E>(
  { ask, reading, faultOf }: Exchange<E>,
  { signal, silence }: Patience,
): AsyncGenerator<ProviderEvent> {
  const line = openLine(signal, silence);
  const weigh = scales();
  let answering = false;
  try {
    const events = await line.wait(ask(line));
    answering = true;
    for (let next = await line.wait(events.next()); !next.done; next = await line.wait(events.next())) {
      line.heard();
      for (const event of reading.take(next.value)) {
        if (signal.aborted) throw new LineClosed('cancelled');
        weigh(event);
        yield event;
      }
    }
    yield readable(reading.end());
  } catch (error) {
    yield { kind: 'failed', failure: faultOf(error, answering) };
  } finally {
    line.close();
  }
}

/** Adds up what comes of one answer, and throws where it becomes more than can be meant. */
function scales(): (event: ProviderEvent) => void {
  let size = 0;
  let calls = 0;
  return (event) => {
    if (event.kind === 'tool') calls++;
    if (event.kind === 'text' || event.kind === 'thinking') size += event.text.length;
    if (size > most.answer || calls > most.calls) throw new Unreadable(tooMuch);
  };
}

const tooMuch = 'more than one answer can hold';

/** The form in which an answer is kept. */
const Answer = z.object({
  parts: z.array(Part),
  stop: StopReason,
  usage: Usage.refine((usage) => costOf({ usage }).tokens <= most.tokens).nullable(),
});

/** An end that can be kept: a service may put anything anywhere, and what is kept is read for good. */
function readable(end: ProviderEvent): ProviderEvent {
  if (end.kind !== 'done') return end;
  if (!Answer.safeParse(end).success) throw new Unreadable('an answer of another shape');
  if (JSON.stringify(end.parts).length > most.answer) throw new Unreadable(tooMuch);
  return end;
}

/** Asks a service for something that comes whole. */
export async function askOnce<T>(
  ask: (line: Line) => Promise<T>,
  faultOf: Exchange<never>['faultOf'],
  { signal, silence }: Patience,
): Promise<Outcome<T>> {
  const line = openLine(signal, silence);
  try {
    return good(await line.wait(ask(line)));
  } catch (error) {
    return bad(faultOf(error, false));
  } finally {
    line.close();
  }
}
