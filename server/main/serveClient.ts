import type { CancellationToken, Connection, InitializeParams } from 'vscode-languageserver/node';
import { type McpFilesWatch, watchMcpFiles } from '../adapters/mcp/watchMcpFiles.ts';
import type { Dispatcher } from '../core/dispatcher.ts';
import type { Passing } from '../core/jobRun.ts';
import { createRedactor } from '../core/redaction.ts';
import { abilitiesChanged, ClientOptions, getSecret, putSecret } from '../protocol/editor.ts';
import type { EntryType } from '../protocol/entryData.ts';
import { type Failure, failures, fromIssues } from '../protocol/failure.ts';
import { languageModelPart } from '../protocol/languageModel.ts';
import { mcpChanged } from '../protocol/mcp.ts';
import { permissionsChanged } from '../protocol/permission.ts';
import { policyChanged } from '../protocol/policy.ts';
import { providersChanged } from '../protocol/provider.ts';
import { publishProblems } from './abilityProblems.ts';
import { askByMessage, askOpen } from './askByMessage.ts';
import { browserOf } from './browser.ts';
import { codeActions, runCodeAction } from './codeActions.ts';
import { type Butler, compose, type Surface } from './compose.ts';
import { readConfig } from './config.ts';
import { reading } from './damage.ts';
import { type Documents, openDocuments } from './documents.ts';
import { editorInsight } from './editorInsight.ts';
import { editorModels, type LentModels } from './editorModels.ts';
import { followJournal } from './feed.ts';
import { answer } from './handlers.ts';
import { idleMemory } from './idleMemory.ts';
import { cleanCause } from './knownSecrets.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { tellProcesses } from './processFeed.ts';
import { showProgress } from './progress.ts';
import { resultOf, wireError } from './wireAnswer.ts';
import { openFolders, realPaths } from './workspaceFolders.ts';

/** One client being served. */
export interface Client {
  request(method: string, params: unknown, token: CancellationToken): Promise<unknown>;
  notify(method: string, params: unknown): Promise<void>;
  /** The same text without the secrets that are known. */
  clean(text: string): string;
  close(): Promise<void>;
}

/** Serves one LSP client: opens the store, runs jobs, answers and tells. */
export async function serveClient(connection: Connection, params: InitializeParams): Promise<Client> {
  const parsed = ClientOptions.safeParse(params.initializationOptions ?? {});
  if (!parsed.success) return refusing(connection, fromIssues(parsed.error, 'initializationOptions'));
  const options = parsed.data;
  if (!options.trusted) return refusing(connection, untrusted);
  const annotations = params.capabilities.workspace?.workspaceEdit?.changeAnnotationSupport !== undefined;
  const documents = openDocuments(connection, annotations);
  const folders = await openFolders(params);
  const progress = options.approvals ? null : showProgress(connection, params);
  const lent = options.languageModels ? editorModels(connection) : null;
  const outbox = openOutbox(connection);
  const surface = surfaceOf(connection, { options, outbox, documents, folders, progress, lent, params });
  const composed = await compose(surface);
  if (!composed.ok) return refusing(connection, composed.failure);
  const butler = composed.value;
  const head = await reading(() => butler.store.head());
  if (!head.ok) {
    await butler.close();
    return refusing(connection, head.failure);
  }
  const report: Surface['report'] = (what, cause) => surface.report(what, cleanCause(butler.redactor, cause));
  progress?.attach(butler);
  const dispatcher = butler.serve();
  const memory = idleMemory(() => dispatcher.running() > 0);
  const actor = `person:${options.surface}`;
  const tellAbilities = () => void connection.sendNotification(abilitiesChanged.method, {});
  const tellMcp = () => void connection.sendNotification(mcpChanged.method, {});
  const tellProviders = () => void connection.sendNotification(providersChanged.method, {});
  const tellPermissions = () => void connection.sendNotification(permissionsChanged.method, {});
  const stopFeed = await followJournal(
    butler.store,
    head.value,
    (entries) => {
      outbox.entries(entries);
      memory.worked();
      if (entries.some(({ type }) => type === 'ability.saved' || type === 'ability.deleted')) tellAbilities();
      if (entries.some(({ type }) => concernProviders.has(type))) tellProviders();
      if (entries.some(({ type }) => concernMcp.has(type))) tellMcp();
      if (entries.some(({ type }) => type === 'permission.changed')) tellPermissions();
      if (!options.approvals) askByMessage(connection, butler, entries, actor);
    },
    (error) => report('journal', error),
  );
  if (!options.approvals) await askOpen(connection, butler, actor);
  const problems = publishProblems(connection, butler);
  const stopProcesses = tellProcesses(connection, butler.processes);
  const stopFiles = butler.files.onChange(() => {
    tellAbilities();
    problems.refresh();
  });
  const stopPolicies = butler.policyFiles.onChange(
    () => void connection.sendNotification(policyChanged.method, {}),
  );
  const stopMcp = butler.mcpHost.onChange(tellMcp);
  const mcpWatch = watchMcpFiles(folders, tellMcp);
  problems.refresh();
  return {
    request: async (method, question, cancel) => {
      if (method === 'textDocument/codeAction') return codeActions(question);
      if (method === 'workspace/executeCommand') {
        return resultOf(await runCodeAction(connection, butler, documents, options, question, actor));
      }
      const stop = new AbortController();
      cancel.onCancellationRequested(() => stop.abort());
      const outcome = await answer(butler, method, question, actor, stop.signal);
      outbox.flush();
      if (cancel.isCancellationRequested) throw wireError(failures.cancelled('The request was cancelled.'));
      return resultOf(outcome);
    },
    notify: (method, news) =>
      notified(method, news, { documents, folders, butler, dispatcher, report, lent, mcpWatch }),
    clean: (text) => butler.redactor.clean(text),
    close: async () => {
      memory.stop();
      stopFeed();
      stopFiles();
      stopMcp();
      mcpWatch.close();
      stopProcesses();
      stopPolicies();
      outbox.close();
      await butler.close();
    },
  };
}

