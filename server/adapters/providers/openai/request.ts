import type {
  FunctionTool,
  ResponseCreateParamsStreaming,
  ResponseInputContent,
  ResponseInputItem,
} from 'openai/resources/responses/responses';
import type { ProviderMessage, ProviderRequest } from '../../../core/ports/provider.ts';
import type { Part } from '../../../protocol/provider.ts';
import { fittingIds } from '../callIds.ts';
import { toolText } from '../chat/request.ts';
import { reasoningOf } from './reasoning.ts';

/** A request as Responses read it, without its input, which comes last so that all before stays the same. */
export function wireRequest({
  model,
  system,
  tools,
  maxTokens,
}: ProviderRequest): Omit<ResponseCreateParamsStreaming, 'input'> {
  return {
    model,
    stream: true,
    store: false,
    max_output_tokens: Math.max(leastTokens, maxTokens),
    ...(tools.length > 0 ? { tools: tools.map(wireTool) } : {}),
    instructions: system.toWellFormed(),
  };
}

/** The items of the input in place of a message; none where nothing of it is left. */
export function wireItems(message: ProviderMessage): readonly ResponseInputItem[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: userContent(message) }];
    case 'assistant':
      return withoutLastThought(message.parts).flatMap(itemsOf);
    case 'tool':
      return message.results.map(({ call, output, error }) => ({
        type: 'function_call_output',
        call_id: callId(call),
        output: toolText(output, error),
      }));
  }
}

/** The service refuses a smaller bound. */
const leastTokens = 16;

const callId = fittingIds(/^[\w-]{1,64}$/, 32);

function wireTool({ name, description, input }: ProviderRequest['tools'][number]): FunctionTool {
  const parameters = { type: 'object', ...input };
  return { type: 'function', name, description, parameters, strict: false };
}

function userContent({
  text,
  images = [],
}: Extract<ProviderMessage, { role: 'user' }>): string | ResponseInputContent[] {
  if (images.length === 0) return text.toWellFormed();
  return [
    ...images.map(
      ({ type, base64 }): ResponseInputContent => ({
        type: 'input_image',
        detail: 'auto',
        image_url: `data:${type};base64,${base64}`,
      }),
    ),
    ...(text.trim() ? [{ type: 'input_text' as const, text: text.toWellFormed() }] : []),
  ];
}

/** A thought is refused where nothing follows that came of it. */
function withoutLastThought(parts: readonly Part[]): readonly Part[] {
  const last = parts.findLastIndex((part) => part.kind === 'call' || (part.kind === 'text' && part.text));
  return parts.slice(0, last + 1);
}

/** Words go back with their phase, without which a note on the way is taken for the end, as the service's reference says. */
function said({ text, phase }: Extract<Part, { kind: 'text' }>): ResponseInputItem {
  return { role: 'assistant', content: text.toWellFormed(), ...(phase ? { phase } : {}) };
}

function itemsOf(part: Part): ResponseInputItem[] {
  switch (part.kind) {
    case 'text':
      return part.text.trim() ? [said(part)] : [];
    case 'thinking': {
      const reasoning = reasoningOf(part);
      return reasoning ? [reasoning] : [];
    }
    case 'call':
      return [
        {
          type: 'function_call',
          call_id: callId(part.call),
          name: part.tool,
          arguments: JSON.stringify(part.input ?? {}),
        },
      ];
  }
}
