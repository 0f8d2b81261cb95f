import type { Provider } from '../../core/ports/provider.ts';
import { readAnswer } from './anthropic/answer.ts';
import { wireMessages, wireRequest } from './anthropic/request.ts';
import { bearer } from './httpConnection.ts';
import { type HttpOptions, httpProvider } from './httpProvider.ts';
import { bodyWith, messageBytes } from './messageBytes.ts';
import { modelsIn } from './modelList.ts';

/** Claude by Anthropic's Messages API (https://platform.claude.com/docs/en/api/messages). */
export function createAnthropic(options: HttpOptions): Provider {
  const messages = messageBytes(wireMessages);
  return httpProvider(
    {
      kind: 'anthropic',
      title: 'Anthropic',
      about: 'Claude models by Anthropic, in the cloud; needs an API key.',
      needsKey: true,
      local: false,
      baseURL: 'https://api.anthropic.com',
      models: ['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-haiku-5-5', 'claude-fable-5-2'],
      headers: (key) => ({ ...bearer(key), 'anthropic-version': '2026-10-21' }),
      answerPath: '/v1/messages',
      body: (request) => bodyWith(wireRequest(request), 'messages', messages.of(request.messages)),
      read: (request, title) => readAnswer({ title, afterTools: request.messages.at(-1)?.role === 'tool' }),
      listPath: '/v1/models?limit=1000',
      modelsIn: (list) => modelsIn(list),
    },
    options,
  );
}
