import { commands, l10n, window } from 'vscode';
import { type Deliverable, listDeliverables } from '../server/protocol/deliverable.ts';
import { pickDeliverable } from './deliverableActs.ts';
import type { DeliverableFiles } from './deliverableFiles.ts';
import { type Difference, differences, versionsOf } from './deliverableVersions.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { valueOrTell } from './tell.ts';

type Comparing = Pick<Parts, 'worker' | 'deliverables'>;

/** Lets a person pick another version of a deliverable, then a file that differs, and shows both sides. */
export async function compareDeliverable(parts: Comparing, id?: string): Promise<void> {
  const ours = id === undefined ? await pickDeliverable(parts) : await parts.deliverables.find(id);
  if (!ours) return;
  const other = await pickVersion(parts, ours);
  if (!other) return;
  const [older, newer] = other.created < ours.created ? [other, ours] : [ours, other];
  const rows = differences(older, newer).map(({ path, change }) => ({
    label: plainText(path, 160),
    description: changeWords(change),
    path,
    change,
  }));
  const placeHolder = rows.length === 0 ? l10n.t('Both are the same') : l10n.t('Which file?');
  const title = l10n.t('{0} files differ', rows.length);
  const picked = await window.showQuickPick(rows, { title, placeHolder });
  if (picked) await showBoth(parts.deliverables, older, newer, picked);
}

async function pickVersion({ worker }: Comparing, ours: Deliverable): Promise<Deliverable | undefined> {
  const listed = valueOrTell(await worker.send(listDeliverables, { ability: ours.ability, limit: 500 }));
  const others = versionsOf(ours, listed?.deliverables ?? []);
  const rows = others.map((deliverable) => ({
    label: new Date(deliverable.created).toLocaleString(),
    description: deliverable.published ? l10n.t('published') : l10n.t('not published'),
    detail: deliverable.published ? plainText(deliverable.published.location) : '',
    deliverable,
  }));
  const title = l10n.t('Butler: Compare {0}', plainText(ours.title, 80));
  const placeHolder =
    rows.length === 0 ? l10n.t('There is no other version of it') : l10n.t('With which version?');
  return (await window.showQuickPick(rows, { title, placeHolder }))?.deliverable;
}

async function showBoth(
  files: DeliverableFiles,
  older: Deliverable,
  newer: Deliverable,
  { path, change }: Difference,
): Promise<void> {
  if (change !== 'changed') {
    const side = change === 'added' ? newer : older;
    await commands.executeCommand('vscode.open', files.uriOf(side.id, path), { preview: true });
    return;
  }
  const title = l10n.t('{0} (older and newer version)', plainText(path, 120));
  const sides = [files.uriOf(older.id, path), files.uriOf(newer.id, path)];
  await commands.executeCommand('vscode.diff', ...sides, title, { preview: true });
}

function changeWords(change: Difference['change']): string {
  const words = {
    added: () => l10n.t('only in the newer one'),
    removed: () => l10n.t('only in the older one'),
    changed: () => l10n.t('differs'),
  };
  return words[change]();
}
