import {
  commands,
  type Disposable,
  type ExtensionContext,
  ExtensionMode,
  l10n,
  Uri,
  window,
  workspace,
} from 'vscode';
import * as z from 'zod';
import { showSession } from '../server/protocol/session.ts';
import { AbilityTree } from './abilityTree.ts';
import { ActivityTree } from './activityTree.ts';
import { ApprovalNotices } from './approvals.ts';
import { Board } from './board.ts';
import { ChatView, chatViewId } from './chatView.ts';
import { commandIds } from './commandIds.ts';
import { commandTable } from './commands.ts';
import { JobTree } from './jobTree.ts';
import { createPageActs } from './pageActs.ts';
import { pageStrings } from './pageStrings.ts';
import type { Parts } from './parts.ts';
import { PreviewDocuments } from './previewDocuments.ts';
import { PromptFiles } from './promptFiles.ts';
import { readClientOptions, workerSettings } from './settings.ts';
import { StatusBar } from './statusBar.ts';
import { tellFailure } from './tell.ts';
import { Worker } from './worker.ts';

/** Kept per workspace once a person used the butler there; the worker then starts with the window. */
const usedHere = 'butler.used';

/**
 * Puts the views, the commands and the status bar in place; the worker waits for the first use. Under test
 * the parts are handed out.
 */
export function activate(context: ExtensionContext): Parts | undefined {
  const begun = performance.now();
  /** The schemas are then read step by step, without code made on the fly. */
  z.config({ jitless: true });
  const own = <T extends Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(window.createOutputChannel('Virtual Butler', { log: true }));
  const worker = own(
    new Worker({
      module: Uri.joinPath(context.extensionUri, 'dist', 'worker.mjs').fsPath,
      log,
      secrets: context.secrets,
      trusted: () => workspace.isTrusted,
      options: () => readClientOptions(log),
      firstUse: () => void context.workspaceState.update(usedHere, true),
    }),
  );
  const board = own(new Board(worker));
  const previews = own(new PreviewDocuments());
  const chat = own(
    new ChatView({
      extension: context.extensionUri,
      worker,
      strings: pageStrings(context.extensionUri, log),
      act: createPageActs(previews),
      refused: (what) => log.warn(`A message of the page was refused: ${what}`),
    }),
  );
  const parts: Parts = {
    ...{ context, log, worker, board, chat },
    abilities: own(new AbilityTree(worker)),
    jobs: own(new JobTree(worker, board)),
    activity: own(new ActivityTree(worker)),
    status: own(new StatusBar(worker, board)),
    prompts: own(new PromptFiles(worker)),
  };
  own(new ApprovalNotices({ worker, board, chat }));
  own(window.registerWebviewViewProvider(chatViewId, chat));
  own(window.createTreeView('butler.abilities', { treeDataProvider: parts.abilities }));
  own(window.createTreeView('butler.jobs', { treeDataProvider: parts.jobs }));
  own(window.createTreeView('butler.activity', { treeDataProvider: parts.activity }));
  for (const id of commandIds) own(commands.registerCommand(id, run(parts, id)));
  own(board.onFailure((failure) => void tellFailure(failure)));
  own(worker.on(showSession, ({ session }) => void chat.show({ session })));
  own(workspace.onDidGrantWorkspaceTrust(() => void worker.start()));
  own(
    workspace.onDidChangeConfiguration((change) => {
      if (worker.started && workerSettings.some((name) => change.affectsConfiguration(name)))
        void offerRestart();
    }),
  );
  if (workspace.isTrusted && context.workspaceState.get(usedHere) === true) void worker.start();
  log.info(`Activated in ${(performance.now() - begun).toFixed(1)} ms.`);
  return context.extensionMode === ExtensionMode.Test ? parts : undefined;
}

function run(parts: Parts, id: (typeof commandIds)[number]): (argument: unknown) => Promise<unknown> {
  return (argument) => commandTable[id](parts, argument);
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
