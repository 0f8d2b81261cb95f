import { commands, type Disposable, EventEmitter, lm } from 'vscode';
import { listProviders, type ProviderInfo, providersChanged } from '../server/protocol/provider.ts';
import { isFound, isSetUp } from './connectionWords.ts';
import type { Worker } from './worker.ts';

/** Where it is kept that a person wants to go without a model. */
export interface OfflineChoice {
  get(): boolean;
  set(value: boolean): Thenable<void>;
}

/** The providers as the worker listed them last, whichever window or terminal changed them. */
export class ProviderList implements Disposable {
  private readonly worker: Worker;
  private readonly choice: OfflineChoice;
  private readonly emitter = new EventEmitter<readonly ProviderInfo[]>();
  private readonly owned: Disposable[];
  private reading: Promise<void> | null = null;
  private stale = false;
  private mayLook = false;
  private shown: readonly ProviderInfo[] = [];

  readonly onChange = this.emitter.event;

  constructor(worker: Worker, choice: OfflineChoice) {
    this.worker = worker;
    this.choice = choice;
    this.owned = [
      this.emitter,
      worker.onState((state) => state === 'ready' && void this.refresh()),
      worker.on(providersChanged, () => void this.refresh()),
      lm.onDidChangeChatModels(() => worker.state === 'ready' && void this.refresh()),
    ];
    if (worker.state === 'ready') void this.refresh();
  }

  get listed(): readonly ProviderInfo[] {
    return this.shown;
  }

  /** Whether there are providers in use, and none of them can be reached. */
  get cutOff(): boolean {
    const inUse = this.shown.filter(isSetUp);
    const isOffline = ({ connection }: ProviderInfo) => connection.state === 'offline';
    return inUse.length > 0 && inUse.every(isOffline);
  }

  /** Lists again; calls while it lists lead to one more listing. */
  refresh(): Promise<void> {
    this.stale = true;
    this.reading ??= this.read().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  /** From now on looks for providers on this machine while none is set up: a person has opened a view (SECURITY S4). */
  async lookHere(): Promise<void> {
    if (this.mayLook) return;
    this.mayLook = true;
    await this.refresh();
  }

  /** Notes that a person goes without a model knowingly, so that nothing asks for one. */
  async stayOffline(): Promise<void> {
    await this.choice.set(true);
    this.tell();
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private async read(): Promise<void> {
    while (this.stale) {
      this.stale = false;
      const look = this.mayLook && !this.shown.some(isSetUp);
      const listed = await this.worker.send(listProviders, { look });
      if (!listed.ok) return;
      this.shown = listed.value.providers;
      this.tell();
      this.emitter.fire(this.shown);
    }
  }

  /** Tells `when` clauses how far the set-up is and what was found here. */
  private tell(): void {
    const found = (kind: ProviderInfo['kind']) => this.shown.some((one) => one.kind === kind && isFound(one));
    const offline = this.choice.get() ? 'offline' : 'none';
    const state = this.shown.some(isSetUp) ? 'ready' : offline;
    void commands.executeCommand('setContext', 'butler.provider', state);
    void commands.executeCommand('setContext', 'butler.found.ollama', found('ollama'));
    void commands.executeCommand('setContext', 'butler.found.editor', found('editor'));
  }
}
