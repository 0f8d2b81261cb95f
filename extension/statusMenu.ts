import {
  commands,
  l10n,
  type QuickInputButton,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  window,
} from 'vscode';
import type { Job } from '../server/protocol/job.ts';
import type { Asked, Board } from './board.ts';
import { isInTrouble, providerLook } from './connectionWords.ts';
import { costWords } from './costWords.ts';
import { type JobRow, standingWords } from './jobTree.ts';
import { language } from './language.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import type { ProviderList } from './providerList.ts';
import { questionLine } from './questionText.ts';
import type { Worker } from './worker.ts';

interface MenuButton extends QuickInputButton {
  readonly command: string;
}

interface MenuItem extends QuickPickItem {
  readonly command?: string;
  /** What the command is about: a row of the tree, or the name of a provider. */
  readonly argument?: JobRow | string | undefined;
  readonly buttons?: readonly MenuButton[];
}

/** What the menu shows. */
type Shown = Pick<Parts, 'worker' | 'board' | 'providers'>;

/** The menu of the status-bar item: what waits, what runs, what is in the way, what was spent, and the switches. */
export async function showStatusMenu({ worker, board, providers }: Shown): Promise<void> {
  const menu = window.createQuickPick<MenuItem>();
  const fill = () => {
    menu.items = [
      ...asking(board),
      ...running(board),
      ...unreached(board),
      ...troubles(providers),
      ...spent(board),
      ...switches(worker, board),
    ];
  };
  menu.title = l10n.t('Virtual Butler');
  menu.placeholder = l10n.t('Choose a job to show it, or what to do');
  menu.matchOnDescription = true;
  fill();
  const following = [board.onChange(fill), providers.onChange(fill)];
  if (worker.state === 'ready') void board.refresh();
  menu.onDidAccept(() => {
    const [item] = menu.selectedItems;
    menu.hide();
    if (item?.command) void run(item.command, item.argument);
  });
  menu.onDidTriggerItemButton(({ item, button }) => void run((button as MenuButton).command, item.argument));
  menu.onDidHide(() => {
    for (const one of following) one.dispose();
    menu.dispose();
  });
  menu.show();
}

function run(command: string, argument: MenuItem['argument']): Thenable<unknown> {
  return commands.executeCommand(command, ...(argument ? [argument] : []));
}

function asking(board: Board): MenuItem[] {
  const { asked, jobs } = board.going;
  const questions = asked.map((one: Asked): MenuItem => {
    const approve = button('check', l10n.t('Approve'), 'butler.approval.approve');
    const deny = button('close', l10n.t('Deny'), 'butler.approval.deny');
    const line = questionLine(one, language);
    return {
      label: `$(question) ${line.text}`,
      description: plainText(language.said(one.approval.rule), 80),
      command: 'butler.job.show',
      argument: { kind: 'asked', asked: one },
      buttons: line.whole ? [approve, deny] : [deny],
    };
  });
  const unstarted = jobs
    .filter(({ state }) => state === 'needs_approval')
    .map((job): MenuItem => {
      const start = button('check', l10n.t('Approve'), 'butler.job.approve');
      return { ...jobItem(job, '$(question)', jobs), buttons: [start, abortButton()] };
    });
  return under(l10n.t('Waits for you'), [...questions, ...unstarted]);
}

function running(board: Board): MenuItem[] {
  const active = board.going.jobs.filter(
    (job) => ['queued', 'running', 'aborting'].includes(job.state) && !isUnreached(job),
  );
  return under(
    l10n.t('In work'),
    active.map((job) => ({
      ...jobItem(job, job.waiting > 0 ? '$(question)' : '$(sync)', board.going.jobs),
      buttons: [abortButton()],
    })),
  );
}

function unreached(board: Board): MenuItem[] {
  const jobs = board.going.jobs.filter(isUnreached);
  return under(
    l10n.t('Waits for the network'),
    jobs.map((job) => ({
      ...jobItem(job, '$(debug-disconnect)', board.going.jobs),
      buttons: [abortButton()],
    })),
  );
}

function isUnreached({ state, offline }: Job): boolean {
  return offline && state === 'running';
}

function troubles(providers: ProviderList): MenuItem[] {
  const now = Date.now();
  const items = providers.listed
    .filter((one) => isInTrouble(one, now))
    .map((one): MenuItem => {
      const { icon, words } = providerLook(one, language, now);
      const label = `$(${icon}) ${plainText(one.title, 80)}`;
      return { label, description: words, command: 'butler.provider.manage', argument: one.name };
    });
  return under(l10n.t('Connections'), items);
}

function spent(board: Board): MenuItem[] {
  const { today } = board.going.admin;
  if (today.tokens === 0) return [];
  const label = `$(credit-card) ${costWords(today, language)}`;
  const item = { label, description: l10n.t('Set Budget'), command: 'butler.budget.set' };
  return under(l10n.t('Spent today'), [item]);
}

function switches(worker: Worker, board: Board): MenuItem[] {
  if (worker.state === 'untrusted') {
    return [{ label: `$(shield) ${l10n.t('Manage Workspace Trust')}`, command: 'workbench.trust.manage' }];
  }
  const panic = board.going.admin.paused
    ? { label: `$(debug-continue) ${l10n.t('Resume All Work')}`, command: 'butler.resume' }
    : { label: `$(debug-pause) ${l10n.t('Pause All Work')}`, command: 'butler.pause' };
  return under(l10n.t('Do'), [
    { label: `$(comment-discussion) ${l10n.t('Open Chat')}`, command: 'butler.chat.show' },
    { label: `$(inbox) ${l10n.t('Hand Over a Job')}`, command: 'butler.job.new' },
    panic,
    { label: `$(plug) ${l10n.t('Manage Providers')}`, command: 'butler.provider.manage' },
    { label: `$(globe) ${l10n.t('Connected Accounts')}`, command: 'butler.account.manage' },
    { label: `$(tools) ${l10n.t('MCP Servers')}`, command: 'butler.mcp.manage' },
    { label: `$(pulse) ${l10n.t('Collect Diagnostics')}`, command: 'butler.diagnostics.collect' },
    { label: `$(output) ${l10n.t('Show Log')}`, command: 'butler.log.show' },
  ]);
}

function jobItem(job: Job, icon: string, jobs: readonly Job[]): MenuItem {
  return {
    label: `${icon} ${plainText(job.title, 120)}`,
    description: standingWords(job, jobs),
    command: 'butler.job.show',
    argument: { kind: 'job', job },
  };
}

function under(label: string, items: MenuItem[]): MenuItem[] {
  return items.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...items];
}

function abortButton(): MenuButton {
  return button('debug-stop', l10n.t('Abort'), 'butler.job.abort');
}

function button(icon: string, tooltip: string, command: string): MenuButton {
  return { iconPath: new ThemeIcon(icon), tooltip, command };
}
