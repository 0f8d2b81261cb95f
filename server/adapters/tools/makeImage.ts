import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { makingOf } from './media/making.ts';
import type { Makers, Wanted } from './media/place.ts';

const Input = z
  .strictObject({ text: z.string().describe('what it shows'), path: z.string().describe('new .png') })
  .refine(({ text }) => text.trim() !== '', { message: 'must not be empty', path: ['text'] })
  .transform(({ text, path }): Wanted => ({ words: text, path }));

/** Makes a picture by a provider that can. */
export const makeImage = (makers: Makers): Tool<Wanted> => ({
  name: 'make_image',
  description: 'Makes a picture; costs money.',
  input: Input,
  needs: [
    { permission: 'spend', reason: 'A provider makes the picture, for the price that you see.' },
    { permission: 'write', reason: 'To save the picture in the workspace.' },
  ],
  repeatable: false,
  ...makingOf({ member: 'image', noun: 'the picture', ending: '.png' }, makers),
});
