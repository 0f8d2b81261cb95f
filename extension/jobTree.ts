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
import type { EntryType } from '../server/protocol/entryData.ts';
import type { Job } from '../server/protocol/job.ts';
import { journalAppended } from '../server/protocol/journal.ts';
import type { Process } from '../server/protocol/process.ts';
import type { Asked, Board } from './board.ts';
import { costWords, priceWords } from './costWords.ts';
import { type ArtifactRow, artifactItem, artifactsOf } from './jobArtifacts.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import type { ProviderList } from './providerList.ts';
import { questionLine } from './questionText.ts';
import type { Worker } from './worker.ts';

/** A row of the tree: a job, a question of it that waits, a command that it started and that runs, or what went in or came out. */
export type JobRow =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'asked'; readonly asked: Asked }
  | { readonly kind: 'process'; readonly process: Process }
  | ArtifactRow;

/** Entries after which a job has other artifacts, or they stand elsewhere. */
const telling: readonly EntryType[] = [
  'deliverable.saved',
  'deliverable.published',
  'deliverable.unpublished',
];

/** The jobs, newest first, each with what waits for a person, what runs for it, what went into it and what came out. */
export class JobTree implements TreeDataProvider<JobRow>, Disposable {
  private readonly board: Board;
  private readonly providers: ProviderList;
  private readonly worker: Worker;
  private readonly emitter = new EventEmitter<void>();
  private readonly owned: Disposable[];
  /** Of the jobs that were opened, by their ids. */
  private readonly artifacts = new Map<string, Promise<ArtifactRow[]>>();

  readonly onDidChangeTreeData = this.emitter.event;

  constructor(worker: Worker, board: Board, providers: ProviderList) {
    this.worker = worker;
    this.board = board;
    this.providers = providers;
    this.owned = [
      this.emitter,
      board.onChange(() => this.emitter.fire()),
      worker.on(journalAppended, ({ entries }) => {
        if (entries.some(({ type }) => telling.includes(type))) this.refresh();
      }),
    ];
  }

  /** Reads the artifacts of the jobs that are open anew. */
  refresh(): void {
    this.artifacts.clear();
    this.emitter.fire();
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
    switch (row.kind) {
      case 'job':
        return this.jobItem(row.job);
      case 'asked':
        return askedItem(row.asked);
      case 'process':
        return processItem(row.process);
      default:
        return artifactItem(row, (id) => this.isAtWork(id));
    }
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private async partsOf(job: Job): Promise<JobRow[]> {
    const going = [...this.questions(job), ...this.commands(job), ...this.specialists(job)];
    const artifacts = await this.artifactsOf(job);
    return [...going, ...artifacts.filter(({ kind }) => kind !== 'nothing' || going.length === 0)];
  }

  /** Asked for once for as long as they stay the same: an open job is listed anew with each step of any. */
  private artifactsOf({ id }: Job): Promise<ArtifactRow[]> {
    const before = this.artifacts.get(id);
    if (before) return before;
    const reading = artifactsOf(this.worker, id).then((rows) => {
      if (rows.some(({ kind }) => kind === 'fault')) this.artifacts.delete(id);
      return rows;
    });
    this.artifacts.set(id, reading);
    return reading;
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

  private isAtWork(id: string): boolean {
    const state = this.board.going.jobs.find((job) => job.id === id)?.state;
    return state !== undefined && !/^(completed|failed|aborted)$/.test(state);
  }

  /** The jobs that a job handed to specialists, in the order in which it did. */
  private specialists({ id }: Job): JobRow[] {
    const children = this.board.going.jobs.filter(({ parent }) => parent === id).toReversed();
    return children.map((job) => ({ kind: 'job', job }));
  }

  private jobItem(job: Job): TreeItem {
    const waits = job.waiting > 0;
    const title = plainText(job.agent ? `${job.agent}: ${job.title}` : job.title, 120);
    const { Expanded, Collapsed } = TreeItemCollapsibleState;
    const item = new TreeItem(title, waits ? Expanded : Collapsed);
    const { jobs } = this.board.going;
    const state = standingWords(job, jobs);
    item.id = `${job.id}/${waits ? 'waits' : ''}`;
    item.description = state;
    item.iconPath = iconOf(job);
    item.contextValue = `job.${job.state}`;
    item.tooltip = tooltip(job, stateWords(job), costOf(job, jobs));
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

/** The state of a job in words, with what it has spent. */
export function standingWords(job: Job, jobs: readonly Job[]): string {
  const cost = costOf(job, jobs);
  return cost.tokens === 0 ? stateWords(job) : `${stateWords(job)} · ${priceWords(cost, language)}`;
}

/** What a job spent with those of its specialists. */
function costOf(job: Job, jobs: readonly Job[]): Cost {
  const children = jobs.filter(({ parent }) => parent === job.id);
  return children.map((child) => costOf(child, jobs)).reduce(plusCost, job.cost);
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
  const failure = job.failure ? [language.said(job.failure.what), language.said(job.failure.mend)] : [];
  const spent = l10n.t('Spent: {0}', costWords(cost, language));
  const rows = [job.title, state, ...failure, spent, l10n.t('Ability: {0}', job.ability), job.workspace];
  text.appendText(rows.map((row) => plainText(row)).join('\n'));
  return text;
}

function askedItem(asked: Asked): TreeItem {
  const { text: title, whole } = questionLine(asked, language);
  const item = new TreeItem(title, TreeItemCollapsibleState.None);
  item.id = asked.approval.id;
  item.description = plainText(language.said(asked.approval.rule), 80);
  item.iconPath = new ThemeIcon('shield');
  item.contextValue = whole ? 'approval' : 'approval.long';
  item.tooltip = new MarkdownString().appendText(
    `${title}\n${plainText(language.said(asked.approval.rule))}`,
  );
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
