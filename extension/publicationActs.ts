import { env, l10n, window } from 'vscode';
import { listAbilities } from '../server/protocol/ability.ts';
import {
  firstFile,
  listPublications,
  type PublicationRecord,
  readDeliverable,
} from '../server/protocol/deliverable.ts';
import { undoJob } from '../server/protocol/job.ts';
import { listTargets } from '../server/protocol/target.ts';
import type { CommandId } from './commandIds.ts';
import { language } from './language.ts';
import { findPublication, openPublished } from './openPublication.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { addressOf } from './publicationOpening.ts';
import { publicationLine } from './publicationWords.ts';
import type { PublishedFilter } from './publishedTree.ts';
import { valueOrTell } from './tell.ts';
import { underWay } from './underWay.ts';
import { tellReport } from './undoReport.ts';

/** The commands about what was published; trees give their row, the palette gives nothing. */
export const publicationCommands = {
  'butler.published.refresh': async ({ published }) => published.refresh(),
  'butler.published.earlier': ({ published }) => published.earlier(),
  'butler.published.filter': (parts) => filterPublished(parts),
  'butler.published.clear': async ({ published }) => published.narrow(null),
  'butler.publication.show': showPublication,
  'butler.publication.open': openPublication,
  'butler.publication.copy': copyPublication,
  'butler.publication.preview': previewPublication,
  'butler.publication.undo': undoPublication,
} as const satisfies Partial<Record<CommandId, (parts: Parts, argument: unknown) => Promise<unknown>>>;

/** Shows the chat at the job that published something. */
async function showPublication(parts: Parts, argument: unknown): Promise<void> {
  const record = await recordOf(parts, argument);
  if (record) await parts.chat.show({ session: record.session, job: record.job });
}

/** Opens what was published where it stands. */
async function openPublication(parts: Parts, argument: unknown): Promise<void> {
  const record = await recordOf(parts, argument, stands);
  if (record) await openPublished(parts.worker, record);
}

/** Shows what was published as it looked. */
async function previewPublication(parts: Parts, argument: unknown): Promise<void> {
  const record = await recordOf(parts, argument);
  if (!record) return;
  const found = valueOrTell(await parts.worker.send(readDeliverable, { id: record.deliverable }));
  const first = found && firstFile(found.files, record.publication.entry);
  if (first) parts.looks.show(found, first.path);
}

/** Copies the address of what was published. */
async function copyPublication(parts: Parts, argument: unknown): Promise<void> {
  const record = await recordOf(parts, argument);
  if (record) await env.clipboard.writeText(addressOf(record.publication));
}

/** Takes a publication back, after one more question that says what that does. */
async function undoPublication(parts: Parts, argument: unknown): Promise<void> {
  const record = await recordOf(parts, argument, stands);
  if (!record) return;
  const { location, undoes } = record.publication;
  const yes = l10n.t('Undo');
  const asked = l10n.t('Take back the publication "{0}"?', plainText(record.title, 120));
  const detail = `${plainText(location)}\n${plainText(undoes ? language.said(undoes) : l10n.t('What changed since is shown to you and not overwritten.'))}`;
  if ((await window.showWarningMessage(asked, { modal: true, detail }, yes)) !== yes) return;
  await takeBack(parts, record);
}

/** Takes a publication back while that shows, and says what came of it. */
export async function takeBack(
  parts: Pick<Parts, 'worker' | 'previews'>,
  record: PublicationRecord,
): Promise<void> {
  const { execution } = record.publication;
  const words = l10n.t('Taking back {0}', plainText(record.title, 80));
  const report = valueOrTell(
    await underWay(words, (cancel) => parts.worker.send(undoJob, { id: record.job, execution }, cancel)),
  );
  if (!report) return;
  await tellReport(parts.previews, report, {
    done: (steps) => l10n.t('Butler took back {0} steps.', steps),
    conflicts: (titles) => l10n.t('Not everything could be taken back. {0}', titles),
  });
}

/** Narrows the list of publications to an Ability or a target that a person picks. */
async function filterPublished({ worker, published }: Parts): Promise<void> {
  const [abilities, targets] = await Promise.all([
    worker.send(listAbilities, {}),
    worker.send(listTargets, {}),
  ]);
  const known = valueOrTell(abilities);
  const goals = valueOrTell(targets);
  if (!known || !goals) return;
  const row = (icon: string, name: string, filter: Omit<PublishedFilter, 'words'>, about: string) => {
    const words = plainText(name, 80);
    return { label: `$(${icon}) ${words}`, description: about, filter: { ...filter, words } };
  };
  const rows = [
    { label: `$(list-flat) ${l10n.t('Everything')}`, description: '', filter: null },
    ...known.abilities.map(({ id, name }) => row('person', name, { ability: id }, l10n.t('Ability'))),
    ...goals.targets.map(({ name, title }) => row('cloud', title, { target: name }, l10n.t('Target'))),
  ];
  const title = l10n.t('Butler: Filter Publications');
  const picked = await window.showQuickPick(rows, { title, placeHolder: l10n.t('Published by or to what?') });
  if (picked) published.narrow(picked.filter);
}

const stands = (record: PublicationRecord) => record.stands;

/** The publication of a row or of a card, or the one that a person picks among those that fit. */
async function recordOf(
  { worker }: Parts,
  argument: unknown,
  fits: (record: PublicationRecord) => boolean = () => true,
): Promise<PublicationRecord | undefined> {
  const { kind, record, deliverable, execution } = (argument ?? {}) as {
    readonly kind?: unknown;
    readonly record?: PublicationRecord;
    readonly deliverable?: string;
    readonly execution?: string;
  };
  if (kind === 'publication') return record;
  if (deliverable && execution) return valueOrTell(await findPublication(worker, { deliverable, execution }));
  const listed = valueOrTell(await worker.send(listPublications, {}));
  const rows = (listed?.publications ?? []).filter(fits).map((one) => {
    const { label, description } = publicationLine(one, language);
    return { label, description, detail: plainText(one.publication.location), one };
  });
  const placeHolder = rows.length === 0 ? l10n.t('Nothing was published yet') : l10n.t('Which publication?');
  return (await window.showQuickPick(rows, { placeHolder, matchOnDetail: true }))?.one;
}
