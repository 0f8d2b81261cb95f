import { commands, l10n, window } from 'vscode';
import type { Deliverable } from '../server/protocol/deliverable.ts';
import {
  compareDeliverables,
  type DeliverableVersion,
  type FileDifference,
  listDeliverableVersions,
} from '../server/protocol/deliverableVersion.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import type { StoredFiles } from './storedFiles.ts';
import { valueOrTell } from './tell.ts';

/** Lets a person pick another version of a deliverable, then a file that differs, and shows both sides. */
export async function compareDeliverable(
  { worker, deliverables }: Pick<Parts, 'worker' | 'deliverables'>,
  { id, title: name }: Pick<Deliverable, 'id' | 'title'>,
): Promise<void> {
  const listed = valueOrTell(await worker.send(listDeliverableVersions, { id }));
  if (!listed) return;
  const other = await pickVersion(listed.versions, id, name);
  if (!other) return;
  /** Newest first; one that is not listed is older than all that are. */
  const after = listed.versions.slice(listed.versions.findIndex(({ deliverable }) => deliverable === other));
  const [older, newer] = after.some(({ deliverable }) => deliverable === id) ? [id, other] : [other, id];
  const compared = valueOrTell(await worker.send(compareDeliverables, { id: newer, before: older }));
  if (!compared) return;
  const rows = compared.files.map((file) => ({
    label: plainText(file.path, 160),
    description: changeWords(file.change),
    file,
  }));
  const placeHolder = rows.length === 0 ? l10n.t('Both are the same') : l10n.t('Which file?');
  const title = l10n.t('{0} files differ', rows.length);
  const picked = await window.showQuickPick(rows, { title, placeHolder });
  if (picked) await showBoth(deliverables, older, newer, picked.file);
}

async function pickVersion(
  versions: readonly DeliverableVersion[],
  ours: string,
  name: string,
): Promise<string | undefined> {
  const rows = versions
    .filter(({ deliverable }) => deliverable !== ours)
    .map(({ deliverable, number, created, published }) => ({
      label: l10n.t('Version {0}', number),
      description: new Date(created).toLocaleString(),
      detail: published ? plainText(published.location) : l10n.t('not published'),
      deliverable,
    }));
  const title = l10n.t('Butler: Compare {0}', plainText(name, 80));
  const placeHolder =
    rows.length === 0 ? l10n.t('There is no other version of it') : l10n.t('With which version?');
  return (await window.showQuickPick(rows, { title, placeHolder }))?.deliverable;
}

/** Shows the older side beside the newer one, or the only side that there is. */
async function showBoth(
  files: StoredFiles,
  older: string,
  newer: string,
  { path, change }: FileDifference,
): Promise<void> {
  if (change !== 'changed') {
    const side = change === 'added' ? newer : older;
    await commands.executeCommand('vscode.open', files.uriOf(side, path), { preview: true });
    return;
  }
  const title = l10n.t('{0} (older and newer version)', plainText(path, 120));
  const sides = [files.uriOf(older, path), files.uriOf(newer, path)];
  await commands.executeCommand('vscode.diff', ...sides, title, { preview: true });
}

function changeWords(change: FileDifference['change']): string {
  const words = {
    added: () => l10n.t('only in the newer one'),
    removed: () => l10n.t('only in the older one'),
    changed: () => l10n.t('differs'),
  };
  return words[change]();
}
