import { randomUUID } from 'node:crypto';
import type { Provider, ProviderRequest } from '../../core/ports/provider.ts';
import type { EditorEnd, EditorModel, EditorQuestion } from '../../protocol/languageModel.ts';
import type { Part } from '../../protocol/provider.ts';
import { type EditorEvent, readAnswer } from './editor/answer.ts';
import { editorFault, noEditor, noModels } from './editor/faults.ts';
import { readPieces } from './editor/pieces.ts';
import { questionOf } from './editor/question.ts';
import { askOnce, exchange } from './exchange.ts';
import { NotAsked } from './httpConnection.ts';
import type { HttpOptions } from './httpProvider.ts';

/** The editor's own language models, as the client of the worker lends them. */
export interface EditorModels {
  list(signal: AbortSignal): Promise<readonly EditorModel[]>;
  /** Asks a model; `hear` is called with each piece before the end is there. */
  ask(question: EditorQuestion, hear: (part: Part) => void, signal: AbortSignal): Promise<EditorEnd>;
}

/** How the editor's models are reached: `null` where no editor lends any. */
export interface EditorOptions extends Pick<HttpOptions, 'name' | 'title' | 'model' | 'silence'> {
  readonly models: EditorModels | null;
}

/** Consent of a person may be waited for, and a model may think for minutes without a word. */
const longestSilence = 600_000;
/** A list of models comes at once or not at all. */
const longestListing = 30_000;

/** The language models of the editor that the worker serves; what the editor pays and allows is its own affair. */
export function createEditor(options: EditorOptions): Provider {
  const { models, name = 'editor', title = 'Editor', model = '', silence = longestSilence } = options;
  return {
    name,
    kind: 'editor',
    local: false,
    title,
    about: "The editor's own language models, as GitHub Copilot gives them; the editor asks for consent.",
    needsKey: false,
    models: model ? [model] : [],
    stream: (request, signal) => {
      const asked = { ...request, model: request.model || model };
      const reading = readAnswer({ title, afterTools: request.messages.at(-1)?.role === 'tool' });
      const faultOf = (error: unknown, answering: boolean) =>
        editorFault(error, { title, model: asked.model, answering, now: 0 });
      const ask = (line: { readonly signal: AbortSignal }) => begin(models, asked, title, line.signal);
      return exchange({ ask, reading, faultOf }, { signal, silence });
    },
    listModels: (signal) =>
      askOnce(
        async (line) => {
          const listed = await lent(models, title).list(line.signal);
          return listed.map(({ id, title: shown, context }) => ({ id, title: shown, context }));
        },
        (error) => editorFault(error, { title, model: '', answering: false, now: 0 }),
        { signal, silence: Math.min(silence, longestListing) },
      ),
    reachable: async (signal) => {
      const listed = await (models?.list(signal) ?? Promise.resolve([])).catch(() => []);
      return listed.length > 0;
    },
  };
}

async function begin(
  models: EditorModels | null,
  request: ProviderRequest,
  title: string,
  signal: AbortSignal,
): Promise<AsyncIterator<EditorEvent>> {
  const there = lent(models, title);
  const model = request.model || (await there.list(signal))[0]?.id;
  if (!model) throw new NotAsked(noModels(title));
  const question = questionOf(randomUUID(), { ...request, model });
  const pieces = readPieces((hear) => there.ask(question, hear, signal));
  return whole(await pieces.next(), pieces);
}

function lent(models: EditorModels | null, title: string): EditorModels {
  if (!models) throw new NotAsked(noEditor(title));
  return models;
}

/** The pieces with the first one before them: an answer has begun when that is there. */
async function* whole(
  first: IteratorResult<EditorEvent, void>,
  rest: AsyncGenerator<EditorEvent>,
): AsyncGenerator<EditorEvent> {
  if (!first.done) yield first.value;
  yield* rest;
}
