import type { ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { createJob } from '../server/protocol/job.ts';
import { journalAppended } from '../server/protocol/journal.ts';
import type { ParamsOf, Request, ResultOf } from '../server/protocol/message.ts';
import { ended, start } from './stage.ts';

/** A language server under measurement, spoken to over its stdio. */
export interface Client {
  readonly process: ChildProcess;
  /** From just before the spawn to the answer of `initialize`, in ms. */
  readonly initialized: number;
  send<M extends Request>(message: M, params: ParamsOf<M>): Promise<ResultOf<M>>;
  /** Hands a job to an Ability and resolves with the type of entry that ended it. */
  runJob(ability: string, workspace: string, text: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts a server and brings it to `initialized`. */
export async function openClient(file: string, workspace: string, env: NodeJS.ProcessEnv): Promise<Client> {
  const begun = performance.now();
  const child = start(file, ['--stdio'], { env, cwd: workspace, stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdout, stdin } = child;
  if (!stdout || !stdin) throw new Error('The server has no stdio.');
  const connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { workspace: { workspaceFolders: true } },
    workspaceFolders: [{ uri: pathToFileURL(workspace).href, name: 'bench' }],
    initializationOptions: { trusted: true, approvals: true, surface: 'bench' },
  });
  const initialized = performance.now() - begun;
  await connection.sendNotification('initialized', {});
  return {
    process: child,
    initialized,
    send: (message, params) => connection.sendRequest(message.method, params),
    runJob: (ability, folder, text) => runJob(connection, ability, folder, text),
    close: async () => {
      const gone = ended(child, 10_000);
      await connection.sendRequest('shutdown').catch(() => null);
      await connection.sendNotification('exit').catch(() => null);
      await gone;
      connection.dispose();
    },
  };
}

async function runJob(
  connection: MessageConnection,
  ability: string,
  workspace: string,
  text: string,
): Promise<string> {
  const seen: { job: string | null; type: string }[] = [];
  const state: { job: string; check(): void } = { job: '', check: () => {} };
  const end = new Promise<string>((resolve) => {
    state.check = () => {
      const found = seen.find((one) => one.job === state.job && endings.has(one.type));
      if (found) resolve(found.type);
    };
  });
  const listener = connection.onNotification(
    journalAppended.method,
    (params: ParamsOf<typeof journalAppended>) => {
      for (const { job, type } of params.entries) seen.push({ job, type });
      state.check();
    },
  );
  const job: ResultOf<typeof createJob> = await connection.sendRequest(createJob.method, {
    ability,
    workspace,
    text,
    kind: 'task',
  });
  state.job = job.id;
  state.check();
  const type = await end;
  listener.dispose();
  return type;
}

const endings: ReadonlySet<string> = new Set(['job.completed', 'job.failed', 'job.aborted']);
