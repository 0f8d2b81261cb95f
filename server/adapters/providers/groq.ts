import type { Provider } from '../../core/ports/provider.ts';
import { fittingIds } from './callIds.ts';
import { chatProvider } from './chat/chatProvider.ts';
import type { HttpOptions } from './httpProvider.ts';

/** Open models, hosted by Groq (https://console.groq.com/docs/api-reference). */
export function createGroq(options: HttpOptions): Provider {
  return chatProvider(
    {
      kind: 'groq',
      title: 'Groq',
      about: 'Open models hosted by Groq, in the cloud; needs an API key.',
      needsKey: true,
      local: false,
      baseURL: 'https://api.groq.com/openai/v1',
      models: ['openai/gpt-oss-120b', 'openai/gpt-oss-20b', 'llama-3.3-70b-versatile'],
      form: {
        bound: 'max_completion_tokens',
        asksUsage: true,
        givenBack: [],
        callId: fittingIds(/^.{1,64}$/, 32),
        namesTools: false,
        wantsAnswers: false,
      },
      talks: ({ id, active }) => active !== false && !/whisper|tts|orpheus|guard|safeguard/i.test(String(id)),
    },
    options,
  );
}
