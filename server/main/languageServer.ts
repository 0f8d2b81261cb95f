import { setImmediate } from 'node:timers/promises';
import {
  combineFeatures,
  createConnection,
  type InitializeParams,
  ProposedFeatures,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { type CodeTask, codeTasks, commandOf } from './jobTexts.ts';
import { wireLog } from './wireLog.ts';

/**
 * The worker is a language server on stdio, Node IPC or a pipe, as its arguments say (SPEC F2). It answers
 * `initialize` before it loads anything heavy; the rest is in `serveClient.ts`.
 */
const connection = createConnection(combineFeatures(ProposedFeatures.all, wireLog));
const asked = Promise.withResolvers<InitializeParams>();
const wanted = Promise.withResolvers<void>();
const serving = Promise.all([asked.promise, wanted.promise]).then(async ([params]) => {
  const { serveClient } = await import('./serveClient.ts');
  return serveClient(connection, params);
});
serving.catch((error: unknown) => connection.console.error(`The worker cannot serve: ${String(error)}`));
/** What serves the client, loaded when the client has its answer to `initialize`. */
const served = () => {
  wanted.resolve();
  return serving;
};

connection.onInitialize((params) => {
  asked.resolve(params);
  return {
    serverInfo: { name: 'virtual-butler' },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeActionProvider: { codeActionKinds: Object.values(codeTasks).map((task) => task.kind) },
      executeCommandProvider: { commands: (Object.keys(codeTasks) as CodeTask[]).map(commandOf) },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
});
connection.onInitialized(() => wanted.resolve());
connection.onRequest(async (method, params, token) => (await served()).request(method, params, token));
connection.onNotification(async (method, params) => (await served()).notify(method, params));
connection.onShutdown(async () => {
  const client = await Promise.race([serving, Promise.resolve(null)]);
  await client?.close();
});
process.on('uncaughtException', (error) => void tell(`Uncaught: ${error.stack ?? error}`));
process.on('unhandledRejection', (reason) => void tell(`Unhandled: ${String(reason)}`));
connection.listen();

/** Logs what nobody expected, without the secrets that are known by then. */
async function tell(text: string): Promise<void> {
  const client = await Promise.race([serving.catch(() => null), setImmediate(null)]);
  if (client) return connection.console.error(client.clean(text));
  const { createRedactor } = await import('../core/redaction.ts');
  connection.console.error(createRedactor().clean(text));
}
