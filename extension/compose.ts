import './jitless.ts';
import {
  commands,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  l10n,
  Uri,
  window,
  workspace,
} from 'vscode';
import { showSession } from '../server/protocol/session.ts';
import { AbilityTree } from './abilityTree.ts';
import { ActivityTree } from './activityTree.ts';
import { ApprovalNotices } from './approvals.ts';
import { attachedFiles } from './attachedFiles.ts';
import { Board } from './board.ts';
import { type ChatSurroundings, ChatView } from './chatView.ts';
import type { CommandId } from './commandIds.ts';
import { commandTable } from './commands.ts';
import { deliverableFiles } from './deliverableFiles.ts';
import { JobTree } from './jobTree.ts';
import { latePageTexts } from './language.ts';
import { LookPanels } from './lookPanels.ts';
import { createPageActs } from './pageActs.ts';
import type { Parts } from './parts.ts';
import { PermissionQuestions } from './permissionQuestions.ts';
import { PolicyFaults } from './policyFaults.ts';
import { PreviewDocuments } from './previewDocuments.ts';
import { PromptFiles } from './promptFiles.ts';
import { ProviderList } from './providerList.ts';
import { PublishedTree } from './publishedTree.ts';
import { PublishNotices } from './publishNotices.ts';
import { readClientOptions, workerSettings } from './settings.ts';
import type { StatusBar } from './statusBar.ts';
import { tellFailure } from './tell.ts';
import { TerminalMirror } from './terminalMirror.ts';
import { Worker } from './worker.ts';

/** What stands since the extension was activated. */
export interface Door {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly status: StatusBar;
  /** Disposes a part with the extension. */
  own<T extends Disposable>(part: T): T;
  /** Called once, when the worker is first needed. */
  firstUse(): void;
}

/** What lies behind the door. */
export interface Composed {
  readonly parts: Parts;
  /** `all` are the files chosen with the one that a command is about. */
  run(id: CommandId, argument: unknown, all?: unknown): Promise<unknown>;
}

/** Kept for the person who wants to go without a model. */
const staysOffline = 'butler.staysOffline';

/** Kept for the person who wants no notifications of what was published. */
const hidesPublished = 'butler.hidesPublished';

/** Puts the parts of the extension together. */
export function compose({ context, log, status, own, firstUse }: Door): Composed {
  const worker = own(
    new Worker({
      module: Uri.joinPath(context.extensionUri, 'dist', 'worker.mjs').fsPath,
      log,
      secrets: context.secrets,
      trusted: () => workspace.isTrusted,
      options: () => readClientOptions(log),
      firstUse,
    }),
  );
  const board = own(new Board(worker));
  const providers = own(
    new ProviderList(worker, {
      get: () => context.globalState.get(staysOffline) === true,
      set: (value) => context.globalState.update(staysOffline, value),
    }),
  );
  const previews = own(new PreviewDocuments());
  const pages: ChatSurroundings = {
    extension: context.extensionUri,
    worker,
    texts: latePageTexts(),
    act: createPageActs(() => parts),
    refused: (what) => log.warn(`A message of the page was refused: ${what}`),
  };
  const chat = own(new ChatView(pages));
  const parts: Parts = {
    ...{ context, log, worker, board, chat, status, previews },
    abilities: own(new AbilityTree(worker)),
    jobs: own(new JobTree(worker, board, providers)),
    activity: own(new ActivityTree(worker)),
    published: own(new PublishedTree(worker)),
    deliverables: own(deliverableFiles(worker)),
    attached: own(attachedFiles(worker)),
    looks: own(new LookPanels(pages)),
    prompts: own(new PromptFiles(worker)),
    providers,
    terminals: own(new TerminalMirror(worker)),
  };
  status.follow(worker, board, providers);
  own(new ApprovalNotices({ worker, board, chat }));
  own(
    new PublishNotices(parts, {
      get: () => context.globalState.get(hidesPublished) === true,
      set: (value) => context.globalState.update(hidesPublished, value),
    }),
  );
  own(new PermissionQuestions(worker, board));
  own(new PolicyFaults(worker));
  own(board.onFailure((failure) => void tellFailure(failure)));
  own(worker.on(showSession, ({ session }) => void chat.show({ session })));
  own(
    workspace.onDidChangeConfiguration((change) => {
      if (worker.started && workerSettings.some((name) => change.affectsConfiguration(name)))
        void offerRestart();
    }),
  );
  return { parts, run: (id, argument, all) => commandTable[id](parts, argument, all) };
}

async function offerRestart(): Promise<void> {
  const restart = l10n.t('Restart the Butler');
  const text = l10n.t(
    'The changed setting takes effect when the butler starts again. Running jobs go on after it.',
  );
  if ((await window.showInformationMessage(text, restart)) === restart) {
    await commands.executeCommand('butler.worker.restart');
  }
}
