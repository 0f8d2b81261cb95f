import * as z from 'zod';
import type { Tool } from '../../core/ports/tool.ts';
import { makingOf } from './media/making.ts';
import type { Makers, Wanted } from './media/place.ts';

const Input = z
  .strictObject({ text: z.string().describe('what is spoken'), path: z.string().describe('new .wav') })
  .refine(({ text }) => text.trim() !== '', { message: 'must not be empty', path: ['text'] })
  .transform(({ text, path }): Wanted => ({ words: text, path }));

/** Speaks a text by a provider that can. */
export const makeSpeech = (makers: Makers): Tool<Wanted> => ({
  name: 'make_speech',
  description: 'Speaks a text; costs money.',
  input: Input,
  needs: [
    { permission: 'spend', reason: 'A provider speaks the text, for the price that you see.' },
    { permission: 'write', reason: 'To save the recording in the workspace.' },
  ],
  repeatable: false,
  ...makingOf({ member: 'speech', noun: 'the recording', ending: '.wav' }, makers),
});
