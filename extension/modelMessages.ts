import * as vscode from 'vscode';
import type { EditorMessage, EditorQuestion } from '../server/protocol/languageModel.ts';

const {
  LanguageModelChatMessage,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
} = vscode;

/** A conversation as the editor hands it to a model; its API knows no system prompt, so that comes first. */
export function modelMessages({ system, messages }: EditorQuestion): vscode.LanguageModelChatMessage[] {
  return [LanguageModelChatMessage.User(system), ...messages.map(modelMessage)];
}

/** Every text of a question, for counting. */
export function textsOf({ system, tools, messages }: EditorQuestion): string[] {
  const texts = messages.flatMap((message) => {
    if (message.role === 'user') return [message.text];
    if (message.role === 'tool') return message.results.map(({ output }) => output);
    return message.parts.map((part) => (part.kind === 'call' ? JSON.stringify(part.input) : part.text));
  });
  return [system, ...(tools.length > 0 ? [JSON.stringify(tools)] : []), ...texts];
}

function modelMessage(message: EditorMessage): vscode.LanguageModelChatMessage {
  switch (message.role) {
    case 'user':
      return LanguageModelChatMessage.User([
        ...(message.images ?? []).flatMap(imagePart),
        new LanguageModelTextPart(message.text),
      ]);
    case 'assistant':
      return LanguageModelChatMessage.Assistant(
        message.parts.map((part) =>
          part.kind === 'call'
            ? new LanguageModelToolCallPart(part.call, part.tool, (part.input ?? {}) as object)
            : new LanguageModelTextPart(part.text),
        ),
      );
    case 'tool':
      return LanguageModelChatMessage.User(
        message.results.map(({ call, output, error }) => {
          const text = error ? `Error: ${output}` : output;
          return new LanguageModelToolResultPart(call, [new LanguageModelTextPart(text)]);
        }),
      );
  }
}

/** What editors since 1.104 have for images. */
interface DataPart {
  image(data: Uint8Array, type: string): vscode.LanguageModelTextPart;
}

type Images = NonNullable<Extract<EditorMessage, { role: 'user' }>['images']>;

/** An image for a model; where the editor cannot hand one over, the model hears that there was one. */
function imagePart({ type, base64 }: Images[number]): vscode.LanguageModelTextPart[] {
  const part = 'LanguageModelDataPart' in vscode ? (vscode.LanguageModelDataPart as DataPart) : null;
  return [
    part
      ? part.image(Buffer.from(base64, 'base64'), type)
      : new LanguageModelTextPart('(An image was here that this editor cannot show to its models.)'),
  ];
}
