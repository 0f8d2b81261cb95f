import type { Provider, ProviderRequest } from '../../core/ports/provider.ts';
import { NotAsked } from './httpConnection.ts';
import { type HttpOptions, httpProvider, type Look } from './httpProvider.ts';
import { messageBytes } from './messageBytes.ts';
import { readAnswer } from './ollama/answer.ts';
import { noModelYet, ollamaFault } from './ollama/faults.ts';
import { readLines } from './ollama/lines.ts';
import { goesAway, heldModelsIn, modelsIn, type ShownModel, shownModel } from './ollama/models.ts';
import { wireMessages, wireRequest } from './ollama/request.ts';
import { isLoopback } from './reach.ts';
import { Refusal, Unreadable } from './refusal.ts';

const title = 'Ollama';
/** Where it listens when nobody said otherwise. */
const usualAddress = 'http://127.0.0.1:11434';

/** The models of an Ollama, on this machine or another (https://docs.ollama.com/api). */
export function createOllama(options: HttpOptions): Provider {
  const shown = new Map<string, ShownModel>();
  const messages = messageBytes(wireMessages);
  const baseURL = options.baseURL || usualAddress;
  const local = isLoopback(baseURL);
  return httpProvider(
    {
      kind: 'ollama',
      title,
      about: local ? 'The models of the Ollama on this machine.' : 'The models of an Ollama elsewhere.',
      needsKey: false,
      local,
      goesAway,
      baseURL,
      models: [],
      headers: (key): Readonly<Record<string, string>> => (key ? { authorization: `Bearer ${key}` } : {}),
      answerPath: '/api/chat',
      events: { type: 'application/x-ndjson', read: readLines },
      prepare: (request, look) => prepare(request, look, { title: options.title ?? title, shown }),
      body: (request) =>
        wireRequest(request, shown.get(request.model) ?? shownModel({}), messages.of(request.messages)),
      read: (request, name) =>
        readAnswer({ title: name, afterTools: request.messages.at(-1)?.role === 'tool' }),
      listPath: '/api/tags',
      modelsIn,
      faultOf: ollamaFault,
    },
    options,
  );
}

/** Takes the newest model that it holds where none is named, and asks once for the details of each that is used. */
async function prepare(
  request: ProviderRequest,
  look: Look,
  known: { title: string; shown: Map<string, ShownModel> },
): Promise<ProviderRequest> {
  const model = request.model || heldModelsIn(await look('/api/tags'))[0]?.id;
  if (!model) throw new NotAsked(noModelYet(known.title));
  if (!known.shown.has(model)) known.shown.set(model, shownModel(await detailsOf(model, look)));
  return { ...request, model };
}

/** What the service says of a model; nothing where it says nothing that can be read. */
async function detailsOf(model: string, look: Look): Promise<unknown> {
  try {
    return await look('/api/show', { model });
  } catch (error) {
    if (error instanceof Refusal || error instanceof Unreadable) return {};
    throw error;
  }
}
