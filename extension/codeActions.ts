import { l10n, languages, type Range, type TextEditor, Uri, window, workspace } from 'vscode';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

/** What can be asked about code, by the name in the worker's command `butler.code.<task>`. */
export type CodeTask = 'explain' | 'review' | 'fix' | 'test';

/** Hands the selection, or the file, to the worker as a job; the worker then shows its session. */
export async function askAboutCode(worker: Worker, task: CodeTask, chosen?: unknown): Promise<void> {
  const editor = await editorFor(chosen);
  if (!editor) {
    void window.showInformationMessage(
      l10n.t('Open a file of the workspace first, or choose one in the Explorer.'),
    );
    return;
  }
  const { document, selection } = editor;
  const range = chosen instanceof Uri || selection.isEmpty ? null : selection;
  const diagnostics = languages
    .getDiagnostics(document.uri)
    .filter((one) => !range || one.range.intersection(range))
    .slice(0, 20)
    .map(({ message }) => plainText(message));
  const piece = { uri: document.uri.toString(), range: range && plainRange(range), diagnostics };
  valueOrTell(await worker.execute(`butler.code.${task}`, piece));
}

async function editorFor(chosen: unknown): Promise<TextEditor | undefined> {
  if (!(chosen instanceof Uri)) return window.activeTextEditor;
  if (window.activeTextEditor?.document.uri.toString() === chosen.toString()) return window.activeTextEditor;
  return window.showTextDocument(await workspace.openTextDocument(chosen), { preview: true });
}

function plainRange({ start, end }: Range) {
  const plain = ({ line, character }: { line: number; character: number }) => ({ line, character });
  return { start: plain(start), end: plain(end) };
}
