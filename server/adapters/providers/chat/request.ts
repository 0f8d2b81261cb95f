import type {
  ChatCompletionContentPart,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ProviderMessage, ProviderRequest } from '../../../core/ports/provider.ts';
import type { CallPart, Part } from '../../../protocol/provider.ts';
import type { ChatForm, ThinkingForm } from './form.ts';

/** A request as Chat Completions read it, without its messages, which come last so that all before stays the same. */
export function wireRequest(
  { model, tools, maxTokens }: ProviderRequest,
  { bound, asksUsage }: ChatForm,
): Omit<ChatCompletionCreateParamsStreaming, 'messages'> {
  return {
    model,
    stream: true,
    ...(asksUsage ? { stream_options: { include_usage: true } } : {}),
    [bound]: maxTokens,
    ...(tools.length > 0
      ? {
          tools: tools.map(({ name, description, input }) => ({
            type: 'function',
            function: { name, description, parameters: { type: 'object', ...input } },
          })),
        }
      : {}),
  };
}

/** The first message, which tells the model what it is. */
export function systemMessage({ system }: ProviderRequest): ChatCompletionMessageParam {
  return { role: 'system', content: system.toWellFormed() };
}

/** The conversation with a word of the assistant wherever a person speaks right behind the results of calls. */
export function answered(messages: readonly ProviderMessage[]): readonly ProviderMessage[] {
  const told = messages.filter((one) => one.role !== 'assistant' || isTold(one.parts));
  return told.flatMap((one, index) =>
    one.role === 'user' && told[index - 1]?.role === 'tool' ? [heard, one] : [one],
  );
}

const heard: ProviderMessage = { role: 'assistant', parts: [{ kind: 'text', text: 'OK.' }] };

/** A message as Chat Completions read it; none where nothing of it is left. */
export function wireMessages(message: ProviderMessage, form: ChatForm): readonly object[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: userContent(message) }];
    case 'assistant':
      return assistantMessages(message.parts, form);
    case 'tool':
      return message.results.map(({ call, tool, output, error }) => ({
        role: 'tool',
        tool_call_id: form.callId(call),
        ...(form.namesTools ? { name: tool } : {}),
        content: toolText(output, error),
      }));
  }
}

/** What a model reads of a result, where the wire has no field for its failing. */
export function toolText(output: string, error: boolean): string {
  const text = output.toWellFormed() || '(no output)';
  return error ? `Failed: ${text}` : text;
}

function userContent({
  text,
  images = [],
}: Extract<ProviderMessage, { role: 'user' }>): string | ChatCompletionContentPart[] {
  if (images.length === 0) return text.toWellFormed();
  return [
    ...images.map(
      ({ type, base64 }): ChatCompletionContentPart => ({
        type: 'image_url',
        image_url: { url: `data:${type};base64,${base64}` },
      }),
    ),
    ...(text.trim() ? [{ type: 'text' as const, text: text.toWellFormed() }] : []),
  ];
}

/** Thinking is given back in the form by which it came, where the service wants it. */
function assistantMessages(parts: readonly Part[], { givenBack, missed, callId }: ChatForm): object[] {
  const text = parts.flatMap((part) => (part.kind === 'text' && part.text ? [part.text] : [])).join('\n');
  const calls = parts.flatMap((part) => (part.kind === 'call' ? [wireCall(part, callId)] : []));
  if (!isTold(parts)) return [];
  const thought = parts.find((part) => part.kind === 'thinking');
  const known = givenBack.find((one) => one === thought?.signature);
  const form = known ?? (calls.length > 0 ? missed : undefined);
  return [
    {
      role: 'assistant',
      ...(form
        ? withThinking(form, known && thought ? thought.text : '', text)
        : { content: text.toWellFormed() || null }),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
  ];
}

/** Whether anything of a message of the assistant is left. */
function isTold(parts: readonly Part[]): boolean {
  return parts.some((part) => part.kind === 'call' || (part.kind === 'text' && part.text.trim() !== ''));
}

function withThinking(form: ThinkingForm, thought: string, text: string): object {
  if (form !== 'chunks') return { content: text.toWellFormed() || null, [form]: thought.toWellFormed() };
  return {
    content: [
      { type: 'thinking', thinking: [{ type: 'text', text: thought.toWellFormed() }] },
      ...(text ? [{ type: 'text', text: text.toWellFormed() }] : []),
    ],
  };
}

function wireCall(
  { call, tool, input }: CallPart,
  callId: ChatForm['callId'],
): ChatCompletionMessageFunctionToolCall {
  return {
    id: callId(call),
    type: 'function',
    function: { name: tool, arguments: JSON.stringify(input ?? {}) },
  };
}
