import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import {
  type Deliverable,
  type DeliverableRow,
  firstFile,
  listDeliverables,
  publishDeliverable,
  readDeliverable,
} from '../server/protocol/deliverable.ts';
import { readJob } from '../server/protocol/job.ts';
import type { CommandId } from './commandIds.ts';
import { compareDeliverable } from './compareDeliverable.ts';
import { openOutside } from './openOutside.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { saveFiles } from './saveDeliverable.ts';
import { valueOrTell } from './tell.ts';

/** The commands about what jobs made; rows of a job's artifacts and of what was published, and ids, say which. */
export const deliverableCommands = {
  'butler.deliverable.publish': async (parts, argument) => {
    const found = await deliverableOf(parts, argument, l10n.t('Butler: Publish Deliverable'));
    const job = found && valueOrTell(await parts.worker.send(publishDeliverable, { id: found.id }));
    if (found && job) await parts.chat.show({ session: found.session, job: job.job });
  },
  'butler.deliverable.preview': async (parts, argument) => {
    const found = await deliverableOf(parts, argument);
    const first = found && firstFile(found.files, found.published?.entry);
    if (first) parts.looks.show(found, first.path);
  },
  'butler.deliverable.save': async (parts, argument) => {
    const found = await deliverableOf(parts, argument);
    if (found) await saveFiles(parts.worker, found);
  },
  'butler.deliverable.compare': async (parts, argument) => {
    const found = await deliverableOf(parts, argument);
    if (found) await compareDeliverable(parts, found);
  },
} as const satisfies Partial<Record<CommandId, (parts: Parts, argument: unknown) => Promise<unknown>>>;

/** One file of one deliverable. */
export interface DeliverablePath {
  readonly deliverable: string;
  readonly path: string;
}

type Reading = Pick<Parts, 'worker' | 'deliverables'>;

/** Opens a file of a deliverable in the editor, to be read, by whatever opens files of its kind. */
export async function openDeliverable({ deliverables }: Reading, at: DeliverablePath): Promise<void> {
  const uri = deliverables.uriOf(at.deliverable, at.path);
  await commands.executeCommand('vscode.open', uri, { preview: true });
}

/** Lets the machine's own program show a PDF of a deliverable. */
export function openDeliverableOutside(parts: Reading, at: DeliverablePath): Promise<void> {
  return openOutside(parts, at, () => saveDeliverable(parts, at));
}

/** Writes one file of a deliverable, or all, to where the person says. */
export async function saveDeliverable(
  { worker }: Pick<Parts, 'worker'>,
  { deliverable, path: only }: Omit<DeliverablePath, 'path'> & { readonly path?: string | undefined },
): Promise<void> {
  const found = await read({ worker }, deliverable);
  const files = found?.files.filter(({ path: one }) => only === undefined || one === only);
  if (found && files && files.length > 0) await saveFiles(worker, { ...found, files });
}

/** Shows a file of a deliverable beside the one of that path in the workspace, or by itself where there is none. */
export async function diffDeliverable(parts: Reading, at: DeliverablePath): Promise<void> {
  const found = await read(parts, at.deliverable);
  const job = found && valueOrTell(await parts.worker.send(readJob, { id: found.job }));
  if (!found || !job) return;
  const shown = plainText(at.path, 120);
  const file = Uri.file(path.join(job.workspace, at.path));
  const there = await workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!there) {
    window.setStatusBarMessage(l10n.t('There is no {0} in the workspace.', shown), 5_000);
    return openDeliverable(parts, at);
  }
  const ours = parts.deliverables.uriOf(at.deliverable, at.path);
  const title = l10n.t('{0} (workspace and deliverable)', shown);
  await commands.executeCommand('vscode.diff', file, ours, title, { preview: true });
}

/** Shows a deliverable as it will look, from a file on. */
export async function previewDeliverable(
  parts: Pick<Parts, 'worker' | 'looks'>,
  at: DeliverablePath,
): Promise<void> {
  const found = await read(parts, at.deliverable);
  if (found) parts.looks.show(found, at.path);
}

/** The deliverable of a row or an id, or the one that a person picks. */
async function deliverableOf(
  parts: Pick<Parts, 'worker'>,
  argument: unknown,
  title?: string,
): Promise<Deliverable | undefined> {
  const id = idOf(argument) ?? (await pickDeliverable(parts, title))?.id;
  return id === undefined ? undefined : read(parts, id);
}

async function read({ worker }: Pick<Parts, 'worker'>, id: string): Promise<Deliverable | undefined> {
  return valueOrTell(await worker.send(readDeliverable, { id }));
}

function idOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  const { kind, deliverable, record } = (argument ?? {}) as {
    readonly kind?: unknown;
    readonly deliverable?: DeliverableRow;
    readonly record?: { readonly deliverable?: string };
  };
  if (kind === 'deliverable') return deliverable?.id;
  return kind === 'publication' ? record?.deliverable : undefined;
}

async function pickDeliverable(
  { worker }: Pick<Parts, 'worker'>,
  title: string | undefined,
): Promise<DeliverableRow | undefined> {
  const listed = valueOrTell(await worker.send(listDeliverables, {}));
  if (!listed) return undefined;
  const rows = listed.deliverables.map((deliverable) => ({
    label: plainText(deliverable.title, 120),
    description: `${deliverable.type} · ${new Date(deliverable.created).toLocaleString()}`,
    detail: deliverable.published ? plainText(deliverable.published.location) : l10n.t('not published'),
    deliverable,
  }));
  const none = l10n.t('There is no deliverable yet');
  const placeHolder = rows.length === 0 ? none : l10n.t('Which deliverable?');
  const options = { placeHolder, matchOnDetail: true, ...(title ? { title } : {}) };
  return (await window.showQuickPick(rows, options))?.deliverable;
}
