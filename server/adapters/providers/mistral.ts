import type { Provider } from '../../core/ports/provider.ts';
import { fittingIds } from './callIds.ts';
import { isRecord } from './callInput.ts';
import { chatProvider } from './chat/chatProvider.ts';
import type { HttpOptions } from './httpProvider.ts';

/** Mistral's own models (https://docs.mistral.ai/api); it refuses fields that it does not document. */
export function createMistral(options: HttpOptions): Provider {
  return chatProvider(
    {
      kind: 'mistral',
      title: 'Mistral',
      about: 'Models by Mistral, in the cloud; needs an API key.',
      needsKey: true,
      local: false,
      baseURL: 'https://api.mistral.ai/v1',
      models: ['mistral-medium-latest', 'mistral-large-latest', 'mistral-small-latest', 'devstral-latest'],
      form: {
        bound: 'max_tokens',
        asksUsage: false,
        givenBack: ['chunks'],
        callId: fittingIds(/^[a-zA-Z0-9]{9}$/, 9),
        namesTools: true,
        wantsAnswers: true,
      },
      talks: ({ capabilities }) =>
        !isRecord(capabilities) ||
        (capabilities.completion_chat !== false && capabilities.function_calling !== false),
    },
    options,
  );
}
