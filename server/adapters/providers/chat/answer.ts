import type { ProviderEvent, ProviderRequest } from '../../../core/ports/provider.ts';
import { type Failure, failures } from '../../../protocol/failure.ts';
import type { Part, StopReason, Usage } from '../../../protocol/provider.ts';
import { isRecord } from '../callInput.ts';
import type { EventReading } from '../httpProvider.ts';
import { count } from '../modelList.ts';
import { Unreadable } from '../refusal.ts';
import { SaidWithin } from '../serviceFaults.ts';
import { type Calls, gatherCalls } from './calls.ts';
import type { ThinkingForm } from './form.ts';

interface State {
  text: string;
  thought: string;
  form: ThinkingForm | null;
  refusal: string;
  readonly calls: Calls;
  /** Why it ended, in the service's word; `null` before. */
  stop: string | null;
  usage: Usage | null;
  /** Whether the service said that nothing more comes. */
  closed: boolean;
}

/** Begins to read the answer to a request from the pieces of Chat Completions. */
export function readAnswer(request: ProviderRequest, title: string): EventReading {
  const state: State = {
    text: '',
    thought: '',
    form: null,
    refusal: '',
    calls: gatherCalls(),
    stop: null,
    usage: null,
    closed: false,
  };
  return {
    take({ data }) {
      if (data === '[DONE]') state.closed = true;
      return state.closed ? [] : digest(state, JSON.parse(data));
    },
    complete: () => state.closed || (state.stop !== null && state.usage !== null),
    end() {
      if (state.stop === null) return failed(failures.cut(title));
      if (state.stop === 'error') return failed(failures.overloaded(title));
      const stop = stops[state.stop] ?? 'end';
      if (stop === 'refused' || state.refusal) return failed(failures.refused(title));
      if (stop === 'length' && state.calls.half()) return failed(failures.answerTooLong(title));
      const calls = state.calls.parts(takenIds(request));
      const silent = !state.text && calls.length === 0;
      if (silent && stop !== 'length' && request.messages.at(-1)?.role !== 'tool')
        throw new Unreadable('an empty answer');
      const parts: Part[] = [
        ...thinkingPart(state, calls.length > 0),
        ...(state.text ? [{ kind: 'text' as const, text: state.text }] : []),
        ...calls,
      ];
      const end = calls.length > 0 ? 'calls' : 'end';
      return { kind: 'done', parts, stop: stop === 'length' ? stop : end, usage: state.usage };
    },
  };
}

/** Every reason besides these is an ordinary end. */
const stops: Readonly<Record<string, StopReason>> = {
  length: 'length',
  model_length: 'length',
  content_filter: 'refused',
};

function digest(state: State, chunk: unknown): ProviderEvent[] {
  if (!isRecord(chunk)) throw new Unreadable('an event of another shape');
  if (chunk.error && !isAnswered(state)) throw new SaidWithin(chunk);
  const counted = chunk.usage ?? (isRecord(chunk.x_groq) ? chunk.x_groq.usage : null);
  if (isRecord(counted)) state.usage = usageOf(counted);
  if (chunk.choices !== undefined && !Array.isArray(chunk.choices))
    throw new Unreadable('an event of another shape');
  const choice: unknown = chunk.choices?.[0];
  if (!isRecord(choice)) return [];
  if (typeof choice.finish_reason === 'string') state.stop = choice.finish_reason;
  return isRecord(choice.delta) ? grow(state, choice.delta) : [];
}

/** Whether the answer had its end: an error that a service says after that takes nothing of it back. */
const isAnswered = ({ stop }: State) => stop !== null && stop !== 'error';

function grow(state: State, delta: Record<string, unknown>): ProviderEvent[] {
  const events: ProviderEvent[] = [];
  for (const { kind, text, form } of [...thinkingIn(delta), ...contentIn(delta.content)]) {
    if (kind === 'text') state.text += text;
    else {
      state.thought += text;
      state.form ??= form;
    }
    if (text) events.push({ kind, text });
  }
  if (typeof delta.refusal === 'string') state.refusal += delta.refusal;
  const begun = delta.tool_calls ? state.calls.take(delta.tool_calls) : [];
  return [...events, ...begun.map((tool): ProviderEvent => ({ kind: 'tool', tool }))];
}

type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly form?: undefined }
  | { readonly kind: 'thinking'; readonly text: string; readonly form: ThinkingForm };

/** Some services say the same thought in both fields, so the first is taken. */
function thinkingIn(delta: Record<string, unknown>): Piece[] {
  const form = (['reasoning_content', 'reasoning'] as const).find((one) => typeof delta[one] === 'string');
  return form ? [{ kind: 'thinking', text: String(delta[form]), form }] : [];
}

function contentIn(content: unknown): Piece[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  if (!Array.isArray(content)) throw new Unreadable('a piece without its text');
  return content.flatMap((chunk: unknown): Piece[] => {
    if (!isRecord(chunk)) throw new Unreadable('a piece of another shape');
    if (chunk.type === 'text') return [{ kind: 'text', text: String(chunk.text ?? '') }];
    if (chunk.type !== 'thinking') return [];
    const thought = contentIn(chunk.thinking).map(({ text }) => text);
    return [{ kind: 'thinking', text: thought.join(''), form: 'chunks' }];
  });
}

/** A thought is kept even when empty where calls go with it: some services want the field back. */
function thinkingPart({ thought, form }: State, calls: boolean): Part[] {
  return form && (thought || calls) ? [{ kind: 'thinking', text: thought, signature: form }] : [];
}

/**
 * What was read from the cache is part of the service's count of the input, and not of ours. Some count what was
 * thought in nothing but the total, and bill it like the rest of the answer.
 */
function usageOf(counted: Record<string, unknown>): Usage {
  const details = isRecord(counted.prompt_tokens_details) ? counted.prompt_tokens_details : {};
  const cacheRead =
    count(details.cached_tokens) ||
    count(counted.prompt_cache_hit_tokens) ||
    count(counted.num_cached_tokens);
  const cacheWrite = count(details.cache_write_tokens);
  const prompt = count(counted.prompt_tokens);
  return {
    input: Math.max(0, prompt - cacheRead - cacheWrite),
    output: Math.max(count(counted.completion_tokens), count(counted.total_tokens) - prompt),
    cacheRead,
    cacheWrite,
  };
}

/** The ids of the calls of earlier messages. */
function takenIds({ messages }: ProviderRequest): ReadonlySet<string> {
  const parts = messages.flatMap((message) => (message.role === 'assistant' ? message.parts : []));
  return new Set(parts.flatMap((part) => (part.kind === 'call' ? [part.call] : [])));
}

function failed(failure: Failure): ProviderEvent {
  return { kind: 'failed', failure };
}
