import type { Provider } from '../../core/ports/provider.ts';
import { readAnswer } from './google/answer.ts';
import { googleFault } from './google/faults.ts';
import { googleImage, googleSpeech } from './google/media.ts';
import { modelsIn } from './google/models.ts';
import { wantsSignatures, wireMessages, wireRequest } from './google/request.ts';
import { googleVideo } from './google/video.ts';
import { type HttpOptions, httpProvider } from './httpProvider.ts';
import { messageBytes } from './messageBytes.ts';

/** The first is taken where an Ability names none. */
const models = ['gemini-3.8-flash', 'gemini-3.1-pro-preview', 'gemini-3.5-flash-lite'];

/** Gemini by Google's API (https://ai.google.dev/api/generate-content). */
export function createGoogle(options: HttpOptions): Provider {
  const strict = messageBytes((message) => wireMessages(message, true));
  const lenient = messageBytes((message) => wireMessages(message, false));
  return httpProvider(
    {
      kind: 'google',
      title: 'Google',
      about: 'Gemini models by Google, in the cloud; needs an API key.',
      needsKey: true,
      local: false,
      baseURL: 'https://generativelanguage.googleapis.com',
      models,
      headers: (key) => ({ 'x-goog-api-key': key ?? '' }),
      answerPath: ({ model }) => `/v1beta/${resourceOf(model)}:streamGenerateContent?alt=sse`,
      body: (request) =>
        wireRequest(request, (wantsSignatures(request.model) ? strict : lenient).of(request.messages)),
      read: (request, title) => readAnswer({ title, afterTools: request.messages.at(-1)?.role === 'tool' }),
      image: googleImage,
      speech: googleSpeech,
      video: googleVideo,
      listPath: '/v1beta/models?pageSize=1000',
      modelsIn: (body) => modelsIn(body, models),
      faultOf: googleFault,
    },
    options,
  );
}

/** A model's name in a path; a tuned one comes with its own folder. */
function resourceOf(model: string): string {
  const [folder, ...name] = /^\w+\//.test(model) ? model.split('/') : ['models', model];
  return `${folder}/${encodeURIComponent(name.join('/'))}`;
}
