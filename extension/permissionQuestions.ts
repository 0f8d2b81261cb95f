import { type Disposable, l10n, window, workspace } from 'vscode';
import { type Entry, journalAppended } from '../server/protocol/journal.ts';
import { changePermission, type Holder, listPermissions } from '../server/protocol/permission.ts';
import type { Board } from './board.ts';
import { language } from './language.ts';
import { holderName, holderOfTool, permissionWords } from './permissionWords.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** Asks the person for each permission of somebody who was refused because nobody was asked yet; once in a window. */
export class PermissionQuestions implements Disposable {
  private readonly worker: Worker;
  private readonly board: Board;
  private readonly asked = new Set<string>();
  private readonly owned: Disposable;
  private asking: Promise<void> = Promise.resolve();

  constructor(worker: Worker, board: Board) {
    this.worker = worker;
    this.board = board;
    this.owned = worker.on(journalAppended, ({ entries }) => {
      for (const entry of entries) this.look(entry);
    });
  }

  dispose(): void {
    this.owned.dispose();
  }

  private look(entry: Entry): void {
    if (entry.type !== 'call.refused' || !this.isHere(entry.job)) return;
    const { tool, reason } = entry.data;
    if (reason !== 'policy' && reason !== 'unknown') return;
    this.asking = this.asking.then(() => this.askFor(tool));
  }

  private isHere(id: string | null): boolean {
    const job = this.board.going.jobs.find((one) => one.id === id);
    return workspace.workspaceFolders?.some(({ uri }) => uri.fsPath === job?.workspace) ?? false;
  }

  private async askFor(tool: string): Promise<void> {
    const listed = await this.worker.send(listPermissions, {});
    const holder = listed.ok ? holderOfTool(listed.value.holders, tool) : undefined;
    if (!holder || this.asked.has(holder.id)) return;
    if (!holder.needs.some(({ state }) => state === 'unasked')) return;
    this.asked.add(holder.id);
    await askPermissions(this.worker, holder);
  }
}

/** Asks one question; `undefined` where the person leaves it. */
export type AskPermission = (text: string, detail: string) => Promise<'allow' | 'deny' | undefined>;

/** One question for each permission that nobody was asked about; leaving one leaves the rest as they are. */
export async function askPermissions(
  worker: Worker,
  { id, title, needs }: Holder,
  ask: AskPermission = askModal,
): Promise<void> {
  const name = holderName({ id, title });
  for (const { permission, reason, state } of needs) {
    if (state !== 'unasked') continue;
    const text = l10n.t('May {0} {1}?', name, permissionWords(permission, language));
    const why = l10n.t('It says why: {0}', plainText(language.said(reason)));
    const still = l10n.t(
      'Each single call is still decided by your policy. "Manage Permissions" changes this.',
    );
    const said = await ask(text, `${why}\n\n${still}`);
    if (said === undefined) return;
    const change = { holder: id, permission, granted: said === 'allow' };
    if (!valueOrTell(await worker.send(changePermission, change))) return;
  }
}

async function askModal(text: string, detail: string): ReturnType<AskPermission> {
  const [allow, deny] = [l10n.t('Allow'), l10n.t('Deny')];
  const chosen = await window.showInformationMessage(text, { modal: true, detail }, allow, deny);
  if (chosen === undefined) return undefined;
  return chosen === allow ? 'allow' : 'deny';
}
