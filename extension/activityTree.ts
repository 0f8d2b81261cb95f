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
import { type Act, queryActivity } from '../server/protocol/activity.ts';
import type { Failure } from '../server/protocol/failure.ts';
import { journalAppended } from '../server/protocol/journal.ts';
import { actorWords, outcomeLook } from './actWords.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import type { Worker } from './worker.ts';

/** A row of the tree: the question that narrows it, an act, what is wrong, that there is nothing, or the way to earlier ones. */
export type ActivityRow =
  | { readonly kind: 'filter'; readonly understood: string }
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'fault'; readonly failure: Failure }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'earlier' };

/** Acts read at once. */
const page = 50;
/** Stretches of the journal that are looked through at once where nothing in them fits. */
const mostStretches = 20;
/** Acts are listed anew so long after the journal grew, in ms, because it may grow fast. */
const pause = 400;

/** What was done, newest first, narrowed by a question in words, and earlier acts on demand (SPEC C7, D5). */
export class ActivityTree implements TreeDataProvider<ActivityRow>, Disposable {
  private readonly worker: Worker;
  private readonly emitter = new EventEmitter<void>();
  private readonly owned: Disposable[];
  /** Newest first; `null` before the first look. */
  private acts: readonly Act[] | null = null;
  /** Where earlier acts go on; absent at the beginning of the journal. */
  private next: number | undefined;
  private asked = '';
  private understood = '';
  private failure: Failure | null = null;
  private late: NodeJS.Timeout | null = null;
  private turn: Promise<void> = Promise.resolve();

  readonly onDidChangeTreeData = this.emitter.event;

  constructor(worker: Worker) {
    this.worker = worker;
    this.owned = [
      this.emitter,
      worker.onState((state) => state !== 'starting' && this.refresh()),
      worker.on(journalAppended, () => this.refreshLate()),
    ];
  }

  /** The question in words that narrows the list; empty where none does. */
  get query(): string {
    return this.asked;
  }

  /** Narrows the list by a question; an empty one shows everything. */
  ask(query: string): void {
    this.asked = query.trim();
    void commands.executeCommand('setContext', 'butler.activityFiltered', this.asked !== '');
    this.refresh();
  }

  refresh(): void {
    this.acts = null;
    this.emitter.fire();
  }

  /** Reads the page before the oldest act shown. */
  earlier(): Promise<void> {
    return this.inTurn(async (kept) => {
      const older = this.next === undefined ? [] : await this.read(this.next);
      return [...kept, ...older];
    });
  }

  async getChildren(parent?: ActivityRow): Promise<ActivityRow[]> {
    if (parent || !this.worker.usable) return [];
    this.acts ??= await this.read();
    const filter: ActivityRow[] =
      this.asked === '' ? [] : [{ kind: 'filter', understood: this.understood || this.asked }];
    if (this.failure) return [...filter, { kind: 'fault', failure: this.failure }];
    const rows = this.acts.map((act): ActivityRow => ({ kind: 'act', act }));
    const nothing: ActivityRow[] = rows.length === 0 && filter.length > 0 ? [{ kind: 'nothing' }] : [];
    const earlier: ActivityRow[] = this.next === undefined ? [] : [{ kind: 'earlier' }];
    return [...filter, ...nothing, ...rows, ...earlier];
  }

  getTreeItem(row: ActivityRow): TreeItem {
    switch (row.kind) {
      case 'filter':
        return filterItem(row.understood, this.asked);
      case 'act':
        return actItem(row.act);
      case 'fault':
        return faultItem(row.failure);
      case 'nothing':
        return plainItem('nothing', 'search-stop', l10n.t('Nothing that fits was done'));
      case 'earlier':
        return plainItem('earlier', 'history', l10n.t('Show earlier activity'), 'butler.activity.earlier');
    }
  }

  dispose(): void {
    if (this.late) clearTimeout(this.late);
    for (const one of this.owned) one.dispose();
  }

