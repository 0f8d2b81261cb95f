import * as z from 'zod';
import { mediaUsd } from '../../../core/models.ts';
import type { Made } from '../../../core/ports/provider.ts';
import { jsonOf, most } from '../body.ts';
import { type MakingDialect, unpackedBase64 } from '../making.ts';
import { Unreadable } from '../refusal.ts';

const imageModel = 'gemini-3.1-flash-image';
const speechModel = 'gemini-3.8-flash-tts';

/** Pictures by Gemini (https://ai.google.dev/gemini-api/docs/image-generation), of the usual size. */
export const googleImage: MakingDialect = {
  model: imageModel,
  longest: 30_000,
  usd: () => mediaUsd(imageModel, {}),
  path: `/v1beta/models/${imageModel}:generateContent`,
  body: (prompt) => ({
    contents: [{ role: 'user', parts: [{ text: prompt }] }],
    generationConfig: { responseModalities: ['IMAGE'] },
  }),
  type: 'application/json',
  read: async (response) => inlineOf(await jsonOf(response)),
};

/**
 * Speech by Gemini (https://ai.google.dev/gemini-api/docs/speech-generation): of a second come 64 kB of JSON, so the
 * longest text is one whose speech can be taken in, even where it is spoken slowly.
 */
export const googleSpeech: MakingDialect = {
  model: speechModel,
  longest: 4000,
  usd: ({ length }) => mediaUsd(speechModel, { characters: length }),
  path: `/v1beta/models/${speechModel}:generateContent`,
  body: (text) => ({
    contents: [{ role: 'user', parts: [{ text }] }],
    generationConfig: {
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
    },
  }),
  type: 'application/json',
  read: async (response) => asWave(inlineOf(await jsonOf(response, most.made))),
};

const Answer = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({
          parts: z.array(
            z.object({ inlineData: z.object({ mimeType: z.string(), data: z.string() }).optional() }),
          ),
        }),
      }),
    )
    .min(1),
});

function inlineOf(body: unknown): Made {
  const answer = Answer.safeParse(body);
  const found = answer.data?.candidates[0]?.content.parts.find(({ inlineData }) => inlineData)?.inlineData;
  if (!found) throw new Unreadable('an answer that holds nothing made');
  return { type: found.mimeType.slice(0, 100), bytes: unpackedBase64(found.data) };
}

/** Bare samples of 16 bits, as the service sends them, with the head of a WAV file before them. */
function asWave({ type, bytes }: Made): Made {
  if (!/^audio\/(l16|pcm)\b/i.test(type)) return { type, bytes };
  const rate = Number(/rate=(\d{4,6})/.exec(type)?.[1] ?? 24_000);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes.length, 40);
  return { type: 'audio/wav', bytes: Buffer.concat([head, bytes]) };
}
