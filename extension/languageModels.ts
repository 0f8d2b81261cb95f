import {
  type CancellationToken,
  type LanguageModelChat,
  type LanguageModelChatRequestOptions,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  l10n,
  lm,
} from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { failures } from '../server/protocol/failure.ts';
import {
  askLanguageModel,
  type EditorEnd,
  type EditorModel,
  EditorQuestion,
  languageModelPart,
  listLanguageModels,
} from '../server/protocol/languageModel.ts';
import type { ParamsOf } from '../server/protocol/message.ts';
import type { Part, Usage } from '../server/protocol/provider.ts';
import { modelFailure } from './modelFailure.ts';
import { modelMessages, textsOf } from './modelMessages.ts';

/** Lends the editor's language models to the worker. */
export function lendLanguageModels(client: LanguageClient): void {
  client.onRequest(listLanguageModels.method, async () => ({ models: await listModels() }));
  client.onRequest(askLanguageModel.method, (params: unknown, token: CancellationToken) =>
    answer(EditorQuestion.parse(params), token, (news) =>
      client.sendNotification(languageModelPart.method, news),
    ),
  );
}

/** The models that the editor offers, each by a name that is its own across all who bring some. */
export async function listModels(): Promise<EditorModel[]> {
  return (await lm.selectChatModels()).map((model) => ({
    id: nameOf(model),
    title: `${model.name} (${model.vendor})`,
    context: Math.max(1, Math.floor(model.maxInputTokens)),
  }));
}

type Tell = (news: ParamsOf<typeof languageModelPart>) => Promise<void>;

/** Asks a model and tells each piece of its answer; ends when all of it was told. */
export async function answer(
  question: EditorQuestion,
  token: CancellationToken,
  tell: Tell,
): Promise<EditorEnd> {
  const model = (await lm.selectChatModels()).find((one) => nameOf(one) === question.model);
  if (!model) return { failure: failures.notFound('model', question.model), usage: null };
  const input = tokens(model, textsOf(question), token);
  const said: string[] = [];
  try {
    const response = await model.sendRequest(modelMessages(question), requestOptions(question), token);
    for await (const piece of response.stream) {
      const part = partOf(piece);
      if (!part) continue;
      said.push(part.kind === 'call' ? JSON.stringify(part.input) : part.text);
      await tell({ id: question.id, part });
    }
    if (token.isCancellationRequested) return stopped;
    return { failure: null, usage: usageOf(await input, await tokens(model, said, token)) };
  } catch (error) {
    return token.isCancellationRequested
      ? stopped
      : { failure: modelFailure(error, model.name), usage: null };
  }
}

const stopped: EditorEnd = { failure: failures.cancelled('The answer was stopped.'), usage: null };

const nameOf = ({ vendor, id }: LanguageModelChat) => `${vendor}/${id}`;

function requestOptions({ tools }: EditorQuestion): LanguageModelChatRequestOptions {
  return {
    justification: l10n.t('Virtual Butler does a job that you handed to an Ability on this model.'),
    ...(tools.length > 0
      ? {
          tools: tools.map(({ name, description, input }) => ({
            name,
            description,
            inputSchema: { type: 'object', ...input },
          })),
        }
      : {}),
  };
}

/** A piece as the worker reads it; later editors may bring kinds of which nothing is known here. */
function partOf(piece: unknown): Part | null {
  if (piece instanceof LanguageModelTextPart) return { kind: 'text', text: piece.value };
  if (piece instanceof LanguageModelToolCallPart)
    return { kind: 'call', call: piece.callId, tool: piece.name, input: piece.input };
  return null;
}

/** The tokens of some texts as the model counts them; `null` where it does not. */
async function tokens(
  model: LanguageModelChat,
  texts: readonly string[],
  token: CancellationToken,
): Promise<number | null> {
  try {
    return await model.countTokens(texts.join('\n'), token);
  } catch {
    return null;
  }
}

function usageOf(input: number | null, output: number | null): Usage | null {
  const whole = (count: number) => Math.max(0, Math.round(count));
  if (input === null || output === null) return null;
  return { input: whole(input), output: whole(output), cacheRead: 0, cacheWrite: 0 };
}
