import {
  commands,
  type Disposable,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode';
import { listPublications, type PublicationRecord } from '../server/protocol/deliverable.ts';
import type { EntryType } from '../server/protocol/entryData.ts';
import type { Failure } from '../server/protocol/failure.ts';
import { journalAppended } from '../server/protocol/journal.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import { publicationLine } from './publicationWords.ts';
import type { Worker } from './worker.ts';

/** What narrows the list: an Ability, a target, with their names in words. */
export interface PublishedFilter {
  readonly ability?: string | undefined;
  readonly target?: string | undefined;
  readonly words: string;
}

/** A row of the tree: what narrows it, a publication, what is wrong, that there is nothing, or the way to earlier ones. */
export type PublishedRow =
  | { readonly kind: 'filter'; readonly words: string }
  | { readonly kind: 'publication'; readonly record: PublicationRecord }
  | { readonly kind: 'fault'; readonly failure: Failure }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'earlier' };

/** Publications read at once. */
const page = 50;
/** Entries after which the list reads differently. */
const telling: readonly EntryType[] = ['deliverable.published', 'deliverable.unpublished'];

/** What was published when, by which job and to where, newest first, and earlier ones on demand. */
export class PublishedTree implements TreeDataProvider<PublishedRow>, Disposable {
  private readonly worker: Worker;
  private readonly emitter = new EventEmitter<void>();
  private readonly owned: Disposable[];
  /** Newest first; `null` before the first look. */
  private records: readonly PublicationRecord[] | null = null;
  private more = false;
  private failure: Failure | null = null;
  private filter: PublishedFilter | null = null;

  readonly onDidChangeTreeData = this.emitter.event;

  constructor(worker: Worker) {
    this.worker = worker;
    this.owned = [
      this.emitter,
      worker.onState((state) => state !== 'starting' && this.refresh()),
      worker.on(journalAppended, ({ entries }) => {
        if (this.records && entries.some(({ type }) => telling.includes(type))) this.refresh();
      }),
    ];
  }

  /** What narrows the list now. */
  get narrowed(): PublishedFilter | null {
    return this.filter;
  }

  /** Narrows the list; `null` shows everything. */
  narrow(filter: PublishedFilter | null): void {
    this.filter = filter;
    void commands.executeCommand('setContext', 'butler.publishedFiltered', filter !== null);
    this.refresh();
  }

  refresh(): void {
    this.records = null;
    this.emitter.fire();
  }

  /** Reads the page before the oldest publication shown. */
  async earlier(): Promise<void> {
    const before = this.records;
    const last = before?.at(-1);
    if (!before || !last) return;
    const older = await this.read(last.publication.execution);
    if (this.records !== before) return;
    this.records = [...before, ...older];
    this.emitter.fire();
  }

  async getChildren(parent?: PublishedRow): Promise<PublishedRow[]> {
    if (parent || !this.worker.usable) return [];
    this.records ??= await this.read();
    const { failure, filter } = this;
    const narrowed: PublishedRow[] = filter ? [{ kind: 'filter', words: filter.words }] : [];
    if (failure) return [...narrowed, { kind: 'fault', failure }];
    const rows = this.records.map((record): PublishedRow => ({ kind: 'publication', record }));
    const nothing: PublishedRow[] = rows.length === 0 && filter ? [{ kind: 'nothing' }] : [];
    return [...narrowed, ...nothing, ...rows, ...(this.more ? [{ kind: 'earlier' } as const] : [])];
  }

  getTreeItem(row: PublishedRow): TreeItem {
    switch (row.kind) {
      case 'filter':
        return plainItem('filter', 'filter', row.words, 'butler.published.filter');
      case 'publication':
        return publicationItem(row.record);
      case 'fault':
        return plainItem('fault', 'warning', language.said(`${row.failure.what} ${row.failure.mend}`));
      case 'nothing':
        return plainItem('nothing', 'search-stop', l10n.t('Nothing that fits was published'));
      case 'earlier':
        return plainItem(
          'earlier',
          'history',
          l10n.t('Show earlier publications'),
          'butler.published.earlier',
        );
    }
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private async read(before?: string): Promise<readonly PublicationRecord[]> {
    const { ability, target } = this.filter ?? {};
    const found = await this.worker.send(listPublications, {
      ...(ability ? { ability } : {}),
      ...(target ? { target } : {}),
      ...(before ? { before } : {}),
      limit: page + 1,
    });
    this.failure = found.ok || found.failure.kind === 'cancelled' ? null : found.failure;
    const records = found.ok ? found.value.publications : [];
    this.more = records.length > page;
    return records.slice(0, page);
  }
}

function publicationItem(record: PublicationRecord): TreeItem {
  const { icon, colour, label, description, tooltip, state } = publicationLine(record, language);
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.id = record.publication.execution;
  item.description = description;
  item.iconPath = new ThemeIcon(icon, colour ? new ThemeColor(colour) : undefined);
  item.contextValue = record.stands ? 'publication.there' : 'publication.gone';
  item.tooltip = new MarkdownString().appendText(tooltip.join('\n'));
  item.accessibilityInformation = { label: [label, state, description].join(', ') };
  item.command = {
    command: 'butler.publication.show',
    title: l10n.t('Show'),
    arguments: [{ kind: 'publication', record }],
  };
  return item;
}

function plainItem(id: string, icon: string, label: string, command?: string): TreeItem {
  const item = new TreeItem(plainText(label), TreeItemCollapsibleState.None);
  item.id = id;
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = id;
  if (command) item.command = { command, title: plainText(label) };
  return item;
}
