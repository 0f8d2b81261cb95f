import { homedir } from 'node:os';
import path from 'node:path';
import { l10n, Uri, window } from 'vscode';
import type * as z from 'zod';
import type { Deliverable } from '../server/protocol/deliverable.ts';
import { exportDeliverable } from '../server/protocol/deliverableVersion.ts';
import type { ResultOf } from '../server/protocol/message.ts';
import { language } from './language.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';
import { underWay } from './underWay.ts';
import type { Worker } from './worker.ts';

type Export = z.input<(typeof exportDeliverable)['params']>;
type Exported = ResultOf<typeof exportDeliverable>;

/** Asks where to, then lets the files of a deliverable be written there: one as a file, more of them into a folder. */
export async function saveFiles(worker: Worker, deliverable: Deliverable): Promise<void> {
  const place = await placeOf(deliverable);
  if (!place) return;
  const saved = await exportInto(worker, deliverable.title, { id: deliverable.id, ...place });
  if (!saved) return;
  const text = l10n.t('{0} files were saved in {1}.', saved.files, plainText(saved.folder));
  window.setStatusBarMessage(text, 8_000);
}

/** Writes files where a person said; where some stand there already, the person is asked before they are replaced. */
export async function exportInto(
  worker: Worker,
  title: string,
  asked: Export,
): Promise<Exported | undefined> {
  const words = l10n.t('Saving {0}', plainText(title, 80));
  const write = (replace: boolean) =>
    underWay(words, (cancel) => worker.send(exportDeliverable, { ...asked, replace }, cancel));
  const first = await write(asked.replace ?? false);
  if (first.ok || first.failure.field !== 'replace') return valueOrTell(first);
  const replace = l10n.t('Replace');
  const question = l10n.t('Some of the files are there already. Replace them?');
  const options = { modal: true, detail: plainText(language.said(first.failure.what), 1_000) };
  const answer = await window.showWarningMessage(question, options, replace);
  return answer === replace ? valueOrTell(await write(true)) : undefined;
}

/** Where a person wants the files; the dialog for one file asks itself before it names one that is there. */
async function placeOf({ title, files }: Deliverable): Promise<Omit<Export, 'id'> | undefined> {
  const [only] = files;
  if (only && files.length === 1) {
    const name = path.basename(only.path);
    const defaultUri = Uri.file(path.join(homedir(), name));
    const to = await window.showSaveDialog({ title: l10n.t('Save {0}', plainText(name, 80)), defaultUri });
    if (!to) return undefined;
    const folder = path.dirname(to.fsPath);
    return { folder, paths: [only.path], name: path.basename(to.fsPath), replace: true };
  }
  const [folder] =
    (await window.showOpenDialog({
      title: l10n.t('Into which folder shall {0} be saved?', plainText(title, 80)),
      openLabel: l10n.t('Save Here'),
      canSelectFolders: true,
      canSelectFiles: false,
    })) ?? [];
  return folder && { folder: folder.fsPath };
}
