import type { ProviderEvent } from '../../../core/ports/provider.ts';
import { failures } from '../../../protocol/failure.ts';
import type { EditorEnd } from '../../../protocol/languageModel.ts';
import type { Part } from '../../../protocol/provider.ts';
import type { Reading } from '../exchange.ts';
import { Unreadable } from '../refusal.ts';

/** A piece of an answer, or its end. */
export type EditorEvent =
  | { readonly kind: 'part'; readonly part: Part }
  | ({ readonly kind: 'end' } & EditorEnd);

/** Begins to read an answer; `afterTools`: an empty one then means that all is said. */
export function readAnswer({
  title,
  afterTools,
}: {
  title: string;
  afterTools: boolean;
}): Reading<EditorEvent> {
  const parts: Part[] = [];
  const state: { end: EditorEnd | null } = { end: null };
  return {
    take(event) {
      if (event.kind === 'part') return heard(parts, event.part);
      state.end = event;
      return [];
    },
    end() {
      const { end } = state;
      if (!end) return { kind: 'failed', failure: failures.cut(title) };
      if (end.failure) return { kind: 'failed', failure: end.failure };
      if (parts.every(({ kind }) => kind === 'thinking') && !afterTools)
        throw new Unreadable('an empty answer');
      const calls = parts.some(({ kind }) => kind === 'call');
      return { kind: 'done', parts, stop: calls ? 'calls' : 'end', usage: end.usage };
    },
  };
}

function heard(parts: Part[], part: Part): ProviderEvent[] {
  const last = parts.at(-1);
  if (part.kind === 'call') {
    if (part.input === null || typeof part.input !== 'object' || Array.isArray(part.input))
      throw new Unreadable(`an input of "${part.tool}" that is no JSON object`);
    parts.push(part);
    return [{ kind: 'tool', tool: part.tool }];
  }
  if (!part.text) return [];
  if (last?.kind === part.kind) last.text += part.text;
  else parts.push({ kind: part.kind, text: part.text });
  return [{ kind: part.kind, text: part.text }];
}
