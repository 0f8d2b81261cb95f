import { PassThrough } from 'node:stream';
import {
  type CancellationToken,
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { createEditor, type EditorOptions } from '../../../server/adapters/providers/editor.ts';
import type { ProviderRequest } from '../../../server/core/ports/provider.ts';
import { editorModels } from '../../../server/main/editorModels.ts';
import {
  askLanguageModel,
  type EditorEnd,
  EditorQuestion,
  languageModelPart,
  listLanguageModels,
} from '../../../server/protocol/languageModel.ts';
import { asked } from './staging.ts';
import type { Scene } from './subject.ts';

/** How an editor's model answers: it tells pieces, and ends. */
export type Model = (around: {
  readonly question: Omit<EditorQuestion, 'id'>;
  readonly token: CancellationToken;
  readonly tell: (part: unknown) => Promise<void>;
  /** Ends the connection once everything was heard, as an editor that goes away. */
  readonly leave: () => Promise<void>;
}) => Promise<EditorEnd>;

type Settings = Partial<EditorOptions> & { readonly request?: ProviderRequest };

/** The models that the editor of every scene offers. */
const offered = [
  { id: 'copilot/gpt-5', title: 'GPT-5 (copilot)', context: 128_000 },
  { id: 'copilot/claude', title: 'Claude (copilot)', context: 90_000 },
];

/** Played by a client at the other end of a connection, as the worker has one to its editor. */
export function lent<E>(expect: E, model: Model, { request = asked, ...options }: Settings = {}): Scene<E> {
  return {
    expect,
    set: async () => {
      const { worker, client, leave } = connect();
      const models = editorModels(worker);
      worker.onNotification(languageModelPart.method, models.heard);
      worker.onRequest('heard', () => null);
      const sent: string[] = [];
      client.onRequest(listLanguageModels.method, () => ({ models: offered }));
      client.onRequest(askLanguageModel.method, (params: unknown, token: CancellationToken) => {
        const { id, ...question } = EditorQuestion.parse(params);
        sent.push(JSON.stringify(question));
        const tell = (part: unknown) => client.sendNotification(languageModelPart.method, { id, part });
        return model({ question, token, tell, leave: () => client.sendRequest('heard').then(leave) });
      });
      return { provider: createEditor({ models, ...options }), request, sent, close: async () => leave() };
    },
  };
}

/** Both ends of a connection over streams. */
function connect(): { worker: MessageConnection; client: MessageConnection; leave: () => void } {
  const [toClient, toWorker] = [new PassThrough(), new PassThrough()];
  const end = (input: PassThrough, output: PassThrough) => {
    const connection = createMessageConnection(
      new StreamMessageReader(input),
      new StreamMessageWriter(output),
    );
    connection.onClose(() => connection.dispose());
    connection.listen();
    return connection;
  };
  const worker = end(toWorker, toClient);
  const client = end(toClient, toWorker);
  return {
    worker,
    client,
    leave: () => {
      toWorker.end();
      toClient.end();
    },
  };
}
