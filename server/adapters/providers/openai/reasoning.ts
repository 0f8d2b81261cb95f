import type { ResponseReasoningItem } from 'openai/resources/responses/responses';
import type { Part } from '../../../protocol/provider.ts';

type Thinking = Extract<Part, { kind: 'thinking' }>;

/** A thought to be kept: its summary, and what OpenAI wants back with it as one word. */
export function thinkingOf(id: string, encrypted: string, text: string): Thinking[] {
  if (!encrypted) return text ? [{ kind: 'thinking', text }] : [];
  return [{ kind: 'thinking', text, signature: `${id} ${encrypted}` }];
}

/** A thought as it goes back; `null` where nothing of it can be read again. */
export function reasoningOf({ text, signature = '' }: Thinking): ResponseReasoningItem | null {
  const [id, encrypted] = signature.split(' ');
  if (!id || !encrypted) return null;
  const summary = text ? [{ type: 'summary_text' as const, text: text.toWellFormed() }] : [];
  return { type: 'reasoning', id, summary, encrypted_content: encrypted };
}
