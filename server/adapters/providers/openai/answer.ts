import type {
  Response as Answer,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import type { ProviderEvent, ProviderRequest } from '../../../core/ports/provider.ts';
import { type Failure, failures } from '../../../protocol/failure.ts';
import type { Part, Usage } from '../../../protocol/provider.ts';
import { inputIn } from '../callInput.ts';
import type { EventReading } from '../httpProvider.ts';
import { count } from '../modelList.ts';
import { Unreadable } from '../refusal.ts';
import { SaidWithin } from '../serviceFaults.ts';
import { thinkingOf } from './reasoning.ts';

type Block =
  | Extract<Part, { kind: 'text' }>
  | { kind: 'thinking'; text: string; id: string; encrypted: string }
  | { kind: 'call'; call: string; tool: string; json: string }
  | { kind: 'other' };

interface State {
  readonly blocks: Map<number, Block>;
  refused: boolean;
  /** The answer as it ended; `null` before. */
  end: Pick<Answer, 'incomplete_details' | 'usage'> | null;
}

/** Begins to read the answer to a request from the events of Responses. */
export function readAnswer({ messages }: ProviderRequest, title: string): EventReading {
  const state: State = { blocks: new Map(), refused: false, end: null };
  return {
    take({ data }) {
      const event: ResponseStreamEvent = JSON.parse(data);
      if (event.type === 'error') throw new SaidWithin(event);
      if (event.type === 'response.failed') throw new SaidWithin({ error: event.response?.error });
      try {
        const heard = digest(state, event);
        return heard ? [heard] : [];
      } catch (error) {
        throw error instanceof Unreadable ? error : new Unreadable('an event of another shape');
      }
    },
    complete: () => state.end !== null,
    end() {
      if (!state.end) return failed(failures.cut(title));
      const why = state.end.incomplete_details?.reason;
      if (state.refused || why === 'content_filter') return failed(failures.refused(title));
      const blocks = [...state.blocks.values()];
      if (why && blocks.some(isHalf)) return failed(failures.answerTooLong(title));
      const parts = blocks.flatMap(partsOf);
      const silent = parts.every((part) => part.kind === 'thinking');
      if (silent && !why && messages.at(-1)?.role !== 'tool') throw new Unreadable('an empty answer');
      const calls = parts.some((part) => part.kind === 'call');
      const stop = why ? 'length' : calls ? 'calls' : 'end';
      return { kind: 'done', parts, stop, usage: usageOf(state.end.usage) };
    },
  };
}

function digest(state: State, event: ResponseStreamEvent): ProviderEvent | null {
  switch (event.type) {
    case 'response.output_item.added': {
      const block = begun(event.item);
      state.blocks.set(event.output_index, block);
      return block.kind === 'call' ? { kind: 'tool', tool: block.tool } : null;
    }
    case 'response.output_text.delta':
      return grow(state, event.output_index, 'text', event.delta);
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_text.delta':
      return grow(state, event.output_index, 'thinking', event.delta);
    case 'response.reasoning_summary_part.added':
      return event.summary_index > 0 ? grow(state, event.output_index, 'thinking', '\n\n') : null;
    case 'response.function_call_arguments.delta':
      blockAt(state, event.output_index, 'call').json += words(event.delta);
      return null;
    case 'response.refusal.delta':
      state.refused = true;
      return null;
    case 'response.output_item.done':
      finish(state, event.output_index, event.item);
      return null;
    case 'response.completed':
    case 'response.incomplete':
      state.end = event.response;
      return null;
    default:
      return null;
  }
}

function begun(item: ResponseOutputItem): Block {
  switch (item.type) {
    case 'message':
      return { kind: 'text', text: '', ...phaseOf(item) };
    case 'reasoning':
      return { kind: 'thinking', text: '', id: words(item.id), encrypted: '' };
    case 'function_call':
      return { kind: 'call', call: words(item.call_id), tool: words(item.name), json: '' };
    default:
      return { kind: 'other' };
  }
}

function grow(state: State, at: number, kind: 'text' | 'thinking', delta: string): ProviderEvent {
  blockAt(state, at, kind).text += words(delta);
  return { kind, text: delta };
}

function blockAt<K extends Block['kind']>(state: State, at: number, kind: K): Extract<Block, { kind: K }> {
  const block = state.blocks.get(at);
  if (block?.kind !== kind) throw new Unreadable('a piece of an item that never began');
  return block as Extract<Block, { kind: K }>;
}

/** What only a whole item is sure to hold: its phase, its encrypted thought, and an input that did not come in pieces. */
function finish(state: State, at: number, item: ResponseOutputItem): void {
  const block = state.blocks.get(at);
  if (block?.kind === 'text' && item.type === 'message') Object.assign(block, phaseOf(item));
  if (block?.kind === 'thinking' && item.type === 'reasoning') block.encrypted = item.encrypted_content ?? '';
  if (block?.kind === 'call' && item.type === 'function_call') block.json ||= words(item.arguments ?? '');
}

/** Whether a message is a note on the way or the end; models before GPT-5.3 Codex do not say it. */
function phaseOf({ phase }: ResponseOutputMessage): Pick<Extract<Part, { kind: 'text' }>, 'phase'> {
  return phase === 'commentary' || phase === 'final_answer' ? { phase } : {};
}

function partsOf(block: Block): Part[] {
  switch (block.kind) {
    case 'text':
      return block.text ? [block] : [];
    case 'thinking':
      return thinkingOf(block.id, block.encrypted, block.text);
    case 'call': {
      const input = inputIn(block.json);
      if (!input) throw new Unreadable(`an input of "${block.tool}" that is no JSON object`);
      return [{ kind: 'call', call: block.call, tool: block.tool, input }];
    }
    case 'other':
      return [];
  }
}

function isHalf(block: Block): boolean {
  return block.kind === 'call' && inputIn(block.json) === undefined;
}

/** What was read from the cache is part of the service's count of the input, and not of ours. */
function usageOf(usage: Answer['usage']): Usage | null {
  if (!usage) return null;
  const cacheRead = count(usage.input_tokens_details?.cached_tokens);
  const cacheWrite = count(usage.input_tokens_details?.cache_write_tokens);
  return {
    input: Math.max(0, count(usage.input_tokens) - cacheRead - cacheWrite),
    output: count(usage.output_tokens),
    cacheRead,
    cacheWrite,
  };
}

function words(value: unknown): string {
  if (typeof value !== 'string') throw new Unreadable('a piece without its text');
  return value;
}

function failed(failure: Failure): ProviderEvent {
  return { kind: 'failed', failure };
}
