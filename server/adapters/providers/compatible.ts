import type { Provider } from '../../core/ports/provider.ts';
import { fittingIds } from './callIds.ts';
import { chatProvider } from './chat/chatProvider.ts';
import type { ThinkingForm } from './chat/form.ts';
import type { HttpOptions } from './httpProvider.ts';
import { isLoopback } from './reach.ts';

/** Any service with OpenAI's Chat Completions, at an address of the person's. */
export function createCompatible(options: HttpOptions & { readonly baseURL: string }): Provider {
  const { baseURL } = options;
  const local = isLoopback(baseURL);
  const host = URL.canParse(baseURL) ? new URL(baseURL).host : '';
  return chatProvider(
    {
      kind: 'compatible',
      title: host || 'Compatible',
      about: local
        ? 'An OpenAI-compatible service on this machine.'
        : `An OpenAI-compatible service at ${host}.`,
      needsKey: false,
      local,
      baseURL,
      models: [],
      form: {
        bound: 'max_tokens',
        asksUsage: true,
        givenBack: ['reasoning_content', 'reasoning', 'chunks'],
        missed: missed[host],
        callId: fittingIds(/^.{1,40}$/, 32),
        namesTools: false,
        wantsAnswers: false,
      },
    },
    options,
  );
}

/**
 * Services that refuse calls without the thought before them, as another provider leaves them behind:
 * https://api-docs.deepseek.com/guides/thinking_mode, https://platform.moonshot.ai/docs
 */
const missed: Readonly<Record<string, ThinkingForm>> = {
  'api.deepseek.com': 'reasoning_content',
  'api.moonshot.ai': 'reasoning_content',
  'api.moonshot.cn': 'reasoning_content',
};
