import * as z from 'zod';
import { mediaUsd } from '../../../core/models.ts';
import type { Made } from '../../../core/ports/provider.ts';
import { jsonOf } from '../body.ts';
import { bytesOf, type MakingDialect, unpackedBase64 } from '../making.ts';
import { Unreadable } from '../refusal.ts';

/** Pictures by OpenAI (https://platform.openai.com/docs/api-reference/images), of one size and quality. */
export const openAiImage: MakingDialect = {
  model: 'gpt-image-2',
  longest: 30_000,
  usd: () => mediaUsd('gpt-image-2', {}),
  path: '/images/generations',
  body: (prompt) => ({
    model: 'gpt-image-2',
    prompt,
    n: 1,
    size: '1024x1024',
    quality: 'medium',
    output_format: 'png',
  }),
  type: 'application/json',
  read: async (response): Promise<Made> => {
    const answered = Images.safeParse(await jsonOf(response));
    if (!answered.success) throw new Unreadable('an answer of another shape');
    return { type: 'image/png', bytes: unpackedBase64(answered.data.data[0]?.b64_json) };
  },
};

/** Speech by OpenAI (https://platform.openai.com/docs/api-reference/audio); the service ends it in January 2027. */
export const openAiSpeech: MakingDialect = {
  model: 'gpt-4o-mini-tts',
  longest: 4000,
  usd: ({ length }) => mediaUsd('gpt-4o-mini-tts', { characters: length }),
  path: '/audio/speech',
  body: (input) => ({ model: 'gpt-4o-mini-tts', input, voice: 'alloy', response_format: 'wav' }),
  type: 'audio/',
  read: async (response): Promise<Made> => ({ type: 'audio/wav', bytes: await bytesOf(response) }),
};

const Images = z.object({ data: z.array(z.object({ b64_json: z.string() })).min(1) });
