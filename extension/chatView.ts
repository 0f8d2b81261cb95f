import { randomBytes } from 'node:crypto';
import {
  commands,
  type Disposable,
  EventEmitter,
  env,
  l10n,
  Uri,
  type Webview,
  type WebviewView,
  type WebviewViewProvider,
  workspace,
} from 'vscode';
import type { PageAct, ToPage } from '../server/protocol/page.ts';
import { chatHtml } from './chatHtml.ts';
import type { PageTexts } from './language.ts';
import { createRelay, type Relay } from './relay.ts';
import { sendAbortably } from './sendAbortably.ts';
import { defaultAbility, surfaceMode } from './settings.ts';
import { viewIds } from './viewIds.ts';
import type { Worker } from './worker.ts';

/** What the chat view needs of its surroundings. */
export interface ChatSurroundings {
  readonly extension: Uri;
  readonly worker: Worker;
  /** Texts of the page in the person's language. */
  texts(): PageTexts;
  act(act: PageAct): Promise<void>;
  refused(what: string): void;
}

/** What the page shall show: a session, or a new one with an Ability. */
export type Showing =
  | { readonly session: string; readonly job?: string | undefined }
  | { readonly session: null; readonly ability?: string | undefined };

/** The chat in the side bar: a page of its own, joined to the worker by the relay. */
export class ChatView implements WebviewViewProvider, Disposable {
  private readonly around: ChatSurroundings;
  private readonly owned: Disposable[];
  private readonly readyEmitter = new EventEmitter<void>();
  private view: WebviewView | null = null;
  private relay: Relay | null = null;
  private listening = false;
  private wanted: Showing | null = null;

  /** Fires when a page listens. */
  readonly onReady = this.readyEmitter.event;

  constructor(around: ChatSurroundings) {
    this.around = around;
    const { worker } = around;
    this.owned = [
      this.readyEmitter,
      worker.onState(() => this.tellState()),
      worker.onNews(({ message, params }) => this.relay?.tell(message, params)),
    ];
  }

  get visible(): boolean {
    return this.view?.visible ?? false;
  }

  resolveWebviewView(view: WebviewView): void {
    const { extension, refused } = this.around;
    const dist = Uri.joinPath(extension, 'dist');
    this.view = view;
    this.listening = false;
    this.relay = createRelay({
      send: sendAbortably(this.around.worker.send),
      act: (act) => (act.act === 'reloadView' ? this.reload() : this.around.act(act)),
      ready: () => this.greet(),
      post: (message) => this.post(message),
      refused,
    });
    view.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    view.webview.html = html(view.webview, dist);
    view.webview.onDidReceiveMessage((raw: unknown) => this.relay?.receive(raw), undefined, this.owned);
    /** A page that is hidden is gone: the next one says when it listens. */
    view.onDidChangeVisibility(() => {
      if (!view.visible) this.listening = false;
    });
    view.onDidDispose(() => this.forget(view));
    void this.around.worker.start();
  }

  /** Brings the view to the front, on a session or on a new one. */
  async show(showing: Showing | null): Promise<void> {
    if (showing) this.wanted = showing;
    await commands.executeCommand(`${viewIds.chat}.focus`);
    this.tellWanted();
  }

  dispose(): void {
    for (const one of this.owned) one.dispose();
  }

  private async reload(): Promise<void> {
    const { view } = this;
    if (!view) return;
    this.listening = false;
    view.webview.html = html(view.webview, Uri.joinPath(this.around.extension, 'dist'));
  }

  private greet(): void {
    this.tellState();
    this.listening = true;
    this.tellWanted();
    this.readyEmitter.fire();
  }

  private tellWanted(): void {
    const { wanted } = this;
    if (!wanted || !this.listening) return;
    this.wanted = null;
    const ability = wanted.session === null ? wanted.ability : undefined;
    const job = wanted.session === null ? undefined : wanted.job;
    const more = { ...(ability ? { ability } : {}), ...(job ? { job } : {}) };
    this.post({ kind: 'show', session: wanted.session, ...more });
  }

  private tellState(): void {
    const { worker, texts } = this.around;
    const { failure } = worker;
    this.post({
      kind: 'state',
      worker: worker.state,
      ability: defaultAbility(),
      workspaces: (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
      ...texts(),
      mode: surfaceMode(),
      ...(failure ? { failure } : {}),
    });
  }

  private post(message: ToPage): void {
    void this.view?.webview.postMessage(message);
  }

  private forget(view: WebviewView): void {
    if (this.view !== view) return;
    this.view = null;
    this.relay = null;
    this.listening = false;
  }
}

function html(webview: Webview, dist: Uri): string {
  const address = (name: string) => webview.asWebviewUri(Uri.joinPath(dist, name)).toString();
  return chatHtml({
    cspSource: webview.cspSource,
    nonce: randomBytes(18).toString('base64url'),
    script: address('webview.js'),
    style: address('webview.css'),
    language: env.language,
    title: l10n.t('Butler Chat'),
    shows: 'chat',
  });
}
