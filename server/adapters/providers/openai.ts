import type { Provider } from '../../core/ports/provider.ts';
import { bearer } from './httpConnection.ts';
import { type HttpOptions, httpProvider } from './httpProvider.ts';
import { bodyWith, messageBytes } from './messageBytes.ts';
import { modelsIn } from './modelList.ts';
import { readAnswer } from './openai/answer.ts';
import { openAiImage, openAiSpeech } from './openai/media.ts';
import { wireItems, wireRequest } from './openai/request.ts';
import { hasVideos, openAiVideo } from './openai/video.ts';

/** OpenAI's models by its Responses (https://platform.openai.com/docs/api-reference/responses). */
export function createOpenAi(options: HttpOptions): Provider {
  const items = messageBytes(wireItems);
  return httpProvider(
    {
      kind: 'openai',
      title: 'OpenAI',
      about: 'GPT models by OpenAI, in the cloud; needs an API key.',
      needsKey: true,
      local: false,
      baseURL: 'https://api.openai.com/v1',
      models: ['gpt-6.1-sol', 'gpt-6-luna', 'gpt-5.6-terra', 'gpt-5.4-mini'],
      headers: bearer,
      answerPath: '/responses',
      body: (request) => bodyWith(wireRequest(request), 'input', items.of(request.messages)),
      read: readAnswer,
      image: openAiImage,
      speech: openAiSpeech,
      ...(hasVideos(options.baseURL) ? { video: openAiVideo } : {}),
      listPath: '/models',
      modelsIn: (list) => modelsIn(list, ({ id }) => talks.test(String(id)) && !others.test(String(id))),
    },
    options,
  );
}

/** Its list names models for every purpose and says nothing of it. */
const talks = /^(gpt-|chatgpt-|o\d)/;
const others =
  /audio|realtime|transcribe|translate|tts|image|search|instruct|moderation|embedding|live|gpt-3\.5-turbo-16k/;
