import { commands, type Disposable, l10n, type TextDocumentContentProvider, Uri, workspace } from 'vscode';
import { plainText } from './plainText.ts';

/** A change that somebody is asked about. */
export interface Change {
  readonly path: string;
  /** `null` where the file does not exist yet. */
  readonly before: string | null;
  readonly after: string;
}

const scheme = 'butler-preview';
/** Sides of changes kept at once; older ones are dropped when more come. */
const kept = 40;

/** Read-only documents: both sides of a change in the editor's own diff view, or a text by itself. */
export class PreviewDocuments implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly registration = workspace.registerTextDocumentContentProvider(scheme, this);
  private next = 1;

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.query) ?? '';
  }

  async showDiff({ path, before, after }: Change): Promise<void> {
    const left = this.keep(path, before ?? '');
    const right = this.keep(path, after);
    const title = l10n.t('{0} (proposed)', plainText(path, 120));
    await commands.executeCommand('vscode.diff', left, right, title, { preview: true });
  }

  /** Shows a text under a name, to be read. */
  async showText(name: string, text: string): Promise<void> {
    await commands.executeCommand('vscode.open', this.keep(name, text), { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
  }

  private keep(path: string, text: string): Uri {
    const key = String(this.next++);
    this.texts.set(key, text);
    for (const old of this.texts.keys()) {
      if (this.texts.size <= kept) break;
      this.texts.delete(old);
    }
    return Uri.from({ scheme, path: path.startsWith('/') ? path : `/${path}`, query: key });
  }
}
