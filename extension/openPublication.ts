import { commands, env, FileType, l10n, UIKind, Uri, window, workspace } from 'vscode';
import { listPublications, type PublicationRecord } from '../server/protocol/deliverable.ts';
import { bad, failures, good, type Outcome } from '../server/protocol/failure.ts';
import { linkPublication } from '../server/protocol/target.ts';
import { plainText } from './plainText.ts';
import { type Opening, openingOf, wantsLink } from './publicationOpening.ts';
import { valueOrTell } from './tell.ts';
import type { Worker } from './worker.ts';

type Sending = Pick<Worker, 'send'>;

/** Opens what was published where it stands, whichever surface asks. */
export async function openPublished(worker: Sending, record: PublicationRecord): Promise<void> {
  const opening = valueOrTell(await openingFor(worker, record));
  if (opening?.kind === 'browser') await openAddress(opening.address);
  else if (opening?.kind === 'here') await openHere(opening.file);
  else if (opening) await offerCopy(opening.address);
}

/** How a publication is opened; a link that lets in is made where it could be wanted. */
export async function openingFor(
  { send }: Sending,
  { job, publication }: PublicationRecord,
): Promise<Outcome<Opening>> {
  const { execution, entry } = publication;
  if (!wantsLink(publication) || entry === undefined) return good(openingOf(publication, null));
  const made = await send(linkPublication, { job, execution, path: entry });
  return made.ok ? good(openingOf(publication, made.value.link?.url ?? null)) : made;
}

/** What is known of a publication of a deliverable. */
export async function findPublication(
  { send }: Sending,
  { deliverable, execution }: { readonly deliverable: string; readonly execution: string },
): Promise<Outcome<PublicationRecord>> {
  const listed = await send(listPublications, { deliverable, limit: 500 });
  if (!listed.ok) return listed;
  const found = listed.value.publications.find(({ publication }) => publication.execution === execution);
  return found ? good(found) : bad(failures.notFound('publication', execution));
}

/** Opens an address outside of the editor; anything that is none for a browser is refused. */
export async function openAddress(address: string): Promise<void> {
  if (!/^(https?|mailto):/i.test(address)) throw new Error(plainText(address));
  await env.openExternal(Uri.parse(address, true));
}

/** Opens a file of this machine in the editor. */
export async function openFile(file: string, options: object = {}): Promise<void> {
  await commands.executeCommand('vscode.open', Uri.file(file), options);
}

/** A page is shown by the browser where that sees the files of this machine, a folder by the machine itself. */
async function openHere(file: string): Promise<void> {
  const uri = Uri.file(file);
  const isPage = /\.html?$/i.test(file);
  const { type } = await workspace.fs.stat(uri);
  if (isPage && env.uiKind === UIKind.Desktop && !env.remoteName) await env.openExternal(uri);
  else if ((type & FileType.Directory) !== 0) await commands.executeCommand('revealFileInOS', uri);
  else await openFile(file);
}

async function offerCopy(address: string): Promise<void> {
  const copy = l10n.t('Copy Address');
  const scheme = /^[a-z][a-z\d+.-]*(?=:)/i.exec(address)?.[0].toUpperCase();
  const text = scheme
    ? l10n.t('{0} is opened by a program for {1}, as a file manager.', plainText(address), scheme)
    : l10n.t('{0} is no address that a browser opens.', plainText(address));
  if ((await window.showInformationMessage(text, copy)) === copy) await env.clipboard.writeText(address);
}
