import { access } from 'node:fs/promises';
import path from 'node:path';
import { l10n, ProgressLocation, Uri, window } from 'vscode';
import type { Deliverable, DeliverableFile } from '../server/protocol/deliverable.ts';
import type { DeliverableFiles } from './deliverableFiles.ts';
import { plainText } from './plainText.ts';
import { type Copy, copiesInto, writeWhole } from './savedFiles.ts';

/** Asks where to, then writes the files of a deliverable there: one as a file, more of them into a folder. */
export async function saveFiles(files: DeliverableFiles, deliverable: Deliverable): Promise<void> {
  const [only] = deliverable.files;
  const copies =
    only && deliverable.files.length === 1 ? await placeOfOne(only) : await placesOfMany(deliverable);
  if (!copies || !(await mayReplace(copies))) return;
  const title = l10n.t('Saving {0}', plainText(deliverable.title, 80));
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  await window.withProgress(options, async (progress, token) => {
    const stopping = new AbortController();
    token.onCancellationRequested(() => stopping.abort());
    try {
      for (const { file, to } of copies) {
        progress.report({ message: plainText(file.path, 80), increment: 100 / copies.length });
        await writeWhole(files.pieces(deliverable.id, file.path), to, stopping.signal);
      }
    } catch (error) {
      if (token.isCancellationRequested) return;
      const why = error instanceof Error ? error.message : String(error);
      void window.showErrorMessage(l10n.t('That could not be saved: {0}', plainText(why)));
    }
  });
}

async function placeOfOne(file: DeliverableFile): Promise<Copy[] | undefined> {
  const name = path.basename(file.path);
  const to = await window.showSaveDialog({ title: l10n.t('Save {0}', name), defaultUri: Uri.file(name) });
  return to && [{ file, to: to.fsPath }];
}

async function placesOfMany({ title, files }: Deliverable): Promise<Copy[] | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      title: l10n.t('Into which folder shall {0} be saved?', plainText(title, 80)),
      openLabel: l10n.t('Save Here'),
      canSelectFolders: true,
      canSelectFiles: false,
    })) ?? [];
  return folder && (copiesInto(folder.fsPath, files) ?? undefined);
}

/** Asks once more where files stand already; one file was asked for by the dialog that named it. */
async function mayReplace(copies: readonly Copy[]): Promise<boolean> {
  if (copies.length === 1) return true;
  const there = await Promise.all(
    copies.map(({ to }) =>
      access(to).then(
        () => true,
        () => false,
      ),
    ),
  );
  const count = there.filter(Boolean).length;
  if (count === 0) return true;
  const replace = l10n.t('Replace');
  const asked = l10n.t('{0} of the files are there already. Replace them?', count);
  return (await window.showWarningMessage(asked, { modal: true }, replace)) === replace;
}
