import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { filmingOf, type WantedVideo } from './media/filming.ts';
import type { Makers } from './media/place.ts';

const Input = z
  .strictObject({
    text: z.string().describe('what it shows'),
    path: z.string().describe('new .mp4'),
    seconds: z.int().min(1).max(60).optional(),
    tall: z.boolean().optional(),
    image: z.string().optional().describe('first frame'),
    model: z.string().max(128).optional(),
  })
  .refine(({ text }) => text.trim() !== '', { message: 'must not be empty', path: ['text'] })
  .transform(
    ({ text, seconds = 8, tall = false, ...rest }): WantedVideo => ({ ...rest, words: text, seconds, tall }),
  );

/** Makes a short video by a provider that can. */
export const makeVideo = (makers: Makers): Tool<WantedVideo> => ({
  name: 'make_video',
  description: 'Makes a video; takes minutes, costs money.',
  input: Input,
  needs: [
    { permission: 'spend', reason: 'A provider makes the video, for the price that you see.' },
    { permission: 'write', reason: 'To save the video in the workspace.' },
  ],
  repeatable: false,
  ...filmingOf(makers),
});
