import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { Failure } from '../../server/protocol/failure.ts';
import type { ParamsOf, Request, ResultOf } from '../../server/protocol/message.ts';
import { atHome } from './terminal.ts';

/** A worker process with an LSP client at its other end. */
export interface LspClient {
  readonly process: ChildProcess;
  readonly connection: MessageConnection;
  /** Sends a request of the contract and checks the answer by its schema. */
  send<M extends Request>(message: M, params: unknown & Partial<ParamsOf<M>>): Promise<ResultOf<M>>;
  /** Ends the worker as LSP says, and resolves with its exit status. */
  close(): Promise<number | null>;
}

/** Starts `dist/worker.mjs` over stdio with a store of its own and initializes it. */
export async function startClient(options: {
  home: string;
  workspace: string;
  initialization?: Record<string, unknown>;
  capabilities?: Record<string, unknown>;
  environment?: Record<string, string>;
}): Promise<LspClient> {
  const worker = path.join(import.meta.dirname, '../../dist/worker.mjs');
  const child = spawn(process.execPath, [worker, '--stdio'], {
    env: { ...atHome(options), ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onError(() => undefined);
  connection.listen();
  const uri = pathToFileURL(options.workspace).href;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'workspace' }],
    capabilities: options.capabilities ?? {},
    initializationOptions: { approvals: true, surface: 'test', ...options.initialization },
  });
  await connection.sendNotification('initialized', {});
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return {
    process: child,
    connection,
    send: async (message, params) =>
      message.result.parse(await connection.sendRequest(message.method, params)) as never,
    close: async () => {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      return exited;
    },
  };
}

/** The failure that a request was refused with. */
export async function refusalOf(asked: Promise<unknown>): Promise<Failure> {
  const refused: { data?: Failure } = await asked.then(
    () => Promise.reject(new Error('It was accepted.')),
    (error) => error,
  );
  if (!refused.data) throw new Error('There is no failure in the refusal.', { cause: refused });
  return refused.data;
}
