import path from 'node:path';
import { commands, env, l10n, Position, Range, window, workspace } from 'vscode';
import type { PageAct } from '../server/protocol/page.ts';
import {
  diffDeliverable,
  openDeliverable,
  openDeliverableOutside,
  previewDeliverable,
  saveDeliverable,
} from './deliverableActs.ts';
import { openAddress, openFile } from './openPublication.ts';
import type { Parts } from './parts.ts';

type Act<K extends PageAct['act']> = Extract<PageAct, { act: K }>;
type ActingParts = Pick<Parts, 'worker' | 'previews' | 'deliverables' | 'looks'>;
type Acts = { [K in PageAct['act']]: (act: Act<K>) => Thenable<unknown> };

/** Does what a page asks of the editor; nothing of it touches a job, or runs a program but the machine's own for a PDF. */
export function createPageActs(parts: () => ActingParts): (act: PageAct) => Promise<void> {
  const acts: Acts = {
    openFile: ({ path: file, workspace: folder, line }) => openFile(absolute(file, folder), at(line)),
    openLocation: ({ location }) => openAddress(location),
    openPublication: (act) => commands.executeCommand('butler.publication.open', act),
    openDiff: ({ path: file, before, after }) => parts().previews.showDiff({ path: file, before, after }),
    openDeliverable: (act) => openDeliverable(parts(), act),
    previewDeliverable: (act) => previewDeliverable(parts(), act),
    diffDeliverable: (act) => diffDeliverable(parts(), act),
    openOutside: (act) => openDeliverableOutside(parts(), act),
    saveDeliverable: (act) => saveDeliverable(parts(), act),
    compareDeliverable: ({ deliverable }) =>
      commands.executeCommand('butler.deliverable.compare', deliverable),
    mendTarget: ({ ability }) => commands.executeCommand('butler.target.check', ability),
    showCommand: ({ execution }) => commands.executeCommand('butler.showCommand', execution),
    copy: ({ text }) => env.clipboard.writeText(text),
    showAbilities: () => commands.executeCommand('butler.abilities.focus'),
    newAbility: () => commands.executeCommand('butler.ability.new'),
    editAbility: ({ ability }) => commands.executeCommand('butler.ability.edit', ability),
    setKey: ({ provider }) => commands.executeCommand('butler.key.set', provider),
    collectDiagnostics: () => commands.executeCommand('butler.diagnostics.collect'),
    manageTrust: () => commands.executeCommand('workbench.trust.manage'),
    showLog: () => commands.executeCommand('butler.log.show'),
    restartWorker: () => commands.executeCommand('butler.worker.restart'),
    reloadView: () => commands.executeCommand('workbench.action.webview.reloadWebviewAction'),
    reloadWindow: () => commands.executeCommand('workbench.action.reloadWindow'),
  };
  return async (act) => {
    try {
      await (acts[act.act] as (act: PageAct) => Thenable<unknown>)(act);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      void window.showErrorMessage(l10n.t('That could not be opened: {0}', why));
    }
  };
}

/** Where in a file it is opened. */
function at(line: number | undefined): { selection?: Range } {
  if (line === undefined) return {};
  const start = new Position(line - 1, 0);
  return { selection: new Range(start, start) };
}

function absolute(file: string, folder?: string): string {
  if (path.isAbsolute(file)) return file;
  const base = folder ?? workspace.workspaceFolders?.[0]?.uri.fsPath;
  return base ? path.join(base, file) : file;
}
