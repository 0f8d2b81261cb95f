import path from 'node:path';
import { commands, env, FileType, l10n, Position, Range, UIKind, Uri, window, workspace } from 'vscode';
import type { PageAct } from '../server/protocol/page.ts';
import { compareDeliverable } from './compareDeliverable.ts';
import {
  diffDeliverable,
  openDeliverable,
  previewDeliverable,
  saveDeliverableAs,
} from './deliverableActs.ts';
import type { Parts } from './parts.ts';

type Act<K extends PageAct['act']> = Extract<PageAct, { act: K }>;
type ActingParts = Pick<Parts, 'worker' | 'previews' | 'deliverables' | 'looks'>;
type Acts = { [K in PageAct['act']]: (act: Act<K>) => Thenable<unknown> };

/** Does what a page asks of the editor; nothing of it touches a job or runs a program. */
export function createPageActs(parts: () => ActingParts): (act: PageAct) => Promise<void> {
  const acts: Acts = {
    openFile: ({ path: file, workspace: folder, line }) => openFile(absolute(file, folder), line),
    openLocation: ({ location, entry }) => openLocation(location, entry),
    openDiff: ({ path: file, before, after }) => parts().previews.showDiff({ path: file, before, after }),
    openDeliverable: (act) => openDeliverable(parts().deliverables, act),
    previewDeliverable: (act) => previewDeliverable(parts(), act),
    diffDeliverable: (act) => diffDeliverable(parts(), act),
    saveDeliverable: ({ deliverable }) => saveDeliverableAs(parts(), deliverable),
    compareDeliverable: ({ deliverable }) => compareDeliverable(parts(), deliverable),
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

/** Opens where something was published: an address outside, a page in the browser, or a file here. */
export async function openLocation(location: string, entry?: string): Promise<unknown> {
  if (/^https?:\/\//i.test(location)) return env.openExternal(Uri.parse(location, true));
  const folder = absolute(location);
  const file = entry ? path.join(folder, entry) : folder;
  const page = /\.html?$/i.test(file);
  if (page && env.uiKind === UIKind.Desktop && !env.remoteName) return env.openExternal(Uri.file(file));
  const found = await workspace.fs.stat(Uri.file(file));
  if ((found.type & FileType.Directory) !== 0)
    return commands.executeCommand('revealFileInOS', Uri.file(file));
  return openFile(file);
}

async function openFile(file: string, line?: number): Promise<unknown> {
  const at = new Position((line ?? 1) - 1, 0);
  const options = line ? { selection: new Range(at, at) } : {};
  return commands.executeCommand('vscode.open', Uri.file(file), options);
}

function absolute(file: string, folder?: string): string {
  if (path.isAbsolute(file)) return file;
  const base = folder ?? workspace.workspaceFolders?.[0]?.uri.fsPath;
  return base ? path.join(base, file) : file;
}
