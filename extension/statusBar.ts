import {
  commands,
  type Disposable,
  l10n,
  StatusBarAlignment,
  type StatusBarItem,
  ThemeColor,
  window,
} from 'vscode';
import type { Job } from '../server/protocol/job.ts';
import type { Board } from './board.ts';
import type { ProviderList } from './providerList.ts';
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
  private readonly item: StatusBarItem;
  private readonly owned: Disposable[];
  private doing: Doing;

  /** Shows a butler that does nothing yet. */
  constructor(state: Worker['state']) {
    this.doing = { ...idle, state };
    this.item = window.createStatusBarItem(statusId, StatusBarAlignment.Left, 10);
    this.item.name = l10n.t('Virtual Butler');
    this.item.command = 'butler.status.menu';
    this.owned = [this.item];
    this.update();
    this.item.show();
  }

  /** Shows from now on what these do. */
  follow(worker: Worker, board: Board, providers: ProviderList): void {
    const look = () => {
      this.doing = doingOf(worker, board, providers);
      this.update();
    };
    this.owned.push(board.onChange(look), worker.onState(look), providers.onChange(look));
    look();
  }

  get look(): StatusLook {
    return statusLook(this.doing);
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private update(): void {
    const { text, tooltip, warning } = this.look;
    const { state, paused, done } = this.doing;
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: tooltip };
    this.item.backgroundColor = warning ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    void commands.executeCommand('setContext', 'butler.worker', state);
    void commands.executeCommand('setContext', 'butler.paused', paused);
    void commands.executeCommand('setContext', 'butler.jobDone', done);
  }
}

interface Doing {
  readonly state: Worker['state'];
  readonly paused: boolean;
  readonly running: number;
  /** Jobs that wait for the network. */
  readonly unreached: number;
  /** Whether no provider in use can be reached. */
  readonly cutOff: boolean;
  readonly waiting: number;
  /** Whether a job was ever completed. */
  readonly done: boolean;
}

const idle = { paused: false, running: 0, unreached: 0, cutOff: false, waiting: 0, done: false };

function doingOf(
  { state }: Worker,
  { going: { admin, asked, jobs } }: Board,
  { cutOff }: ProviderList,
): Doing {
  const unreached = jobs.filter((job) => job.state === 'running' && job.offline).length;
  const count = (...states: readonly Job['state'][]) =>
    jobs.filter((job) => states.includes(job.state)).length;
  return {
    state,
    paused: admin.paused,
    running: count('running', 'aborting') - unreached,
    unreached,
    cutOff,
    waiting: asked.length + count('needs_approval'),
    done: count('completed') > 0,
  };
}

function statusLook({ state, paused, running, unreached, cutOff, waiting }: Doing): StatusLook {
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
  const offline = `$(debug-disconnect) ${l10n.t('offline')}`;
  if (unreached > 0) {
    const text = unreached === 1 ? l10n.t('1 job waits') : l10n.t('{0} jobs wait', unreached);
    return look(offline, l10n.t('Butler: offline, {0} for the network', text));
  }
  if (cutOff) return look(offline, l10n.t('Butler: offline, no provider can be reached'));
  return look('$(coffee) Butler', l10n.t('Butler: at your service'));
}
