import {
  commands,
  type Disposable,
  l10n,
  StatusBarAlignment,
  type StatusBarItem,
  ThemeColor,
  window,
} from 'vscode';
import type { Board } from './board.ts';
import type { Worker } from './worker.ts';

/** The id of the status-bar item; the editor prefixes it with the extension's. */
export const statusId = 'butler.status';

/** How the status-bar item looks. */
export interface StatusLook {
  readonly text: string;
  readonly tooltip: string;
  readonly warning: boolean;
}

/** Shows what the butler does in one status-bar item, and tells the same to `when` clauses. */
export class StatusBar implements Disposable {
  private readonly worker: Worker;
  private readonly board: Board;
  private readonly item: StatusBarItem;
  private readonly owned: Disposable[];

  constructor(worker: Worker, board: Board) {
    this.worker = worker;
    this.board = board;
    this.item = window.createStatusBarItem(statusId, StatusBarAlignment.Left, 10);
    this.item.name = l10n.t('Virtual Butler');
    this.item.command = 'butler.status.menu';
    this.owned = [this.item, board.onChange(() => this.update()), worker.onState(() => this.update())];
    this.update();
    this.item.show();
  }

  get look(): StatusLook {
    const { admin, asked, jobs } = this.board.going;
    const unstarted = jobs.filter(({ state }) => state === 'needs_approval').length;
    return statusLook({
      state: this.worker.state,
      paused: admin.paused,
      running: jobs.filter(({ state }) => state === 'running' || state === 'aborting').length,
      waiting: asked.length + unstarted,
    });
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private update(): void {
    const { text, tooltip, warning } = this.look;
    const { going } = this.board;
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: tooltip };
    this.item.backgroundColor = warning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    void commands.executeCommand('setContext', 'butler.worker', this.worker.state);
    void commands.executeCommand('setContext', 'butler.paused', going.admin.paused);
    const done = going.jobs.some(({ state }) => state === 'completed');
    void commands.executeCommand('setContext', 'butler.jobDone', done);
  }
}

interface Doing {
  readonly state: Worker['state'];
  readonly paused: boolean;
  readonly running: number;
  readonly waiting: number;
}

function statusLook({ state, paused, running, waiting }: Doing): StatusLook {
  const look = (text: string, tooltip: string, warning = false) => ({ text, tooltip, warning });
  if (state === 'untrusted') {
    return look('$(shield) Butler', l10n.t('Butler: waits until this workspace is trusted'));
  }
  if (state === 'stopped') return look('$(error) Butler', l10n.t('Butler: stopped, nothing is lost'));
  if (waiting > 0) {
    const text = waiting === 1 ? l10n.t('1 waiting') : l10n.t('{0} waiting', waiting);
    return look(`$(question) ${text}`, l10n.t('Butler: {0} for your answer', text), true);
  }
  if (paused) return look(`$(debug-pause) ${l10n.t('paused')}`, l10n.t('Butler: all work is paused'));
  if (running > 0) {
    const text = running === 1 ? l10n.t('1 running') : l10n.t('{0} running', running);
    return look(`$(sync~spin) ${text}`, l10n.t('Butler: {0}', text));
  }
  return look('$(coffee) Butler', l10n.t('Butler: at your service'));
}
