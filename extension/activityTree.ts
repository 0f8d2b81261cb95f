import {
  type Disposable,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode';
import { adminStream, type Entry, journalAppended, readJournal } from '../server/protocol/journal.ts';
import { entryWords } from './entryWords.ts';
import type { Worker } from './worker.ts';

/** A row of the tree: an entry, or the way to earlier ones. */
export type ActivityRow = { readonly kind: 'entry'; readonly entry: Entry } | { readonly kind: 'earlier' };

/** Entries read at once. */
const page = 50;
/** Entries kept at the most while new ones come in. */
const longest = 2_000;

/** The newest entries of the journal in words, and earlier ones on demand (SPEC D5). */
export class ActivityTree implements TreeDataProvider<ActivityRow>, Disposable {
  private readonly worker: Worker;
  private readonly emitter = new EventEmitter<void>();
  private readonly owned: Disposable[];
  /** Newest first; `null` before the first look. */
  private entries: readonly Entry[] | null = null;
  private more = false;

  readonly onDidChangeTreeData = this.emitter.event;

  constructor(worker: Worker) {
    this.worker = worker;
    this.owned = [
      this.emitter,
      worker.onState((state) => state !== 'starting' && this.refresh()),
      worker.on(journalAppended, ({ entries }) => this.prepend(entries)),
    ];
  }

  refresh(): void {
    this.entries = null;
    this.emitter.fire();
  }

  /** Reads the page before the oldest entry shown. */
  async earlier(): Promise<void> {
    const oldest = this.entries?.at(-1);
    if (!oldest || !this.entries) return;
    const read = await this.read(oldest.seq);
    this.entries = [...this.entries, ...read];
    this.emitter.fire();
  }

  async getChildren(parent?: ActivityRow): Promise<ActivityRow[]> {
    if (parent || !this.worker.usable) return [];
    this.entries ??= await this.read();
    const rows = this.entries.map((entry): ActivityRow => ({ kind: 'entry', entry }));
    return this.more ? [...rows, { kind: 'earlier' }] : rows;
  }

  getTreeItem(row: ActivityRow): TreeItem {
    return row.kind === 'entry' ? entryItem(row.entry) : earlierItem();
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private async read(before?: number): Promise<Entry[]> {
    const read = await this.worker.send(readJournal, { limit: page, ...(before ? { before } : {}) });
    this.more = read.ok && read.value.more;
    return read.ok ? read.value.entries.toReversed() : [];
  }

  private prepend(entries: readonly Entry[]): void {
    if (!this.entries) return;
    const newest = this.entries[0]?.seq ?? 0;
    const fresh = entries.filter(({ seq }) => seq > newest).toReversed();
    if (fresh.length === 0) return;
    const all = [...fresh, ...this.entries];
    this.entries = all.slice(0, longest);
    this.more ||= all.length > longest;
    this.emitter.fire();
  }
}

function entryItem(entry: Entry): TreeItem {
  const { label, icon } = entryWords(entry, l10n.t);
  const time = new Date(entry.time);
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.id = String(entry.seq);
  item.description = time.toLocaleTimeString();
  item.iconPath = new ThemeIcon(icon);
  item.contextValue = 'entry';
  const rows = [label, time.toLocaleString(), l10n.t('By: {0}', entry.actor), `${entry.seq} · ${entry.type}`];
  item.tooltip = new MarkdownString().appendText(rows.join('\n'));
  item.accessibilityInformation = { label: `${label}, ${time.toLocaleString()}` };
  if (entry.stream !== adminStream) {
    item.command = { command: 'butler.chat.show', title: l10n.t('Show'), arguments: [entry.stream] };
  }
  return item;
}

function earlierItem(): TreeItem {
  const item = new TreeItem(l10n.t('Show earlier activity'), TreeItemCollapsibleState.None);
  item.id = 'earlier';
  item.iconPath = new ThemeIcon('history');
  item.command = { command: 'butler.activity.earlier', title: l10n.t('Show earlier activity') };
  return item;
}
