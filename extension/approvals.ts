import path from 'node:path';
import { commands, type Disposable, l10n, window, workspace } from 'vscode';
import { type Approval, decideApproval } from '../server/protocol/approval.ts';
import type { Asked, Board } from './board.ts';
import type { ChatView } from './chatView.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import { questionLine } from './questionText.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** An answer sooner than this, in ms, was not meant for the question (SECURITY S6). */
export const tooSoon = 500;

/** Sends a person's answer; one that comes after another surface's is told and changes nothing. */
export async function decide(
  worker: Worker,
  { id, digest }: Pick<Approval, 'id' | 'digest'>,
  decision: 'approve' | 'deny',
): Promise<Approval | undefined> {
  return valueOrTell(await worker.send(decideApproval, { id, digest, decision }));
}

/** What the notifications of questions need. */
export interface Asking {
  readonly worker: Worker;
  readonly board: Board;
  readonly chat: ChatView;
}

/**
 * Shows waiting questions as notifications, one at a time, each once. One that a protection asks, or that a
 * line does not show in full, can be approved only where it shows in full, so its notification offers to show and to deny it.
 */
export class ApprovalNotices implements Disposable {
  private readonly asking: Asking;
  private readonly asked = new Set<string>();
  private readonly owned: Disposable[];
  private current: string | null = null;

  constructor(asking: Asking) {
    this.asking = asking;
    this.owned = [asking.board.onChange(() => this.look())];
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private look(): void {
    const waiting = this.asking.board.going.asked;
    if (this.current !== null) {
      const { current } = this;
      if (!waiting.some(({ approval }) => approval.id === current)) this.withdraw();
      return;
    }
    const next = waiting.find(({ approval }) => !this.asked.has(approval.id));
    if (next) void this.ask(next);
  }

  private async ask(asked: Asked): Promise<void> {
    const { approval } = asked;
    this.current = approval.id;
    this.asked.add(approval.id);
    const { approve, deny, show } = buttons();
    const line = questionLine(asked, language);
    const asks = approval.effects.some(({ kind }) => kind === 'ask');
    const guarded = asks ? [show] : [show, deny];
    const choices = line.whole ? [approve, deny, show] : guarded;
    const elsewhere = this.folderElsewhere(approval);
    const title = elsewhere ? l10n.t('In the folder {0}: {1}', plainText(elsewhere), line.text) : line.text;
    const text = asks ? title : l10n.t('{0}? {1}', title, plainText(language.said(approval.rule)));
    const shown = Date.now();
    const chosen = await window.showWarningMessage(text, ...choices);
    if (this.current !== approval.id) return this.answered(approval, chosen && show);
    this.current = null;
    if (chosen && chosen !== show && Date.now() - shown < tooSoon) this.asked.delete(approval.id);
    else await this.answered(approval, chosen);
    this.look();
  }

  /** The name of the folder that the question is about, where this window does not show it. */
  private folderElsewhere(approval: Approval): string | null {
    const job = this.asking.board.going.jobs.find(({ id }) => id === approval.job);
    const here = workspace.workspaceFolders?.some(({ uri }) => uri.fsPath === job?.workspace) ?? false;
    return !job || here ? null : path.basename(job.workspace);
  }

  private async answered(approval: Approval, chosen: string | undefined): Promise<void> {
    const { worker, chat } = this.asking;
    const { approve, deny, show } = buttons();
    if (chosen === show) await chat.show({ session: approval.session });
    if (chosen === approve) await decide(worker, approval, 'approve');
    if (chosen === deny) await decide(worker, approval, 'deny');
  }

  /** The API cannot close a notification, so a decided one is put out of sight and its buttons only show. */
  private withdraw(): void {
    this.current = null;
    void commands.executeCommand('notifications.hideToasts');
    this.look();
  }
}

function buttons() {
  return { approve: l10n.t('Approve'), deny: l10n.t('Deny'), show: l10n.t('Show') };
}
