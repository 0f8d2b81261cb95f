import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  ThinkingConfigParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import { factsOf } from '../../../core/models.ts';
import type { ProviderMessage, ProviderRequest } from '../../../core/ports/provider.ts';
import type { Part } from '../../../protocol/provider.ts';
import { fittingIds } from '../callIds.ts';

/** Marks a signature that stands for a whole thinking block that came encrypted. */
export const redacted = 'redacted:';

/**
 * The request as Anthropic reads it, without its messages, which come last. What never changes stands first,
 * and no message is marked by itself, so that its bytes are a prefix of the next request's. The cache is asked
 * for twice: for tools and system prompt, and, by the field of the whole request, for the last block.
 */
export function wireRequest(request: ProviderRequest): Omit<MessageCreateParamsStreaming, 'messages'> {
  return {
    model: request.model,
    max_tokens: request.maxTokens,
    stream: true,
    cache_control: { type: 'ephemeral' },
    ...(factsOf('anthropic', request.model).quiet ? { thinking: told } : {}),
    ...(request.tools.length > 0 ? { tools: request.tools.map(wireTool) } : {}),
    system: [{ type: 'text', text: request.system.toWellFormed(), cache_control: { type: 'ephemeral' } }],
  };
}

/**
 * How these models think anyway, but told: without it their thoughts come empty, and so does what they say between
 * calls (https://platform.claude.com/docs/en/build-with-claude/thinking#progress-updates).
 */
const told: ThinkingConfigParam = { type: 'adaptive', display: 'summarized' };

/** A message as Anthropic reads it; none where nothing of it is left. */
export function wireMessages(message: ProviderMessage): MessageParam[] {
  const param = wireMessage(message);
  return param.content.length > 0 ? [param] : [];
}

function wireTool({ name, description, input }: ProviderRequest['tools'][number]): Tool {
  return { name, description, input_schema: { type: 'object', ...input } };
}

function wireMessage(message: ProviderMessage): MessageParam {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: userContent(message) };
    case 'assistant':
      return { role: 'assistant', content: message.parts.flatMap(wirePart) };
    case 'tool':
      return {
        role: 'user',
        content: message.results.map(({ call, output, error }) => ({
          type: 'tool_result',
          tool_use_id: callId(call),
          content: output.toWellFormed() || '(no output)',
          ...(error ? { is_error: true } : {}),
        })),
      };
  }
}

/** Images stand before the words about them. */
function userContent({
  text,
  images = [],
}: Extract<ProviderMessage, { role: 'user' }>): MessageParam['content'] {
  if (images.length === 0) return text.toWellFormed();
  return [
    ...images.map(
      ({ type, base64 }): ContentBlockParam => ({
        type: 'image',
        source: { type: 'base64', media_type: type, data: base64 },
      }),
    ),
    ...(text.trim() ? [{ type: 'text' as const, text: text.toWellFormed() }] : []),
  ];
}

const callId = fittingIds(/^[\w-]{1,64}$/, 32);

/** Empty text and thinking without a signature are refused by the service, so they are left out. */
function wirePart(part: Part): ContentBlockParam[] {
  switch (part.kind) {
    case 'text':
      return part.text.trim() ? [{ type: 'text', text: part.text.toWellFormed() }] : [];
    case 'thinking':
      if (!part.signature) return [];
      return part.signature.startsWith(redacted)
        ? [{ type: 'redacted_thinking', data: part.signature.slice(redacted.length) }]
        : [{ type: 'thinking', thinking: part.text, signature: part.signature }];
    case 'call':
      return [{ type: 'tool_use', id: callId(part.call), name: part.tool, input: part.input ?? {} }];
  }
}
