import {
  type Command,
  commands,
  l10n,
  MarkdownString,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode';
import { type AttachedFile, listAttachments } from '../server/protocol/attachment.ts';
import { type DeliverableRow, listDeliverables } from '../server/protocol/deliverable.ts';
import type { Failure } from '../server/protocol/failure.ts';
import type { CommandId } from './commandIds.ts';
import { deliverableIcon } from './deliverableIcon.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import { filesWords } from './publicationWords.ts';
import type { StoredFiles } from './storedFiles.ts';
import type { Worker } from './worker.ts';

/** What went into a job and what came out of it, as rows below it: a file handed over with it, a deliverable, why neither is known, or that there is neither. */
export type ArtifactRow =
  | { readonly kind: 'attached'; readonly job: string; readonly file: AttachedFile }
  | { readonly kind: 'deliverable'; readonly deliverable: DeliverableRow }
  | { readonly kind: 'fault'; readonly job: string; readonly failure: Failure }
  | { readonly kind: 'nothing'; readonly job: string };

/** The artifacts of a job, those that went in first. */
export async function artifactsOf({ send }: Worker, job: string): Promise<ArtifactRow[]> {
  const [attached, made] = await Promise.all([
    send(listAttachments, { job }),
    send(listDeliverables, { job, limit: 500 }),
  ]);
  if (!attached.ok) return [{ kind: 'fault', job, failure: attached.failure }];
  if (!made.ok) return [{ kind: 'fault', job, failure: made.failure }];
  const rows: ArtifactRow[] = [
    ...attached.value.files.map((file) => ({ kind: 'attached', job, file }) as const),
    ...made.value.deliverables.map((deliverable) => ({ kind: 'deliverable', deliverable }) as const),
  ];
  return rows.length > 0 ? rows : [{ kind: 'nothing', job }];
}

/** Opens a file that was handed over with a job, to be read. */
export async function openAttached(files: StoredFiles, row: unknown): Promise<void> {
  const { kind, job, file } = (row ?? {}) as Partial<Extract<ArtifactRow, { kind: 'attached' }>>;
  if (kind !== 'attached' || !job || !file) return;
  await commands.executeCommand('vscode.open', files.uriOf(job, file.name), { preview: true });
}

/** How an artifact reads in the tree; a job at work decides itself whether it publishes what it made. */
export function artifactItem(row: ArtifactRow, isAtWork: (job: string) => boolean): TreeItem {
  switch (row.kind) {
    case 'attached':
      return attachedItem(row.job, row.file);
    case 'deliverable':
      return deliverableItem(row.deliverable, isAtWork(row.deliverable.job));
    case 'fault':
      return plainItem(
        `fault/${row.job}`,
        'warning',
        language.said(`${row.failure.what} ${row.failure.mend}`),
      );
    case 'nothing':
      return plainItem(`nothing/${row.job}`, 'blank', l10n.t('No files in, none out'));
  }
}

function attachedItem(job: string, file: AttachedFile): TreeItem {
  const { name, size, mime } = file;
  const title = plainText(name, 120);
  const item = plainItem(`attached/${job}/${name}`, 'file', title);
  item.description = l10n.t('handed over');
  item.contextValue = 'attached';
  item.tooltip = tooltip(title, plainText(mime), filesWords(1, size, language));
  item.command = openedBy('butler.attachment.open', { kind: 'attached', job, file });
  item.accessibilityInformation = { label: l10n.t('File that was handed over: {0}', title) };
  return item;
}

function deliverableItem(deliverable: DeliverableRow, atWork: boolean): TreeItem {
  const { id, type, title: name, files, bytes, created, published } = deliverable;
  const title = plainText(name, 120);
  const state = published ? l10n.t('published') : l10n.t('draft');
  const item = plainItem(id, deliverableIcon(type), title);
  item.description = published ? `${state} · ${plainText(published.target, 40)}` : state;
  item.contextValue = atWork ? 'deliverable.atWork' : 'deliverable';
  const place = published ? [plainText(published.location)] : [];
  const about = `${type} · ${filesWords(files, bytes, language)}`;
  item.tooltip = tooltip(title, state, ...place, about, new Date(created).toLocaleString());
  item.command = openedBy('butler.deliverable.preview', { kind: 'deliverable', deliverable });
  item.accessibilityInformation = { label: l10n.t('Deliverable {0}, {1}', title, state) };
  return item;
}

function openedBy(command: CommandId, row: ArtifactRow): Command {
  return { command, title: l10n.t('Open'), arguments: [row] };
}

function tooltip(...rows: readonly string[]): MarkdownString {
  return new MarkdownString().appendText(rows.join('\n'));
}

function plainItem(id: string, icon: string, label: string): TreeItem {
  const item = new TreeItem(plainText(label), TreeItemCollapsibleState.None);
  item.id = id;
  item.iconPath = new ThemeIcon(icon);
  return item;
}
