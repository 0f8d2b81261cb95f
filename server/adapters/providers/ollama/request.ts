import { factsOf } from '../../../core/models.ts';
import type { ProviderMessage, ProviderRequest } from '../../../core/ports/provider.ts';
import type { Part } from '../../../protocol/provider.ts';
import { bodyWith, type Elements } from '../messageBytes.ts';
import type { ShownModel } from './models.ts';

/**
 * The request as Ollama reads it (https://docs.ollama.com/api/chat): what never changes first, and the
 * messages, which are JSON already, last. Nothing may be cut off silently, so the window is as large as the
 * conversation needs, and what does not fit is an error.
 */
export function wireRequest(
  request: ProviderRequest,
  model: ShownModel,
  messages: Elements,
): readonly Uint8Array[] {
  const { system, tools, maxTokens } = request;
  const fixed = {
    model: request.model,
    stream: true,
    truncate: false,
    shift: false,
    ...(model.thinks ? { think: true } : {}),
    ...(tools.length > 0 ? { tools: tools.map(wireTool) } : {}),
    options: {
      num_ctx: windowFor(system.length + messages.characters, {
        usual: factsOf('ollama', request.model).context,
        most: model.context,
      }),
      num_predict: maxTokens,
    },
  };
  const first = JSON.stringify({ role: 'system', content: system.toWellFormed() });
  return bodyWith(fixed, 'messages', first, messages);
}

/** What is left free for the answer and for the tools, in tokens. */
const roomToAnswer = 6_144;
/** Fewer than a token has in any language with letters, so that an estimate is rather too large. */
const charactersOfToken = 3;

/**
 * Tokens of the window: those that the prompt is kept within, or else the smallest power of two that holds
 * everything; few sizes, because each change of it loads the model anew, and memory is taken for all of it.
 */
export function windowFor(characters: number, { usual, most }: { usual: number; most: number }): number {
  const wanted = characters / charactersOfToken + roomToAnswer;
  return Math.min(most, wanted <= usual ? usual : 2 ** Math.ceil(Math.log2(wanted)));
}

/** A message as Ollama reads it; none where nothing of it is left. */
export function wireMessages(message: ProviderMessage): object[] {
  switch (message.role) {
    case 'user':
      return [
        {
          role: 'user',
          content: message.text.toWellFormed(),
          ...(message.images?.length ? { images: message.images.map(({ base64 }) => base64) } : {}),
        },
      ];
    case 'assistant':
      return assistantMessages(message.parts);
    case 'tool':
      return message.results.map(({ call, tool, output, error }) => ({
        role: 'tool',
        tool_name: tool,
        tool_call_id: call,
        content: error ? `Error: ${output.toWellFormed()}` : output.toWellFormed(),
      }));
  }
}

function assistantMessages(parts: readonly Part[]): object[] {
  const content = textOf(parts, 'text');
  const thinking = textOf(parts, 'thinking');
  const calls = parts.flatMap((part) => (part.kind === 'call' ? [part] : []));
  if (!content.trim() && calls.length === 0) return [];
  return [
    {
      role: 'assistant',
      content,
      ...(thinking ? { thinking } : {}),
      ...(calls.length > 0
        ? {
            tool_calls: calls.map(({ call, tool, input }) => ({
              id: call,
              function: { name: tool, arguments: input ?? {} },
            })),
          }
        : {}),
    },
  ];
}

function textOf(parts: readonly Part[], kind: 'text' | 'thinking'): string {
  return parts
    .flatMap((part) => (part.kind === kind ? [part.text] : []))
    .join('')
    .toWellFormed();
}

function wireTool({ name, description, input }: ProviderRequest['tools'][number]) {
  return { type: 'function', function: { name, description, parameters: { type: 'object', ...input } } };
}
