import {
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
import { type Cost, plusCost } from '../server/protocol/cost.ts';
import type { Job } from '../server/protocol/job.ts';
import type { Process } from '../server/protocol/process.ts';
import type { Asked, Board } from './board.ts';
import { costWords, priceWords } from './costWords.ts';
import { plainText } from './plainText.ts';
import type { ProviderList } from './providerList.ts';
import { questionLine } from './questionText.ts';
import type { Worker } from './worker.ts';

/** A row of the tree: a job, a question of it that waits, or a command that it started and that runs. */
export type JobRow =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'asked'; readonly asked: Asked }
  | { readonly kind: 'process'; readonly process: Process };

/** The jobs, newest first, each with the questions that wait for a person, the commands that run and the jobs of its specialists. */
export class JobTree implements TreeDataProvider<JobRow>, Disposable {
  private readonly board: Board;
  private readonly providers: ProviderList;
  private readonly worker: Worker;
  private readonly emitter = new EventEmitter<void>();
  private readonly owned: Disposable[];

  readonly onDidChangeTreeData = this.emitter.event;

  constructor(worker: Worker, board: Board, providers: ProviderList) {
    this.worker = worker;
    this.board = board;
    this.providers = providers;
    this.owned = [this.emitter, board.onChange(() => this.emitter.fire())];
  }

  async getChildren(parent?: JobRow): Promise<JobRow[]> {
    if (!this.worker.usable) return [];
    if (parent) return parent.kind === 'job' ? this.partsOf(parent.job) : [];
    await this.worker.start();
    void this.providers.lookHere();
    const { jobs } = this.board.going;
    const isListed = (id: string | null) => jobs.some((job) => job.id === id);
    return jobs.filter(({ parent }) => !isListed(parent)).map((job) => ({ kind: 'job', job }));
  }

  getTreeItem(row: JobRow): TreeItem {
    if (row.kind === 'process') return processItem(row.process);
    return row.kind === 'job' ? this.jobItem(row.job) : askedItem(row.asked);
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private partsOf(job: Job): JobRow[] {
    return [...this.questions(job), ...this.commands(job), ...this.specialists(job)];
  }

  private commands({ id }: Job): JobRow[] {
    const { processes } = this.board.going;
    return processes.flatMap((process) =>
      process.job === id ? [{ kind: 'process', process } as const] : [],
    );
  }

  private questions(job: Job): JobRow[] {
    return this.board.going.asked.flatMap((asked) =>
      asked.approval.job === job.id ? [{ kind: 'asked', asked } as const] : [],
    );
  }

  /** The jobs that a job handed to specialists, in the order in which it did. */
  private specialists({ id }: Job): JobRow[] {
    const children = this.board.going.jobs.filter(({ parent }) => parent === id).toReversed();
    return children.map((job) => ({ kind: 'job', job }));
  }

  /** What a job spent with those of its specialists. */
  private costOf(job: Job): Cost {
    const children = this.board.going.jobs.filter(({ parent }) => parent === job.id);
    return children.map((child) => this.costOf(child)).reduce(plusCost, job.cost);
  }

  private jobItem(job: Job): TreeItem {
    const waits = job.waiting > 0;
    const parts = this.partsOf(job).length;
    const closed = parts > 0 ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None;
    const title = plainText(job.agent ? `${job.agent}: ${job.title}` : job.title, 120);
    const item = new TreeItem(title, waits ? TreeItemCollapsibleState.Expanded : closed);
    const cost = this.costOf(job);
    const state = cost.tokens === 0 ? stateWords(job) : `${stateWords(job)} · ${priceWords(cost, l10n.t)}`;
    item.id = `${job.id}/${waits ? 'waits' : ''}`;
    item.description = state;
    item.iconPath = iconOf(job);
    item.contextValue = `job.${job.state}`;
    item.tooltip = tooltip(job, stateWords(job), cost);
    item.command = { command: 'butler.job.show', title: l10n.t('Show'), arguments: [{ kind: 'job', job }] };
    item.accessibilityInformation = { label: l10n.t('Job {0}, {1}', title, state) };
    return item;
  }
}

const waitingIcon = new ThemeIcon('question', new ThemeColor('notificationsWarningIcon.foreground'));

const offlineIcon = new ThemeIcon('debug-disconnect');

const icons = {
  needs_approval: waitingIcon,
  queued: new ThemeIcon('clock'),
  running: new ThemeIcon('sync~spin'),
  completed: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  failed: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
  aborting: new ThemeIcon('sync~spin'),
  aborted: new ThemeIcon('circle-slash'),
} as const satisfies Record<Job['state'], ThemeIcon>;

function iconOf({ state, waiting, offline }: Job): ThemeIcon {
  if (waiting > 0) return waitingIcon;
  return offline && state === 'running' ? offlineIcon : icons[state];
}

/** The state of a job in words; one that waits for an answer or for the network says so. */
export function stateWords({ state, waiting, offline }: Job): string {
  if (waiting > 0) return l10n.t('waits for you');
  if (offline && state === 'running') return l10n.t('waits for the network');
  const words = {
    needs_approval: () => l10n.t('waits to be started'),
    queued: () => l10n.t('queued'),
    running: () => l10n.t('running'),
    completed: () => l10n.t('completed'),
    failed: () => l10n.t('failed'),
    aborting: () => l10n.t('stopping'),
    aborted: () => l10n.t('aborted'),
  };
  return words[state]();
}

function tooltip(job: Job, state: string, cost: Cost): MarkdownString {
  const text = new MarkdownString();
  const failure = job.failure ? [job.failure.what, job.failure.mend] : [];
  const spent = l10n.t('Spent: {0}', costWords(cost, l10n.t));
  const rows = [job.title, state, ...failure, spent, l10n.t('Ability: {0}', job.ability), job.workspace];
  text.appendText(rows.map((row) => plainText(row)).join('\n'));
  return text;
}

function askedItem(asked: Asked): TreeItem {
  const { text: title, whole } = questionLine(asked, l10n.t);
  const item = new TreeItem(title, TreeItemCollapsibleState.None);
  item.id = asked.approval.id;
  item.description = plainText(asked.approval.rule, 80);
  item.iconPath = new ThemeIcon('shield');
  item.contextValue = whole ? 'approval' : 'approval.long';
  item.tooltip = new MarkdownString().appendText(`${title}\n${plainText(asked.approval.rule)}`);
  item.command = {
    command: 'butler.job.show',
    title: l10n.t('Show'),
    arguments: [{ kind: 'asked', asked }],
  };
  item.accessibilityInformation = { label: l10n.t('Question that waits for you: {0}', title) };
  return item;
}

function processItem(process: Process): TreeItem {
  const { id, command, cwd, background, sandboxed, started } = process;
  const title = plainText(command, 160);
  const item = new TreeItem(title, TreeItemCollapsibleState.None);
  const held = sandboxed ? l10n.t('in a sandbox') : l10n.t('NOT in a sandbox');
  item.id = `process/${id}`;
  item.description = background ? l10n.t('runs in the background') : l10n.t('running');
  item.iconPath = new ThemeIcon('terminal');
  item.contextValue = 'process';
  const rows = [plainText(command, 2_000), plainText(cwd), held, new Date(started).toLocaleString()];
  item.tooltip = new MarkdownString().appendText(rows.join('\n'));
  item.command = { command: 'butler.showCommand', title: l10n.t('Show'), arguments: [id] };
  item.accessibilityInformation = { label: l10n.t('Command that runs: {0}', title) };
  return item;
}
