import { type Disposable, l10n, window, workspace } from 'vscode';
import { readJob } from '../server/protocol/job.ts';
import { type Entry, journalAppended } from '../server/protocol/journal.ts';
import { findPublication, openPublished } from './openPublication.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';

/** Whether a person wants to hear no more of it, as it is kept. */
export interface HearsNoMore {
  get(): boolean;
  set(value: boolean): Thenable<void>;
}

type Published = Extract<Entry, { type: 'deliverable.published' }>;
type Noticing = Pick<Parts, 'worker' | 'chat'>;

/**
 * Tells that something was published (SPEC A5) where a person would not see it: the chat is hidden. Only the window
 * that shows the folder of its job tells it, each publication once.
 */
export class PublishNotices implements Disposable {
  private readonly parts: Noticing;
  private readonly hearsNoMore: HearsNoMore;
  private readonly listening: Disposable;
  private readonly executions = new Set<string>();

  constructor(parts: Noticing, hearsNoMore: HearsNoMore) {
    this.parts = parts;
    this.hearsNoMore = hearsNoMore;
    this.listening = parts.worker.on(journalAppended, ({ entries }) => {
      for (const entry of entries) if (entry.type === 'deliverable.published') void this.look(entry);
    });
  }

  /** The executions that were told of. */
  get told(): readonly string[] {
    return [...this.executions];
  }

  dispose(): void {
    this.listening.dispose();
  }

  private async look({ job, data: { deliverable, publication } }: Published): Promise<void> {
    const { worker, chat } = this.parts;
    const { execution } = publication;
    if (chat.visible || this.hearsNoMore.get() || this.executions.has(execution) || !job) return;
    const read = await worker.send(readJob, { id: job });
    const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    if (!read.ok || !folders.includes(read.value.workspace)) return;
    const found = await findPublication(worker, { deliverable, execution });
    if (!found.ok) return;
    this.executions.add(execution);
    const [open, show, never] = [l10n.t('Open'), l10n.t('Show'), l10n.t('Do Not Show Again')];
    const text = l10n.t('Published: {0}', plainText(found.value.title, 120));
    const chosen = await window.showInformationMessage(text, open, show, never);
    if (chosen === open) await openPublished(worker, found.value);
    if (chosen === show) await chat.show({ session: found.value.session, job });
    if (chosen === never) await this.hearsNoMore.set(true);
  }
}
