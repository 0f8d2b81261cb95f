import * as z from 'zod';
import { Failure } from './failure.ts';
import { Id, Nothing, notification, request } from './message.ts';
import { Image, Part, Usage } from './provider.ts';

/** A language model that the editor offers. */
export const EditorModel = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** Tokens of the longest request. */
  context: z.int().positive(),
});
export type EditorModel = z.infer<typeof EditorModel>;

/** A message as the editor hands it to its model. */
export const EditorMessage = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.literal('user'),
    text: z.string(),
    images: z.array(z.strictObject({ type: Image.shape.type, base64: z.base64() })).optional(),
  }),
  z.strictObject({ role: z.literal('assistant'), parts: z.array(Part) }),
  z.strictObject({
    role: z.literal('tool'),
    results: z.array(z.strictObject({ call: z.string(), output: z.string(), error: z.boolean() })),
  }),
]);
export type EditorMessage = z.infer<typeof EditorMessage>;

/** What an editor's model is asked. */
export const EditorQuestion = z.strictObject({
  /** Under which the pieces of the answer come. */
  id: Id,
  model: z.string(),
  system: z.string(),
  tools: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      /** JSON Schema of an object. */
      input: z.record(z.string(), z.unknown()),
    }),
  ),
  messages: z.array(EditorMessage),
});
export type EditorQuestion = z.infer<typeof EditorQuestion>;

/** How an answer ended, and the tokens that the editor counted for it. */
export const EditorEnd = z.strictObject({
  failure: Failure.nullable(),
  /** `null` where the model does not count. */
  usage: Usage.nullable(),
});
export type EditorEnd = z.infer<typeof EditorEnd>;

export const listLanguageModels = request('butler/lm/list', {
  from: 'worker',
  page: false,
  does: "Asks the editor for the language models that it offers; sends nothing to them and asks for nobody's consent.",
  params: Nothing,
  result: z.strictObject({ models: z.array(EditorModel) }),
});

export const askLanguageModel = request('butler/lm/chat', {
  from: 'worker',
  page: false,
  does: 'Asks a language model of the editor; the pieces of its answer come before this is answered, and `$/cancelRequest` ends it.',
  params: EditorQuestion,
  result: EditorEnd,
});

export const languageModelPart = notification('butler/lm/part', {
  from: 'client',
  page: false,
  does: "Brings a piece of an answer of the editor's language model; a call comes whole.",
  params: z.strictObject({ id: Id, part: Part }),
});

export const languageModelMessages = [listLanguageModels, askLanguageModel, languageModelPart];
