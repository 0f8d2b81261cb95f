import { randomBytes } from 'node:crypto';
import { type Disposable, env, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { type Deliverable, readDeliverableFile } from '../server/protocol/deliverable.ts';
import type { PageAct, ToPage } from '../server/protocol/page.ts';
import { chatHtml } from './chatHtml.ts';
import type { ChatSurroundings } from './chatView.ts';
import { plainText } from './plainText.ts';
import { createRelay } from './relay.ts';
import { sendAbortably } from './sendAbortably.ts';

/** What a page that shows nothing but a deliverable may ask for. */
const mayAsk: readonly string[] = [readDeliverableFile.method];
/** What it may ask of the editor. */
const mayAct: readonly PageAct['act'][] = [
  'openDeliverable',
  'openOutside',
  'saveDeliverable',
  'openLocation',
  'copy',
];

interface Shown {
  readonly panel: WebviewPanel;
  readonly path: string;
}

/** Deliverables as they will look, each in a tab of its own; the page is that of the chat, without a chat. */
export class LookPanels implements Disposable {
  private readonly around: ChatSurroundings;
  private readonly shown = new Map<string, Shown>();

  constructor(around: ChatSurroundings) {
    this.around = around;
  }

  /** The deliverables that are shown now. */
  get open(): readonly string[] {
    return [...this.shown.keys()];
  }

  /** Shows a deliverable from a file on; one whose tab is there already comes to the front. */
  show(deliverable: Deliverable, path: string): void {
    const before = this.shown.get(deliverable.id);
    const panel = before?.panel ?? this.create(deliverable);
    this.shown.set(deliverable.id, { panel, path });
    if (before) {
      panel.reveal();
      void panel.webview.postMessage({ kind: 'preview', deliverable, path } satisfies ToPage);
    }
  }

  dispose(): void {
    for (const { panel } of this.shown.values()) panel.dispose();
  }

  private create(deliverable: Deliverable): WebviewPanel {
    const { extension, worker, refused } = this.around;
    const dist = Uri.joinPath(extension, 'dist');
    const title = plainText(deliverable.title, 60);
    const options = { enableScripts: true, localResourceRoots: [dist], enableFindWidget: true };
    const panel = window.createWebviewPanel('butler.look', title, ViewColumn.Active, options);
    panel.iconPath = Uri.joinPath(extension, 'media', 'butler.svg');
    const post = (message: ToPage) => void panel.webview.postMessage(message);
    const relay = createRelay(
      {
        send: sendAbortably(worker.send),
        act: async (act) => {
          if (mayAct.includes(act.act)) await this.around.act(act);
          else refused(`"${act.act}" of a preview`);
        },
        ready: () => this.greet(deliverable, post),
        post,
        refused,
      },
      mayAsk,
    );
    panel.webview.onDidReceiveMessage((raw: unknown) => relay.receive(raw));
    panel.onDidDispose(() => this.shown.delete(deliverable.id));
    panel.webview.html = this.html(panel, dist, title);
    return panel;
  }

  private greet(deliverable: Deliverable, post: (message: ToPage) => void): void {
    const { worker, texts } = this.around;
    post({ kind: 'state', worker: worker.state, workspaces: [], ...texts() });
    const path = this.shown.get(deliverable.id)?.path;
    if (path !== undefined) post({ kind: 'preview', deliverable, path });
  }

  private html({ webview }: WebviewPanel, dist: Uri, title: string): string {
    const address = (name: string) => webview.asWebviewUri(Uri.joinPath(dist, name)).toString();
    return chatHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(18).toString('base64url'),
      script: address('webview.js'),
      style: address('webview.css'),
      language: env.language,
      title,
      shows: 'preview',
    });
  }
}
