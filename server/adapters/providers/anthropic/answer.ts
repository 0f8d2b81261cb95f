import type {
  MessageDeltaUsage,
  RawContentBlockDelta,
  RawContentBlockStartEvent,
  RawMessageStreamEvent,
  StopReason as WireStop,
  Usage as WireUsage,
} from '@anthropic-ai/sdk/resources/messages';
import type { ProviderEvent } from '../../../core/ports/provider.ts';
import { type Failure, failures } from '../../../protocol/failure.ts';
import type { Part, StopReason, Usage } from '../../../protocol/provider.ts';
import { inputIn, isRecord } from '../callInput.ts';
import type { EventReading } from '../httpProvider.ts';
import { count } from '../modelList.ts';
import { Unreadable } from '../refusal.ts';
import { SaidWithin } from '../serviceFaults.ts';
import { redacted } from './request.ts';

type Block =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string; signature: string }
  | { kind: 'call'; call: string; tool: string; given: unknown; json: string }
  | { kind: 'other' };

interface State {
  readonly blocks: Map<number, Block>;
  stop: WireStop | null;
  usage: Usage | null;
  complete: boolean;
}

/** Begins to read an answer; `afterTools`: an empty one then means that all is said. */
export function readAnswer({ title, afterTools }: { title: string; afterTools: boolean }): EventReading {
  const state: State = { blocks: new Map(), stop: null, usage: null, complete: false };
  return {
    take({ data }) {
      const event: RawMessageStreamEvent | { readonly type: 'error' } = JSON.parse(data);
      if (event.type === 'error') throw new SaidWithin(event);
      try {
        const heard = digest(state, event);
        return heard ? [heard] : [];
      } catch (error) {
        throw error instanceof Unreadable ? error : new Unreadable('an event of another shape');
      }
    },
    complete: () => state.complete,
    end() {
      if (!state.complete) return failed(failures.cut(title));
      if (state.stop === null) throw new Unreadable('no reason for its end');
      if (state.stop === 'refusal') return failed(failures.refused(title));
      const blocks = [...state.blocks.values()];
      const stop = stops[state.stop];
      if (stop === 'length' && blocks.some(isHalf)) return failed(failures.answerTooLong(title));
      const parts = blocks.flatMap(partOf);
      if (parts.length === 0 && stop !== 'length' && !afterTools) throw new Unreadable('an empty answer');
      return { kind: 'done', parts, stop: stopOf(state.stop, parts), usage: state.usage };
    },
  };
}

function digest(state: State, event: RawMessageStreamEvent): ProviderEvent | null {
  switch (event.type) {
    case 'message_start':
      state.usage = counted(state.usage, event.message.usage);
      return null;
    case 'content_block_start': {
      const block = begun(event.content_block);
      state.blocks.set(event.index, block);
      return heardAtStart(block);
    }
    case 'content_block_delta': {
      const block = state.blocks.get(event.index);
      if (!block) throw new Unreadable('a piece of a block that never began');
      return grow(block, event.delta);
    }
    case 'message_delta':
      state.stop = event.delta.stop_reason ?? state.stop;
      state.usage = counted(state.usage, event.usage);
      return null;
    case 'message_stop':
      state.complete = true;
      return null;
    default:
      return null;
  }
}

const stops: Record<WireStop, StopReason> = {
  end_turn: 'end',
  stop_sequence: 'end',
  pause_turn: 'end',
  tool_use: 'calls',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'refused',
};

/** Calls are what an answer holds, whatever the service calls its end. */
function stopOf(stop: WireStop, parts: readonly Part[]): StopReason {
  const said = stops[stop] ?? 'end';
  if (said === 'length') return said;
  return parts.some((part) => part.kind === 'call') ? 'calls' : 'end';
}

function begun(block: RawContentBlockStartEvent['content_block']): Block {
  switch (block.type) {
    case 'text':
      return { kind: 'text', text: words(block.text) };
    case 'thinking':
      return { kind: 'thinking', text: words(block.thinking), signature: words(block.signature ?? '') };
    case 'redacted_thinking':
      return { kind: 'thinking', text: '', signature: redacted + words(block.data) };
    case 'tool_use':
      return { kind: 'call', call: words(block.id), tool: words(block.name), given: block.input, json: '' };
    default:
      return { kind: 'other' };
  }
}

function heardAtStart(block: Block): ProviderEvent | null {
  if (block.kind === 'call') return { kind: 'tool', tool: block.tool };
  if (block.kind === 'other' || !block.text) return null;
  return { kind: block.kind, text: block.text };
}

function grow(block: Block, delta: RawContentBlockDelta): ProviderEvent | null {
  if (block.kind === 'text' && delta.type === 'text_delta') {
    block.text += words(delta.text);
    return { kind: 'text', text: delta.text };
  }
  if (block.kind === 'thinking' && delta.type === 'thinking_delta') {
    block.text += words(delta.thinking);
    return { kind: 'thinking', text: delta.thinking };
  }
  if (block.kind === 'thinking' && delta.type === 'signature_delta')
    block.signature += words(delta.signature);
  if (block.kind === 'call' && delta.type === 'input_json_delta') block.json += words(delta.partial_json);
  return null;
}

function partOf(block: Block): Part[] {
  switch (block.kind) {
    case 'text':
      return block.text ? [{ kind: 'text', text: block.text }] : [];
    case 'thinking': {
      const { text, signature } = block;
      return [{ kind: 'thinking', text, ...(signature ? { signature } : {}) }];
    }
    case 'call': {
      const input = inputOf(block);
      if (!input) throw new Unreadable(`an input of "${block.tool}" that is no JSON object`);
      return [{ kind: 'call', call: block.call, tool: block.tool, input }];
    }
    case 'other':
      return [];
  }
}

/** Some services give the input whole, where the block begins. */
function inputOf({ json, given }: Extract<Block, { kind: 'call' }>): unknown {
  return json.trim() === '' && isRecord(given) ? given : inputIn(json);
}

function isHalf(block: Block): boolean {
  return block.kind === 'call' && inputOf(block) === undefined;
}

/** Counts are cumulative: what an event leaves out stands as it was. */
function counted(before: Usage | null, now: Partial<WireUsage | MessageDeltaUsage> | undefined): Usage {
  const latest = (said: unknown, stood = 0) => (said === null || said === undefined ? stood : count(said));
  return {
    input: latest(now?.input_tokens, before?.input),
    output: latest(now?.output_tokens, before?.output),
    cacheRead: latest(now?.cache_read_input_tokens, before?.cacheRead),
    cacheWrite: latest(now?.cache_creation_input_tokens, before?.cacheWrite),
  };
}

function words(value: unknown): string {
  if (typeof value !== 'string') throw new Unreadable('a piece without its text');
  return value;
}

function failed(failure: Failure): ProviderEvent {
  return { kind: 'failed', failure };
}
