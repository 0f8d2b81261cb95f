import path from 'node:path';
import type { LogOutputChannel } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type ClientOptions, getSecret, putSecret } from '../server/protocol/editor.ts';
import { contract } from '../server/protocol/index.ts';
import { lendInsight } from './editorInsight.ts';
import { lendLanguageModels } from './languageModels.ts';
import { silentChannel } from './silentChannel.ts';

/** The editor's own storage for secrets. */
export interface SecretPlace {
  get(key: string): Thenable<string | undefined>;
  store(key: string, value: string): Thenable<void>;
  delete(key: string): Thenable<void>;
}

/** What starting a worker needs. */
export interface Launch {
  readonly module: string;
  readonly log: LogOutputChannel;
  readonly secrets: SecretPlace;
  readonly options: ClientOptions;
  /** Says whether a worker that ended by itself is started again. */
  ended(): 'restart' | 'leave';
  /** Called whenever a worker answered its first request, also after a restart. */
  running(): void;
  news(method: string, params: unknown): void;
}

/** Starts the worker as a language server over Node IPC, and gives its client once it answers. */
export async function launchClient(launch: Launch): Promise<LanguageClient> {
  const lsp = await import('vscode-languageclient/node');
  const { module, log, options } = launch;
  /** Never the workspace folder: what lies there must not be found as a program or a module. */
  const cwd = path.dirname(module);
  const run = { module, transport: lsp.TransportKind.ipc, options: { cwd } };
  const client = new lsp.LanguageClient(
    'butler',
    'Virtual Butler',
    { run, debug: run },
    {
      documentSelector: [{ scheme: 'file' }],
      initializationOptions: options,
      outputChannel: log,
      traceOutputChannel: silentChannel(),
      revealOutputChannelOn: lsp.RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: lsp.ErrorAction.Continue, handled: true }),
        closed: () => ({
          action: launch.ended() === 'restart' ? lsp.CloseAction.Restart : lsp.CloseAction.DoNotRestart,
          handled: true,
        }),
      },
    },
  );
  client.onDidChangeState(({ newState }) => {
    if (newState === lsp.State.Running) launch.running();
  });
  answerSecrets(client, launch.secrets);
  lendLanguageModels(client);
  lendInsight(client);
  for (const message of contract) {
    if (message.kind !== 'notification' || message.from !== 'worker') continue;
    client.onNotification(message.method, (params: unknown) => launch.news(message.method, params));
  }
  try {
    await client.start();
  } catch (error) {
    await client.dispose().catch(() => undefined);
    throw error;
  }
  return client;
}

/** Every name of ours in the editor's storage begins so. */
const prefix = 'butler.';

function answerSecrets(client: LanguageClient, secrets: SecretPlace): void {
  client.onRequest(getSecret.method, async (params: unknown) => {
    const { name } = getSecret.params.parse(params);
    return { value: (await secrets.get(prefix + name)) ?? null };
  });
  client.onRequest(putSecret.method, async (params: unknown) => {
    const { name, value } = putSecret.params.parse(params);
    if (value === null) await secrets.delete(prefix + name);
    else await secrets.store(prefix + name, value);
    return {};
  });
}
