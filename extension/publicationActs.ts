import { env, l10n, Uri, window } from 'vscode';
import { listAbilities } from '../server/protocol/ability.ts';
import { listPublications, type PublicationRecord } from '../server/protocol/deliverable.ts';
import { undoJob } from '../server/protocol/job.ts';
import { linkPublication, listTargets } from '../server/protocol/target.ts';
import type { CommandId } from './commandIds.ts';
import { firstFile } from './deliverableActs.ts';
import { openLocation } from './pageActs.ts';
import type { Parts } from './parts.ts';
import { plainText } from './plainText.ts';
import { publicationLine } from './publicationWords.ts';
import type { PublishedFilter } from './publishedTree.ts';
import { valueOrTell } from './tell.ts';
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
  const record = await recordOf(parts, argument);
  if (!record) return;
  const { location, entry } = record.publication;
  const link = await linkTo(parts, record);
  if (link === undefined) return;
  if (link === null) await openLocation(location, entry);
  else await env.openExternal(Uri.parse(link.url, true));
}

/** A link by which a person can look at what not everybody can see, `null` where none is needed; `undefined` when told why not. */
async function linkTo({ worker }: Parts, { job, publication, undone }: PublicationRecord) {
  const { execution, entry, location } = publication;
  if (entry === undefined || undone !== null || !/^https?:/i.test(location)) return null;
  return valueOrTell(await worker.send(linkPublication, { job, execution, path: entry }))?.link;
}

/** Shows what was published as it looked. */
async function previewPublication(parts: Parts, argument: unknown): Promise<void> {
  const record = await recordOf(parts, argument);
  const found = record && (await parts.deliverables.find(record.deliverable));
  const first = found && firstFile(found);
  if (found && first !== undefined) parts.looks.show(found, first);
}

/** Copies the address of what was published. */
async function copyPublication(parts: Parts, argument: unknown): Promise<void> {
  const record = await recordOf(parts, argument);
  if (record) await env.clipboard.writeText(record.publication.location);
}

/** Takes a publication back, after one more question that says what that does. */
async function undoPublication(parts: Parts, argument: unknown): Promise<void> {
  const record = await recordOf(parts, argument);
  if (!record) return;
  const { location, undoes, execution } = record.publication;
  const yes = l10n.t('Undo');
  const asked = l10n.t('Take back the publication "{0}"?', plainText(record.title, 120));
  const detail = `${plainText(location)}\n${plainText(undoes ?? l10n.t('What changed since is shown to you and not overwritten.'))}`;
  if ((await window.showWarningMessage(asked, { modal: true, detail }, yes)) !== yes) return;
  const report = valueOrTell(await parts.worker.send(undoJob, { id: record.job, execution }));
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

/** The publication of a row, or the one that a person picks. */
async function recordOf({ worker }: Parts, argument: unknown): Promise<PublicationRecord | undefined> {
  const { kind, record } = (argument ?? {}) as { kind?: unknown; record?: PublicationRecord };
  if (kind === 'publication') return record;
  const listed = valueOrTell(await worker.send(listPublications, {}));
  const rows = (listed?.publications ?? []).map((one) => {
    const { label, description } = publicationLine(one, one.undone === null, l10n.t);
    return { label, description, detail: plainText(one.publication.location), one };
  });
  const placeHolder = rows.length === 0 ? l10n.t('Nothing was published yet') : l10n.t('Which publication?');
  return (await window.showQuickPick(rows, { placeHolder, matchOnDetail: true }))?.one;
}
