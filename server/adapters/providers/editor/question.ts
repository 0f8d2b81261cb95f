import type { ProviderMessage, ProviderRequest } from '../../../core/ports/provider.ts';
import type { EditorMessage, EditorQuestion } from '../../../protocol/languageModel.ts';

/** The request as it goes to the editor. */
export function questionOf(id: string, request: ProviderRequest): EditorQuestion {
  const { model, system, tools, messages } = request;
  return { id, model, system, tools: [...tools], messages: messages.flatMap(messageOf) };
}

/** Thinking has no place in what the editor hands to its models, so it is left out. */
function messageOf(message: ProviderMessage): EditorMessage[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', text: message.text, images: [...(message.images ?? [])] }];
    case 'assistant': {
      const parts = message.parts.filter(
        (part) => part.kind === 'call' || (part.kind === 'text' && part.text),
      );
      return parts.length > 0 ? [{ role: 'assistant', parts }] : [];
    }
    case 'tool':
      return [
        {
          role: 'tool',
          results: message.results.map(({ call, output, error }) => ({ call, output, error })),
        },
      ];
  }
}