/** The entries after which the list of providers reads otherwise. */
const concernProviders: ReadonlySet<EntryType> = new Set([
  'provider.saved',
  'provider.removed',
  'connection.changed',
  'secret.changed',
  'settings.saved',
]);

/** The entries after which a server of tools stands otherwise. */
const concernMcp: ReadonlySet<EntryType> = new Set([
  'mcp.saved',
  'mcp.removed',
  'mcp.pinned',
  'secret.changed',
]);

const untrusted = failures.denied(
  'The workspace is not trusted, so nothing of it is read and no job runs.',
  'Trust the workspace, then the butler starts.',
);

/** A client whose worker cannot serve gets the reason as the answer to everything. */
function refusing(connection: Connection, failure: Failure): Client {
  connection.console.error(`${failure.what} ${failure.mend}`);
  return {
    request: async () => {
      throw wireError(failure);
    },
    notify: async () => undefined,
    clean: (text) => createRedactor().clean(text),
    close: async () => undefined,
  };
}

interface Parts {
  readonly options: ClientOptions;
  readonly outbox: Outbox;
  readonly documents: Documents;
  readonly folders: string[];
  readonly progress: { emit(passing: Passing): void } | null;
  readonly lent: LentModels | null;
  readonly params: InitializeParams;
}

function surfaceOf(connection: Connection, parts: Parts): Surface {
  const { options, outbox, documents, folders, progress, lent, params } = parts;
  const { storeFolder, anthropicBaseUrl } = options;
  return {
    config: readConfig({ environment: process.env, storeFolder, anthropicBaseUrl }),
    environment: {},
    workspaces: () => folders,
    mode: () => options.mode,
    editor: options.insight ? { ...documents, insight: editorInsight(connection) } : documents,
    editorModels: lent,
    ...browserOf(connection, params),
    editorSecrets: options.secrets
      ? {
          get: async (name) =>
            getSecret.result.parse(await connection.sendRequest(getSecret.method, { name })).value,
          put: async (name, value) => {
            await connection.sendRequest(putSecret.method, { name, value });
          },
        }
      : null,
    emit: (passing) => {
      progress?.emit(passing);
      if (passing.kind !== 'token') return;
      const { job, token: kind, text } = passing;
      outbox.token({ job: job.id, session: job.session, kind, text });
    },
    report: (what, cause) => connection.console.error(`${what}: ${describe(cause)}`),
  };
}

interface Serving {
  readonly documents: Documents;
  readonly folders: string[];
  readonly butler: Butler;
  readonly dispatcher: Dispatcher;
  readonly report: Surface['report'];
  readonly mcpWatch: McpFilesWatch;
  readonly lent: LentModels | null;
}

/** Takes a notification of the client; one that does not fit is reported, and changes nothing. */
async function notified(method: string, news: unknown, serving: Serving): Promise<void> {
  const { documents, report, lent } = serving;
  const table: Record<string, (params: unknown) => void | Promise<void>> = {
    'textDocument/didOpen': documents.opened,
    'textDocument/didChange': documents.changed,
    'textDocument/didClose': documents.closed,
    'workspace/didChangeWorkspaceFolders': (params) => changeFolders(params, serving),
    [languageModelPart.method]: (params) => lent?.heard(params),
  };
  try {
    await table[method]?.(news);
  } catch (error) {
    report(`notification ${method}`, error);
  }
}

async function changeFolders(
  params: unknown,
  { folders, butler, dispatcher, mcpWatch }: Serving,
): Promise<void> {
  const { added, removed } = (params as { event: Record<'added' | 'removed', { uri: string }[]> }).event;
  const gone = new Set(await realPaths(removed.map(({ uri }) => uri)));
  const left = folders.filter((folder) => !gone.has(folder));
  folders.splice(0, folders.length, ...left, ...(await realPaths(added.map(({ uri }) => uri))));
  butler.files.setFolders(folders);
  butler.policyFiles.setFolders(folders);
  mcpWatch.setFolders(folders);
  dispatcher.wake();
}

function describe(cause: unknown): string {
  if (cause instanceof Error) return cause.stack ?? cause.message;
  return typeof cause === 'object' ? JSON.stringify(cause) : String(cause);
}
