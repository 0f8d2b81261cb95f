import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import { type Deliverable, listDeliverables } from '../server/protocol/deliverable.ts';
import { readJob } from '../server/protocol/job.ts';
import type { DeliverableFiles } from './deliverableFiles.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { saveFiles } from './saveDeliverable.ts';
import { valueOrTell } from './tell.ts';

type Reading = Pick<Parts, 'worker' | 'deliverables' | 'looks'>;

/** One file of one deliverable. */
export interface DeliverablePath {
  readonly deliverable: string;
  readonly path: string;
}

/** Opens a file of a deliverable in the editor, to be read, by whatever opens files of its kind. */
export async function openDeliverable(files: DeliverableFiles, at: DeliverablePath): Promise<void> {
  await commands.executeCommand('vscode.open', files.uriOf(at.deliverable, at.path), { preview: true });
}

/** Shows a file of a deliverable beside the one of that path in the workspace, or by itself where there is none. */
export async function diffDeliverable({ worker, deliverables }: Reading, at: DeliverablePath): Promise<void> {
  const found = await deliverables.find(at.deliverable);
  const job = found && valueOrTell(await worker.send(readJob, { id: found.job }));
  if (!found || !job) return;
  const shown = plainText(at.path, 120);
  const file = Uri.file(path.join(job.workspace, at.path));
  const there = await workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!there) {
    window.setStatusBarMessage(l10n.t('There is no {0} in the workspace.', shown), 5_000);
    return openDeliverable(deliverables, at);
  }
  const ours = deliverables.uriOf(at.deliverable, at.path);
  const title = l10n.t('{0} (workspace and deliverable)', shown);
  await commands.executeCommand('vscode.diff', file, ours, title, { preview: true });
}

/** Writes the files of a deliverable, the one named or the one that a person picks, to where the person says. */
export async function saveDeliverableAs(parts: Reading, id?: string): Promise<void> {
  const found = id === undefined ? await pickDeliverable(parts) : await parts.deliverables.find(id);
  if (found) await saveFiles(parts.deliverables, found);
}

/** Shows a deliverable as it will look, the one named or the one that a person picks. */
export async function previewDeliverable(parts: Reading, given?: DeliverablePath): Promise<void> {
  const found = given ? await parts.deliverables.find(given.deliverable) : await pickDeliverable(parts);
  const first = given?.path ?? (found && firstFile(found));
  if (found && first !== undefined) parts.looks.show(found, first);
}

/** The file that a look at a deliverable begins with. */
export function firstFile({ files, published }: Deliverable): string | undefined {
  const named = published?.entry;
  const paths = files.map((one) => one.path);
  const entry = paths.find((one) => one === named) ?? paths.find((one) => /^index\.html?$/i.test(one));
  return entry ?? paths.find((one) => /\.(html?|md)$/i.test(one)) ?? paths[0];
}

/** The deliverable that a person picks. */
export async function pickDeliverable({ worker }: Pick<Parts, 'worker'>): Promise<Deliverable | undefined> {
  const listed = valueOrTell(await worker.send(listDeliverables, {}));
  if (!listed) return undefined;
  const rows = listed.deliverables.map((deliverable) => ({
    label: plainText(deliverable.title, 120),
    description: `${deliverable.type} · ${new Date(deliverable.created).toLocaleString()}`,
    deliverable,
  }));
  const placeHolder =
    rows.length === 0 ? l10n.t('There is no deliverable yet') : l10n.t('Which deliverable?');
  return (await window.showQuickPick(rows, { placeHolder }))?.deliverable;
}
