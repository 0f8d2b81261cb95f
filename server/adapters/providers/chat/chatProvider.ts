import type { Provider, ProviderRequest } from '../../../core/ports/provider.ts';
import { bearer } from '../httpConnection.ts';
import { type Dialect, type HttpOptions, httpProvider } from '../httpProvider.ts';
import { bodyWith, messageBytes } from '../messageBytes.ts';
import { modelsIn, type Talks } from '../modelList.ts';
import { readAnswer } from './answer.ts';
import type { ChatForm } from './form.ts';
import { answered, systemMessage, wireMessages, wireRequest } from './request.ts';

/** A service with OpenAI's Chat Completions, and how its own differ. */
export type ChatService = Pick<
  Dialect,
  'kind' | 'title' | 'about' | 'needsKey' | 'local' | 'baseURL' | 'models'
> & {
  readonly form: ChatForm;
  /** Which models of its list are for talking. */
  readonly talks?: Talks;
};

/** A provider over Chat Completions (https://platform.openai.com/docs/api-reference/chat). */
export function chatProvider({ form, talks, ...service }: ChatService, options: HttpOptions): Provider {
  const messages = messageBytes((message) => wireMessages(message, form));
  const body = (request: ProviderRequest) => {
    const system = JSON.stringify(systemMessage(request));
    const told = form.wantsAnswers ? answered(request.messages) : request.messages;
    return bodyWith(wireRequest(request, form), 'messages', system, messages.of(told));
  };
  return httpProvider(
    {
      ...service,
      headers: bearer,
      answerPath: '/chat/completions',
      body,
      read: readAnswer,
      listPath: '/models',
      modelsIn: (list) => modelsIn(list, talks),
    },
    options,
  );
}