  /** Reads a page; where a stretch of the journal holds nothing that fits, it goes on to the one before. */
  private async read(from?: number, stretches = mostStretches): Promise<Act[]> {
    const { asked } = this;
    let before = from;
    for (let stretch = 0; stretch < stretches; stretch++) {
      const query = { query: asked, limit: page, ...(before ? { before } : {}) };
      const found = await this.worker.send(queryActivity, query);
      if (asked !== this.asked) return this.read();
      this.failure = found.ok || found.failure.kind === 'cancelled' ? null : found.failure;
      this.understood = found.ok ? found.value.understood : '';
      before = found.ok && found.value.more ? (found.value.next ?? found.value.acts.at(-1)?.seq) : undefined;
      this.next = before;
      const acts = found.ok ? found.value.acts : [];
      if (acts.length > 0 || before === undefined) return acts;
    }
    return [];
  }

  private refreshLate(): void {
    if (!this.acts || this.failure) return;
    this.late ??= setTimeout(() => {
      this.late = null;
      void this.readNewest();
    }, pause);
  }

  /** Lists the newest page anew; what was read before it stays, unless more was done since than a page holds. */
  private readNewest(): Promise<void> {
    return this.inTurn(async (kept) => {
      const { next } = this;
      const newest = await this.read(undefined, 1);
      const last = newest.at(-1)?.seq;
      const hole = last !== undefined && this.next !== undefined && (kept[0]?.seq ?? 0) < last;
      const older = hole ? [] : kept.filter(({ seq }) => last === undefined || seq < last);
      if (older.length > 0) this.next = next;
      return [...newest, ...older];
    });
  }

  /** Changes the list, one change after the other; a list that was begun anew meanwhile stays as it is. */
  private inTurn(change: (kept: readonly Act[]) => Promise<readonly Act[]>): Promise<void> {
    this.turn = this.turn.then(async () => {
      const kept = this.acts;
      if (!kept) return;
      const changed = await change(kept);
      if (this.acts !== kept) return;
      this.acts = changed;
      this.emitter.fire();
    });
    return this.turn;
  }
}

function filterItem(understood: string, asked: string): TreeItem {
  const item = plainItem('filter', 'filter', plainText(understood, 120), 'butler.activity.filter');
  item.contextValue = 'filter';
  item.description = plainText(asked, 80);
  item.tooltip = new MarkdownString().appendText(plainText(understood));
  return item;
}

function faultItem(failure: Failure): TreeItem {
  const [what, mend] = [language.said(failure.what), language.said(failure.mend)];
  const item = plainItem('fault', 'warning', plainText(what), 'butler.activity.filter');
  item.description = plainText(mend);
  item.tooltip = new MarkdownString().appendText(`${plainText(what)}\n${plainText(mend)}`);
  return item;
}

function actItem(act: Act): TreeItem {
  const { icon, colour, words } = outcomeLook(act.outcome, language);
  const label = plainText(language.titled(act.title), 160);
  const who = actorWords(act.actor, language);
  const time = new Date(act.time);
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.id = String(act.seq);
  item.description = `${time.toLocaleTimeString()} · ${who}`;
  item.iconPath = new ThemeIcon(icon, colour ? new ThemeColor(colour) : undefined);
  item.contextValue = 'act';
  const objects = act.objects.slice(0, 12).map((object) => plainText(object));
  const rows = [label, words, plainText(language.said(act.note)), time.toLocaleString(), who, ...objects];
  item.tooltip = new MarkdownString().appendText(rows.filter(Boolean).join('\n'));
  item.accessibilityInformation = { label: `${label}, ${words}, ${who}, ${time.toLocaleString()}` };
  item.command = act.session
    ? { command: 'butler.chat.show', title: l10n.t('Show'), arguments: [act.session] }
    : {
        command: 'butler.activity.details',
        title: l10n.t('Show Details'),
        arguments: [{ kind: 'act', act }],
      };
  return item;
}

function plainItem(id: string, icon: string, label: string, command?: string): TreeItem {
  const item = new TreeItem(label, TreeItemCollapsibleState.None);
  item.id = id;
  item.iconPath = new ThemeIcon(icon);
  if (command) item.command = { command, title: label };
  return item;
}
