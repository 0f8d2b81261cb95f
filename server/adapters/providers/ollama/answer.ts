import { randomUUID } from 'node:crypto';
import type { ProviderEvent } from '../../../core/ports/provider.ts';
import { type Failure, failures } from '../../../protocol/failure.ts';
import type { Part, Usage } from '../../../protocol/provider.ts';
import type { EventReading } from '../httpProvider.ts';
import { count } from '../modelList.ts';
import { noHeader, Refusal, Unreadable } from '../refusal.ts';

/** A line of an answer (https://docs.ollama.com/api/chat). */
interface WireLine {
  readonly error?: string;
  readonly message?: {
    readonly content?: string;
    readonly thinking?: string;
    readonly tool_calls?: readonly WireCall[];
  };
  readonly done?: boolean;
  readonly done_reason?: string;
  readonly prompt_eval_count?: number;
  /** How much of that the cache served; newer ones say it. */
  readonly prompt_eval_cached_count?: number;
  readonly eval_count?: number;
}

interface WireCall {
  readonly id?: string;
  readonly function: { readonly name: string; readonly arguments?: unknown };
}

interface State {
  readonly parts: Part[];
  /** The ids of its calls. */
  readonly ids: Set<string>;
  /** Why it ended; `null` before that. */
  end: string | null;
  usage: Usage | null;
}

/** Begins to read an answer; `afterTools`: an empty one then means that all is said. */
export function readAnswer({ title, afterTools }: { title: string; afterTools: boolean }): EventReading {
  const state: State = { parts: [], ids: new Set(), end: null, usage: null };
  return {
    take({ data }) {
      const line = JSON.parse(data) as WireLine;
      if (typeof line.error === 'string') throw new Refusal(500, noHeader, data);
      try {
        return digest(state, line);
      } catch (error) {
        throw error instanceof Unreadable ? error : new Unreadable('a line of another shape');
      }
    },
    complete: () => state.end !== null,
    end() {
      const { parts, end, usage } = state;
      if (end === null) return failed(failures.cut(title));
      const empty = parts.every(({ kind }) => kind === 'thinking');
      if (end === 'length' && empty) return failed(failures.tooLong(title));
      if (empty && !afterTools) throw new Unreadable('an empty answer');
      if (end === 'length') return { kind: 'done', parts, stop: 'length', usage };
      const calls = parts.some(({ kind }) => kind === 'call');
      return { kind: 'done', parts, stop: calls ? 'calls' : 'end', usage };
    },
  };
}

function digest(state: State, line: WireLine): ProviderEvent[] {
  const { content = '', thinking = '', tool_calls = [] } = line.message ?? {};
  if (line.done) {
    state.end = line.done_reason ?? 'stop';
    const { prompt_eval_count: prompt, prompt_eval_cached_count: cached, eval_count: output } = line;
    const cacheRead = count(cached);
    const input = Math.max(0, count(prompt) - cacheRead);
    if (prompt !== undefined) state.usage = { input, output: count(output), cacheRead, cacheWrite: 0 };
  }
  return [
    ...grow(state.parts, 'thinking', thinking),
    ...grow(state.parts, 'text', content),
    ...tool_calls.map((call) => heard(state, call)),
  ];
}

function grow(parts: Part[], kind: 'text' | 'thinking', text: string): ProviderEvent[] {
  if (typeof text !== 'string') throw new Unreadable('a piece without its text');
  if (!text) return [];
  const last = parts.at(-1);
  if (last?.kind === kind) last.text += text;
  else parts.push({ kind, text });
  return [{ kind, text }];
}

/** Calls come whole; one without an id of its own gets one. */
function heard(
  { parts, ids }: State,
  { id, function: { name, arguments: input = {} } }: WireCall,
): ProviderEvent {
  if (input === null || typeof input !== 'object' || Array.isArray(input))
    throw new Unreadable(`an input of "${name}" that is no JSON object`);
  const call = id && !ids.has(id) ? id : `call_${randomUUID()}`;
  ids.add(call);
  parts.push({ kind: 'call', call, tool: name, input });
  return { kind: 'tool', tool: name };
}

function failed(failure: Failure): ProviderEvent {
  return { kind: 'failed', failure };
}
