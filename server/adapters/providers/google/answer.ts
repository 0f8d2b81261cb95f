import { randomUUID } from 'node:crypto';
import type { ProviderEvent } from '../../../core/ports/provider.ts';
import { type Failure, failures } from '../../../protocol/failure.ts';
import type { Part, StopReason, Usage } from '../../../protocol/provider.ts';
import type { EventReading } from '../httpProvider.ts';
import { count } from '../modelList.ts';
import { noHeader, Refusal, Unreadable } from '../refusal.ts';
import { signed } from './request.ts';
import type { WireEvent, WirePart, WireUsage } from './wire.ts';

interface State {
  readonly parts: Part[];
  /** The ids of its calls. */
  readonly ids: Set<string>;
  finish: string | null;
  blocked: boolean;
  usage: Usage | null;
}

/** Begins to read an answer; `afterTools`: an empty one then means that all is said. */
export function readAnswer({ title, afterTools }: { title: string; afterTools: boolean }): EventReading {
  const state: State = { parts: [], ids: new Set(), finish: null, blocked: false, usage: null };
  return {
    take({ data }) {
      const event = JSON.parse(data) as WireEvent;
      if (event.error) throw new Refusal(count(event.error.code) || 500, noHeader, data);
      try {
        return digest(state, event);
      } catch (error) {
        throw error instanceof Unreadable ? error : new Unreadable('an event of another shape');
      }
    },
    /** Any event may give a reason to end, so only the end of the stream is one. */
    complete: () => false,
    end() {
      if (state.blocked) return failed(failures.refused(title));
      if (state.finish === null) return failed(failures.cut(title));
      const stop = (Object.hasOwn(stops, state.finish) && stops[state.finish]) || 'end';
      if (stop === 'refused') return failed(failures.refused(title));
      if (stop === 'malformed') throw new Unreadable(`an answer that ended with ${state.finish}`);
      const { parts, usage } = state;
      const empty = parts.every(({ kind }) => kind === 'thinking');
      if (empty && stop === 'length') return failed(failures.answerTooLong(title));
      if (empty && !afterTools) throw new Unreadable('an empty answer');
      const calls = parts.some(({ kind }) => kind === 'call');
      return { kind: 'done', parts, stop: stop === 'end' && calls ? 'calls' : stop, usage };
    },
  };
}

/**
 * What each reason to end means; one that is not here is an end. The service's list:
 * https://ai.google.dev/api/generate-content#FinishReason
 */
const stops: Readonly<Record<string, Exclude<StopReason, 'calls'> | 'malformed'>> = {
  STOP: 'end',
  MAX_TOKENS: 'length',
  SAFETY: 'refused',
  RECITATION: 'refused',
  LANGUAGE: 'refused',
  BLOCKLIST: 'refused',
  PROHIBITED_CONTENT: 'refused',
  SPII: 'refused',
  IMAGE_SAFETY: 'refused',
  IMAGE_PROHIBITED_CONTENT: 'refused',
  IMAGE_RECITATION: 'refused',
  OTHER: 'malformed',
  MALFORMED_FUNCTION_CALL: 'malformed',
  MALFORMED_RESPONSE: 'malformed',
  UNEXPECTED_TOOL_CALL: 'malformed',
  TOO_MANY_TOOL_CALLS: 'malformed',
};

function digest(state: State, event: WireEvent): ProviderEvent[] {
  const { promptFeedback, usageMetadata, candidates } = event;
  if (promptFeedback?.blockReason) state.blocked = true;
  if (usageMetadata) state.usage = counted(usageMetadata);
  const candidate = candidates?.[0];
  if (candidate?.finishReason) state.finish = candidate.finishReason;
  return [...(candidate?.content?.parts ?? [])].flatMap((part) => heard(state, part));
}

/** Adds a part to what came before it; answers what a listener should hear of it. */
function heard(state: State, part: WirePart): ProviderEvent[] {
  const { parts } = state;
  const signature = part.thoughtSignature;
  if (part.functionCall) return begun(state, part.functionCall, signature);
  if (part.text === undefined) return [];
  if (typeof part.text !== 'string') throw new Unreadable('a piece without its text');
  const kind = part.thought ? 'thinking' : 'text';
  grow(parts, kind, part.text);
  if (signature) sign(parts, signed(part.thought ? 'thought' : 'text', signature), part.thought === true);
  return part.text ? [{ kind, text: part.text }] : [];
}

/** Calls come whole; one without an id of its own gets one. */
function begun(
  { parts, ids }: State,
  { id, name, args = {} }: NonNullable<WirePart['functionCall']>,
  signature: string | undefined,
): ProviderEvent[] {
  if (!name) throw new Unreadable('a call without a tool');
  if (args === null || typeof args !== 'object' || Array.isArray(args))
    throw new Unreadable(`an input of "${name}" that is no JSON object`);
  if (signature) sign(parts, signed('call', signature), true);
  const call = id && !ids.has(id) ? id : `call_${randomUUID()}`;
  ids.add(call);
  parts.push({ kind: 'call', call, tool: name, input: args });
  return [{ kind: 'tool', tool: name }];
}

function grow(parts: Part[], kind: 'text' | 'thinking', text: string): void {
  const last = parts.at(-1);
  const open = last?.kind === kind && !(last.kind === 'thinking' && last.signature);
  if (open) last.text += text;
  else if (text) parts.push({ kind, text });
}

/** Signs the thought that came last, where it may be meant and has no signature yet, else an empty one. */
function sign(parts: Part[], signature: string, thought: boolean): void {
  const last = parts.at(-1);
  if (thought && last?.kind === 'thinking' && !last.signature) last.signature = signature;
  else parts.push({ kind: 'thinking', text: '', signature });
}

function counted(wire: WireUsage): Usage {
  const cacheRead = count(wire.cachedContentTokenCount);
  const prompt = count(wire.promptTokenCount) + count(wire.toolUsePromptTokenCount);
  return {
    input: Math.max(0, prompt - cacheRead),
    output: count(wire.candidatesTokenCount) + count(wire.thoughtsTokenCount),
    cacheRead,
    cacheWrite: 0,
  };
}

function failed(failure: Failure): ProviderEvent {
  return { kind: 'failed', failure };
}
